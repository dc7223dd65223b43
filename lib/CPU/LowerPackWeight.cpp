//===- LowerPackWeight.cpp - norm.pack_weight to loops --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowerPackedLinear.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace mlir::norm;

OpFoldResult mlir::norm::getMemRefSize(OpBuilder &builder, Location loc,
                                       Value memref, unsigned position) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(position))
    return builder.getIndexAttr(type.getDimSize(position));
  return memref::DimOp::create(builder, loc, memref, position).getResult();
}

LogicalResult mlir::norm::lowerPackWeight(PackWeightOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  Value weight = op.getWeight(), packed = op.getInit();
  auto type = cast<MemRefType>(packed.getType());
  bool outIn = op.getLayout() == WeightLayout::OutIn;
  bool pairs = type.getRank() == 4;
  auto constant = [&](int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto size = [&](Value memref, unsigned position) {
    return getValueOrCreateConstantIndexOp(
        b, op.getLoc(), getMemRefSize(b, op.getLoc(), memref, position));
  };
  Value zero = constant(0), one = constant(1), two = constant(2);
  Value padding = arith::ConstantOp::create(
      b, cast<TypedAttr>(b.getZeroAttr(type.getElementType())));
  Value numOut = size(weight, outIn ? 0 : 1),
        numIn = size(weight, outIn ? 1 : 0);
  Value width = constant(type.getDimSize(2));

  // Writes input features `from` to `to` of a column of a panel.
  auto fill = [&](Value panel, Value lane, Value from, Value to,
                  function_ref<Value(Value)> load) {
    scf::ForOp::create(b, from, to, one, {},
                       [&](OpBuilder &, Location, Value k, ValueRange) {
                         SmallVector<Value> indices{panel, k, lane};
                         if (pairs) {
                           indices[1] = arith::DivUIOp::create(b, k, two);
                           indices.push_back(arith::RemUIOp::create(b, k, two));
                         }
                         memref::StoreOp::create(b, load(k), packed, indices);
                         scf::YieldOp::create(b);
                       });
  };
  Value rows = size(packed, 1);
  Value padded = pairs ? arith::MulIOp::create(b, rows, two).getResult() : rows;
  auto panels = scf::ForOp::create(b, zero, size(packed, 0), one);
  b.setInsertionPointToStart(panels.getBody());
  Value panel = panels.getInductionVar();
  Value begin = arith::MulIOp::create(b, panel, width);
  auto lanes = scf::ForOp::create(b, zero, width, one);
  b.setInsertionPointToStart(lanes.getBody());
  Value lane = lanes.getInductionVar();
  Value out = arith::AddIOp::create(b, begin, lane);
  Value exists =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, out, numOut);
  auto copied = scf::IfOp::create(
      b, exists,
      [&](OpBuilder &, Location) {
        fill(panel, lane, zero, numIn, [&](Value k) -> Value {
          SmallVector<Value> indices{out, k};
          if (!outIn)
            std::swap(indices[0], indices[1]);
          return memref::LoadOp::create(b, weight, indices);
        });
        scf::YieldOp::create(b, numIn);
      },
      [&](OpBuilder &, Location) { scf::YieldOp::create(b, zero); });
  fill(panel, lane, copied.getResult(0), padded,
       [&](Value) { return padding; });
  op.erase();
  return success();
}
