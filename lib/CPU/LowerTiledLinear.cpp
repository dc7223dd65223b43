//===- LowerTiledLinear.cpp - Linear layers on tile registers -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Row blocks -> panels -> 32 rows -> input features, on eight tiles: two of
// rows, two of the panel, and the sums of their products (Intel's 64 and IA-32
// Architectures Optimization Reference Manual, "Intel AMX"). Tiles are always
// whole, so that the bits of a row do not depend on the number of rows: the
// last rows of a block are computed together with those before them, which are
// computed twice; fewer than 16 rows, and the last input features of each row,
// are copied to memory with zeros behind them.
//
//===----------------------------------------------------------------------===//

#include "LinearKernel.h"
#include "LowerPackedLinear.h"
#include "RowBlockPlan.h"
#include "TileRegisters.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::norm;

/// How many tiles ahead of its use a panel is fetched. Measured on Sapphire
/// Rapids: 0.94 of the time for 3072 input features, the same for 768.
constexpr int64_t kPrefetchTiles = 2;

namespace {

/// Emits the loops of one layer.
class TiledLoops {
public:
  TiledLoops(PackedLinearOp op, const CPUTarget &target, const LinearPlan &plan,
             Value weight)
      : op(op), b(op.getLoc(), op), plan(plan), weight(weight),
        steps(cast<MemRefType>(weight.getType()).getDimSize(1) / kTileRows),
        kernel(b, plan, target, weight, op.getBias(), op.getInit(),
               b.getF32Type()),
        tiles(b) {}

  void emit();

private:
  /// Rows in memory, from which tiles are loaded.
  struct Rows {
    Value memory;
    /// Where the first of the rows `origin` of the layer is.
    Value origin;
  };

  PackedLinearOp op;
  ImplicitLocOpBuilder b;
  LinearPlan plan;
  /// Panels x pairs of rows x columns, the elements of a pair side by side.
  Value weight;
  /// The tiles of a panel below each other.
  int64_t steps;
  LinearKernel kernel;
  TileBuilder tiles;

  Value numRows, numIn, numOut;
  /// The tiles below each other whose input features are all there.
  Value fullSteps;
  /// The sums of 32 rows and a panel.
  Value sums;

  Value subtract(Value a, Value c) {
    return b.createOrFold<arith::SubIOp>(a, c);
  }
  Value minimum(Value a, Value c) {
    return b.createOrFold<arith::MinUIOp>(a, c);
  }
  void copyPadded(Value begin, Value end, Value column, Value target);
  void emitFewRows();
  void emitBlocks();
  void emitBlock(Value begin, Value end, Value edge);
  void emitTiles(Value panel, const PanelColumns &columns, ArrayRef<Value> rows,
                 const Rows &whole, const Rows &padded, Value wholeSteps,
                 Value count);
  void prefetch(Value panel, Value pairRow, unsigned vectors);
  SmallVector<Value> accumulate(ArrayRef<Value> sums, Value panel,
                                ArrayRef<Value> rows, const Rows &from,
                                Value begin, Value end);
};

} // namespace

/// Copies the input features from `column` on of the rows `begin` to `end` to
/// the first rows of `target`, with zeros behind them.
void TiledLoops::copyPadded(Value begin, Value end, Value column,
                            Value target) {
  OpBuilder::InsertionGuard guard(b);
  auto type = VectorType::get({kTileFeatures}, b.getBF16Type());
  Value width =
      kernel.constant(cast<MemRefType>(target.getType()).getDimSize(1));
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  Value row = kernel.enterLoop(begin, end, 1).getInductionVar();
  Value offset = kernel.enterLoop(kernel.constant(0), width, kTileFeatures)
                     .getInductionVar();
  Value from = kernel.add(column, offset);
  Value mask = vector::CreateMaskOp::create(
      b, VectorType::get({kTileFeatures}, b.getI1Type()),
      subtract(numIn, from));
  Value loaded = vector::MaskedLoadOp::create(
      b, type, op.getInput(), ValueRange{row, from}, mask, zero);
  vector::StoreOp::create(b, loaded, target,
                          ValueRange{subtract(row, begin), offset});
}

