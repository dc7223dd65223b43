//===- Float8.cpp - A GPU's conversions of 8-bit floats -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Float8.h"

#include "llvm/ADT/APFloat.h"
#include <algorithm>
#include <cmath>

using llvm::APFloat;
using llvm::APInt;

static uint16_t toFloat8(float value, const llvm::fltSemantics &semantics) {
  constexpr uint16_t kNaN = 0x7F;
  if (std::isnan(value))
    return kNaN;
  float largest = APFloat::getLargest(semantics).convertToFloat();
  APFloat result(std::clamp(value, -largest, largest));
  bool losesInfo = false;
  result.convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  return static_cast<uint16_t>(result.bitcastToAPInt().getZExtValue());
}

static uint16_t toPair(float high, float low,
                       const llvm::fltSemantics &semantics) {
  return static_cast<uint16_t>(toFloat8(high, semantics) << 8 |
                               toFloat8(low, semantics));
}

static uint32_t toHalf(uint32_t bits, const llvm::fltSemantics &semantics) {
  constexpr uint32_t kNaN = 0x7FFF;
  APFloat value(semantics, APInt(8, bits & 0xFF));
  if (value.isNaN())
    return kNaN;
  bool losesInfo = false;
  value.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven, &losesInfo);
  return static_cast<uint32_t>(value.bitcastToAPInt().getZExtValue());
}

static uint32_t fromPair(uint32_t pair, const llvm::fltSemantics &semantics) {
  return toHalf(pair >> 8, semantics) << 16 | toHalf(pair, semantics);
}

uint16_t mlir::norm::toE4M3Pair(float high, float low) {
  return toPair(high, low, APFloat::Float8E4M3FN());
}

uint16_t mlir::norm::toE5M2Pair(float high, float low) {
  return toPair(high, low, APFloat::Float8E5M2());
}

uint32_t mlir::norm::fromE4M3Pair(uint32_t pair) {
  return fromPair(pair, APFloat::Float8E4M3FN());
}

uint32_t mlir::norm::fromE5M2Pair(uint32_t pair) {
  return fromPair(pair, APFloat::Float8E5M2());
}
