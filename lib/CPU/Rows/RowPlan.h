//===- RowPlan.h - How a row program is lowered ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_ROWPLAN_H
#define NORM_LIB_CPU_ROWS_ROWPLAN_H

#include "RowNest.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Target.h"

namespace mlir::norm {

/// The decisions of norm-plan-rows for one norm.generic, as they stand in its
/// attribute `norm.plan`. What the bits of a row depend on (lanes,
/// unroll, accumulators) follows from the body, the row length and the target
/// alone.
struct RowPlan {
  /// Lanes of a vector.
  int64_t lanes = 1;
  /// Vectors in an iteration.
  int64_t unroll = 4;
  /// The accumulators of a sum, which the vectors of an iteration take in turn;
  /// 0: each has its own.
  int64_t accumulators = 0;
  /// Whether vectors come in pairs of even and odd elements, as bf16 does
  /// without shuffles; `unroll` is then even.
  bool paired = false;
  /// Rows that go through the stages together, a lane of a vector each.
  int64_t rows = 1;
  /// How many groups of rows a stage is ahead of the next; 0: rows are computed
  /// one after the other.
  int64_t lag = 0;
  /// Longer rows are computed one after the other; of use where the length is
  /// known at run time only.
  int64_t maxPipelined = 0;
  /// Rows that turn out to be of at most so many elements at run time are in
  /// registers, in groups; 0: none are.
  int64_t maxShort = 0;
  /// Operands of more bytes together are taken not to fit the caches: rows are
  /// computed one after the other, their stores bypass the caches, and the next
  /// row is prefetched. 0: never.
  int64_t streamBytes = 0;

  /// The best plan known for `op`.
  static RowPlan make(GenericOp op, const RowNest &nest,
                      const CPUTarget &target);

  /// The plan of the rows of up to `maxShort` elements.
  RowPlan getShortPlan(GenericOp op) const;

  /// Whether `op` can be lowered so on `target`.
  bool fits(GenericOp op, const RowNest &nest, const CPUTarget &target) const;

  DictionaryAttr toAttr(MLIRContext *context) const;
  /// Fails on an attribute that is no plan.
  static FailureOr<RowPlan> fromAttr(Attribute attribute);

private:
  /// The best plan for many rows.
  static RowPlan makeForMany(GenericOp op, const RowNest &nest,
                             const CPUTarget &target);
  /// The vectors of a row of `size` elements.
  int64_t countVectors(int64_t size) const;
  /// Plans rows of at most `size` elements in registers.
  void setInRegisters(int64_t size, bool centers);
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_ROWPLAN_H