/// Fetches the tiles of a panel that come some time after those at `pairRow`;
/// behind the last ones that is the next panel.
void TiledLoops::prefetch(Value panel, Value pairRow, unsigned vectors) {
  for (int64_t r = 0; r < kTileRows; ++r)
    for (unsigned j = 0; j < vectors; ++j)
      memref::PrefetchOp::create(
          b, weight,
          ValueRange{panel, kernel.add(pairRow, kPrefetchTiles * kTileRows + r),
                     kernel.constant(j * kTileFeatures)},
          /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
}

/// Adds to the sums (row-major) of the tiles that begin at `rows` and of a
/// panel the products of the tiles `begin` to `end` below each other.
SmallVector<Value> TiledLoops::accumulate(ArrayRef<Value> sums, Value panel,
                                          ArrayRef<Value> rows,
                                          const Rows &from, Value begin,
                                          Value end) {
  unsigned vectors = sums.size() / rows.size();
  auto loop = scf::ForOp::create(
      b, begin, end, kernel.constant(1), sums,
      [&](OpBuilder &, Location, Value step, ValueRange carried) {
        SmallVector<Value> result(carried), pairs;
        // What is copied has the last tile alone, or all of them.
        Value column = kernel.multiply(
            from.memory == op.getInput() ? step : subtract(step, begin),
            kTileFeatures);
        Value pairRow = kernel.multiply(step, kTileRows);
        prefetch(panel, pairRow, vectors);
        for (unsigned j = 0; j < vectors; ++j)
          pairs.push_back(tiles.load(
              weight, {panel, pairRow, kernel.constant(j * kTileFeatures)}));
        for (auto [i, row] : llvm::enumerate(rows)) {
          Value tile =
              tiles.load(from.memory, {subtract(row, from.origin), column});
          for (unsigned j = 0; j < vectors; ++j) {
            Value &sum = result[i * vectors + j];
            sum = tiles.dot(sum, tile, pairs[j]);
          }
        }
        scf::YieldOp::create(b, result);
      });
  return SmallVector<Value>(loop.getResults());
}

/// Computes 16 rows of a panel from each of `rows` on and stores the first
/// `count` of them. The first `wholeSteps` tiles of a row are in `whole`, the
/// others in `padded`.
void TiledLoops::emitTiles(Value panel, const PanelColumns &columns,
                           ArrayRef<Value> rows, const Rows &whole,
                           const Rows &padded, Value wholeSteps, Value count) {
  unsigned vectors = columns.vectors;
  SmallVector<Value> results(rows.size() * vectors);
  for (Value &result : results)
    result = tiles.zero();
  Value zero = kernel.constant(0), last = kernel.constant(steps);
  if (getConstantIntValue(wholeSteps) != 0)
    results = accumulate(results, panel, rows, whole, zero, wholeSteps);
  if (getConstantIntValue(wholeSteps) != steps)
    results = accumulate(results, panel, rows, padded, wholeSteps, last);
  for (unsigned i = 0; i < rows.size(); ++i)
    for (unsigned j = 0; j < vectors; ++j)
      tiles.store(
          results[i * vectors + j], sums,
          {kernel.constant(i * kTileRows), kernel.constant(j * plan.lanes)});
  storePanel(b, plan, numOut, columns, [&](const PanelColumns &existing) {
    // Several rows at a time have their biases in registers.
    unsigned height = getConstantIntValue(count) == kTileRows ? 8 : 1;
    for (auto [i, first] : llvm::enumerate(rows)) {
      OpBuilder::InsertionGuard guard(b);
      Value row = kernel.enterLoop(zero, count, height).getInductionVar();
      Value place = kernel.add(row, i * kTileRows);
      kernel.finish(kernel.restore(sums, place, height, vectors),
                    kernel.add(first, row), height, existing);
    }
  });
}

/// A layer of fewer than 16 rows: a copy of them is a tile.
void TiledLoops::emitFewRows() {
  Value zero = kernel.constant(0);
  Value copy =
      kernel.allocate({kTileRows, steps * kTileFeatures}, b.getBF16Type());
  copyPadded(zero, numRows, zero, copy);
  // The other rows of the tile are computed and not stored.
  Rows rows{copy, zero};
  forEachPanel(b, plan, numOut, [&](Value panel, const PanelColumns &columns) {
    emitTiles(panel, columns, zero, rows, rows, zero, numRows);
  });
}

/// The rows `begin` to `end`, at least 16.
void TiledLoops::emitBlock(Value begin, Value end, Value edge) {
  Rows whole{op.getInput(), kernel.constant(0)};
  Rows padded{edge, begin};
  if (edge)
    copyPadded(begin, end, kernel.multiply(fullSteps, kTileFeatures), edge);
  Value lastTile = subtract(end, kernel.constant(kTileRows));
  Value count = kernel.constant(kTileRows);
  forEachPanel(b, plan, numOut, [&](Value panel, const PanelColumns &columns) {
    OpBuilder::InsertionGuard guard(b);
    Value row = kernel.enterLoop(begin, end, plan.maxRows).getInductionVar();
    Value second = kernel.add(row, kTileRows);
    auto emitTwo = [&] {
      emitTiles(panel, columns, {row, minimum(second, lastTile)}, whole, padded,
                fullSteps, count);
    };
    std::optional<int64_t> rows = getConstantIntValue(numRows);
    if (rows && (*rows - 1) % plan.maxRows >= kTileRows) {
      emitTwo();
      return;
    }
    Value hasTwo =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, second, end);
    scf::IfOp::create(
        b, hasTwo,
        [&](OpBuilder &, Location) {
          emitTwo();
          scf::YieldOp::create(b);
        },
        [&](OpBuilder &, Location) {
          emitTiles(panel, columns, minimum(row, lastTile), whole, padded,
                    fullSteps, count);
          scf::YieldOp::create(b);
        });
  });
}

