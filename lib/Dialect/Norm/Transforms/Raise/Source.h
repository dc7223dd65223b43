//===- Source.h - Tensors for expressions -----------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_SOURCE_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_SOURCE_H

#include "Program.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm::raise {

/// How an operand of a raised op is made: from a tensor of the function, or by
/// computing anew what a body computes on the way.
struct Source {
  /// A tensor whose elements are those of the operand, in order.
  Value tensor;
  /// A scalar of a body, as a tensor over `loops` of the body. A dim over which
  /// it does not vary is no loop: -1.
  std::optional<Place> scalar;
  SmallVector<int64_t> loops;
  /// A number, all elements of the operand.
  std::optional<double> constant;
  /// The type of the operand.
  SmallVector<int64_t> shape;
  Type elementType;

  explicit operator bool() const { return tensor || scalar || constant; }
};

/// The elements `expr` over the dims `dims` of `place`, in their order. They
/// must be as they are or widened; the source then has the type `type`.
Source findSource(Program &program, const Place &place, Expr expr,
                  ArrayRef<int64_t> dims, Type type);

/// Makes the operand at the insertion point. `makeScalar` may know a tensor of
/// the source's scalar over its loops; null if it does not.
Value materialize(const Source &source, RewriterBase &rewriter, Location loc,
                  function_ref<Value(const Source &)> makeScalar);

/// `tensor` in another shape: only dims of size 1 come or go. Null if there is
/// no such reshape.
Value reshapeUnits(RewriterBase &rewriter, Location loc, Value tensor,
                   ArrayRef<int64_t> shape);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_SOURCE_H
