//===- LowerPackWeight.cpp - norm.pack_weight to loops --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowerPackedLinear.h"
#include "PackTiles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/Target.h"

using namespace mlir;
using namespace mlir::norm;

OpFoldResult mlir::norm::getMemRefSize(OpBuilder &builder, Location loc,
                                       Value memref, unsigned position) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(position))
    return builder.getIndexAttr(type.getDimSize(position));
  return memref::DimOp::create(builder, loc, memref, position).getResult();
}

Value mlir::norm::makeMemRefSize(OpBuilder &builder, Location loc, Value memref,
                                 unsigned position) {
  return getValueOrCreateConstantIndexOp(
      builder, loc, getMemRefSize(builder, loc, memref, position));
}

namespace {

/// Emits the loops of one packing.
class PackLoops {
public:
  PackLoops(PackWeightOp op, const CPUTarget &target);

  void emit();

private:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value getSize(Value memref, unsigned position);
  bool isVectorized();
  void fill(Value panel, Value lane, Value from, Value to,
            function_ref<Value(Value)> load);
  void packLanes(Value panel, Value begin, Value from, Value to,
                 Value firstFeature);
  void packVector(Value panel, int64_t lane);

  PackWeightOp op;
  ImplicitLocOpBuilder b;
  Value weight, packed;
  MemRefType type;
  bool outIn, pairs;
  int64_t lanes;
  Value zero, one;
  Value numOut, numIn, width;
  /// Input features with those that only pad.
  Value padded;
};

} // namespace

PackLoops::PackLoops(PackWeightOp op, const CPUTarget &target)
    : op(op), b(op.getLoc(), op), weight(op.getWeight()), packed(op.getInit()),
      type(cast<MemRefType>(packed.getType())),
      outIn(op.getLayout() == WeightLayout::OutIn), pairs(type.getRank() == 4),
      lanes(target.getLanes(32)) {}

Value PackLoops::getSize(Value memref, unsigned position) {
  return makeMemRefSize(b, op.getLoc(), memref, position);
}

/// Whether whole vectors of f32 are moved: other types are packed at run time
/// in one call before all others.
bool PackLoops::isVectorized() {
  auto weightType = cast<MemRefType>(weight.getType());
  int64_t offset;
  SmallVector<int64_t> strides;
  return type.getElementType().isF32() && !pairs && lanes > 1 &&
         type.getDimSize(2) % lanes == 0 &&
         succeeded(weightType.getStridesAndOffset(strides, offset)) &&
         strides.back() == 1;
}

/// Writes input features `from` to `to` of a column of a panel.
void PackLoops::fill(Value panel, Value lane, Value from, Value to,
                     function_ref<Value(Value)> load) {
  scf::ForOp::create(b, from, to, one, {},
                     [&](OpBuilder &, Location, Value k, ValueRange) {
                       SmallVector<Value> indices{panel, k, lane};
                       if (pairs) {
                         Value two = constant(2);
                         indices[1] = arith::DivUIOp::create(b, k, two);
                         indices.push_back(arith::RemUIOp::create(b, k, two));
                       }
                       memref::StoreOp::create(b, load(k), packed, indices);
                       scf::YieldOp::create(b);
                     });
}

/// Packs lanes `from` to `to` of a panel whose first output feature is `begin`,
/// element by element, from input feature `firstFeature` on.
void PackLoops::packLanes(Value panel, Value begin, Value from, Value to,
                          Value firstFeature) {
  Value padding = arith::ConstantOp::create(
      b, cast<TypedAttr>(b.getZeroAttr(type.getElementType())));
  OpBuilder::InsertionGuard guard(b);
  auto loop = scf::ForOp::create(b, from, to, one);
  b.setInsertionPointToStart(loop.getBody());
  Value lane = loop.getInductionVar();
  Value out = arith::AddIOp::create(b, begin, lane);
  Value exists =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, out, numOut);
  auto copied = scf::IfOp::create(
      b, exists,
      [&](OpBuilder &, Location) {
        fill(panel, lane, firstFeature, numIn, [&](Value k) -> Value {
          SmallVector<Value> indices{out, k};
          if (!outIn)
            std::swap(indices[0], indices[1]);
          return memref::LoadOp::create(b, weight, indices);
        });
        scf::YieldOp::create(b, numIn);
      },
      [&](OpBuilder &, Location) { scf::YieldOp::create(b, firstFeature); });
  fill(panel, lane, copied.getResult(0), padded,
       [&](Value) { return padding; });
}

/// Packs the lanes of one vector of a panel.
void PackLoops::packVector(Value panel, int64_t lane) {
  Value begin = arith::MulIOp::create(b, panel, width);
  Value first = arith::AddIOp::create(b, begin, constant(lane));
  if (!outIn) {
    emitRowCopies(b, weight, packed, panel, lane, lanes, first, numOut, numIn);
    return;
  }
  Value end = arith::AddIOp::create(b, first, constant(lanes));
  Value isWhole =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ule, end, numOut);
  auto done = scf::IfOp::create(
      b, isWhole,
      [&](OpBuilder &, Location) {
        scf::YieldOp::create(b, emitTransposes(b, weight, packed, panel, lane,
                                               lanes, first, numIn));
      },
      [&](OpBuilder &, Location) { scf::YieldOp::create(b, zero); });
  packLanes(panel, begin, constant(lane), constant(lane + lanes),
            done.getResult(0));
}

void PackLoops::emit() {
  zero = constant(0);
  one = constant(1);
  numOut = getSize(weight, outIn ? 0 : 1);
  numIn = getSize(weight, outIn ? 1 : 0);
  width = constant(type.getDimSize(2));
  padded = getSize(packed, 1);
  if (pairs)
    padded = arith::MulIOp::create(b, padded, constant(2));
  auto panels = scf::ForOp::create(b, zero, getSize(packed, 0), one);
  b.setInsertionPointToStart(panels.getBody());
  Value panel = panels.getInductionVar();
  if (isVectorized()) {
    for (int64_t lane = 0; lane < type.getDimSize(2); lane += lanes)
      packVector(panel, lane);
  } else {
    packLanes(panel, arith::MulIOp::create(b, panel, width), zero, width, zero);
  }
  op.erase();
}

LogicalResult mlir::norm::lowerPackWeight(PackWeightOp op,
                                          const CPUTarget &target) {
  PackLoops(op, target).emit();
  return success();
}
