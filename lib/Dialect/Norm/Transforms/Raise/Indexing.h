//===- Indexing.h - Index expressions through reshapes ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What upstream's simplification of affine expressions cannot know: how far a
// dim goes, and that a quotient and a remainder make the whole again. A chain
// of tensor.collapse_shape and tensor.expand_shape so comes down to the dims.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_INDEXING_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_INDEXING_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::norm::raise {

/// The size of a dim: it takes the values 0 to size - 1. 0 if unknown.
using DimSizes = llvm::function_ref<int64_t(unsigned dim)>;

/// `expr`, which is never negative, in a form that is the same for many
/// expressions that are equal: sums of constants, multiples of dims and of
/// quotients and remainders of them.
AffineExpr simplifyIndex(AffineExpr expr, DimSizes sizes);

/// One digit of a number: (value floordiv stride) mod size; the most
/// significant digit has size 0.
struct Digit {
  AffineExpr value;
  int64_t stride = 1;
  int64_t size = 0;
};

/// `expr` as a digit of something. A dim is the only digit of itself.
Digit asDigit(AffineExpr expr);

/// The expression for a digit.
AffineExpr makeDigit(Digit digit);

/// The dims in `expr`, a sum of multiples, with their factors; other terms are
/// left out.
SmallVector<std::pair<unsigned, int64_t>> getDimFactors(AffineExpr expr);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_INDEXING_H
