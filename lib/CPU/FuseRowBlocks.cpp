//===- FuseRowBlocks.cpp - Linear layers and norms by row block -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A group of ops becomes one loop over row blocks, which holds a tile of every
// op. What only the group reads lives in buffers of one row block, so that it
// is still in the cache when it is read.
//
//===----------------------------------------------------------------------===//

#include "RowBlockPlan.h"
#include "RowGroups.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Remarks.h"
#include "norm/CPU/LinearPlan.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FUSEROWBLOCKS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// What is known of a remark about `op`.
static remark::RemarkOpts makeRemark(StringRef name) {
  return remark::RemarkOpts::name(name).category("norm-fuse-row-blocks");
}

namespace {

/// Makes the loop of one group.
class GroupTiler {
public:
  GroupTiler(const RowGroup &group, int64_t blockRows)
      : group(group), b(group.ops.back()->getLoc(), group.ops.back()),
        blockRows(blockRows) {}

  /// Fails, with an error, where an op cannot be tiled.
  LogicalResult run();

private:
  /// The init that `result` is written over.
  static Value getInit(OpResult result) {
    return cast<DestinationStyleOpInterface>(result.getOwner())
        .getTiedOpOperand(result)
        ->get();
  }
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value multiply(Value x, Value y) {
    return b.createOrFold<arith::MulIOp>(x, y,
                                         arith::IntegerOverflowFlags::nsw |
                                             arith::IntegerOverflowFlags::nuw);
  }
  Value add(Value x, Value y) {
    return b.createOrFold<arith::AddIOp>(x, y,
                                         arith::IntegerOverflowFlags::nsw |
                                             arith::IntegerOverflowFlags::nuw);
  }

  void collectResults();
  /// The rows of a linear layer's register tile.
  int64_t getTileRows();
  /// Makes the loop and enters it: sets `begin`, `size` and `next`.
  void enterLoop();
  /// The sizes of the loops of `op`, known before the loop.
  SmallVector<OpFoldResult> getLoopSizes(Operation *op);
  /// A part of `tensor`, all of it but in the first dim.
  Value sliceRows(Value tensor, OpFoldResult from);
  /// Memory for the rows of one block of `result`.
  Value createScratch(OpResult result);
  LogicalResult tile(Operation *op);

  const RowGroup &group;
  ImplicitLocOpBuilder b;
  int64_t blockRows;

  /// The results that something outside the group reads.
  SmallVector<OpResult> outputs;
  /// What the other ones are written over, of one block; in the order of the
  /// ops, so that every run makes the same code.
  llvm::MapVector<Value, Value> scratch;
  scf::ForOp loop;
  OpFoldResult begin, size;
  /// The first row of the next block, if the loop carries it.
  Value next;
  /// The tiles of the results.
  DenseMap<Value, Value> tiles;
};

} // namespace

void GroupTiler::collectResults() {
  for (Operation *op : group.ops)
    for (OpResult result : op->getResults()) {
      if (llvm::all_of(result.getUsers(),
                       [&](Operation *user) { return group.contains(user); }))
        scratch[result] = {};
      else
        outputs.push_back(result);
    }
}

Value GroupTiler::createScratch(OpResult result) {
  Value init = getInit(result);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, result.getLoc(), init);
  auto rows = dyn_cast<Value>(sizes.front());
  sizes.front() = rows ? getAsOpFoldResult(b.createOrFold<arith::MinUIOp>(
                             rows, constant(blockRows)))
                       : b.getIndexAttr(blockRows);
  return tensor::EmptyOp::create(
      b, sizes, cast<RankedTensorType>(init.getType()).getElementType());
}

int64_t GroupTiler::getTileRows() {
  for (Operation *op : group.ops)
    if (auto linear = dyn_cast<PackedLinearOp>(op))
      if (FailureOr<LinearPlan> plan =
              LinearPlan::getOf(CPUTarget::get(op),
                                cast<ShapedType>(linear.getWeight().getType()));
          succeeded(plan))
        return plan->maxRows;
  return 1;
}

