//===- BodyBuilder.h - Scalar pieces of row programs ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_BODYBUILDER_H
#define NORM_DIALECT_NORM_TRANSFORMS_BODYBUILDER_H

#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The neutral element of a reduction of scalars of `type`.
Value makeNeutral(OpBuilder &builder, Location loc, ReduceKind kind, Type type);

/// The combination of two scalars of a reduction; NaN propagates.
Value combine(OpBuilder &builder, Location loc, ReduceKind kind, Value a,
              Value b);

/// `value` in float type `type`: exact if that is wider. Other types as they
/// are.
Value convertFloat(OpBuilder &builder, Location loc, Value value, Type type);

/// A yielded `value` as the element type `type` of an output: rounded once,
/// saturating for types of 8 bits.
Value roundToStorage(OpBuilder &builder, Location loc, Value value, Type type);

/// The product of `sizes` as a scalar of `type`.
Value makeCount(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
                Type type);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_TRANSFORMS_BODYBUILDER_H
