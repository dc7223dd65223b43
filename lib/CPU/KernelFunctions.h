//===- KernelFunctions.h - Which functions are compiled ---------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_KERNELFUNCTIONS_H
#define NORM_LIB_CPU_KERNELFUNCTIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::norm {

/// Whether norm-record-signature saw `function`.
bool hasSignature(func::FuncOp function);

/// Whether `function` is ours to compile: it has a signature or an op of this
/// dialect. Others pass through.
bool isKernel(func::FuncOp function);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_KERNELFUNCTIONS_H
