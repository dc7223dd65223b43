//===- GenericOpCanonicalization.cpp - Canonical form of norm.generic -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fusion leaves operands that nothing needs; each of them is a stream that a
// kernel would read or write. A cast of an operand to a less static type is
// folded by the tensor dialect, for every op in destination style.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The value of a splat constant, as `type`, which holds it exactly.
static TypedAttr getSplat(Value value, Type type) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return {};
  auto splat = dyn_cast<TypedAttr>(elements.getSplatValue<Attribute>());
  if (!splat || splat.getType() == type)
    return splat;
  auto number = dyn_cast<FloatAttr>(splat);
  if (!number || !isa<FloatType>(type))
    return {};
  APFloat wide = number.getValue();
  bool losesInfo;
  wide.convert(cast<FloatType>(type).getFloatSemantics(),
               APFloat::rmNearestTiesToEven, &losesInfo);
  return FloatAttr::get(type, wide);
}

namespace {

/// Which operands of a generic stay.
class OperandSelection {
public:
  explicit OperandSelection(GenericOp op)
      : op(op), dropped(op->getNumOperands()), users(op.getNumLoops()) {
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      for (unsigned dim : op.getOperandDims(i))
        ++users[dim];
  }

  /// Drops operand `i`, unless it is the last that says how large a dim is.
  bool drop(unsigned i) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    if (llvm::any_of(dims, [&](unsigned dim) { return users[dim] == 1; }))
      return false;
    for (unsigned dim : dims)
      --users[dim];
    dropped.set(i);
    return true;
  }
  bool isDropped(unsigned i) const { return dropped.test(i); }
  bool any() const { return dropped.any(); }

private:
  GenericOp op;
  llvm::SmallBitVector dropped;
  SmallVector<unsigned> users;
};

/// Drops inputs that are not used, given twice or known element by element, and
/// results that are not used or given twice.
struct DropOperands : OpRewritePattern<GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GenericOp op,
                                PatternRewriter &rewriter) const final {
    OperandSelection selection(op);
    bool changed = simplifyInputs(op, rewriter, selection);
    changed |= simplifyResults(op, rewriter, selection);
    if (selection.any())
      rebuild(op, rewriter, selection);
    return success(changed || selection.any());
  }

private:
  static bool simplifyInputs(GenericOp op, PatternRewriter &rewriter,
                             OperandSelection &selection);
  static bool simplifyResults(GenericOp op, PatternRewriter &rewriter,
                              OperandSelection &selection);
  static void rebuild(GenericOp op, PatternRewriter &rewriter,
                      const OperandSelection &selection);
};

bool DropOperands::simplifyInputs(GenericOp op, PatternRewriter &rewriter,
                                  OperandSelection &selection) {
  bool changed = false;
  Block *body = op.getBodyBlock();
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    BlockArgument argument = body->getArgument(i);
    if (!argument.use_empty()) {
      Value replacement;
      for (unsigned j = 0; j < i && !replacement; ++j)
        if (!selection.isDropped(j) && op.getInputs()[j] == input &&
            op.getMap(j) == op.getMap(i) &&
            body->getArgument(j).getType() == argument.getType())
          replacement = body->getArgument(j);
      if (!replacement) {
        if (TypedAttr splat = getSplat(input, argument.getType())) {
          OpBuilder::InsertionGuard guard(rewriter);
          rewriter.setInsertionPointToStart(body);
          replacement = arith::ConstantOp::create(rewriter, op.getLoc(), splat);
        }
      }
      if (!replacement)
        continue;
      rewriter.replaceAllUsesWith(argument, replacement);
      changed = true;
    }
    selection.drop(i);
  }
  return changed;
}

bool DropOperands::simplifyResults(GenericOp op, PatternRewriter &rewriter,
                                   OperandSelection &selection) {
  bool changed = false;
  unsigned numInputs = op.getInputs().size(), left = op->getNumResults();
  for (OpResult result : op->getResults()) {
    unsigned i = result.getResultNumber();
    if (!result.use_empty())
      for (unsigned j = 0; j < i; ++j) {
        if (selection.isDropped(numInputs + j) ||
            op.getYield().getValues()[j] != op.getYield().getValues()[i] ||
            op.getOutputMap(j) != op.getOutputMap(i) ||
            op->getResult(j).getType() != result.getType())
          continue;
        rewriter.replaceAllUsesWith(result, op->getResult(j));
        changed = true;
        break;
      }
    if (result.use_empty() && left > 1)
      left -= selection.drop(numInputs + i);
  }
  return changed;
}

