//===- SizeAnalysis.h - Symbolic sizes of the tensors of a function -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_ANALYSIS_SIZEANALYSIS_H
#define NORM_DIALECT_NORM_ANALYSIS_SIZEANALYSIS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"

namespace mlir::norm {

/// The size of every dim of every ranked tensor of a function, as an expression
/// over symbols. Sizes that the ops need equal have the same expression.
///
/// The first symbols are sizes of argument dims, numbered in the order of the
/// arguments; then follow the arguments that are integers (`isSizeScalar`); the
/// others are sizes that do not follow from the arguments (of a data-dependent
/// slice, say).
class SizeAnalysis {
public:
  /// Analyses `function`. Sizes that are needed equal and cannot be are
  /// diagnosed at the op that needs them so.
  ///
  /// `ofKernel` asks for more of the function, as kernels do: each tensor of a
  /// loop or branch has one shape, in every iteration and whichever way is
  /// taken, and positions in tensors follow from arguments. What does not is
  /// diagnosed. Without it nothing is known of what loops and branches give.
  static FailureOr<SizeAnalysis> compute(func::FuncOp function,
                                         bool ofKernel = true);

  /// The size of dim `dim` of `value`, a ranked tensor of the function.
  AffineExpr getSize(Value value, unsigned dim) const;

  /// The sizes of all dims of `value`, over the argument symbols; no map if one
  /// of them does not follow from the arguments.
  std::optional<AffineMap> getSizes(Value value) const;

  /// Whether the two sizes are equal whenever the function may be called.
  bool areEqual(Value a, unsigned dimA, Value b, unsigned dimB) const {
    return getSize(a, dimA) == getSize(b, dimB);
  }

  /// Whether `size` is an expression over argument symbols only.
  bool followsFromArguments(AffineExpr size) const;

  /// The number of symbols that are sizes of argument dims.
  unsigned getNumArgumentSymbols() const { return numArgumentSymbols; }

  /// The number of arguments that are integers.
  unsigned getNumScalarSymbols() const { return numScalarSymbols; }

  /// Expressions over argument and scalar symbols that must be zero beyond what
  /// equal symbols say: that a dim which is split divides, for instance.
  ArrayRef<AffineExpr> getConstraints() const { return constraints; }

  /// Expressions over argument and scalar symbols that must not be negative, so
  /// that slices and elements are in bounds. No sum in one of them overflows
  /// where those before it hold.
  ArrayRef<AffineExpr> getBounds() const { return bounds; }

private:
  friend class SizeSolver;
  bool isKnownAtEntry(AffineExpr expr) const;
  MLIRContext *context = nullptr;
  DenseMap<std::pair<Value, unsigned>, AffineExpr> sizes;
  SmallVector<AffineExpr> constraints, bounds;
  unsigned numArgumentSymbols = 0;
  unsigned numScalarSymbols = 0;
};

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_ANALYSIS_SIZEANALYSIS_H
