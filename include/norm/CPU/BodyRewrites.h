//===- BodyRewrites.h - Bodies in the form that is lowered ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_BODYREWRITES_H
#define NORM_CPU_BODYREWRITES_H

#include "mlir/IR/IRMapping.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Turns products with one use that is a sum or difference in f32 or f64 into
/// math.fma, for targets that have it. It is done here and not left to LLVM so
/// that all copies of a row's code round alike.
void contractBody(GenericOp op);

/// Copies ops of a body, with f64 for f32.
class Widener {
public:
  explicit Widener(OpBuilder &builder) : builder(builder) {}

  /// Uses `to`, f64 where `from` is f32, for `from`.
  void map(Value from, Value to) { mapping.map(from, to); }
  /// The copy of `value`; what was not copied is captured, and extended.
  Value get(Value value);
  /// Copies `op`, whose operands have been copied or are captured. Conversions
  /// to narrower types stay.
  void copy(Operation &op);
  /// Copies the ops of `body` that `value` is computed from, where no copy is
  /// mapped, and returns its copy.
  Value copySlice(Value value, Block *body);

private:
  Type widen(Type type);
  Value extend(Location loc, Value value);

  OpBuilder &builder;
  IRMapping mapping;
};

/// A copy of `op`, in front of it, that computes in f64 what `op` computes in
/// f32. Conversions to narrower types stay.
GenericOp cloneWidened(GenericOp op);

/// Drops dims that have one element in every operand, by their types. Returns
/// the new op, which is `op` if there are none.
GenericOp dropUnitDims(GenericOp op);

/// Merges dims of one kind that are adjacent, in this order, in every operand
/// that has one of them, and that the body does not tell apart. Returns the new
/// op, which is `op` if nothing could be merged.
GenericOp collapseDims(GenericOp op);

/// The reduction dims of `op`, on tensors or buffers, that collapseDims makes
/// one with others if no operand has gaps between its elements.
llvm::SmallBitVector findMergedReductions(GenericOp op);

} // namespace mlir::norm

#endif // NORM_CPU_BODYREWRITES_H
