//===- RowTiles.cpp - Rows that share registers ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowTiles.h"
#include "LinearPanels.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::norm;

Value RowTiles::constant(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value RowTiles::add(Value x, Value y) {
  return b.createOrFold<arith::AddIOp>(x, y, kNoOverflow);
}

RowTiles::RowTiles(ImplicitLocOpBuilder &builder, Value numRows,
                   int64_t maxHeight)
    : b(builder), maxHeight(maxHeight) {
  count = b.createOrFold<arith::DivUIOp>(add(numRows, constant(maxHeight - 1)),
                                         constant(maxHeight));
  // No rows: no tile, whatever its height.
  Value divisor = b.createOrFold<arith::MaxUIOp>(count, constant(1));
  height = b.createOrFold<arith::DivUIOp>(numRows, divisor);
  numHigher = b.createOrFold<arith::RemUIOp>(numRows, divisor);
}

Value RowTiles::getFirstRow(Value tile) {
  return add(b.createOrFold<arith::MulIOp>(tile, height, kNoOverflow),
             b.createOrFold<arith::MinUIOp>(tile, numHigher));
}

// The loop carries the row: computed from the tile's number it would be a
// product of quotients, which LLVM's loop strength reduction computes anew in
// the innermost loops.
void RowTiles::forEach(Value begin, Value end, Value firstRow,
                       function_ref<void(Value row, unsigned height)> body) {
  OpBuilder::InsertionGuard guard(b);
  auto loop = scf::ForOp::create(b, begin, end, constant(1), firstRow);
  b.setInsertionPointToStart(loop.getBody());
  Value tile = loop.getInductionVar();
  Value row = loop.getRegionIterArg(0);
  std::optional<int64_t> lower = getConstantIntValue(height);
  std::optional<int64_t> numHigh = getConstantIntValue(numHigher);
  Value isHigher, rows = height;
  if (!lower || numHigh != 0) {
    isHigher =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, tile, numHigher);
    rows = add(height,
               arith::IndexCastUIOp::create(b, b.getIndexType(), isHigher));
  }
  b.setInsertionPoint(scf::YieldOp::create(b, add(row, rows)));
  if (!isHigher) {
    body(row, *lower);
    return;
  }
  if (lower) {
    scf::IfOp::create(
        b, isHigher,
        [&](OpBuilder &, Location) {
          body(row, *lower + 1);
          scf::YieldOp::create(b);
        },
        [&](OpBuilder &, Location) {
          if (*lower > 0)
            body(row, *lower);
          scf::YieldOp::create(b);
        });
    return;
  }
  SmallVector<int64_t> heights;
  for (int64_t i = 1; i <= maxHeight; ++i)
    heights.push_back(i);
  auto choice =
      scf::IndexSwitchOp::create(b, TypeRange(), rows, heights, heights.size());
  for (auto [i, region] : llvm::enumerate(choice.getCaseRegions())) {
    b.setInsertionPointToStart(&region.emplaceBlock());
    body(row, heights[i]);
    scf::YieldOp::create(b);
  }
  b.setInsertionPointToStart(&choice.getDefaultRegion().emplaceBlock());
  scf::YieldOp::create(b);
}
