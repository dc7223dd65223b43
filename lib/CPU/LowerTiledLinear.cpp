//===- LowerTiledLinear.cpp - Linear layers on tile registers -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row blocks -> parts of panels -> 32 rows -> input features, on eight tiles:
// two of rows, two of the panel, and the sums of their products (Intel's 64 and
// IA-32 Architectures Optimization Reference Manual, "Intel AMX"). A part of a
// panel stays in the first-level cache while all rows of the block pass by it,
// and the next part is fetched meanwhile; sums wait in memory between parts,
// which changes no bit of them.
//
// Tiles are always whole, so that the bits of a row do not depend on the number
// of rows. What is made of the elements of the result, such as an activation,
// is computed after a few panels, of values that are still in a near cache.
//
//===----------------------------------------------------------------------===//

#include "LinearConsumer.h"
#include "LinearKernel.h"
#include "LowerPackedLinear.h"
#include "RowBlockPlan.h"
#include "TileRegisters.h"
#include "TiledInput.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The most tiles below each other of a part of a panel. Two side by side are 2
/// KB; 32 KB leave room in a first-level cache of 48 KB, which CPUs with tiles
/// have, for sums and for the rows that pass.
constexpr int64_t kPartSteps = 16;

/// How many tiles ahead of its use a panel is fetched that passes once.
/// Measured on Sapphire Rapids: 0.94 of the time for 3072 input features, the
/// same for 768.
constexpr int64_t kNearSteps = 2;

/// Panels after which a consumer computes what it makes of them: rows of four
/// are long enough for its loop.
constexpr int64_t kConsumedPanels = 4;

/// Rows whose sums are stored by one iteration, with their biases in registers.
constexpr int64_t kStoredRows = 8;

namespace {

/// Emits the loops of one layer.
class TiledLoops {
public:
  TiledLoops(PackedLinearOp op, const CPUTarget &target, const LinearPlan &plan,
             Value weight)
      : op(op), consumer(findElementwiseConsumer(op)),
        b(op.getLoc(), consumer ? consumer : op), plan(plan), weight(weight),
        steps(cast<MemRefType>(weight.getType()).getDimSize(1) / kTileRows),
        numParts(std::max<int64_t>(1, llvm::divideCeil(steps, kPartSteps))),
        partSteps(llvm::divideCeil(steps, numParts)),
        kernel(b, plan, target, weight, op.getBias(), op.getInit(),
               b.getF32Type()),
        tiles(b), rows(b, kernel, op.getInput(), steps) {}

  void emit();

private:
  /// A part of a panel: its first tile and the number of tiles below each
  /// other, and whether sums begin or end there.
  struct Part {
    Value begin;
    int64_t size;
    bool isFirst, isLast;
    /// Whether all rows of the block pass it together.
    bool passesOnce;
  };

  PackedLinearOp op;
  /// Computes something of the elements of the result; null if there is none.
  GenericOp consumer;
  ImplicitLocOpBuilder b;
  LinearPlan plan;
  /// Panels x pairs of rows x columns, the elements of a pair side by side.
  Value weight;
  /// The tiles of a panel below each other; how many parts they are cut in, and
  /// the tiles of each but the last.
  int64_t steps, numParts, partSteps;
  LinearKernel kernel;
  TileBuilder tiles;
  TiledInput rows;

  Value numRows, numOut;
  /// The most rows of a block.
  int64_t blockRows;
  /// The sums of 32 rows and a panel.
  Value sums;
  /// What the consumer reads at a time, of all rows of the block; null if that
  /// is the layer's result. The output feature where it begins.
  Value piece, pieceBegin;
  /// The sums of the block's rows between two parts; null if there is one part.
  Value waiting;

  /// The first row of the block, the number of its rows, and of groups of 16.
  Value blockRow, count, numGroups;

