//===- MathCalls.h - Math functions that become calls -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_MATHCALLS_H
#define NORM_LIB_CPU_MATHCALLS_H

#include "mlir/IR/BuiltinOps.h"
#include "norm/CPU/Target.h"

namespace mlir::norm {

/// The C function (for f64) of an operation that has no inline code.
StringRef getLibraryName(Operation *op);

/// Refuses functions of the module that a call of the C library would call in
/// its place.
LogicalResult checkLibraryNames(ModuleOp module);

/// Refuses math functions of what is neither a scalar nor a vector of known
/// length.
LogicalResult checkMathTypes(ModuleOp module);

/// Refuses what norm-lower-math left and LLVM has no code for either.
LogicalResult checkMathLeft(ModuleOp module);

/// Says where the C library will be called: once a location and function,
/// however often the code there was copied; of multiply-adds at the first
/// alone.
void remarkOnCalls(ModuleOp module, const CPUTarget &target);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_MATHCALLS_H
