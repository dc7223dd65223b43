//===- RowIndependence.h - Whether rows of results depend on each other ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_ANALYSIS_ROWINDEPENDENCE_H
#define NORM_DIALECT_NORM_ANALYSIS_ROWINDEPENDENCE_H

#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

// Four places ask about rows, and each asks something else:
//
// - RowIndependence: of a whole graph as it was written, with ops of several
//   dialects. Rows are a symbol, the dynamic leading size of all results, and
//   the answer is part of the signature.
// - norm-free-rows: the same where the number of rows is static. Equal numbers
//   say nothing there, so it follows values from the results to the arguments;
//   it runs on generics and packed layers, after fusion and on what it can make
//   dynamic alone, and a dim may hold several of its elements for each row.
// - norm-fuse-row-blocks: of two neighbours in a block, whether one computes
//   row i from row i of the other. The rest of the graph does not matter, nor
//   does the number of rows; a block of them is computed in its place, so a row
//   may depend on its position.
// - norm-flatten-rows: whether an op tells several leading dims apart, which
//   become one.
//
// What the first two have in common is below.

/// Whether the body of `op` asks for its position in dim `dim` or for the size
/// of that dim: then an element is not computed in the same way whatever stands
/// beside it.
bool readsPlace(GenericOp op, unsigned dim);

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
