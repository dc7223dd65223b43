//===- RowStages.h - What the loops over a row compute --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_ROWSTAGES_H
#define NORM_LIB_CPU_ROWS_ROWSTAGES_H

#include "RowNest.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"

namespace mlir::norm {

class Scope;

/// What a loop is to compute: reductions to accumulate and outputs to store.
struct RowGoals {
  SmallVector<Operation *> reductions;
  SmallVector<unsigned> outputs;

  bool empty() const { return reductions.empty() && outputs.empty(); }
};

/// Whether one read may give the mean and the sum of squares of `center`: it
/// can be checked afterwards that they are exact enough. In f64 that is known
/// for what an f32 holds.
bool canCheckStatistics(CenterOp center);

/// Which reductions goals need, and in which order.
class RowStages {
public:
  /// With `fuseMoments` the sum of the squares of a norm.center over the same
  /// dims is accumulated together with its mean.
  RowStages(const RowNest &nest, bool fuseMoments)
      : nest(nest), fuseMoments(fuseMoments) {}

  /// The reductions of `level` that `goals` need and `scope` lacks, by stage: a
  /// stage needs the results of those before it.
  SmallVector<SmallVector<Operation *>>
  getStages(unsigned level, const RowGoals &goals, const Scope &scope) const;

  /// The values, in body order, that are computed from what `scope` has to
  /// obtain the operands of the goals' reductions and the goals' outputs.
  SmallVector<Value> getSlice(const RowGoals &goals, const Scope &scope) const;

  /// The center with which the sum of its squares is accumulated, if it is.
  CenterOp getFusedCenter(Operation *reduction) const {
    CenterOp center = fuseMoments ? getCenterOfMoment(reduction) : CenterOp();
    // Only rows are guarded, and the shift must be known before.
    if (!center || !canCheckStatistics(center) ||
        nest.getLevel(center) != nest.getRowLevel() ||
        nest.needsInner(center.getValue(), nest.getRowLevel()))
      return nullptr;
    return center;
  }

private:
  void collect(Value value, const Scope &scope, llvm::DenseSet<Value> &slice,
               llvm::DenseSet<Operation *> &reductions) const;
  void collectGoals(const RowGoals &goals, const Scope &scope,
                    llvm::DenseSet<Value> &slice,
                    llvm::DenseSet<Operation *> &reductions) const;

  const RowNest &nest;
  bool fuseMoments;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_ROWSTAGES_H
