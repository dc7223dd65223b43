//===- Casts.h - Conversions between storage types and f32 lanes ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding is to nearest, ties to even; NaNs stay NaNs. 8-bit floats saturate.
// CPUs with AVX512_BF16 convert to bf16 by its instruction, which takes
// subnormal f32 values for zero; all other conversions keep subnormals.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_CASTS_H
#define NORM_CPU_CASTS_H

#include "norm/CPU/LaneBuilder.h"
#include <utility>

namespace mlir::norm {

/// Whether a float is converted to and from f32 by this code: f16, bf16,
/// f8E4M3FN, f8E5M2.
bool isNarrowFloat(Type type);

/// Makes arithmetic on narrow floats inside `root` that of f32, rounded. Fails
/// after a diagnostic.
LogicalResult widenNarrowArithmetic(Operation *root);

/// f32 lanes from the bits of a narrow float.
Value buildExtend(LaneBuilder &b, Value bits, FloatType from);

/// The bits, as integers of its width, of f32 lanes rounded to a narrow float.
Value buildTruncate(LaneBuilder &b, Value value, FloatType to);

/// f64 lanes to f32, rounded to odd: rounding that to any narrow float gives
/// what rounding the f64 would.
Value buildTruncateToOdd(LaneBuilder &b, Value value);

/// The lanes 0, 2, 4, ... and 1, 3, 5, ... of a vector of 2n bf16, each as n
/// f32: two integer operations, where extending the vector needs a shuffle too.
std::pair<Value, Value> buildExtendBF16Pairs(OpBuilder &builder, Location loc,
                                             Value vector,
                                             const CPUTarget &target);

/// The vector of 2n bf16 whose lanes 0, 2, 4, ... are `even`, rounded, and
/// whose lanes 1, 3, 5, ... are `odd`. With `shortNaNs` every NaN among them
/// has only zeros in the bits that bf16 lacks, so that rounding leaves it a
/// NaN.
Value buildTruncateBF16Pairs(OpBuilder &builder, Location loc, Value even,
                             Value odd, const CPUTarget &target,
                             bool shortNaNs);

} // namespace mlir::norm

#endif // NORM_CPU_CASTS_H
