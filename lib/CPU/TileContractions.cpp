//===- TileContractions.cpp - Loops of matmuls on packed operands ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A contraction becomes loops over all dims but rows, columns and the one that
// is summed over. In them is a linear layer whose weight is packed there. What
// the contraction reads and nothing else does, as a softmax and the contraction
// before it, is computed in the same loops: it stays in the cache.
//
//===----------------------------------------------------------------------===//

#include "Contractions.h"
#include "GenericParts.h"
#include "KernelFunctions.h"
#include "Multiplication.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_TILECONTRACTIONS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The loop dims of `op`, a contraction or a norm.generic, that index each
/// operand and, behind all, the result.
static SmallVector<unsigned> getDimsOf(Operation *op, unsigned operand) {
  if (auto generic = dyn_cast<GenericOp>(op))
    return generic.getOperandDims(operand);
  return getMapDims(cast<linalg::LinalgOp>(op).getMatchingIndexingMap(
      &op->getOpOperand(operand)));
}

static unsigned getNumInputs(Operation *op) {
  return cast<DestinationStyleOpInterface>(op).getNumDpsInputs();
}

/// Whether `op` reads a contraction.
static bool readsContraction(GenericOp op) {
  return llvm::any_of(op.getInputs(), [](Value input) {
    auto producer = input.getDefiningOp<linalg::LinalgOp>();
    return producer && isContraction(producer);
  });
}

/// Adds to `fused` what `op` reads that its loops over `tiled`, dims of its
/// own, may compute: each iteration then needs another part of it.
static void collectProducers(Operation *op, const llvm::SmallBitVector &tiled,
                             llvm::SmallSetVector<Operation *, 4> &fused) {
  for (unsigned i = 0; i < getNumInputs(op); ++i) {
    Operation *producer = op->getOperand(i).getDefiningOp();
    if (!producer || producer->getBlock() != op->getBlock() ||
        producer->getNumResults() != 1 || !producer->hasOneUse())
      continue;
    auto generic = dyn_cast<GenericOp>(producer);
    auto linalg = dyn_cast<linalg::LinalgOp>(producer);
    std::optional<ContractionPlan> plan =
        linalg ? ContractionPlan::get(linalg) : std::nullopt;
    if (!plan && !(generic && readsContraction(generic)))
      continue;
    SmallVector<unsigned> dims = getDimsOf(op, i);
    SmallVector<unsigned> own = getDimsOf(producer, getNumInputs(producer));
    llvm::SmallBitVector found(tiled.size());
    llvm::SmallBitVector ownTiled(
        cast<TilingInterface>(producer).getLoopIteratorTypes().size());
    bool isReduced = false;
    for (auto [dim, ownDim] : llvm::zip_equal(dims, own)) {
      if (!tiled.test(dim))
        continue;
      found.set(dim);
      ownTiled.set(ownDim);
      isReduced |= generic && generic.isReductionDim(ownDim);
    }
    if (found != tiled || isReduced)
      continue;
    // Each tile is one multiplication.
    if (plan) {
      llvm::SmallBitVector rest = plan->outer;
      rest.reset(ownTiled);
      SmallVector<int64_t> sizes = linalg.getStaticLoopRanges();
      if (llvm::any_of(rest.set_bits(),
                       [&](unsigned dim) { return sizes[dim] != 1; }))
        continue;
    }
    fused.insert(producer);
    collectProducers(producer, ownTiled, fused);
  }
}

/// Makes the loops of `op` around what is left of it, and of what it reads.
/// Adds what nobody needs then to `taken`.
static LogicalResult tileOuterDims(IRRewriter &rewriter, linalg::LinalgOp op,
                                   const ContractionPlan &plan,
                                   llvm::SmallPtrSetImpl<Operation *> &taken) {
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  llvm::SmallBitVector tiled = plan.outer;
  for (unsigned dim : plan.outer.set_bits())
    if (sizes[dim] == 1)
      tiled.reset(dim);
  if (tiled.none())
    return success();
  llvm::SmallSetVector<Operation *, 4> fused;
  collectProducers(op, tiled, fused);

  SmallVector<OpFoldResult> tileSizes;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    tileSizes.push_back(rewriter.getIndexAttr(tiled.test(dim) ? 1 : 0));
  scf::SCFTilingOptions tiling;
  tiling.setTileSizes(tileSizes);
  scf::SCFTileAndFuseOptions options;
  options.setTilingOptions(tiling);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult producer, bool isDestination)
          -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        if (isDestination || !fused.contains(producer.getOwner()))
          return std::nullopt;
        return scf::SCFTileAndFuseOptions::ControlFnResult{};
      });
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTileAndFuseResult> result =
      scf::tileConsumerAndFuseProducersUsingSCF(
          rewriter, cast<TilingInterface>(op.getOperation()), options);
  if (failed(result))
    return op->emitOpError("cannot be computed in loops");
  for (OpResult old : op->getResults())
    rewriter.replaceAllUsesWith(old, result->replacements.lookup(old));
  rewriter.eraseOp(op);
  // Nothing but sizes of it is read of what is computed inside.
  taken.insert(fused.begin(), fused.end());
  return success();
}

namespace {
struct TileContractions : norm::impl::TileContractionsBase<TileContractions> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (!isKernel(function))
      return;
    IRRewriter rewriter(&getContext());
    SmallVector<Contraction> contractions = getContractions(function);
    for (auto &[op, plan] : contractions)
      markFromZero(rewriter, op);
    // The last first: it takes those before it into its loops.
    llvm::SmallPtrSet<Operation *, 8> taken;
    for (auto &[op, plan] : llvm::reverse(contractions))
      if (!taken.contains(op) &&
          failed(tileOuterDims(rewriter, op, plan, taken)))
        return signalPassFailure();
    if (failed(cleanUp(function)))
      return signalPassFailure();
    for (auto &[op, plan] : getContractions(function)) {
      lowerMultiplication(rewriter, op, plan);
      ++numMultiplications;
    }
    if (failed(cleanUp(function)))
      signalPassFailure();
  }

private:
  using Contraction = std::pair<linalg::LinalgOp, ContractionPlan>;

  static SmallVector<Contraction> getContractions(func::FuncOp function) {
    SmallVector<Contraction> contractions;
    function.walk([&](linalg::LinalgOp op) {
      if (std::optional<ContractionPlan> plan = ContractionPlan::get(op))
        contractions.push_back({op, *plan});
    });
    return contractions;
  }

  /// A part of memory for a whole result is memory for that part; the sizes of
  /// parts are known in front of the loops; what is dead goes.
  static LogicalResult cleanUp(func::FuncOp function) {
    RewritePatternSet patterns(function.getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    tensor::populateMergeConsecutiveInsertExtractSlicePatterns(patterns);
    return applyPatternsGreedily(function, std::move(patterns));
  }

  /// So that nobody needs the zeros.
  static void markFromZero(IRRewriter &rewriter, linalg::LinalgOp op) {
    OpOperand *init = op.getDpsInitOperand(0);
    if (!isFilledWithZero(init->get()))
      return;
    op->setAttr(kFromZeroAttrName, rewriter.getUnitAttr());
    rewriter.setInsertionPoint(op);
    init->set(tensor::EmptyOp::create(
        rewriter, op.getLoc(),
        tensor::getMixedSizes(rewriter, op.getLoc(), init->get()),
        getElementTypeOrSelf(init->get().getType())));
  }
};
} // namespace