  Value subtract(Value a, Value c) {
    return b.createOrFold<arith::SubIOp>(a, c);
  }
  Value minimum(Value a, Value c) {
    return b.createOrFold<arith::MinUIOp>(a, c);
  }
  void emitBlock();
  void choose(Value condition, function_ref<void()> ifTrue,
              function_ref<void()> ifFalse);
  void emitParts(Value panel, const PanelColumns &columns);
  void emitPart(Value panel, const PanelColumns &columns, const Part &part);
  void emitTiles(Value panel, unsigned vectors, const Part &part, Value group,
                 unsigned height);
  void emitStores(const PanelColumns &columns, Value row);
  void emitPanels(Value features, Value first = Value());
  void emitConsumed(Value first, Value features);
  void prefetch(Value panel, Value pairRow, int64_t rows, int64_t locality);
  void prefetchBehind(Value panel, const Part &part, Value group, Value step);
};

} // namespace

/// Fetches `rows` pairs of rows of a panel, or of the next one behind it.
void TiledLoops::prefetch(Value panel, Value pairRow, int64_t rows,
                          int64_t locality) {
  for (int64_t r = 0; r < rows; ++r)
    for (unsigned j = 0; j < plan.vectors; ++j)
      memref::PrefetchOp::create(b, weight,
                                 ValueRange{panel, kernel.add(pairRow, r),
                                            kernel.constant(j * kTileFeatures)},
                                 /*isWrite=*/false, locality,
                                 /*isDataCache=*/true);
}

/// Fetches of what comes behind a part of a panel as much in every step as
/// makes a part when all rows of the block have passed, to the second-level
/// cache.
void TiledLoops::prefetchBehind(Value panel, const Part &part, Value group,
                                Value step) {
  int64_t passes = llvm::divideCeil(blockRows, int64_t(plan.maxRows));
  int64_t rows = llvm::divideCeil(kTileRows, passes);
  // Two groups of 16 rows pass at a time.
  Value pass = b.createOrFold<arith::DivUIOp>(group, kernel.constant(2));
  Value done =
      kernel.add(kernel.multiply(pass, part.size), subtract(step, part.begin));
  Value behind = kernel.multiply(kernel.add(part.begin, part.size), kTileRows);
  prefetch(panel, kernel.add(behind, kernel.multiply(done, rows)), rows,
           /*locality=*/2);
}

/// Multiplies `height` times 16 rows from `group` on by a part of a panel.
void TiledLoops::emitTiles(Value panel, unsigned vectors, const Part &part,
                           Value group, unsigned height) {
  Value zero = kernel.constant(0);
  auto forEachSum = [&](function_ref<void(Value row, Value column)> body,
                        Value first) {
    for (unsigned i = 0; i < height; ++i)
      for (unsigned j = 0; j < vectors; ++j)
        body(kernel.add(first, i * kTileRows), kernel.constant(j * plan.lanes));
  };
  Value waitingRow = kernel.multiply(group, kTileRows);
  SmallVector<TiledInput::Group> groups;
  for (unsigned i = 0; i < height; ++i)
    groups.push_back(rows.getGroup(kernel.add(group, i)));
  SmallVector<Value> results;
  forEachSum(
      [&](Value row, Value column) {
        results.push_back(part.isFirst ? tiles.zero()
                                       : tiles.load(waiting, {row, column}));
      },
      waitingRow);
  auto loop = scf::ForOp::create(
      b, part.begin, kernel.add(part.begin, part.size), kernel.constant(1),
      results, [&](OpBuilder &, Location, Value step, ValueRange carried) {
        SmallVector<Value> next(carried), pairs;
        Value pairRow = kernel.multiply(step, kTileRows);
        if (part.passesOnce || height == 1)
          prefetch(panel, kernel.add(pairRow, kNearSteps * kTileRows),
                   kTileRows, /*locality=*/3);
        else
          prefetchBehind(panel, part, group, step);
        for (unsigned j = 0; j < vectors; ++j)
          pairs.push_back(tiles.load(
              weight, {panel, pairRow, kernel.constant(j * kTileFeatures)}));
        for (unsigned i = 0; i < height; ++i) {
          Value tile = rows.load(groups[i], step);
          for (unsigned j = 0; j < vectors; ++j) {
            Value &sum = next[i * vectors + j];
            sum = tiles.dot(sum, tile, pairs[j]);
          }
        }
        scf::YieldOp::create(b, next);
      });
  unsigned position = 0;
  forEachSum(
      [&](Value row, Value column) {
        tiles.store(loop.getResult(position++), part.isLast ? sums : waiting,
                    {row, column});
      },
      part.isLast ? zero : waitingRow);
}

