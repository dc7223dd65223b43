//===- Reductions.h - How values are combined -----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_REDUCTIONS_H
#define NORM_CPU_REDUCTIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The kind of a norm.reduce; norm.center adds.
ReduceKind getReduceKind(Operation *reduction);

/// Whether what underflows in a sum of squares is lost against a constant
/// later: one that is added to the mean of squares, or below which the root is
/// not used.
bool toleratesUnderflow(Value sum);

/// A scalar or vector of the neutral element; -0.0 for sums of floats, which
/// LLVM folds into the first addition.
Value makeNeutral(ImplicitLocOpBuilder &builder, ReduceKind kind, Type type);

/// `a` combined with `b`.
Value combine(ImplicitLocOpBuilder &builder, ReduceKind kind, Value a, Value b);

/// The combination of `values`, as a balanced tree.
Value combineTree(ImplicitLocOpBuilder &builder, ReduceKind kind,
                  ArrayRef<Value> values);

/// The combination of the lanes of a vector, neighbours first; a scalar stays.
Value combineLanes(ImplicitLocOpBuilder &builder, ReduceKind kind, Value value);

/// The combinations of the lanes of each of `rows`, a power of two of vectors
/// that are not more than a vector has lanes, in the order of combineLanes:
/// lane l of the result is that of row l modulo the number of rows. The result
/// has as many lanes as rows, or a few more.
Value combineRows(ImplicitLocOpBuilder &builder, ReduceKind kind,
                  ArrayRef<Value> rows);

} // namespace mlir::norm

#endif // NORM_CPU_REDUCTIONS_H
