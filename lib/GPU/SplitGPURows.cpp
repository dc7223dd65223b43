//===- SplitGPURows.cpp - Long rows on many blocks ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GPUMath.h"
#include "RowMapping.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"
#include "norm/GPU/Passes.h"
#include "norm/GPU/Target.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPUSPLITROWS
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

using llvm::SmallBitVector;

/// About the elements of a piece of a row.
static constexpr int64_t kPiece = 8192;
/// The same of rows that lie side by side, of which a block has 32.
static constexpr int64_t kLongestAcross = 8192, kPieceAcross = 512;

namespace {
/// Where a row is cut.
struct Cut {
  unsigned dim;
  int64_t chunk;
};
} // namespace

/// The dims that a reduction is over.
static SmallBitVector getReducedDims(GenericOp op) {
  SmallBitVector dims(op.getNumLoops());
  for (Operation &nested : *op.getBodyBlock())
    for (int64_t dim : getOverDims(&nested))
      dims.set(dim);
  return dims;
}

/// Whether most of what is read and written lies side by side along a dim that
/// is not reduced.
static bool isAcross(GenericOp op, const SmallBitVector &reduced) {
  int64_t along = 0, across = 0;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    if (dims.size() > 1)
      ++(reduced.test(dims.back()) ? along : across);
  }
  return across > along;
}

/// The largest divisor of `size` between half of `most` and `most`, else
/// `most`.
static int64_t getChunk(int64_t size, int64_t most) {
  for (int64_t chunk = most; chunk > most / 2; --chunk)
    if (size % chunk == 0)
      return chunk;
  return most;
}

/// Where the rows of `op` are cut: the outermost dim of which a position is not
/// more than a piece. Only their length decides, so that a row has the same
/// bits whatever is computed with it.
static std::optional<Cut> findCut(GenericOp op, const SmallBitVector &reduced) {
  SmallVector<int64_t> sizes = op.getStaticLoopSizes();
  int64_t length = 1;
  for (unsigned dim : reduced.set_bits()) {
    if (ShapedType::isDynamic(sizes[dim]))
      return std::nullopt;
    length *= sizes[dim];
  }
  bool across = isAcross(op, reduced);
  int64_t longest = across ? kLongestAcross : kMaxRowOfBlock;
  if (!across && GPUTarget::get(op).computeCapability >= kFirstWithClusters)
    longest *= kMaxCluster;
  if (reduced.none() || length <= longest)
    return std::nullopt;
  int64_t piece = across ? kPieceAcross : kPiece;
  Cut largest = {0, 1};
  int64_t largestSize = 0;
  for (unsigned dim : reduced.set_bits()) {
    int64_t rest = length / sizes[dim];
    if (rest <= piece) {
      int64_t most = std::min(piece / rest, sizes[dim] / 2);
      if (most > 0)
        return Cut{dim, getChunk(sizes[dim], most)};
    }
    if (sizes[dim] > largestSize) {
      largestSize = sizes[dim];
      largest.dim = dim;
    }
  }
  if (largestSize == 1)
    return std::nullopt;
  return largest;
}

/// Computes in f64 what follows from sums that `op` reads in f64 and is the
/// same along the dims `reduced`: the sums may be none of f32.
static void widenStatistics(GenericOp op, const SmallBitVector &reduced) {
  Block *body = op.getBodyBlock();
  OpBuilder builder(op.getContext());
  VaryingDims varying(op);
  Widener widener(builder);
  llvm::SmallPtrSet<Operation *, 8> wide;
  for (Operation &nested :
       llvm::make_early_inc_range(body->without_terminator())) {
    if (nested.getNumResults() != 1 || !nested.getResult(0).getType().isF32() ||
        varying.get(nested.getResult(0)).anyCommon(reduced))
      continue;
    Value result = nested.getResult(0);
    if (auto trunc = dyn_cast<arith::TruncFOp>(nested);
        trunc && isa<BlockArgument>(trunc.getIn()) &&
        trunc.getIn().getType().isF64()) {
      widener.map(result, trunc.getIn());
      wide.insert(&nested);
      continue;
    }
    bool isInline =
        !isa<math::MathDialect>(nested.getDialect()) || isInstruction(&nested);
    bool readsWide = llvm::any_of(nested.getOperands(), [&](Value operand) {
      return wide.contains(operand.getDefiningOp());
    });
    if (!readsWide || !isInline)
      continue;
    builder.setInsertionPointAfter(&nested);
    widener.copy(nested);
    wide.insert(&nested);
  }
  for (Operation *narrow : wide) {
    if (isa<arith::TruncFOp>(narrow))
      continue;
    Value copy = widener.get(narrow->getResult(0));
    builder.setInsertionPointAfterValue(copy);
    Value result = arith::TruncFOp::create(builder, narrow->getLoc(),
                                           builder.getF32Type(), copy);
    narrow->getResult(0).replaceUsesWithIf(
        result, [&](OpOperand &use) { return !wide.contains(use.getOwner()); });
  }
  for (Operation &nested : llvm::make_early_inc_range(llvm::reverse(*body)))
    if (!isa<YieldOp>(nested) && nested.use_empty())
      nested.erase();
}

/// Makes all dims of `op` parallel where it reduces nothing any more.
static void freeDims(GenericOp op) {
  if (getReducedDims(op).any())
    return;
  OpBuilder builder(op);
  SmallVector<Value> inputs(op.getInputs()), outputs(op.getOutputs());
  SmallVector<utils::IteratorType> iterators(op.getNumLoops(),
                                             utils::IteratorType::parallel);
  auto free = GenericOp::create(builder, op.getLoc(), inputs, outputs,
                                op.getMaps(), iterators, /*body=*/nullptr);
  free->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  free.getBody().takeBody(op.getBody());
  op.replaceAllUsesWith(free.getResults());
  op.erase();
}

namespace {
struct GPUSplitRows : norm::impl::GPUSplitRowsBase<GPUSplitRows> {
  void runOnOperation() final {
    IRRewriter rewriter(&getContext());
    for (GenericOp op : getTensorGenerics(getOperation())) {
      SmallBitVector reduced = getReducedDims(op);
      std::optional<Cut> cut = findCut(op, reduced);
      if (!cut)
        continue;
      bool isSplit = false;
      while (GenericOp rest = splitReductions(rewriter, op, cut->dim,
                                              cut->chunk, /*wide=*/true)) {
        op = rest;
        isSplit = true;
      }
      if (!isSplit)
        continue;
      ++numSplit;
      widenStatistics(op, reduced);
      freeDims(op);
    }
  }
};
} // namespace
