//===- Statistic.h - Variances in expressions -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_STATISTIC_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_STATISTIC_H

#include "Expression.h"

namespace mlir::norm::raise {

/// What a row is divided by: the square root of a mean of squares or a variance
/// with an epsilon, or a Euclidean norm.
struct Statistic {
  enum class Form { MeanSquare, Variance, Norm };
  Form form = Form::MeanSquare;
  /// An element of the row, over `bound` and the dims that tell the rows apart.
  Expr x = nullptr;
  SmallVector<unsigned> bound;
  SmallVector<AffineExpr> sizes;
  double epsilon = 0;
  /// The type that the sums are accumulated in, the wider of two.
  FloatType accumulate;
  /// The sum of x over the row; null if not of Form::Variance.
  Expr sum = nullptr;
  /// The types in which it is computed of x.
  TypeSet types;

  /// Why it is no statistic that an op of the dialect has; empty if it is one.
  std::string refusal;
};

/// What `base`, to the power `exponent` (-1/2, or -1 for norms), divides by.
Statistic analyzeStatistic(ExpressionContext &expressions, Expr base,
                           double exponent);

/// `expr` without roundings to f32 and wider.
Expr skipRounding(Expr expr);

/// The number `expr` times the number of elements that `reduction` adds up to
/// the power `power`, where `reduction` to that power is the only factor of
/// `expr` that is no number. None if sizes remain or something else is left.
std::optional<double> getShareOfCount(Expr expr, Expr reduction, double power);

/// The reduction that is, to the power `power`, the only factor of `expr` that
/// is no number; null if there is none.
Expr getOnlyReduction(Expr expr, double power);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_STATISTIC_H