/// Stores what of 32 rows of sums exists, the first of them of row `row` of the
/// block.
void TiledLoops::emitStores(const PanelColumns &columns, Value row) {
  Value zero = kernel.constant(0);
  std::optional<int64_t> known = getConstantIntValue(count);
  Value height = kernel.constant(plan.maxRows);
  if (!known || *known % plan.maxRows != 0)
    height = minimum(subtract(count, row), height);
  Value rest =
      b.createOrFold<arith::RemUIOp>(height, kernel.constant(kStoredRows));
  Value whole = subtract(height, rest);
  Value first = piece ? row : kernel.add(blockRow, row);
  storePanel(b, plan, numOut, columns, [&](const PanelColumns &existing) {
    auto store = [&](Value begin, Value end, int64_t rows) {
      OpBuilder::InsertionGuard guard(b);
      Value place = kernel.enterLoop(begin, end, rows).getInductionVar();
      kernel.finish(kernel.restore(sums, place, rows, columns.vectors),
                    kernel.add(first, place), rows, existing, piece,
                    pieceBegin);
    };
    store(zero, whole, kStoredRows);
    if (!known || *known % kStoredRows != 0)
      store(whole, height, 1);
  });
}

/// Emits both branches, or the one that is known to be taken.
void TiledLoops::choose(Value condition, function_ref<void()> ifTrue,
                        function_ref<void()> ifFalse) {
  if (std::optional<int64_t> known = getConstantIntValue(condition))
    return *known ? ifTrue() : ifFalse();
  auto fill = [&](function_ref<void()> emit) {
    return [this, emit](OpBuilder &, Location) {
      emit();
      scf::YieldOp::create(b);
    };
  };
  scf::IfOp::create(b, condition, fill(ifTrue), fill(ifFalse));
}

/// Multiplies the rows of the block by a part of a panel.
void TiledLoops::emitPart(Value panel, const PanelColumns &columns,
                          const Part &part) {
  OpBuilder::InsertionGuard guard(b);
  Value group =
      kernel.enterLoop(kernel.constant(0), numGroups, 2).getInductionVar();
  // Only the last group may have none behind it.
  std::optional<int64_t> known = getConstantIntValue(numGroups);
  Value hasTwo =
      known && (*known == 1 || *known % 2 == 0)
          ? arith::ConstantIntOp::create(b, *known != 1, 1).getResult()
          : b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::ult,
                                          kernel.add(group, 1), numGroups);
  choose(
      hasTwo, [&] { emitTiles(panel, columns.vectors, part, group, 2); },
      [&] { emitTiles(panel, columns.vectors, part, group, 1); });
  if (part.isLast)
    emitStores(columns, kernel.multiply(group, kTileRows));
}

/// Multiplies the rows of the block by a panel, part by part.
void TiledLoops::emitParts(Value panel, const PanelColumns &columns) {
  int64_t last = (numParts - 1) * partSteps;
  auto emitOne = [&](Value begin, int64_t size, bool isFirst, bool isLast) {
    emitPart(panel, columns, Part{begin, size, isFirst, isLast, false});
  };
  if (numParts > 1)
    emitOne(kernel.constant(0), partSteps, true, false);
  if (numParts > 2) {
    OpBuilder::InsertionGuard guard(b);
    Value begin = kernel
                      .enterLoop(kernel.constant(partSteps),
                                 kernel.constant(last), partSteps)
                      .getInductionVar();
    emitOne(begin, partSteps, false, false);
  }
  emitOne(kernel.constant(last), steps - last, numParts == 1, true);
}