void GroupTiler::enterLoop() {
  Operation *first = group.ops.front();
  OpFoldResult rows =
      tensor::getMixedSize(b, first->getLoc(), getInit(first->getResult(0)), 0);
  SmallVector<Value> inits;
  for (OpResult output : outputs)
    inits.push_back(getInit(output));
  Value zero = constant(0);
  Value all = getValueOrCreateConstantIndexOp(b, first->getLoc(), rows);
  bool areEqual = blockRows == 1;
  if (std::optional<int64_t> known = getConstantIntValue(rows)) {
    int64_t count = llvm::divideCeil(*known, blockRows);
    if (*known % count == 0) {
      blockRows = *known / count;
      areEqual = true;
    }
  }
  for (auto &entry : scratch)
    entry.second = createScratch(cast<OpResult>(entry.first));
  if (areEqual) {
    loop = scf::ForOp::create(b, zero, all, constant(blockRows), inits);
    b.setInsertionPointToStart(loop.getBody());
    begin = loop.getInductionVar();
    size = b.getIndexAttr(blockRows);
    return;
  }
  // As equal as they can be in tiles of registers: the first blocks have one
  // tile more, the last tile is what is left.
  int64_t tileRows = std::min(getTileRows(), blockRows);
  int64_t blockTiles = blockRows / tileRows;
  Value numTiles = b.createOrFold<arith::CeilDivUIOp>(all, constant(tileRows));
  Value count =
      b.createOrFold<arith::CeilDivUIOp>(numTiles, constant(blockTiles));
  Value divisor = b.createOrFold<arith::MaxUIOp>(count, constant(1));
  Value low = b.createOrFold<arith::DivUIOp>(numTiles, divisor);
  Value rest = b.createOrFold<arith::RemUIOp>(numTiles, divisor);
  // The loop carries the first row of the block: LLVM's loop strength reduction
  // computes what is made of quotients anew in the innermost loops.
  inits.push_back(zero);
  loop = scf::ForOp::create(b, zero, count, constant(1), inits);
  b.setInsertionPointToStart(loop.getBody());
  Value isHigher = arith::CmpIOp::create(b, arith::CmpIPredicate::ult,
                                         loop.getInductionVar(), rest);
  Value tiles =
      add(low, arith::IndexCastUIOp::create(b, b.getIndexType(), isHigher));
  Value from = loop.getRegionIterArgs().back();
  Value rowsLeft = b.createOrFold<arith::SubIOp>(all, from);
  Value blockSize = b.createOrFold<arith::MinUIOp>(
      multiply(tiles, constant(tileRows)), rowsLeft);
  next = add(from, blockSize);
  begin = from;
  size = blockSize;
}

Value GroupTiler::sliceRows(Value tensor, OpFoldResult from) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, tensor.getLoc(), tensor);
  if (isConstantIntValue(from, 0) && sizes.front() == size)
    return tensor;
  sizes.front() = size;
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
  offsets.front() = from;
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(b, tensor, offsets, sizes, strides);
}

SmallVector<OpFoldResult> GroupTiler::getLoopSizes(Operation *op) {
  SmallVector<std::pair<Value, unsigned>> sources;
  if (auto linear = dyn_cast<PackedLinearOp>(op))
    sources = {
        {linear.getInit(), 0}, {linear.getInit(), 1}, {linear.getInput(), 1}};
  else
    for (unsigned dim = 0; dim < cast<GenericOp>(op).getNumLoops(); ++dim)
      sources.push_back(cast<GenericOp>(op).getDimSource(dim));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(loop);
  SmallVector<OpFoldResult> sizes;
  for (auto [value, position] : sources) {
    // The results will be gone; their sizes are those of the inits.
    while (group.contains(value.getDefiningOp()))
      value = getInit(cast<OpResult>(value));
    sizes.push_back(tensor::getMixedSize(b, op->getLoc(), value, position));
  }
  return sizes;
}

