//===- GeneralizeLinalg.cpp - linalg ops -> norm.generic ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linalg op becomes a row program if its loops walk over tensors that are in
// memory: elementwise work, transposes and broadcasts, and reductions of an
// operand that has all dims. Contractions and gathers stay what they are.
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "ScalarBodies.h"
#include "UnitDims.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether `value` is nothing but room for a result: uninitialised, or a loop's
/// tensor or a part of one. (An argument of a function is the caller's.)
static bool isDestination(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return !isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return isa<tensor::EmptyOp, tensor::ExtractSliceOp>(value.getDefiningOp());
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// How `op` combines two values, if norm.reduce can.
static std::optional<ReduceKind> getReduceKind(Operation *op) {
  if (isa<arith::AddFOp, arith::AddIOp>(op))
    return ReduceKind::Add;
  if (isa<arith::MulFOp, arith::MulIOp>(op))
    return ReduceKind::Mul;
  if (isa<arith::MaximumFOp, arith::MaxSIOp>(op))
    return ReduceKind::Max;
  if (isa<arith::MinimumFOp, arith::MinSIOp>(op))
    return ReduceKind::Min;
  return std::nullopt;
}

/// The scalar that all elements of `value` are, if that is a constant.
static TypedAttr getFilledWith(Value value) {
  if (TypedAttr splat = getSplat(value))
    return splat;
  TypedAttr scalar;
  if (auto fill = value.getDefiningOp<linalg::FillOp>()) {
    if (matchPattern(fill.getInputs().front(), m_Constant(&scalar)))
      return scalar;
  } else if (auto generic = value.getDefiningOp<GenericOp>()) {
    // A fill that was generalized before.
    Value yielded =
        generic.getYield().getOperand(cast<OpResult>(value).getResultNumber());
    if (matchPattern(yielded, m_Constant(&scalar)))
      return scalar;
  }
  return {};
}

/// Whether a reduction that begins with `init` needs no further step for it.
/// Zeros of either sign are taken for each other.
static bool isNeutral(Operation *combiner, TypedAttr init) {
  if (!init)
    return false;
  TypedAttr neutral = arith::getNeutralElement(combiner).value_or(TypedAttr());
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(combiner)) {
    auto number = dyn_cast<FloatAttr>(init);
    return number && number.getValue().isInfinity() &&
           number.getValue().isNegative() == isa<arith::MaximumFOp>(combiner);
  }
  if (auto number = dyn_cast<FloatAttr>(init);
      number && isa<arith::AddFOp>(combiner))
    return number.getValue().isZero();
  return init == neutral;
}

namespace {

/// A result of a linalg op: what is combined to it.
struct LiveResult {
  OpResult result;
  BlockArgument init;
  /// In a reduction: the op that combines `value` with what is there already.
  Operation *combiner = nullptr;
  Value value;
};

/// What becomes of a linalg op.
class LinalgProgram {
public:
  /// Reads `op`; fails if it is no row program.
  static FailureOr<LinalgProgram> get(linalg::LinalgOp op);

  /// Replaces the op.
  void rewrite(PatternRewriter &rewriter);

private:
  explicit LinalgProgram(linalg::LinalgOp op) : op(op) {}

  LogicalResult readResults();
  LogicalResult readBody();
  LogicalResult readOperands();
  bool isReduction() { return op.getNumParallelLoops() != op.getNumLoops(); }
  SmallVector<Value> copyBody(ImplicitLocOpBuilder &builder,
                              IRMapping &mapping);
  void copyOp(ImplicitLocOpBuilder &builder, Operation *nested,
              IRMapping &mapping);

  linalg::LinalgOp op;
  SmallVector<LiveResult> results;
  /// The ops of the body that the results are computed by, without combiners.
  SetVector<Operation *> body;
  /// The arguments of the body that these read.
  llvm::SmallPtrSet<Value, 8> read;
};

} // namespace

/// Finds what is live, and the combiners. A result that nothing reads may be as
/// it likes: softmax comes with the position of the maximum.
LogicalResult LinalgProgram::readResults() {
  Operation *yield = op.getBlock()->getTerminator();
  for (OpResult result : op->getResults()) {
    if (result.use_empty() && op->getNumResults() > 1)
      continue;
    LiveResult live{result,
                    op.getMatchingBlockArgument(
                        op.getDpsInitOperand(result.getResultNumber())),
                    nullptr, yield->getOperand(result.getResultNumber())};
    if (isReduction()) {
      Operation *combiner = live.value.getDefiningOp();
      if (!combiner || combiner->getBlock() != op.getBlock() ||
          !getReduceKind(combiner))
        return failure();
      unsigned position = combiner->getOperand(0) == live.init ? 0 : 1;
      live.combiner = combiner;
      if (combiner->getOperand(position) != live.init)
        return failure();
      live.value = combiner->getOperand(1 - position);
      // In 16 bits every step rounds; norm.reduce does not.
      if (isComputedWider(live.value.getType()) &&
          isa<arith::AddFOp, arith::MulFOp>(combiner))
        return failure();
    }
    results.push_back(live);
  }
  return success(!results.empty());
}

