//===- RowView.h - A tensor as rows over some of its axes -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_ROWVIEW_H
#define NORM_LIB_INTERPRETER_ROWVIEW_H

#include "Evaluator.h"

namespace mlir::norm {

/// A copy of a tensor of floats with the elements along some axes made rows:
/// row r holds them in row-major order of those axes, r counts the other axes
/// in row-major order.
template <typename T> class RowView {
public:
  RowView(const InterpValue &value, ArrayRef<int64_t> axes)
      : shape(value.getShape()) {
    SmallVector<int64_t> strides = rowMajorStrides(shape);
    SmallVector<int64_t> sizes, order;
    for (int64_t d = 0, rank = shape.size(); d < rank; ++d)
      if (!llvm::is_contained(axes, d)) {
        keptShape.push_back(shape[d]);
        sizes.push_back(shape[d]);
        order.push_back(strides[d]);
      }
    for (int64_t axis : axes) {
      length *= shape[axis];
      sizes.push_back(shape[axis]);
      order.push_back(strides[axis]);
    }
    indices = stridedIndices(sizes, order);
    data = Lanes<T>::gather(value, value.getElementType(), indices).floats;
  }

  int64_t numRows() const { return countElements(keptShape); }
  MutableArrayRef<T> row(int64_t r) { return rows(r, 1); }
  /// `count` rows from row `first` on.
  MutableArrayRef<T> rows(int64_t first, int64_t count) {
    return {data.data() + first * length, static_cast<size_t>(count * length)};
  }

  /// The rows put back in place, rounded to `type`.
  InterpValue toTensor(Type type) const {
    Lanes<T> lanes = Lanes<T>::ofFloats(type, data.size());
    for (size_t i = 0, e = indices.size(); i < e; ++i)
      lanes.floats[indices[i]] = data[i];
    return lanes.toTensor(type, shape);
  }
  /// One number per row as a tensor of the other axes.
  InterpValue perRow(Type type, std::vector<T> numbers) const {
    return Lanes<T>{type, std::move(numbers), {}}.toTensor(type, keptShape);
  }

private:
  SmallVector<int64_t> shape, keptShape;
  int64_t length = 1;
  std::vector<int64_t> indices;
  std::vector<T> data;
};

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_ROWVIEW_H