void DropOperands::rebuild(GenericOp op, PatternRewriter &rewriter,
                           const OperandSelection &selection) {
  SmallVector<Value> inputs, outputs, results;
  SmallVector<Type> types;
  SmallVector<Attribute> maps;
  llvm::BitVector droppedArguments(op.getInputs().size());
  llvm::BitVector droppedValues(op.getOutputs().size());
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    bool isInput = i < op.getInputs().size();
    unsigned position = isInput ? i : i - op.getInputs().size();
    if (selection.isDropped(i)) {
      (isInput ? droppedArguments : droppedValues).set(position);
      continue;
    }
    (isInput ? inputs : outputs).push_back(op->getOperand(i));
    maps.push_back(op.getIndexingMaps()[i]);
    if (!isInput && op->getNumResults() != 0) {
      results.push_back(op->getResult(position));
      types.push_back(results.back().getType());
    }
  }
  auto rebuilt =
      GenericOp::create(rewriter, op.getLoc(), types, inputs, outputs,
                        rewriter.getArrayAttr(maps), op.getIteratorTypes());
  rebuilt->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.inlineRegionBefore(op.getBody(), rebuilt.getBody(),
                              rebuilt.getBody().begin());
  rewriter.modifyOpInPlace(rebuilt, [&] {
    rebuilt.getBodyBlock()->eraseArguments(droppedArguments);
  });
  YieldOp yield = rebuilt.getYield();
  rewriter.modifyOpInPlace(yield, [&] { yield->eraseOperands(droppedValues); });
  rewriter.replaceAllUsesWith(results, rebuilt->getResults());
  rewriter.eraseOp(op);
}

/// Takes scalar constants from outside into the body.
struct SinkConstants : OpRewritePattern<GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GenericOp op,
                                PatternRewriter &rewriter) const final {
    Block *body = op.getBodyBlock();
    DenseMap<Value, Value> copies;
    rewriter.setInsertionPointToStart(body);
    for (Operation &nested : *body)
      for (OpOperand &operand : nested.getOpOperands()) {
        Operation *constant = operand.get().getDefiningOp();
        if (!constant || constant->getBlock() == body ||
            !matchPattern(constant, m_Constant()))
          continue;
        Value &copy = copies[operand.get()];
        if (!copy)
          copy = rewriter.clone(*constant)->getResult(0);
        rewriter.modifyOpInPlace(&nested, [&] { operand.set(copy); });
      }
    return success(!copies.empty());
  }
};

/// Inits are never read: what is in one need not be computed.
struct SkipInitProducer : OpRewritePattern<GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GenericOp op,
                                PatternRewriter &rewriter) const final {
    bool changed = false;
    for (OpOperand &init : op.getOutputsMutable()) {
      auto result = dyn_cast<OpResult>(init.get());
      if (!result)
        continue;
      Value replacement;
      if (auto producer =
              dyn_cast<DestinationStyleOpInterface>(result.getOwner()))
        replacement = producer.getTiedOpOperand(result)->get();
      else if (matchPattern(result, m_Constant()))
        replacement = tensor::EmptyOp::create(rewriter, op.getLoc(),
                                              result.getType(), ValueRange());
      if (!replacement || replacement.getType() != result.getType())
        continue;
      rewriter.modifyOpInPlace(op, [&] { init.set(replacement); });
      changed = true;
    }
    return success(changed);
  }
};

/// Gives every operand the static sizes that another one has.
struct RefineSizes : OpRewritePattern<GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GenericOp op,
                                PatternRewriter &rewriter) const final {
    if (op.hasBufferSemantics())
      return failure();
    SmallVector<int64_t> sizes = op.getStaticLoopSizes();
    SmallVector<Value> operands;
    for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
      auto type = cast<RankedTensorType>(operand.getType());
      RankedTensorType refined = type.clone(llvm::map_to_vector(
          op.getOperandDims(i), [&](unsigned dim) { return sizes[dim]; }));
      operands.push_back(refined == type
                             ? operand
                             : tensor::CastOp::create(rewriter, op.getLoc(),
                                                      refined, operand));
    }
    if (llvm::equal(operands, op->getOperands()))
      return failure();
    ValueRange inits = ValueRange(operands).drop_front(op.getInputs().size());
    Operation *refined = clone(rewriter, op, inits.getTypes(), operands);
    SmallVector<Value> results;
    for (auto [before, after] :
         llvm::zip_equal(op->getResults(), refined->getResults()))
      results.push_back(before.getType() == after.getType()
                            ? Value(after)
                            : tensor::CastOp::create(rewriter, op.getLoc(),
                                                     before.getType(), after));
    rewriter.replaceOp(op, results);
    return success();
  }
};

