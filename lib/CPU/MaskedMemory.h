//===- MaskedMemory.h - Loads and stores of the first lanes -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_MASKEDMEMORY_H
#define NORM_LIB_CPU_MASKEDMEMORY_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::norm {

/// Whether `mask` is known to hold the first lane alone. Masked stores with
/// such masks must not reach LLVM 22: it turns one that truncates into a scalar
/// store of the wide element, beyond the end of the row.
bool isFirstLaneMask(Value mask);

/// The elements of `memref` at `indices` and after them where `mask` is set,
/// zeros elsewhere; a whole vector if `mask` is null.
Value buildMaskedLoad(OpBuilder &builder, Location loc, VectorType type,
                      Value memref, ValueRange indices, Value mask);

/// Stores the lanes of `value` whose `mask` is set, all of them if it is null.
void buildMaskedStore(OpBuilder &builder, Location loc, Value value,
                      Value memref, ValueRange indices, Value mask);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_MASKEDMEMORY_H
