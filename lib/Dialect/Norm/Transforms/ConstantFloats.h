//===- ConstantFloats.h - Constants as numbers ------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_CONSTANTFLOATS_H
#define LIB_DIALECT_NORM_TRANSFORMS_CONSTANTFLOATS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace mlir::norm {

/// The element types of constants that are read and made.
enum class FloatKind { F64, F32, F16, BF16 };

/// The elements of a constant tensor of f64, f32, f16 or bf16, read where they
/// are.
class ConstantFloats {
public:
  /// The constant that `value` is, also behind casts of its shape. None if it
  /// is computed, or if its elements are not in memory (sparse elements, a
  /// resource without data).
  static std::optional<ConstantFloats> match(Value value);

  RankedTensorType getType() const { return type; }
  int64_t size() const { return type.getNumElements(); }
  /// Element `i` in row-major order.
  double operator[](int64_t i) const;
  /// Whether no element is NaN or infinite.
  bool areFinite() const;

private:
  RankedTensorType type;
  FloatKind kind = FloatKind::F32;
  ArrayRef<char> data;
  bool splat = false;
};

/// The elements of a constant that is to be made.
class NewFloats {
public:
  /// A tensor of static shape of f64, f32, f16 or bf16.
  explicit NewFloats(RankedTensorType type);

  RankedTensorType getType() const { return type; }
  /// Sets element `i` to `value`, rounded once to nearest, and returns what it
  /// became.
  double set(int64_t i, long double value);
  /// The constant: a resource if it is large. Its elements live as long as the
  /// context.
  ElementsAttr getAttr() const;

private:
  RankedTensorType type;
  FloatKind kind;
  std::vector<char> data;
};

} // namespace mlir::norm

#endif // LIB_DIALECT_NORM_TRANSFORMS_CONSTANTFLOATS_H
