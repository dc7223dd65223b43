//===- Normalization.h - Normalizations in expressions ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_NORMALIZATION_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_NORMALIZATION_H

#include "Raised.h"
#include "Statistic.h"

namespace mlir::norm::raise {

/// Which dims of a place a row of a statistic is over.
struct Row {
  /// An element, over the dims of the place.
  Expr x = nullptr;
  SmallVector<int64_t> axes;
  /// The dim that is split: elements of a group have the same quotient by
  /// `groupSize`. Not among `axes`.
  std::optional<int64_t> groupDim;
  int64_t groupSize = 0;
};

/// The ways in which rows of `statistic` occur in `place`.
SmallVector<Row> findRows(ExpressionContext &expressions, const Place &place,
                          const Statistic &statistic, Expr base);

/// What is done with a normalized element: times `scale` (null: 1), then plus
/// `shift` (null: 0).
struct Affine {
  Expr scale = nullptr;
  Expr shift = nullptr;
  /// The normalized element is rounded to the type of x before.
  bool roundsBefore = false;
  /// The types in which it is computed of the row, the root, scale and shift.
  TypeSet types;
};

/// Writes `expr` as an affine function of the normalized element of `row`,
/// which is divided by `base` to the power -`exponent`. Fails with a reason if
/// it is none.
FailureOr<Affine> matchAffine(ExpressionContext &expressions, Expr expr,
                              const Row &row, const Statistic &statistic,
                              Expr base, double exponent, std::string &reason);

/// Recognises normalizations.
class NormalizationMatcher {
public:
  explicit NormalizationMatcher(Program &program) : program(program) {}

  /// The op that computes `place`. Sets `onceRounded` if there is one as soon
  /// as it is rounded to a type that a part is rounded to.
  std::optional<Raised> match(const Place &place, bool &onceRounded);

  /// Why nothing was raised from the root of `base`; empty if something was.
  std::string getRefusal(Expr base) const {
    return raised.contains(base) ? "" : refusals.lookup(base);
  }

private:
  Program &program;
  llvm::DenseMap<std::pair<Expr, unsigned>, Statistic> statistics;
  llvm::DenseMap<Expr, std::string> refusals;
  llvm::DenseSet<Expr> raised;

  const Statistic &getStatistic(Expr base, double exponent);
  void refuse(Expr base, const std::string &reason);
  std::optional<Raised> matchRow(const Place &place, const Row &row,
                                 const Statistic &statistic, Expr base,
                                 double exponent, std::string &reason,
                                 bool &onceRounded);
};

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_NORMALIZATION_H
