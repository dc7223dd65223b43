//===- ScalarBodies.h - Scalar ops as parts of a generic's body -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An op on 16-bit floats is computed in f32 and its result rounded. For the
// basic operations and the square root that gives the same bits as the
// operation in 16 bits: f32 has more than twice the bits (Figueroa, "When is
// double rounding innocuous?", SIGNUM 1995).
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_SCALARBODIES_H
#define LIB_DIALECT_NORM_TRANSFORMS_SCALARBODIES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace mlir::norm {

/// Whether the body of a generic may hold values of `type`.
bool isScalar(Type type);

/// Whether a value of `type` is computed in f32 and rounded afterwards.
bool isComputedWider(Type type);

/// Whether `op`, on scalars or tensors of them, may be computed on f32 where
/// its operands and results are 16-bit floats. Casts say which types they want.
bool mayComputeWider(Operation *op);

/// The type in which a body has values of `type`.
Type getArithmeticType(Type type);

/// Copies the scalar form of `op` into a body, with `operands`, which may be
/// wider than the op's: the results are as wide.
SmallVector<Value> computeScalar(OpBuilder &builder, Operation *op,
                                 ValueRange operands);

/// The scalar constant that all elements of `value` are, if they are.
TypedAttr getSplat(Value value);

} // namespace mlir::norm

#endif // LIB_DIALECT_NORM_TRANSFORMS_SCALARBODIES_H
