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
#include "PackWeight.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/CPU/LinearPlan.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_TILECONTRACTIONS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Unit attribute of a contraction whose result does not begin with its init.
static constexpr llvm::StringLiteral kFromZero = "norm.from_zero";

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// One multiplication
//===----------------------------------------------------------------------===//

namespace {

/// Replaces a contraction whose outer dims have one element.
class Multiplication {
public:
  Multiplication(IRRewriter &rewriter, linalg::LinalgOp op,
                 const ContractionPlan &plan)
      : b(rewriter), op(op), loc(op.getLoc()), plan(plan) {}

  void emit();

private:
  /// Where the product goes: a plane of a tensor.
  struct Destination {
    Value whole, plane;
    SmallVector<OpFoldResult> offsets, sizes, strides;
    /// What gives `whole` with the product in it; null if that is all of it.
    Operation *replaced = nullptr;
  };
  Destination getDestination(unsigned first, unsigned second);
  /// The positions of two dims in operand `operand`.
  std::pair<unsigned, unsigned> find(unsigned operand, unsigned first,
                                     unsigned second);
  /// The part of `tensor` of more than one element: the dims `first` and
  /// `second`, in that order.
  Value takePlane(Value tensor, unsigned first, unsigned second);
  Value transpose(Value plane);
  Value pack(Value plane, bool outIn);
  Value addInit(Value product, Value init);

  IRRewriter &b;
  linalg::LinalgOp op;
  Location loc;
  const ContractionPlan &plan;
};

} // namespace

std::pair<unsigned, unsigned>
Multiplication::find(unsigned operand, unsigned first, unsigned second) {
  SmallVector<unsigned> dims = getDimsOf(op, operand);
  return {llvm::find(dims, first) - dims.begin(),
          llvm::find(dims, second) - dims.begin()};
}

Value Multiplication::takePlane(Value tensor, unsigned first, unsigned second) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, tensor);
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  SmallVector<int64_t> shape;
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    if (dim == first || dim == second)
      shape.push_back(type.getDimSize(dim));
    else
      sizes[dim] = b.getIndexAttr(1);
  if (shape.size() == sizes.size())
    return tensor;
  return tensor::ExtractSliceOp::create(
      b, loc, RankedTensorType::get(shape, type.getElementType()), tensor,
      offsets, sizes, strides);
}

Value Multiplication::transpose(Value plane) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, plane);
  std::swap(sizes[0], sizes[1]);
  Value empty = tensor::EmptyOp::create(b, loc, sizes,
                                        getElementTypeOrSelf(plane.getType()));
  AffineMap identity = b.getMultiDimIdentityMap(2);
  AffineMap swapped =
      AffineMap::getPermutationMap(ArrayRef<unsigned>{1, 0}, b.getContext());
  auto copy = GenericOp::create(
      b, loc, plane, empty, {swapped, identity},
      SmallVector<utils::IteratorType>(2, utils::IteratorType::parallel),
      [](OpBuilder &nested, Location loc, ValueRange elements) {
        YieldOp::create(nested, loc, elements);
      });
  return copy.getResult(0);
}

Value Multiplication::pack(Value plane, bool outIn) {
  auto type = cast<RankedTensorType>(plane.getType());
  int64_t in = type.getDimSize(outIn ? 1 : 0);
  RankedTensorType packed =
      LinearPlan::get(CPUTarget::get(op), type.getElementType(), in)
          .getPackedType(type.getDimSize(outIn ? 0 : 1), in,
                         type.getElementType());
  return createPackWeight(
      b, loc, plane, outIn ? WeightLayout::OutIn : WeightLayout::InOut, packed);
}

/// The sum of the product and what the contraction begins with.
Value Multiplication::addInit(Value product, Value init) {
  Value empty =
      tensor::EmptyOp::create(b, loc, tensor::getMixedSizes(b, loc, init),
                              getElementTypeOrSelf(init.getType()));
  AffineMap identity = b.getMultiDimIdentityMap(2);
  auto sum = GenericOp::create(
      b, loc, ValueRange{init, product}, empty, {identity, identity, identity},
      SmallVector<utils::IteratorType>(2, utils::IteratorType::parallel),
      [](OpBuilder &nested, Location loc, ValueRange elements) {
        Value sum =
            arith::AddFOp::create(nested, loc, elements[0], elements[1]);
        YieldOp::create(nested, loc, sum);
      });
  return sum.getResult(0);
}

