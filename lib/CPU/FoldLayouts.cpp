//===- FoldLayouts.cpp - Contractions on tensors as they lie --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Frontends bring the operands of a matmul into its form by transposes,
// broadcasts and reshapes. The loops of a contraction can walk over tensors in
// any order, so these become its indexing maps.
//
//===----------------------------------------------------------------------===//

#include "Contractions.h"
#include "GenericParts.h"
#include "KernelFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FOLDLAYOUTS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Named contractions -> linalg.generic, which has maps of its own.
struct GeneralizeContraction : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const final {
    if (isa<linalg::GenericOp>(op) || !isContraction(op))
      return failure();
    return linalg::generalizeNamedOp(rewriter, op);
  }
};

/// What a contraction can read instead of what a generic computes.
struct Relaid {
  /// The dims of the generic, in the order of those of what is read.
  SmallVector<unsigned> dims;
  /// The input of the generic that is read; null if it is computed anew, over
  /// `dims` only.
  Value input;
};

} // namespace

/// The input of `op` that tells in which order its elements lie: one with the
/// most dims.
static unsigned getMainInput(GenericOp op) {
  unsigned best = 0;
  for (unsigned i = 1; i < op.getInputs().size(); ++i)
    if (op.getOperandDims(i).size() > op.getOperandDims(best).size())
      best = i;
  return best;
}

/// The map of a contraction for a tensor with the dims `dims` of a generic
/// instead of one with the dims `order`, of which `map` is.
static AffineMap rearrange(AffineMap map, ArrayRef<unsigned> order,
                           ArrayRef<unsigned> dims) {
  SmallVector<AffineExpr> exprs;
  for (unsigned dim : dims)
    exprs.push_back(map.getResult(llvm::find(order, dim) - order.begin()));
  return AffineMap::get(map.getNumDims(), 0, exprs, map.getContext());
}

/// Computes `op`, which is elementwise, over `dims` only, in that order.
static Value computeOver(PatternRewriter &rewriter, GenericOp op,
                         ArrayRef<unsigned> dims) {
  DenseMap<int64_t, unsigned> numbers;
  for (auto [i, dim] : llvm::enumerate(dims))
    numbers[dim] = i;
  SmallVector<AffineMap> maps;
  for (unsigned i = 0; i < op.getInputs().size(); ++i)
    maps.push_back(makeDimsMap(
        op.getContext(),
        llvm::map_to_vector(op.getOperandDims(i),
                            [&](unsigned dim) { return numbers.lookup(dim); }),
        dims.size()));
  maps.push_back(rewriter.getMultiDimIdentityMap(dims.size()));
  SmallVector<OpFoldResult> sizes;
  SmallVector<OpFoldResult> known =
      tensor::getMixedSizes(rewriter, op.getLoc(), op.getOutputs().front());
  SmallVector<unsigned> order = op.getOperandDims(op.getInputs().size());
  for (unsigned dim : dims)
    sizes.push_back(known[llvm::find(order, dim) - order.begin()]);
  auto type = cast<RankedTensorType>(op.getResult(0).getType());
  Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes,
                                        type.getElementType());
  auto made =
      GenericOp::create(rewriter, op.getLoc(), op.getInputs(), empty, maps,
                        SmallVector<utils::IteratorType>(
                            dims.size(), utils::IteratorType::parallel),
                        nullptr);
  rewriter.cloneRegionBefore(op.getBody(), made.getBody(),
                             made.getBody().end());
  renumberDims(*made.getBodyBlock(), [&](int64_t dim) {
    return SmallVector<int64_t>{numbers.lookup(dim)};
  });
  return made.getResult(0);
}

/// What a contraction can read instead of `value`, the result of `op`, if that
/// is a transposed or broadcast tensor, or is computed from one element by
/// element.
static std::optional<Relaid> relay(GenericOp op, Value value) {
  if (op.getOutputs().size() != 1 || op.getInputs().empty() ||
      llvm::any_of(op.getIteratorTypes().getAsValueRange<StringAttr>(),
                   [](StringRef type) { return type != "parallel"; }))
    return std::nullopt;
  Value yielded = op.getYield().getOperand(0);
  unsigned main = getMainInput(op);
  SmallVector<unsigned> mainDims = op.getOperandDims(main);
  Type element = getElementTypeOrSelf(value.getType());
  if (yielded == op.getBodyBlock()->getArgument(main) &&
      getElementTypeOrSelf(op.getInputs()[main].getType()) == element)
    return Relaid{mainDims, op.getInputs()[main]};
  VaryingDims varying(op);
  SmallVector<unsigned> order = op.getOperandDims(op.getInputs().size());
  SmallVector<unsigned> dims;
  for (unsigned dim : mainDims)
    if (varying.varies(yielded, dim))
      dims.push_back(dim);
  for (unsigned dim : order)
    if (varying.varies(yielded, dim) && !llvm::is_contained(dims, dim))
      dims.push_back(dim);
  // Inputs that are read without effect would keep dims alive.
  for (unsigned i = 0; i < op.getInputs().size(); ++i)
    for (unsigned dim : op.getOperandDims(i))
      if (!llvm::is_contained(dims, dim))
        return std::nullopt;
  // What else reads the value needs it as it is.
  if (dims == order || !value.hasOneUse())
    return std::nullopt;
  return Relaid{dims, nullptr};
}

