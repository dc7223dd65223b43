//===- NormalizationArithmetic.h - Formulas of normalizations -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DIALECT_NORM_TRANSFORMS_NORMALIZATIONARITHMETIC_H
#define NORM_LIB_DIALECT_NORM_TRANSFORMS_NORMALIZATIONARITHMETIC_H

#include "GenericBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::norm {

/// The values of a normalization's body.
struct Normalized {
  /// x, centred or not, times the reciprocal deviation.
  Value value;
  /// The statistics; null where the normalization has none.
  Value mean, variance, rstd;
};

/// Builds the arithmetic of a body in the accumulation type.
class BodyArithmetic {
public:
  BodyArithmetic(ImplicitLocOpBuilder &builder, FloatType type,
                 const APFloat &epsilon)
      : builder(builder), type(type), epsilon(representable(epsilon)) {}

  /// Normalization by the statistics over `dims`. Without dims an element is
  /// its own mean.
  Normalized normalize(Value x, ArrayRef<int64_t> dims, bool centered);
  /// Normalization by given statistics.
  Normalized normalizeBy(Value x, Value mean, Value variance);
  /// x / max(|x|, epsilon) over `dims`.
  Value divideByLength(Value x, ArrayRef<int64_t> dims);
  /// Rounding to `rounded`, then scale and shift (null: absent).
  Value applyAffine(Value value, Value scale, Value shift, double scaleOffset,
                    Type rounded);

private:
  ImplicitLocOpBuilder &builder;
  FloatType type;
  double epsilon;

  Value constant(double value) { return makeFloat(builder, type, value); }
  Value multiply(Value a, Value b) {
    return arith::MulFOp::create(builder, a, b);
  }
  Value add(Value a, Value b) { return arith::AddFOp::create(builder, a, b); }
  Value divide(Value a, Value b) {
    return arith::DivFOp::create(builder, a, b);
  }
  Value sum(Value value, ArrayRef<int64_t> dims) {
    return ReduceOp::create(builder, ReduceKind::Add, value, dims);
  }
  Value reciprocalDeviation(Value variance);
  /// A parameter, which may be wider than the accumulation type.
  Value toArithmeticType(Value value) {
    if (value.getType() == type)
      return value;
    return arith::TruncFOp::create(builder, type, value);
  }
  /// An epsilon that is not zero keeps a row of zeros finite: it must not
  /// become zero (or, for its reciprocal, subnormal) by rounding.
  double representable(const APFloat &value) const {
    double result = value.convertToDouble();
    double smallest = APFloat::getSmallestNormalized(type.getFloatSemantics())
                          .convertToDouble();
    return result > 0 ? std::max(result, smallest) : 0.0;
  }
};

} // namespace mlir::norm

#endif // NORM_LIB_DIALECT_NORM_TRANSFORMS_NORMALIZATIONARITHMETIC_H
