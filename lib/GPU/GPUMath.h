//===- GPUMath.h - What PTX has instructions for ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_GPUMATH_H
#define NORM_LIB_GPU_GPUMATH_H

#include "mlir/IR/PatternMatch.h"
#include "norm/CPU/LaneBuilder.h"
#include "norm/GPU/Target.h"

namespace mlir::norm {

/// Whether PTX has instructions for `op` of the math dialect, on f32 and f64
/// alike.
bool isInstruction(Operation *op);

/// What the code of lib/CPU is told of a GPU.
CPUTarget getLaneTarget();

/// The lanes of `value`, or the one that a scalar is.
SmallVector<Value> getLanes(LaneBuilder &b, Value value);
/// The reverse, of a shape like the builder's.
Value fromLanes(LaneBuilder &b, ArrayRef<Value> lanes);

/// Conversions from and to 8-bit floats as instructions of `target`, or as
/// inline code.
void populateFloat8Patterns(RewritePatternSet &patterns,
                            const GPUTarget &target);

/// Conversions of floats that were rounded to integers of 16 bits or less.
void populateRoundingPatterns(RewritePatternSet &patterns);

/// Sines and cosines of f32.
void populateSinCosPatterns(RewritePatternSet &patterns);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_GPUMATH_H