/// Whether an input with `map` can be read by `newMap`, of which dims may be
/// gone: the other input has to have them, and all that is summed over stays,
/// or the product were no matmul any more.
static bool keepsMatmul(linalg::LinalgOp op, AffineMap map, AffineMap newMap,
                        AffineMap other) {
  SmallVector<utils::IteratorType> types = op.getIteratorTypesArray();
  SmallVector<unsigned> kept = getMapDims(newMap), others = getMapDims(other);
  return llvm::all_of(getMapDims(map), [&](unsigned dim) {
    return llvm::is_contained(kept, dim) ||
           (types[dim] == utils::IteratorType::parallel &&
            llvm::is_contained(others, dim));
  });
}

namespace {

/// A contraction reads its inputs where they lie.
struct FoldIntoInput : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const final {
    if (!isContraction(op))
      return failure();
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    SmallVector<Value> inputs(op.getInputs());
    bool changed = false;
    for (unsigned i : {0, 1}) {
      auto producer = inputs[i].getDefiningOp<GenericOp>();
      std::optional<Relaid> relaid =
          producer ? relay(producer, inputs[i]) : std::nullopt;
      if (!relaid)
        continue;
      SmallVector<unsigned> order =
          producer.getOperandDims(producer.getInputs().size());
      AffineMap map = rearrange(maps[i], order, relaid->dims);
      if (!keepsMatmul(op, maps[i], map, maps[1 - i]))
        continue;
      inputs[i] = relaid->input ? relaid->input
                                : computeOver(rewriter, producer, relaid->dims);
      maps[i] = map;
      changed = true;
    }
    if (!changed)
      return failure();
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputsMutable().assign(inputs);
      op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    });
    return success();
  }
};

/// A contraction writes its result where a transpose would bring it.
struct FoldIntoResult : OpRewritePattern<GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(GenericOp op,
                                PatternRewriter &rewriter) const final {
    if (op.hasBufferSemantics() || op.getInputs().size() != 1 ||
        op.getOutputs().size() != 1 || !isUninitialized(op.getOutputs()[0]) ||
        op.getYield().getOperand(0) != op.getBodyBlock()->getArgument(0) ||
        getElementTypeOrSelf(op.getInputs()[0].getType()) !=
            getElementTypeOrSelf(op.getOutputs()[0].getType()) ||
        !op.getMap(0).isPermutation() || !op.getMap(1).isPermutation())
      return failure();
    auto contraction = op.getInputs()[0].getDefiningOp<linalg::GenericOp>();
    if (!contraction || !isContraction(contraction) ||
        !contraction->hasOneUse() || contraction->getBlock() != op->getBlock())
      return failure();
    Value init = contraction.getOutputs().front();
    if (!isFilledWithZero(init))
      return failure();
    SmallVector<unsigned> from = op.getOperandDims(0),
                          to = op.getOperandDims(1);
    SmallVector<AffineMap> maps = contraction.getIndexingMapsArray();
    maps.back() = rearrange(maps.back(), from, to);
    // The sizes of the result follow from what the transpose was made into.
    rewriter.setInsertionPoint(op);
    Location loc = contraction.getLoc();
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    Value scalar = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
    Value filled =
        linalg::FillOp::create(rewriter, loc, scalar, op.getOutputs()[0])
            .getResult(0);
    auto moved =
        cast<linalg::GenericOp>(rewriter.clone(*contraction.getOperation()));
    moved.getOutputsMutable().assign(filled);
    moved.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    moved.getResult(0).setType(type);
    rewriter.replaceOp(op, moved.getResults());
    rewriter.eraseOp(contraction);
    return success();
  }

private:
  static bool isUninitialized(Value value) {
    return value.getDefiningOp<tensor::EmptyOp>() != nullptr;
  }
};

} // namespace

/// Whether the loops of a contraction become those of the tensor behind a
/// reshape, of its result or of `operand`. The dim that is summed over stays
/// one: sums over two are no matmul.
static bool takesReshape(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  if (producer && isContraction(producer))
    return true;
  auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  auto collapse = operand->get().getDefiningOp<tensor::CollapseShapeOp>();
  if (!consumer || !collapse || !isContraction(consumer))
    return false;
  SmallVector<utils::IteratorType> types = consumer.getIteratorTypesArray();
  SmallVector<unsigned> dims =
      getMapDims(consumer.getMatchingIndexingMap(operand));
  return llvm::all_of(
      llvm::zip_equal(dims, collapse.getReassociationIndices()), [&](auto dim) {
        return types[std::get<0>(dim)] == utils::IteratorType::parallel ||
               std::get<1>(dim).size() == 1;
      });
}

namespace {
struct FoldLayouts : norm::impl::FoldLayoutsBase<FoldLayouts> {
  void runOnOperation() final {
    if (!isKernel(getOperation()))
      return;
    RewritePatternSet patterns(&getContext());
    patterns.add<GeneralizeContraction, FoldIntoInput, FoldIntoResult>(
        &getContext());
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, takesReshape);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
