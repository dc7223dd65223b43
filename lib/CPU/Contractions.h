//===- Contractions.h - Matmuls among the ops of a graph --------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_CONTRACTIONS_H
#define NORM_LIB_CPU_CONTRACTIONS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlir::norm {

/// A contraction on tensors as many matmuls of two dims each: the result has
/// rows `m` and columns `n`, of which `x` has the rows and `weight` the
/// columns, and `k` is summed over. For all other loops, `outer`, which are
/// parallel, that is done again.
struct ContractionPlan {
  /// Which of the two inputs has the rows.
  unsigned x, weight;
  unsigned m, n, k;
  llvm::SmallBitVector outer;

  /// The plan of `op`; none if its sums are not those of a linear layer.
  static std::optional<ContractionPlan> get(linalg::LinalgOp op);
};

/// Whether `op` multiplies elements of two tensors and adds the products, in
/// any float type that linear layers have.
bool isContraction(linalg::LinalgOp op);

/// Whether all elements of `value` are zero: what sums begin with. Looks
/// through views.
bool isFilledWithZero(Value value);

/// The dim of each result of `map`, a projected permutation.
SmallVector<unsigned> getMapDims(AffineMap map);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_CONTRACTIONS_H
