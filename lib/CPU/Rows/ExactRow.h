//===- ExactRow.h - A row in f64, as a function ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_EXACTROW_H
#define NORM_LIB_CPU_ROWS_EXACTROW_H

#include "NestEmitter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::norm {

/// The function that computes one row of a generic on buffers in f64. It is
/// called from every place that may find a row's statistics not good, and
/// seldom: the code of a row is there once, and of a size to match.
class ExactRow {
public:
  /// Creates the function for `op`, in front of the function around it. Fails
  /// and says why if an operand cannot be passed to it.
  static FailureOr<ExactRow> create(GenericOp op, const RowNest &nest,
                                    const CPUTarget &target);

  /// Emits the call for the row whose parallel dims have the indices of `row`.
  void emitCall(ImplicitLocOpBuilder &builder, const Scope &row) const;

private:
  func::FuncOp function;
  /// What is passed besides the indices: addresses, sizes, captured values.
  SmallVector<Value> operands;
  /// The dims whose indices are passed.
  SmallVector<unsigned> rowDims;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_EXACTROW_H
