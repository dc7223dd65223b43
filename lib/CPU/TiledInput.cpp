//===- TiledInput.cpp - The rows of a layer as tiles ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TiledInput.h"
#include "LowerPackedLinear.h"
#include "MaskedMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// Rows are copied for more panels than these. Measured on Granite Rapids: 24
/// panels take the same time both ways, two take 1.6 times as long with a copy.
constexpr int64_t kMaxDirectPanels = 16;

void TiledInput::allocate(int64_t blockRows, Value numOut, int64_t width) {
  auto type = cast<MemRefType>(input.getType());
  std::optional<int64_t> features = getConstantIntValue(numOut);
  isDirect = type.getDimSize(1) == steps * kTileFeatures && features &&
             *features <= kMaxDirectPanels * width;
  int64_t numCopied =
      isDirect ? 1 : int64_t(llvm::divideCeil(blockRows, kTileRows));
  memory = kernel.allocate({numCopied, steps, kTileRows, kTileFeatures},
                           b.getBF16Type());
}

/// Copies tiles `begin` to `end` of the first `rows` of 16 rows to the copied
/// group `target`; behind `numIn`, if that is not null, there are zeros.
void TiledInput::copyTiles(Value group, Value target, Value rows, Value begin,
                           Value end, Value numIn) {
  OpBuilder::InsertionGuard guard(b);
  auto type = VectorType::get({kTileFeatures}, b.getBF16Type());
  Value zero = kernel.constant(0);
  Value step = kernel.enterLoop(begin, end, 1).getInductionVar();
  Value column = kernel.multiply(step, kTileFeatures);
  Value mask;
  if (numIn)
    mask = vector::CreateMaskOp::create(
        b, VectorType::get({kTileFeatures}, b.getI1Type()),
        b.createOrFold<arith::SubIOp>(numIn, column));
  int64_t unroll = getConstantIntValue(rows) == kTileRows ? kTileRows : 1;
  Value first = kernel.enterLoop(zero, rows, unroll).getInductionVar();
  Value from = kernel.add(blockRow, kernel.multiply(group, kTileRows));
  for (int64_t r = 0; r < unroll; ++r) {
    Value row = kernel.add(first, r);
    Value loaded = buildMaskedLoad(b, b.getLoc(), type, input,
                                   {kernel.add(from, row), column}, mask);
    vector::StoreOp::create(b, loaded, memory,
                            ValueRange{target, step, row, zero});
  }
}

void TiledInput::copy(Value from, Value rows) {
  OpBuilder::InsertionGuard guard(b);
  blockRow = from;
  count = rows;
  Value zero = kernel.constant(0), all = kernel.constant(steps);
  Value numIn = makeMemRefSize(b, b.getLoc(), input, 1);
  Value whole =
      b.createOrFold<arith::DivUIOp>(numIn, kernel.constant(kTileFeatures));
  auto copyGroup = [&](Value group, Value rows) {
    Value target = isDirect ? zero : group;
    if (getConstantIntValue(whole) != 0)
      copyTiles(group, target, rows, zero, whole, Value());
    if (getConstantIntValue(whole) != steps)
      copyTiles(group, target, rows, whole, all, numIn);
  };
  Value height = kernel.constant(kTileRows);
  Value numWhole = b.createOrFold<arith::DivUIOp>(count, height);
  {
    OpBuilder::InsertionGuard guard(b);
    if (!isDirect && getConstantIntValue(numWhole) != 0)
      copyGroup(kernel.enterLoop(zero, numWhole, 1).getInductionVar(), height);
  }
  Value rest = b.createOrFold<arith::RemUIOp>(count, height);
  if (getConstantIntValue(rest) != 0)
    copyGroup(numWhole, rest);
}

TiledInput::Group TiledInput::getGroup(Value group) {
  Value zero = kernel.constant(0);
  auto bytes = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(b, b.getI64Type(), value);
  };
  Group copied{
      tiles.getPlace(memory, {isDirect ? zero : group, zero, zero, zero}),
      bytes(kTileRows * kTileBytes)};
  if (!isDirect)
    return copied;
  Value row = kernel.multiply(group, kTileRows);
  Group direct{tiles.getPlace(input, {kernel.add(blockRow, row), zero}),
               bytes(kTileBytes)};
  std::optional<int64_t> known = getConstantIntValue(count);
  if (known && *known % kTileRows == 0)
    return direct;
  Value isWhole = arith::CmpIOp::create(b, arith::CmpIPredicate::ule,
                                        kernel.add(row, kTileRows), count);
  auto select = [&](Value a, Value c) -> Value {
    return arith::SelectOp::create(b, isWhole, a, c);
  };
  return {{select(direct.place.address, copied.place.address),
           select(direct.place.stride, copied.place.stride)},
          select(direct.step, copied.step)};
}

Value TiledInput::load(const Group &group, Value step) {
  Value position = b.createOrFold<arith::IndexCastOp>(b.getI64Type(), step);
  return tiles.loadOnce(group.place,
                        b.createOrFold<arith::MulIOp>(position, group.step));
}
