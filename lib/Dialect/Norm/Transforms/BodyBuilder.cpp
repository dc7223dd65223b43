//===- BodyBuilder.cpp - Scalar pieces of row programs --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

Value mlir::norm::makeNeutral(OpBuilder &builder, Location loc, ReduceKind kind,
                              Type type) {
  bool isMax = kind == ReduceKind::Max;
  if (auto floatType = dyn_cast<FloatType>(type)) {
    const llvm::fltSemantics &semantics = floatType.getFloatSemantics();
    APFloat value = APFloat::getZero(semantics);
    if (kind == ReduceKind::Mul)
      value = APFloat::getOne(semantics);
    else if (kind != ReduceKind::Add)
      value = APFloat::getInf(semantics, /*Negative=*/isMax);
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(floatType, value));
  }
  unsigned width = type.isIndex() ? IndexType::kInternalStorageBitWidth
                                  : type.getIntOrFloatBitWidth();
  APInt value = APInt::getZero(width);
  if (kind == ReduceKind::Mul)
    value = APInt(width, 1);
  else if (kind != ReduceKind::Add)
    value = isMax ? APInt::getSignedMinValue(width)
                  : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(builder, loc,
                                   builder.getIntegerAttr(type, value));
}

Value mlir::norm::combine(OpBuilder &builder, Location loc, ReduceKind kind,
                          Value a, Value b) {
  bool isFloat = isa<FloatType>(a.getType());
  switch (kind) {
  case ReduceKind::Add:
    return isFloat ? arith::AddFOp::create(builder, loc, a, b).getResult()
                   : arith::AddIOp::create(builder, loc, a, b).getResult();
  case ReduceKind::Mul:
    return isFloat ? arith::MulFOp::create(builder, loc, a, b).getResult()
                   : arith::MulIOp::create(builder, loc, a, b).getResult();
  case ReduceKind::Max:
    return isFloat ? arith::MaximumFOp::create(builder, loc, a, b).getResult()
                   : arith::MaxSIOp::create(builder, loc, a, b).getResult();
  case ReduceKind::Min:
    return isFloat ? arith::MinimumFOp::create(builder, loc, a, b).getResult()
                   : arith::MinSIOp::create(builder, loc, a, b).getResult();
  }
  llvm_unreachable("unknown reduction");
}

Value mlir::norm::convertFloat(OpBuilder &builder, Location loc, Value value,
                               Type type) {
  if (value.getType() == type || !isa<FloatType>(type))
    return value;
  if (holdsExactly(type, value.getType()))
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncFOp::create(builder, loc, type, value);
}

Value mlir::norm::roundToStorage(OpBuilder &builder, Location loc, Value value,
                                 Type type) {
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType || value.getType() == type)
    return value;
  if (floatType.getWidth() < 16) {
    bool inexact;
    APFloat largest = APFloat::getLargest(floatType.getFloatSemantics());
    auto from = cast<FloatType>(value.getType());
    (void)largest.convert(from.getFloatSemantics(),
                          APFloat::rmNearestTiesToEven, &inexact);
    Value high = arith::ConstantOp::create(builder, loc,
                                           builder.getFloatAttr(from, largest));
    Value low = arith::ConstantOp::create(builder, loc,
                                          builder.getFloatAttr(from, -largest));
    value = arith::MinimumFOp::create(builder, loc, value, high);
    value = arith::MaximumFOp::create(builder, loc, value, low);
  }
  return convertFloat(builder, loc, value, type);
}

Value mlir::norm::makeCount(OpBuilder &builder, Location loc,
                            ArrayRef<OpFoldResult> sizes, Type type) {
  int64_t known = 1;
  Value product;
  for (OpFoldResult size : sizes) {
    if (std::optional<int64_t> constant = getConstantIntValue(size)) {
      known *= *constant;
      continue;
    }
    Value value = cast<Value>(size);
    product =
        product ? arith::MulIOp::create(builder, loc, product, value) : value;
  }
  if (!product) {
    if (auto floatType = dyn_cast<FloatType>(type))
      return arith::ConstantOp::create(
          builder, loc,
          builder.getFloatAttr(floatType, static_cast<double>(known)));
    return arith::ConstantOp::create(builder, loc,
                                     builder.getIntegerAttr(type, known));
  }
  if (known != 1)
    product = arith::MulIOp::create(
        builder, loc, product,
        arith::ConstantIndexOp::create(builder, loc, known));
  if (type.isIndex())
    return product;
  if (isa<IntegerType>(type))
    return arith::IndexCastOp::create(builder, loc, type, product);
  Value integer =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), product);
  return arith::SIToFPOp::create(builder, loc, type, integer);
}