/// Multiplies the rows of the block by the panels from `first` on that hold
/// `features` output features.
void TiledLoops::emitPanels(Value features, Value first) {
  // Where a block never has more rows, no memory for waiting sums is there.
  Value passesOnce =
      blockRows <= plan.maxRows
          ? arith::ConstantIntOp::create(b, 1, 1).getResult()
          : b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::ule, numGroups,
                                          kernel.constant(2));
  auto emitPanel = [&](Value panel, const PanelColumns &columns) {
    choose(
        passesOnce,
        [&] {
          emitPart(panel, columns,
                   Part{kernel.constant(0), steps, true, true, true});
        },
        [&] { emitParts(panel, columns); });
  };
  forEachPanel(b, plan, features, emitPanel, first);
}

/// The same, and computes what the consumer makes of them.
void TiledLoops::emitConsumed(Value first, Value features) {
  pieceBegin = kernel.multiply(first, plan.getPanelWidth());
  emitPanels(features, first);
  emitPiece(b, op, consumer,
            MatrixPiece{getAsOpFoldResult(blockRow),
                        getAsOpFoldResult(pieceBegin), getAsOpFoldResult(count),
                        getAsOpFoldResult(features)},
            piece);
}

/// The rows of a block.
void TiledLoops::emitBlock() {
  rows.copy(blockRow, count);
  if (!consumer) {
    emitPanels(numOut);
    return;
  }
  forEachPanelGroup(
      b, plan, numOut, kConsumedPanels,
      [&](Value first, Value features) { emitConsumed(first, features); });
}

void TiledLoops::emit() {
  auto getSize = [&](Value memref, unsigned position) {
    return makeMemRefSize(b, op.getLoc(), memref, position);
  };
  numRows = getSize(op.getInit(), 0);
  numOut = getSize(op.getInit(), 1);
  blockRows = llvm::alignTo(RowBlockPlan::getRows(op), plan.maxRows);
  std::optional<int64_t> known = getConstantIntValue(numRows);
  if (known)
    blockRows = std::min(
        blockRows,
        int64_t(llvm::alignTo(std::max<int64_t>(*known, 1), kTileRows)));
  rows.allocate(blockRows, numOut, plan.getPanelWidth());
  sums = kernel.allocate({plan.maxRows, plan.getPanelWidth()}, b.getF32Type());
  if (consumer && isOnlyConsumer(op, consumer))
    piece = kernel.allocate(
        {blockRows, kConsumedPanels * plan.getPanelWidth()},
        cast<MemRefType>(op.getInit().getType()).getElementType());
  if (numParts > 1 && blockRows > plan.maxRows)
    waiting =
        kernel.allocate({blockRows, plan.getPanelWidth()}, b.getF32Type());
  blockRow = kernel.enterLoop(kernel.constant(0), numRows, blockRows)
                 .getInductionVar();
  count =
      known && (*known % blockRows == 0 || *known < blockRows)
          ? kernel.constant(std::min(*known, blockRows))
          : minimum(subtract(numRows, blockRow), kernel.constant(blockRows));
  numGroups =
      b.createOrFold<arith::CeilDivUIOp>(count, kernel.constant(kTileRows));
  emitBlock();
  if (consumer)
    consumer.erase();
  op.erase();
}

void mlir::norm::emitTiledLinear(PackedLinearOp op, const CPUTarget &target,
                                 const LinearPlan &plan, Value weight) {
  TiledLoops(op, target, plan, weight).emit();
}
