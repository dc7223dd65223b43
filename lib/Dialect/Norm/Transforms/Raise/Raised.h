//===- Raised.h - An op to be made of a graph -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_RAISED_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_RAISED_H

#include "Source.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm::raise {

/// An op of the norm dialect whose first result is a value of the graph.
struct Raised {
  /// The value that it computes.
  Place place;
  StringRef name;
  /// The operands in the order of the op; those that it lacks are no sources.
  SmallVector<Source, 5> operands;
  /// Whether the op has optional operands, so that it says which it has.
  bool hasSegments = false;
  NamedAttrList attributes;
  /// The types of results behind the first.
  SmallVector<Type> moreResults;
  /// Of a normalization: what the root is taken of, and the sum of the row if
  /// the mean is subtracted, over the dims of the place.
  Expr base = nullptr;
  Expr sum = nullptr;
};

/// Whether an op of the dialect may have tensors of `sizes` of `type`.
bool isSupportedTensor(ArrayRef<int64_t> sizes, Type type);

/// The decimal number of fewest digits that `value`, a number of `type`, is:
/// 9.99999974E-6 in f32 was written as 1.0E-5.
double getShortest(double value, Type type);

/// Makes the op before the op of its place. Null if an operand cannot be made.
/// `makeScalar` is for `materialize`.
Operation *makeOp(const Raised &raised, RewriterBase &rewriter,
                  function_ref<Value(const Source &)> makeScalar);

/// Replaces the value of `raised` by the result of `made`, its op. Fails if it
/// is in the body of an op whose inputs cannot be changed.
LogicalResult replaceBy(const Raised &raised, Operation *made,
                        RewriterBase &rewriter);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_RAISED_H
