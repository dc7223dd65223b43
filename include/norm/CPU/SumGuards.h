//===- SumGuards.h - Whether an f32 held a sum ------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_SUMGUARDS_H
#define NORM_CPU_SUMGUARDS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Whether `reduce` sums squares that are written as such.
bool isSumOfSquares(ReduceOp reduce);

/// Emits that `mean`, in f32 or a vector of it, is finite.
Value emitIsFinite(ImplicitLocOpBuilder &builder, Value mean);

/// Tells `require` what must hold, as i1 or a vector of it, for `total`, the
/// sum in f32 that `reduce` is: it has not overflowed and, being one of
/// `squares`, not underflowed where that matters.
void emitSumGuards(ImplicitLocOpBuilder &builder, ReduceOp reduce, Value total,
                   bool squares, function_ref<void(Value)> require);

} // namespace mlir::norm

#endif // NORM_CPU_SUMGUARDS_H