/// Collects what the results are computed from.
LogicalResult LinalgProgram::readBody() {
  BackwardSliceOptions options;
  options.omitBlockArguments = true;
  options.omitUsesFromAbove = true;
  options.inclusive = true;
  options.filter = [&](Operation *nested) {
    return nested->getBlock() == op.getBlock();
  };
  for (const LiveResult &live : results)
    if (failed(getBackwardSlice(live.value, &body, options)))
      return failure();
  body = topologicalSort(body);
  auto note = [&](Value value) {
    if (isa<BlockArgument>(value) && value.getParentBlock() == op.getBlock())
      read.insert(value);
  };
  for (Operation *nested : body) {
    llvm::for_each(nested->getOperands(), note);
    if (isa<linalg::IndexOp>(nested))
      continue;
    if (!isBodyOp(nested) || !isPure(nested) || nested->getNumRegions() != 0 ||
        !llvm::all_of(nested->getOperandTypes(), isScalar) ||
        !llvm::all_of(nested->getResultTypes(), isScalar))
      return failure();
  }
  for (const LiveResult &live : results)
    note(live.value);
  // What has other effects, as an assertion, cannot be dropped.
  for (Operation &nested : op.getBlock()->without_terminator())
    if (!isPure(&nested))
      return failure();
  // What is combined so far is no value of one element.
  if (isReduction())
    for (const LiveResult &live : results)
      if (read.contains(live.init))
        return failure();
  return success();
}

/// Checks maps and types.
LogicalResult LinalgProgram::readOperands() {
  llvm::SmallBitVector indexed(op.getNumLoops());
  bool hasWholeInput = false;
  for (OpOperand &operand : op->getOpOperands()) {
    Type type = operand.get().getType();
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!isScalar(getElementTypeOrSelf(type)) ||
        !map.isProjectedPermutation(/*allowZeroInResults=*/true))
      return failure();
    // Of a dim whose size only the caller knows there may be no element.
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      if (!isa<AffineDimExpr>(expr) &&
          cast<RankedTensorType>(type).getDimSize(i) != 1)
        return failure();
    bool isInit = op.isDpsInit(&operand);
    // What is not read becomes no operand.
    if (!isInit && !read.contains(op.getMatchingBlockArgument(&operand)))
      continue;
    if (isInit && llvm::none_of(results, [&](const LiveResult &live) {
          return op.getTiedOpResult(&operand) == live.result;
        }))
      continue;
    if (!isInit && getSplat(operand.get()))
      continue;
    llvm::SmallBitVector own(op.getNumLoops());
    for (AffineExpr expr : map.getResults())
      if (auto dim = dyn_cast<AffineDimExpr>(expr))
        own.set(dim.getPosition());
    hasWholeInput |= !isInit && own.all();
    indexed |= own;
  }
  // A row that is nowhere in memory is computed once for each element of a
  // result: that is a contraction, for which there are better loops.
  return success(indexed.all() && (hasWholeInput || !isReduction()));
}

FailureOr<LinalgProgram> LinalgProgram::get(linalg::LinalgOp op) {
  LinalgProgram program(op);
  if (!op.hasPureTensorSemantics() || op->getNumResults() == 0 ||
      failed(program.readResults()) || failed(program.readBody()) ||
      failed(program.readOperands()))
    return failure();
  return program;
}

/// Copies an op of the body; 16-bit arithmetic is done in f32, each result
/// rounded unless it is only yielded, where the output rounds it.
void LinalgProgram::copyOp(ImplicitLocOpBuilder &builder, Operation *nested,
                           IRMapping &mapping) {
  if (auto index = dyn_cast<linalg::IndexOp>(nested)) {
    mapping.map(index.getResult(),
                IndexOp::create(builder, builder.getIndexType(),
                                builder.getI64IntegerAttr(index.getDim()))
                    .getResult());
    return;
  }
  SmallVector<Value> operands;
  for (Value operand : nested->getOperands()) {
    Value scalar = mapping.lookupOrDefault(operand);
    Type type = operand.getType();
    bool wider = mayComputeWider(nested) && isComputedWider(type);
    if (wider && scalar.getType() == type)
      scalar = arith::ExtFOp::create(builder, builder.getF32Type(), scalar);
    else if (!wider && scalar.getType() != type)
      scalar = arith::TruncFOp::create(builder, type, scalar);
    operands.push_back(scalar);
  }
  for (auto [result, value] : llvm::zip_equal(
           nested->getResults(), computeScalar(builder, nested, operands))) {
    bool isYielded = llvm::all_of(result.getUsers(), [&](Operation *user) {
      return user == op.getBlock()->getTerminator();
    });
    if (value.getType() != result.getType() && !isYielded) {
      value = arith::TruncFOp::create(builder, result.getType(), value);
      value = arith::ExtFOp::create(builder, builder.getF32Type(), value);
    }
    mapping.map(result, value);
  }
}

