//===- NestSplitter.h - Cutting a generic into parts ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_NESTSPLITTER_H
#define NORM_LIB_CPU_NESTSPLITTER_H

#include "GenericParts.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {

/// A generic that may need more than one nest of loops. What has to be cut is
/// found in SplitNests.cpp, and cut in NestSplitter.cpp.
class NestSplitter {
public:
  NestSplitter(GenericOp op, bool wholeRows)
      : op(op), wholeRows(wholeRows), body(op.getBodyBlock()), varying(op) {}

  /// Makes a part of the op a generic of its own; adds both to `ops`. Fails if
  /// one nest of loops computes the op.
  LogicalResult split(SmallVectorImpl<GenericOp> &ops);

private:
  Operation *findCrossing();
  Operation *findTooFarInside(unsigned output);
  Operation *findPartial();
  std::optional<unsigned> findOutputOfFewerRows();
  std::optional<std::pair<unsigned, unsigned>> findOutputInside();
  Operation *findReductionOver(unsigned output, unsigned dim);

  /// The dims that a reduction is over.
  llvm::SmallBitVector getOver(Operation *reduction) const;
  llvm::SmallBitVector getOutputDims(unsigned output);
  /// What `value` is computed from, itself included.
  llvm::SetVector<Value> getSlice(Value value) const;
  /// A generic that writes to `init`, whose dims are the loops `dims`, what
  /// `emit` makes of the slice of `value`.
  GenericOp makePart(Value value, ArrayRef<unsigned> dims, Value init,
                     function_ref<Value(OpBuilder &, IRMapping &)> emit);
  /// An input of which nothing but the sizes, those of the loops `dims`, is
  /// used.
  Value makeSizes(OpBuilder &builder, ArrayRef<unsigned> dims) {
    return makeEmptyOverDims(builder, op, dims, builder.getI8Type());
  }
  void cutReduction(Operation *reduction, SmallVectorImpl<GenericOp> &ops);
  void cutOutput(unsigned output, SmallVectorImpl<GenericOp> &ops);

  GenericOp op;
  bool wholeRows;
  Block *body;
  VaryingDims varying;
};

/// Erases what nothing in `body` uses; no op of a body has effects.
void eraseUnused(Block &body);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_NESTSPLITTER_H
