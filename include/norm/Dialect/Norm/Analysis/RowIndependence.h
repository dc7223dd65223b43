//===- RowIndependence.h - Whether rows of results depend on each other ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_ANALYSIS_ROWINDEPENDENCE_H
#define NORM_DIALECT_NORM_ANALYSIS_ROWINDEPENDENCE_H

#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"

namespace mlir::norm {

/// Whether row i of every result (index i of its leading dim) is computed from
/// row i of the arguments that have such rows, and from all of the others, in
/// the same way for every i. Then any block of rows can be computed alone.
///
/// All results must have one symbol as their leading size, and no size but
/// leading ones may depend on it. Conservative: an op that is not known to keep
/// rows apart mixes them.
class RowIndependence {
public:
  RowIndependence(func::FuncOp function, const SizeAnalysis &sizes);

  /// Whether rows do not depend on each other.
  bool holds() const { return independent; }
  /// Whether `value` has one row for each row of the results.
  bool hasRows(Value value) const;

private:
  /// Whether the row symbol occurs in sizes of `value` other than as all of its
  /// leading one.
  bool misplaces(Value value) const;
  bool keepsRows(Operation *op) const;
  bool keepsRows(Operation *op, OperandRange operands, ArrayRef<AffineMap> maps,
                 function_ref<bool(unsigned)> isParallel,
                 std::optional<unsigned> &loop) const;

  const SizeAnalysis &sizes;
  AffineExpr rows;
  bool independent = false;
};

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_ANALYSIS_ROWINDEPENDENCE_H
