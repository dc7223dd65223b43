//===- PackTiles.cpp - Packing vector by vector ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackTiles.h"
#include "MaskedMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::norm;

static Value constant(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

static VectorType getVectorType(Value memref, int64_t lanes) {
  return VectorType::get({lanes},
                         cast<MemRefType>(memref.getType()).getElementType());
}

void mlir::norm::emitRowCopies(ImplicitLocOpBuilder &b, Value weight,
                               Value packed, Value panel, int64_t lane,
                               int64_t lanes, Value column, Value numColumns,
                               Value count) {
  VectorType type = getVectorType(weight, lanes);
  Value left = arith::SubIOp::create(b, numColumns, column);
  Value mask = vector::CreateMaskOp::create(
      b, VectorType::get({lanes}, b.getI1Type()), left);
  scf::ForOp::create(
      b, constant(b, 0), count, constant(b, 1), {},
      [&](OpBuilder &, Location loc, Value k, ValueRange) {
        Value row = buildMaskedLoad(b, loc, type, weight, {k, column}, mask);
        vector::StoreOp::create(b, row, packed,
                                ValueRange{panel, k, constant(b, lane)});
        scf::YieldOp::create(b);
      });
}

/// The vectors as columns: in every step blocks of twice the size are
/// transposed, by exchanging their upper right and lower left quarters.
static void transpose(ImplicitLocOpBuilder &b, SmallVector<Value> &rows) {
  int64_t lanes = rows.size();
  for (int64_t half = 1; half < lanes; half *= 2) {
    SmallVector<int64_t> upper, lower;
    for (int64_t i = 0; i < lanes; ++i) {
      bool isRight = i & half;
      upper.push_back(isRight ? lanes + i - half : i);
      lower.push_back(isRight ? lanes + i : i + half);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & half)
        continue;
      Value first = rows[i], second = rows[i + half];
      rows[i] = vector::ShuffleOp::create(b, first, second, upper);
      rows[i + half] = vector::ShuffleOp::create(b, first, second, lower);
    }
  }
}

Value mlir::norm::emitTransposes(ImplicitLocOpBuilder &b, Value weight,
                                 Value packed, Value panel, int64_t lane,
                                 int64_t lanes, Value row, Value count) {
  VectorType type = getVectorType(weight, lanes);
  Value step = constant(b, lanes);
  Value whole = b.createOrFold<arith::MulIOp>(
      b.createOrFold<arith::DivUIOp>(count, step), step);
  scf::ForOp::create(
      b, constant(b, 0), whole, step, {},
      [&](OpBuilder &, Location, Value k, ValueRange) {
        SmallVector<Value> rows;
        for (int64_t i = 0; i < lanes; ++i) {
          Value from = arith::AddIOp::create(b, row, constant(b, i));
          rows.push_back(
              vector::LoadOp::create(b, type, weight, ValueRange{from, k}));
        }
        transpose(b, rows);
        for (int64_t i = 0; i < lanes; ++i) {
          Value to = arith::AddIOp::create(b, k, constant(b, i));
          vector::StoreOp::create(b, rows[i], packed,
                                  ValueRange{panel, to, constant(b, lane)});
        }
        scf::YieldOp::create(b);
      });
  return whole;
}
