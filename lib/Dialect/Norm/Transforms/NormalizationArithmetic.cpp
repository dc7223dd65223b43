//===- NormalizationArithmetic.cpp - Formulas of normalizations -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NormalizationArithmetic.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::norm;

Value BodyArithmetic::reciprocalDeviation(Value variance) {
  Value deviation =
      math::SqrtOp::create(builder, add(variance, constant(epsilon)));
  return divide(constant(1.0), deviation);
}

Normalized BodyArithmetic::normalize(Value x, ArrayRef<int64_t> dims,
                                     bool centered) {
  Normalized result;
  Value value = x;
  if (dims.empty()) {
    result.mean = x;
    value = arith::SubFOp::create(builder, x, x);
    result.variance = multiply(value, value);
  } else {
    if (centered) {
      auto center = CenterOp::create(builder, x, dims);
      value = center.getCentered();
      result.mean = center.getMean();
    }
    result.variance = divide(sum(multiply(value, value), dims),
                             ExtentOp::create(builder, type, dims));
  }
  result.rstd = reciprocalDeviation(result.variance);
  result.value = multiply(value, result.rstd);
  return result;
}

Normalized BodyArithmetic::normalizeBy(Value x, Value mean, Value variance) {
  Normalized result;
  result.mean = toArithmeticType(mean);
  result.variance = toArithmeticType(variance);
  result.rstd = reciprocalDeviation(result.variance);
  result.value =
      multiply(arith::SubFOp::create(builder, x, result.mean), result.rstd);
  return result;
}

Value BodyArithmetic::divideByLength(Value x, ArrayRef<int64_t> dims) {
  Value length = math::SqrtOp::create(builder, sum(multiply(x, x), dims));
  Value divisor = arith::MaximumFOp::create(builder, length, constant(epsilon));
  return multiply(x, divide(constant(1.0), divisor));
}

Value BodyArithmetic::applyAffine(Value value, Value scale, Value shift,
                                  double scaleOffset, Type rounded) {
  if (rounded && rounded != type) {
    value = arith::TruncFOp::create(builder, rounded, value);
    value = arith::ExtFOp::create(builder, type, value);
  }
  if (scale) {
    scale = toArithmeticType(scale);
    if (scaleOffset != 0.0)
      scale = add(scale, constant(scaleOffset));
    value = multiply(value, scale);
  }
  if (shift)
    value = add(value, toArithmeticType(shift));
  return value;
}
