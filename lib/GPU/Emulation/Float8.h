//===- Float8.h - A GPU's conversions of 8-bit floats -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As PTX says of cvt.rn.satfinite to .e4m3x2 and .e5m2x2, and of cvt.rn back to
// .f16x2. A pair is an integer, the first operand in its upper half.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_EMULATION_FLOAT8_H
#define NORM_LIB_GPU_EMULATION_FLOAT8_H

#include <cstdint>

namespace mlir::norm {

uint16_t toE4M3Pair(float high, float low);
uint16_t toE5M2Pair(float high, float low);
/// Of `pair` the lower 16 bits count. Results are two f16.
uint32_t fromE4M3Pair(uint32_t pair);
uint32_t fromE5M2Pair(uint32_t pair);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EMULATION_FLOAT8_H