/// Over a dim in which a value is the same everywhere its mean is the value,
/// also if the dim has no elements.
struct DropUniformDims : OpRewritePattern<CenterOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(CenterOp op,
                                PatternRewriter &rewriter) const final {
    auto generic = dyn_cast<GenericOp>(op->getParentOp());
    if (!generic)
      return failure();
    VaryingDims varying(generic);
    SmallVector<int64_t> dims =
        llvm::filter_to_vector(op.getDims(), [&](int64_t dim) {
          return varying.varies(op.getValue(), dim);
        });
    if (dims.size() == op.getDims().size())
      return failure();
    if (!dims.empty()) {
      rewriter.modifyOpInPlace(op, [&] { op.setDims(dims); });
      return success();
    }
    // Not 0: the difference of infinities is none.
    Value none = arith::SubFOp::create(rewriter, op.getLoc(), op.getValue(),
                                       op.getValue());
    rewriter.replaceOp(op, {none, op.getValue()});
    return success();
  }
};

/// x - sum(x) / extent -> norm.center.
struct RecognizeCenter : OpRewritePattern<arith::SubFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::SubFOp op,
                                PatternRewriter &rewriter) const final;

private:
  /// Whether `value` varies over all of `dims`. Of no elements the sum is 0,
  /// and the mean of them none where norm.center has that of the value.
  static bool variesOverAll(GenericOp generic, Value value,
                            ArrayRef<int64_t> dims) {
    VaryingDims varying(generic);
    return llvm::all_of(
        dims, [&](int64_t dim) { return varying.varies(value, dim); });
  }
  /// Whether `divisor` is the number of elements of `dims`.
  static bool isExtent(GenericOp generic, Value divisor,
                       ArrayRef<int64_t> dims);
};

bool RecognizeCenter::isExtent(GenericOp generic, Value divisor,
                               ArrayRef<int64_t> dims) {
  auto sorted = [](ArrayRef<int64_t> dims) {
    SmallVector<int64_t> result(dims);
    llvm::sort(result);
    return result;
  };
  if (auto extent = divisor.getDefiningOp<ExtentOp>())
    return sorted(extent.getDims()) == sorted(dims);
  APFloat constant(0.0);
  if (!matchPattern(divisor, m_ConstantFloat(&constant)))
    return false;
  SmallVector<int64_t> sizes = generic.getStaticLoopSizes();
  int64_t product = 1;
  for (int64_t dim : dims)
    if (ShapedType::isDynamic(sizes[dim]) ||
        llvm::MulOverflow(product, sizes[dim], product))
      return false;
  return constant.isExactlyValue(static_cast<double>(product));
}

LogicalResult
RecognizeCenter::matchAndRewrite(arith::SubFOp op,
                                 PatternRewriter &rewriter) const {
  auto generic = dyn_cast<GenericOp>(op->getParentOp());
  auto mean = op.getRhs().getDefiningOp<arith::DivFOp>();
  if (!generic || !mean || mean->getBlock() != op->getBlock())
    return failure();
  auto sum = mean.getLhs().getDefiningOp<ReduceOp>();
  if (!sum || sum.getKind() != ReduceKind::Add ||
      sum.getValue() != op.getLhs() ||
      !isExtent(generic, mean.getRhs(), sum.getDims()) ||
      !variesOverAll(generic, op.getLhs(), sum.getDims()))
    return failure();
  rewriter.setInsertionPoint(mean);
  auto center =
      CenterOp::create(rewriter, op.getLoc(), op.getLhs(), sum.getDims());
  rewriter.replaceOp(op, center.getCentered());
  rewriter.replaceOp(mean, center.getMean());
  return success();
}

} // namespace

void GenericOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *context) {
  patterns.add<DropOperands, SinkConstants, SkipInitProducer, RefineSizes,
               RecognizeCenter, DropUniformDims>(context);
}
