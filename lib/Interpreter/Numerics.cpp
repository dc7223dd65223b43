//===- Numerics.cpp - Rounding to and from storage types ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Numerics.h"

#include "llvm/ADT/APFloat.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::isInterpretable(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type))
    return integer.getWidth() <= 64;
  if (isa<IndexType>(type))
    return true;
  return isa<Float64Type, Float32Type, Float16Type, BFloat16Type,
             Float8E4M3FNType, Float8E5M2Type>(type);
}

bool mlir::norm::saturates(FloatType type) { return type.getWidth() == 8; }

/// What rounding needs to know of a float format.
static int precision(FloatType type) {
  return llvm::APFloat::semanticsPrecision(type.getFloatSemantics());
}
static int minExponent(FloatType type) {
  return llvm::APFloat::semanticsMinExponent(type.getFloatSemantics());
}
static double largest(FloatType type) {
  return llvm::APFloat::getLargest(type.getFloatSemantics()).convertToDouble();
}

/// The exponent of the last place of `type` at a finite `value` that is not 0.
template <typename T> static int lastPlace(FloatType type, T value) {
  int exponent; // |value| lies in [2^(exponent - 1), 2^exponent).
  std::frexp(value, &exponent);
  return std::max(exponent - 1, minExponent(type)) - (precision(type) - 1);
}

template <typename T> T mlir::norm::roundTo(FloatType type, T value) {
  // The processor's own conversions round to nearest, ties to even.
  if (type.isF64())
    return static_cast<double>(value);
  if (type.isF32())
    return static_cast<float>(value);
  if (std::isnan(value) || value == 0)
    return value;
  T limit = largest(type);
  if (std::isinf(value))
    return saturates(type) ? std::copysign(limit, value) : value;
  int place = lastPlace(type, value);
  T rounded = std::ldexp(std::nearbyint(std::ldexp(value, -place)), place);
  if (std::fabs(rounded) > limit)
    return std::copysign(saturates(type) ? limit : static_cast<T>(INFINITY),
                         value);
  return rounded;
}

template double mlir::norm::roundTo<double>(FloatType, double);
template long double mlir::norm::roundTo<long double>(FloatType, long double);

double mlir::norm::ulp(FloatType type, double value) {
  if (!std::isfinite(value))
    return NAN;
  if (value == 0)
    return std::ldexp(1.0, minExponent(type) - (precision(type) - 1));
  return std::ldexp(1.0, lastPlace(type, value));
}

double mlir::norm::unitRoundoff(FloatType type) {
  return std::ldexp(1.0, -precision(type));
}

double mlir::norm::decodeFloat(FloatType type, uint64_t bits) {
  llvm::APInt integer(64, bits);
  return llvm::APFloat(type.getFloatSemantics(), integer.trunc(type.getWidth()))
      .convertToDouble();
}

uint64_t mlir::norm::encodeFloat(FloatType type, double value) {
  llvm::APFloat converted(roundTo(type, value));
  bool losesInfo;
  converted.convert(type.getFloatSemantics(),
                    llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return converted.bitcastToAPInt().getZExtValue();
}

unsigned mlir::norm::getStorageBytes(Type type) {
  if (isa<IndexType>(type))
    return 8;
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

int64_t mlir::norm::wrapInt(Type type, int64_t value) {
  unsigned width = isa<IndexType>(type) ? 64 : type.getIntOrFloatBitWidth();
  if (width == 1)
    return value & 1;
  return llvm::SignExtend64(value, width);
}

uint64_t mlir::norm::unsignedInt(Type type, int64_t value) {
  unsigned width = isa<IndexType>(type) ? 64 : type.getIntOrFloatBitWidth();
  return static_cast<uint64_t>(value) & llvm::maskTrailingOnes<uint64_t>(width);
}

int64_t mlir::norm::signedInt(Type type, int64_t value) {
  return type.isInteger(1) ? -value : value;
}