LogicalResult GroupTiler::tile(Operation *op) {
  b.setLoc(op->getLoc());
  unsigned rowDim = *getRowDim(op);
  SmallVector<OpFoldResult> sizes = getLoopSizes(op);
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
  offsets[rowDim] = begin;
  sizes[rowDim] = size;
  FailureOr<TilingResult> tiled =
      cast<TilingInterface>(op).getTiledImplementation(b, offsets, sizes);
  if (failed(tiled))
    return op->emitOpError("cannot be computed by row block");
  Operation *tile = tiled->tiledOps.front();
  for (OpOperand &operand : tile->getOpOperands())
    if (Value local = tiles.lookup(op->getOperand(operand.getOperandNumber())))
      operand.set(local);
  b.setInsertionPoint(tile);
  auto destination = cast<DestinationStyleOpInterface>(tile);
  for (OpResult result : op->getResults()) {
    auto it = llvm::find(outputs, result);
    Value init =
        it == outputs.end()
            ? sliceRows(scratch.lookup(result), b.getIndexAttr(0))
            : sliceRows(loop.getRegionIterArg(it - outputs.begin()), begin);
    destination.getDpsInitOperand(result.getResultNumber())->set(init);
    OpResult local = tile->getResult(result.getResultNumber());
    local.setType(init.getType());
    tiles[result] = local;
  }
  b.setInsertionPointAfter(tile);
  for (Operation *slice : tiled->generatedSlices)
    if (slice->use_empty())
      slice->erase();
  if (isa<PackedLinearOp>(tile))
    tile->setAttr(kRowBlockAttrName, b.getI64IntegerAttr(blockRows));
  return success();
}

LogicalResult GroupTiler::run() {
  collectResults();
  enterLoop();
  for (Operation *op : group.ops)
    if (failed(tile(op)))
      return failure();
  SmallVector<Value> yielded;
  for (auto [i, output] : llvm::enumerate(outputs)) {
    Value whole = loop.getRegionIterArg(i);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, output.getLoc(), whole);
    sizes.front() = size;
    SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
    offsets.front() = begin;
    SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
    yielded.push_back(tensor::InsertSliceOp::create(
        b, tiles.lookup(output), whole, offsets, sizes, strides));
  }
  loop->setAttr(kPlanAttrName, b.getDictionaryAttr(b.getNamedAttr(
                                   "rows", b.getI64IntegerAttr(blockRows))));
  if (!group.hasLinear())
    loop->setAttr(kSharedRowsAttrName, b.getUnitAttr());
  if (next)
    yielded.push_back(next);
  if (!yielded.empty())
    scf::YieldOp::create(b, yielded);
  for (auto [output, result] :
       llvm::zip_equal(outputs, loop.getResults().take_front(outputs.size())))
    output.replaceAllUsesWith(result);
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
  return success();
}

namespace {
struct FuseRowBlocks : norm::impl::FuseRowBlocksBase<FuseRowBlocks> {
  using FuseRowBlocksBase::FuseRowBlocksBase;

  void runOnOperation() final {
    llvm::SmallSetVector<Block *, 4> blocks;
    getOperation()->walk([&](Operation *op) {
      if (isa<GenericOp, PackedLinearOp>(op))
        blocks.insert(op->getBlock());
    });
    for (Block *block : blocks)
      if (failed(runOnBlock(*block)))
        return signalPassFailure();
  }

  LogicalResult runOnBlock(Block &block) {
    SmallVector<RowGroupRefusal> refusals;
    bool changed = false;
    SmallVector<RowGroup> groups = findRowGroups(block, refusals);
    for (const RowGroupRefusal &refusal : refusals)
      remark::missed(refusal.consumer->getLoc(), makeRemark("NotFused"))
          << "not fused with the op whose result it reads: " + refusal.reason;
    for (const RowGroup &group : groups) {
      RowBlockPlan plan = RowBlockPlan::get(group, rows);
      Location loc = group.ops.back()->getLoc();
      if (!plan.reason.empty()) {
        if (group.hasLinear())
          remark::missed(loc, makeRemark("NotFused"))
              << "its rows are not computed block by block: " + plan.reason;
        continue;
      }
      remark::passed(loc, makeRemark("Fused"))
          << std::to_string(group.ops.size()) + " ops, " +
                 std::to_string(plan.rows) + " rows at a time";
      changed = true;
      numFused += group.ops.size();
      ++numLoops;
      if (failed(GroupTiler(group, plan.rows).run()))
        return failure();
    }
    if (changed)
      sortTopologically(&block);
    return success();
  }
};
} // namespace
