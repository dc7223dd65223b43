//===- LaneBuilder.cpp - Scalar or vector code in the same words ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/LaneBuilder.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::norm;

/// A constant of `type` in every lane.
static Value splat(LaneBuilder &b, TypedAttr value) {
  if (VectorType vector = b.getVector())
    return arith::ConstantOp::create(
        b, cast<TypedAttr>(Attribute(DenseElementsAttr::get(
               vector.clone(value.getType()), Attribute(value)))));
  return arith::ConstantOp::create(b, value);
}

Value LaneBuilder::floatConstant(FloatType type, double value) {
  return splat(*this, getFloatAttr(type, value));
}

Value LaneBuilder::constant(Value like, double value) {
  return floatConstant(cast<FloatType>(getElementTypeOrSelf(like)), value);
}

Value LaneBuilder::constantInt(int64_t value, unsigned bits) {
  APInt integer(bits, value, /*isSigned=*/false, /*implicitTrunc=*/true);
  return splat(*this, IntegerAttr::get(getIntegerType(bits), integer));
}

Value LaneBuilder::fma(Value a, Value b, Value c) {
  if (!target.hasFma)
    return add(mul(a, b), c);
  return math::FmaOp::create(*this, a, b, c);
}

Value LaneBuilder::horner(Value x, ArrayRef<double> coefficients) {
  Value sum = constant(x, coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = fma(sum, x, constant(x, coefficient));
  return sum;
}

static unsigned widthOf(Value a) {
  return getElementTypeOrSelf(a).getIntOrFloatBitWidth();
}

Value LaneBuilder::shl(Value a, unsigned bits) {
  return arith::ShLIOp::create(*this, a, constantInt(bits, widthOf(a)));
}

Value LaneBuilder::sar(Value a, unsigned bits) {
  return arith::ShRSIOp::create(*this, a, constantInt(bits, widthOf(a)));
}

Value LaneBuilder::shr(Value a, unsigned bits) {
  return arith::ShRUIOp::create(*this, a, constantInt(bits, widthOf(a)));
}

Value LaneBuilder::bitcast(Value a, Type element) {
  return arith::BitcastOp::create(*this, type(element), a);
}

Value LaneBuilder::bits(Value a) {
  return bitcast(a, getIntegerType(widthOf(a)));
}

// minps and maxps give their second operand where one is a NaN: so the value
// stands second.
Value LaneBuilder::clampAbove(Value a, double limit) {
  Value bound = constant(a, limit);
  return select(cmp(arith::CmpFPredicate::OLT, bound, a), bound, a);
}

Value LaneBuilder::clampBelow(Value a, double limit) {
  Value bound = constant(a, limit);
  return select(cmp(arith::CmpFPredicate::OGT, bound, a), bound, a);
}

int64_t LaneBuilder::getLookupSize() const {
  // vpermps, of AVX-512 and of AVX2.
  if (!target.isX86 || target.vectorBits < 256)
    return 0;
  return target.vectorBits / 32;
}

Value LaneBuilder::lookup(ArrayRef<float> table, Value index) {
  int64_t size = getLookupSize();
  assert(int64_t(table.size()) == size);
  auto indices = VectorType::get({size}, getI32Type());
  auto entries = VectorType::get({size}, getF32Type());
  Value constant =
      arith::ConstantOp::create(*this, DenseElementsAttr::get(entries, table));
  StringRef name =
      size == 16 ? "llvm.x86.avx512.permvar.sf.512" : "llvm.x86.avx2.permps";
  auto lookUp = [&](Value lanes) {
    return intrinsic(name, entries, {constant, lanes});
  };
  if (!vector) {
    Value all = vector::BroadcastOp::create(*this, indices, index);
    return vector::ExtractOp::create(*this, lookUp(all), 0);
  }
  // In parts of as many lanes; where some are missing, the last is repeated.
  int64_t count = vector.getNumElements();
  int64_t padded = llvm::alignTo(count, size);
  SmallVector<int64_t> lanes;
  for (int64_t i = 0; i < padded; ++i)
    lanes.push_back(std::min(i, count - 1));
  index = vector::ShapeCastOp::create(
      *this, VectorType::get({count}, getI32Type()), index);
  index = vector::ShuffleOp::create(*this, index, index, lanes);
  Value result = arith::ConstantOp::create(
      *this, getZeroAttr(VectorType::get({padded}, getF32Type())));
  for (int64_t begin = 0; begin < padded; begin += size) {
    Value part =
        vector::ExtractStridedSliceOp::create(*this, index, begin, size, 1);
    result = vector::InsertStridedSliceOp::create(*this, lookUp(part), result,
                                                  begin, 1);
  }
  result = vector::ExtractStridedSliceOp::create(*this, result, 0, count, 1);
  return vector::ShapeCastOp::create(*this, f32(), result);
}

Value LaneBuilder::intrinsic(StringRef name, Type result,
                             ValueRange arguments) {
  return LLVM::CallIntrinsicOp::create(*this, result, getStringAttr(name),
                                       arguments)
      .getResult(0);
}
