//===- SplitReduction.cpp - Reduce long rows in chunks --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reductions of the first stage become partial ones over chunks of fixed
// size and a combination of the partial results; what is left of the program
// reads the results. Then those of the next stage are reductions of the first.
//
//===----------------------------------------------------------------------===//

#include "ReductionSplitter.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

namespace mlir::norm {
#define GEN_PASS_DEF_SPLITREDUCTION
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Splits the long reductions of all generics.
struct SplitReduction : norm::impl::SplitReductionBase<SplitReduction> {
  using SplitReductionBase::SplitReductionBase;

  void runOnOperation() override {
    SmallVector<GenericOp> ops = getTensorGenerics(getOperation());
    if (chunk < 1) {
      getOperation()->emitError("chunks need at least one element");
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    for (GenericOp op : ops)
      for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
        int64_t size = op.getStaticLoopSizes()[dim];
        if (!op.isReductionDim(dim) ||
            (ShapedType::isDynamic(size) ? !splitDynamic
                                         : size <= threshold || size <= chunk))
          continue;
        while (GenericOp rest = splitReductions(rewriter, op, dim, chunk,
                                                /*wide=*/false)) {
          op = rest;
          ++numSplit;
        }
      }
  }
};

} // namespace

GenericOp mlir::norm::splitReductions(RewriterBase &rewriter, GenericOp op,
                                      unsigned dim, int64_t chunk, bool wide) {
  rewriter.setInsertionPoint(op);
  return ReductionSplitter(rewriter, op, dim, chunk, wide).run();
}

SmallVector<ReduceOp> mlir::norm::getMoments(CenterOp center) {
  SmallVector<ReduceOp> moments;
  for (Operation *user : center.getCentered().getUsers()) {
    auto square = dyn_cast<arith::MulFOp>(user);
    if (!square || square.getLhs() != square.getRhs() ||
        llvm::any_of(moments, [&](ReduceOp moment) {
          return moment.getValue() == square;
        }))
      continue;
    for (Operation *squareUser : square->getUsers())
      if (auto reduce = dyn_cast<ReduceOp>(squareUser);
          reduce && reduce.getKind() == ReduceKind::Add &&
          reduce.getDims() == center.getDims())
        moments.push_back(reduce);
  }
  return moments;
}

void ReductionSplitter::collect() {
  for (Operation *reduction : program.getReductions(0)) {
    Value value = reduction->getOperand(0);
    if (!llvm::is_contained(getOverDims(reduction), dim))
      continue;
    llvm::SmallBitVector itsKept = program.getVaryingDims(value);
    llvm::SmallBitVector itsSpace = itsKept;
    for (int64_t d : getOverDims(reduction)) {
      itsSpace.set(d);
      itsKept.reset(d);
    }
    // An input has to tell the size of every dim that is reduced over.
    llvm::SmallBitVector covered = itsKept;
    for (unsigned i : program.getInputsRead({value}))
      for (unsigned d : op.getOperandDims(i))
        covered.set(d);
    llvm::SmallBitVector uncovered = itsSpace;
    uncovered.reset(covered);
    if (uncovered.any())
      continue;
    if (reductions.empty()) {
      kept = itsKept;
      space = itsSpace;
    }
    if (kept == itsKept && space == itsSpace)
      reductions.push_back(reduction);
  }
}

Value ReductionSplitter::makeEmpty(const llvm::SmallBitVector &dims,
                                   std::optional<OpFoldResult> numChunks,
                                   Type type) {
  SmallVector<OpFoldResult> sizes;
  for (unsigned d : dims.set_bits())
    sizes.push_back(getSize(d));
  if (numChunks)
    sizes.push_back(*numChunks);
  return tensor::EmptyOp::create(rewriter, loc, sizes, type);
}

GenericOp ReductionSplitter::makeRest(ValueRange results) {
  SmallVector<Value> inputs = op.getInputs();
  SmallVector<AffineMap> maps = op.getMaps();
  SmallVector<unsigned> keptDims(kept.set_bits());
  AffineMap map = AffineMap::getMultiDimMapWithTargets(
      op.getNumLoops(), keptDims, rewriter.getContext());
  maps.insert(maps.begin() + inputs.size(), results.size(), map);
  llvm::append_range(inputs, results);

  Block *body = op.getBodyBlock();
  auto next = results.begin();
  auto addArgument = [&](Type type) -> Value {
    Value argument = body->addArgument(getElementTypeOrSelf(*next), loc);
    ++next;
    rewriter.setInsertionPointToStart(body);
    return convertFloat(rewriter, loc, argument, type);
  };
  OpBuilder::InsertionGuard guard(rewriter);
  for (Operation *reduction : reductions) {
    Type type = reduction->getOperand(0).getType();
    if (isa<ReduceOp>(reduction)) {
      rewriter.replaceOp(reduction, addArgument(type));
      continue;
    }
    auto center = cast<CenterOp>(reduction);
    Value high = addArgument(type), low = addArgument(type);
    SmallVector<ReduceOp> moments = getMoments(center);
    if (!moments.empty()) {
      Value squares = addArgument(type);
      for (ReduceOp moment : moments)
        rewriter.replaceOp(moment, squares);
    }
    rewriter.setInsertionPoint(center);
    Value near = arith::SubFOp::create(rewriter, loc, center.getValue(), high);
    Value centered = arith::SubFOp::create(rewriter, loc, near, low);
    rewriter.replaceOp(center, {centered, high});
  }
  for (Operation &nested : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (isOpTriviallyDead(&nested))
      rewriter.eraseOp(&nested);

  // A dim that nothing is reduced over any more is parallel.
  bool isReduced = false;
  for (Operation &nested : body->without_terminator())
    if (isa<ReduceOp, CenterOp>(nested))
      isReduced |= llvm::is_contained(getOverDims(&nested), dim);
  for (unsigned i = 0; i < op.getOutputs().size(); ++i)
    isReduced |=
        !llvm::is_contained(op.getOperandDims(op.getInputs().size() + i), dim);
  SmallVector<utils::IteratorType> iterators = op.getLoopIteratorTypes();
  if (!isReduced)
    iterators[dim] = utils::IteratorType::parallel;
  rewriter.setInsertionPoint(op);
  auto rest = GenericOp::create(rewriter, loc, inputs, op.getOutputs(), maps,
                                iterators, nullptr);
  rest->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.inlineRegionBefore(op.getBody(), rest.getBody(),
                              rest.getBody().end());
  rewriter.replaceOp(op, rest->getResults());
  return rest;
}

GenericOp ReductionSplitter::run() {
  collect();
  if (reductions.empty())
    return {};
  SmallVector<Part> parts = getParts();
  SmallVector<SmallVector<Value>> partials;
  for (const Part &part : parts)
    partials.push_back(reducePart(part));
  return makeRest(combineParts(parts, partials));
}