/// A layer of at least 16 rows.
void TiledLoops::emitBlocks() {
  int64_t blockRows = llvm::alignTo(RowBlockPlan::getRows(op), plan.maxRows);
  if (std::optional<int64_t> known = getConstantIntValue(numRows))
    blockRows =
        std::min(blockRows, int64_t(llvm::alignTo(*known, plan.maxRows)));
  Value edge;
  if (getConstantIntValue(fullSteps) != steps)
    edge = kernel.allocate({blockRows + kTileRows, kTileFeatures},
                           b.getBF16Type());
  OpBuilder::InsertionGuard guard(b);
  Value row = kernel.enterLoop(kernel.constant(0), numRows, blockRows)
                  .getInductionVar();
  Value end = minimum(kernel.add(row, blockRows), numRows);
  // Fewer rows than a tile has take some of the block before.
  Value begin = minimum(row, subtract(end, kernel.constant(kTileRows)));
  emitBlock(begin, end, edge);
}

void TiledLoops::emit() {
  auto getSize = [&](Value memref, unsigned position) {
    return getValueOrCreateConstantIndexOp(
        b, op.getLoc(), getMemRefSize(b, op.getLoc(), memref, position));
  };
  numRows = getSize(op.getInit(), 0);
  numOut = getSize(op.getInit(), 1);
  numIn = getSize(op.getInput(), 1);
  fullSteps =
      b.createOrFold<arith::DivUIOp>(numIn, kernel.constant(kTileFeatures));
  sums = kernel.allocate({plan.maxRows, plan.getPanelWidth()}, b.getF32Type());
  std::optional<int64_t> known = getConstantIntValue(numRows);
  if (known && *known >= kTileRows) {
    emitBlocks();
  } else if (known) {
    emitFewRows();
  } else {
    Value isFew = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, numRows,
                                        kernel.constant(kTileRows));
    scf::IfOp::create(
        b, isFew,
        [&](OpBuilder &, Location) {
          emitFewRows();
          scf::YieldOp::create(b);
        },
        [&](OpBuilder &, Location) {
          emitBlocks();
          scf::YieldOp::create(b);
        });
  }
  op.erase();
}

void mlir::norm::emitTiledLinear(PackedLinearOp op, const CPUTarget &target,
                                 const LinearPlan &plan, Value weight) {
  TiledLoops(op, target, plan, weight).emit();
}
