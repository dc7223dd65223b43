//===- GPUMath.h - What PTX has instructions for ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_GPUMATH_H
#define NORM_LIB_GPU_GPUMATH_H

#include "mlir/IR/Operation.h"

namespace mlir::norm {

/// Whether PTX has instructions for `op` of the math dialect, on f32 and f64
/// alike.
bool isInstruction(Operation *op);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_GPUMATH_H
