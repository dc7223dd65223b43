//===- Value.h - Values of the reference interpreter ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_VALUE_H
#define NORM_INTERPRETER_VALUE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include <memory>
#include <vector>

namespace mlir::norm {

/// A scalar or a tensor of static shape. Floats are held as doubles that are
/// values of the element type, integers as sign-extended int64_t (i1: 0 or 1).
/// Elements are in row-major order. Copies share their data, which never
/// changes.
class InterpValue {
public:
  InterpValue() = default;

  /// A tensor of floats; `data` is rounded to `elementType`.
  static InterpValue floats(Type elementType, ArrayRef<int64_t> shape,
                            std::vector<double> data);
  /// A tensor of integers or indices; `data` is wrapped to `elementType`.
  static InterpValue ints(Type elementType, ArrayRef<int64_t> shape,
                          std::vector<int64_t> data);
  /// A scalar.
  static InterpValue scalar(Type type, double value);
  static InterpValue scalarInt(Type type, int64_t value);
  /// A tensor whose elements must not be read: `tensor.empty`.
  static InterpValue uninitialized(Type elementType, ArrayRef<int64_t> shape);

  /// A tensor from the bytes of its elements in row-major order, little-endian,
  /// `getStorageBytes(elementType)` an element. Fails on another byte count.
  static FailureOr<InterpValue>
  fromBytes(Type elementType, ArrayRef<int64_t> shape, ArrayRef<char> bytes);
  /// A constant: an integer, a float, or dense elements, resources included.
  static FailureOr<InterpValue> fromAttribute(TypedAttr attribute);
  /// The inverse of `fromBytes`.
  std::vector<char> toBytes() const;

  bool isTensor() const { return tensor; }
  bool isFloat() const { return isa<FloatType>(elementType); }
  Type getElementType() const { return elementType; }
  /// Empty for a scalar.
  ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t getNumElements() const;
  /// The scalar type, or a ranked tensor type.
  Type getType() const;
  /// Whether this is a value of `type`, which may have dynamic dims.
  bool hasType(Type type) const;

  /// The elements of a float value.
  ArrayRef<double> getFloats() const;
  /// The elements of an integer value.
  ArrayRef<int64_t> getInts() const;
  /// The only element of a scalar or of a tensor of one element.
  double getFloat() const { return getFloats().front(); }
  int64_t getInt() const { return getInts().front(); }
  /// Element `i` as a double, whatever the element type.
  double getElement(int64_t i) const;

  /// Whether every element has been written.
  bool isInitialized() const { return !undefined; }
  /// Whether element `i` has been written.
  bool isInitialized(int64_t i) const { return !undefined || !(*undefined)[i]; }

  /// The same elements in another shape of as many elements.
  InterpValue reshaped(ArrayRef<int64_t> newShape) const;
  /// A tensor whose element i is this one's element `indices[i]`.
  InterpValue picked(ArrayRef<int64_t> newShape,
                     ArrayRef<int64_t> indices) const;
  /// This tensor with element `indices[i]` replaced by element i of `source`.
  InterpValue overwritten(const InterpValue &source,
                          ArrayRef<int64_t> indices) const;
  /// A tensor's only element.
  InterpValue asScalar() const;

private:
  Type elementType;
  bool tensor = false;
  SmallVector<int64_t> shape;
  std::shared_ptr<const std::vector<double>> floatData;
  std::shared_ptr<const std::vector<int64_t>> intData;
  /// Null if every element is initialized; else 1 for those that are not.
  std::shared_ptr<const std::vector<uint8_t>> undefined;
};

/// The number of elements of a static shape.
int64_t countElements(ArrayRef<int64_t> shape);

/// The distance between neighbours in each dim of a row-major tensor.
SmallVector<int64_t> rowMajorStrides(ArrayRef<int64_t> shape);

/// base + sum(index[d] * strides[d]) for every index in row-major order of
/// `sizes`.
std::vector<int64_t> stridedIndices(ArrayRef<int64_t> sizes,
                                    ArrayRef<int64_t> strides,
                                    int64_t base = 0);

} // namespace mlir::norm

#endif // NORM_INTERPRETER_VALUE_H