void Multiplication::emit() {
  b.setInsertionPoint(op);
  auto [row, xSum] = find(plan.x, plan.m, plan.k);
  Value x = takePlane(op->getOperand(plan.x), row, xSum);
  if (row > xSum)
    x = transpose(x);
  auto [column, sum] = find(plan.weight, plan.n, plan.k);
  Value weight = takePlane(op->getOperand(plan.weight), column, sum);
  Value packed = pack(weight, /*outIn=*/column < sum);

  auto [first, second] = find(2, plan.m, plan.n);
  Destination target = getDestination(first, second);
  Value init = target.plane;
  bool isTransposed = first > second;
  bool fromZero = op->hasAttr(kFromZero);
  Value destination = init;
  if (!fromZero || isTransposed) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, init);
    if (isTransposed)
      std::swap(sizes[0], sizes[1]);
    destination = tensor::EmptyOp::create(b, loc, sizes,
                                          getElementTypeOrSelf(init.getType()));
  }
  Value product = PackedLinearOp::create(b, loc, destination.getType(), x,
                                         packed, Value(), destination)
                      .getResult();
  if (isTransposed)
    product = transpose(product);
  if (!fromZero)
    product = addInit(product, init);
  if (!target.replaced) {
    b.replaceOp(op, product);
    return;
  }
  b.setInsertionPoint(target.replaced);
  b.replaceOpWithNewOp<tensor::InsertSliceOp>(target.replaced, product,
                                              target.whole, target.offsets,
                                              target.sizes, target.strides);
  if (target.replaced != op)
    b.eraseOp(op);
}

Multiplication::Destination Multiplication::getDestination(unsigned first,
                                                           unsigned second) {
  Destination result;
  result.whole = op->getOperand(2);
  auto type = cast<RankedTensorType>(result.whole.getType());
  result.plane = takePlane(result.whole, first, second);
  if (result.plane == result.whole)
    return result;
  result.replaced = op;
  result.offsets.assign(type.getRank(), b.getIndexAttr(0));
  result.strides.assign(type.getRank(), b.getIndexAttr(1));
  result.sizes = tensor::getMixedSizes(b, loc, result.whole);
  for (auto [dim, size] : llvm::enumerate(result.sizes))
    if (dim != first && dim != second)
      size = b.getIndexAttr(1);
  // In a loop: one slice of the whole result, which is written in place.
  auto slice = result.whole.getDefiningOp<tensor::ExtractSliceOp>();
  auto insert = op->hasOneUse()
                    ? dyn_cast<tensor::InsertSliceOp>(*op->getUsers().begin())
                    : nullptr;
  if (!slice || !insert || insert.getSource() != op->getResult(0) ||
      insert.getDest() != slice.getSource() ||
      slice.getType().getRank() != insert.getDestType().getRank())
    return result;
  result.replaced = insert;
  result.whole = insert.getDest();
  result.offsets = insert.getMixedOffsets();
  result.sizes = insert.getMixedSizes();
  result.strides = insert.getMixedStrides();
  result.plane = tensor::ExtractSliceOp::create(
      b, loc, cast<RankedTensorType>(result.plane.getType()), result.whole,
      result.offsets, result.sizes, result.strides);
  return result;
}

namespace {
struct TileContractions : norm::impl::TileContractionsBase<TileContractions> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (!isKernel(function))
      return;
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    function.walk([&](linalg::LinalgOp op) {
      if (ContractionPlan::get(op))
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops)
      markFromZero(rewriter, op);
    // The last first: it takes those before it into its loops.
    for (linalg::LinalgOp op : llvm::reverse(ops)) {
      if (taken.contains(op))
        continue;
      if (failed(tile(rewriter, op)))
        return signalPassFailure();
    }
    taken.clear();
    if (failed(cleanUp(function)))
      return signalPassFailure();
    SmallVector<linalg::LinalgOp> tiles;
    function.walk([&](linalg::LinalgOp op) {
      if (ContractionPlan::get(op))
        tiles.push_back(op);
    });
    for (linalg::LinalgOp op : tiles) {
      Multiplication(rewriter, op, *ContractionPlan::get(op)).emit();
      ++numMultiplications;
    }
    if (failed(cleanUp(function)))
      signalPassFailure();
  }

private:
  /// A part of memory for a whole result is memory for that part; the sizes of
  /// parts are known in front of the loops; what is dead goes.
  static LogicalResult cleanUp(func::FuncOp function) {
    RewritePatternSet patterns(function.getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    tensor::populateMergeConsecutiveInsertExtractSlicePatterns(patterns);
    return applyPatternsGreedily(function, std::move(patterns));
  }

  /// Contractions that others compute in their loops.
  llvm::SmallPtrSet<Operation *, 8> taken;

  /// So that nobody needs the zeros.
  static void markFromZero(IRRewriter &rewriter, linalg::LinalgOp op) {
    OpOperand *init = op.getDpsInitOperand(0);
    if (!isFilledWithZero(init->get()))
      return;
    op->setAttr(kFromZero, rewriter.getUnitAttr());
    rewriter.setInsertionPoint(op);
    init->set(tensor::EmptyOp::create(
        rewriter, op.getLoc(),
        tensor::getMixedSizes(rewriter, op.getLoc(), init->get()),
        getElementTypeOrSelf(init->get().getType())));
  }

  LogicalResult tile(IRRewriter &rewriter, linalg::LinalgOp op) {
    std::optional<ContractionPlan> plan = ContractionPlan::get(op);
    return tileOuterDims(rewriter, op, *plan, taken);
  }
};
} // namespace