SmallVector<Value> LinalgProgram::copyBody(ImplicitLocOpBuilder &builder,
                                           IRMapping &mapping) {
  for (Operation *nested : body)
    copyOp(builder, nested, mapping);
  SmallVector<int64_t> dims;
  for (auto [dim, type] : llvm::enumerate(op.getIteratorTypesArray()))
    if (type == utils::IteratorType::reduction)
      dims.push_back(dim);
  SmallVector<Value> yielded;
  for (const LiveResult &live : results) {
    Value value = mapping.lookupOrDefault(live.value);
    if (live.combiner) {
      value =
          ReduceOp::create(builder, *getReduceKind(live.combiner), value, dims);
      if (Value init = mapping.lookupOrNull(live.init))
        value = computeScalar(builder, live.combiner, {init, value}).front();
    }
    yielded.push_back(value);
  }
  return yielded;
}

void LinalgProgram::rewrite(PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  SmallVector<int64_t> reductionDims;
  for (auto [dim, type] : llvm::enumerate(op.getIteratorTypesArray()))
    if (type == utils::IteratorType::reduction)
      reductionDims.push_back(dim);
  GenericBuilder generic(rewriter, loc, op.getNumLoops(), reductionDims);
  // What becomes of each block argument: an input's, in order, or a scalar.
  SmallVector<BlockArgument> inputs;
  IRMapping mapping;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    Value value = operand.get();
    bool isInit = op.isDpsInit(&operand);
    bool isCombined = isInit && llvm::any_of(results, [&](LiveResult &live) {
                        return live.combiner && live.init == argument &&
                               !isNeutral(live.combiner, getFilledWith(value));
                      });
    if (!isCombined && !read.contains(argument))
      continue;
    TypedAttr splat = getSplat(value);
    if (!isa<RankedTensorType>(value.getType())) {
      mapping.map(argument, value);
    } else if (splat && !isInit) {
      mapping.map(argument, arith::ConstantOp::create(rewriter, loc, splat));
    } else {
      inputs.push_back(argument);
      AffineMap map = op.getMatchingIndexingMap(&operand);
      generic.addInput(dropZeros(rewriter, loc, value, map), map,
                       getArithmeticType(argument.getType()));
    }
  }
  SmallVector<AffineMap> outputMaps;
  for (const LiveResult &live : results) {
    // Inits are never read: one that was is an input now, and what computes it
    // need not run.
    OpOperand *operand = op.getDpsInitOperand(live.result.getResultNumber());
    Value init = operand->get();
    if (!isDestination(init))
      init = makeEmptyLike(rewriter, loc, init);
    AffineMap map = op.getMatchingIndexingMap(operand);
    outputMaps.push_back(map);
    init = dropZeros(rewriter, loc, init, map);
    generic.addOutput(init, map);
  }
  GenericOp made =
      generic.build([&](ImplicitLocOpBuilder &builder, ValueRange arguments) {
        for (auto [argument, value] : llvm::zip_equal(inputs, arguments))
          mapping.map(argument, value);
        return copyBody(builder, mapping);
      });
  SmallVector<Value> replacements(op->getNumResults());
  for (auto [live, value, map] :
       llvm::zip_equal(results, made->getResults(), outputMaps)) {
    Value whole = addZeros(rewriter, loc, value, map);
    replacements[live.result.getResultNumber()] =
        castTo(rewriter, loc, {whole}, {live.result.getType()}).front();
  }
  // Nothing reads the others.
  for (auto [result, value] : llvm::zip(op->getResults(), replacements))
    if (!value)
      value = op.getDpsInitOperand(result.getResultNumber())->get();
  rewriter.replaceOp(op, replacements);
}

namespace {
/// Any linalg op on tensors that is a row program.
struct GeneralizeLinalgOp : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const final {
    FailureOr<LinalgProgram> program = LinalgProgram::get(op);
    if (failed(program))
      return failure();
    program->rewrite(rewriter);
    return success();
  }
};
} // namespace

void mlir::norm::populateGeneralizeLinalgPatterns(RewritePatternSet &patterns) {
  patterns.add<GeneralizeLinalgOp>(patterns.getContext());
}
