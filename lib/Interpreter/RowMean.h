//===- RowMean.h - The mean of a row as two numbers -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_ROWMEAN_H
#define NORM_LIB_INTERPRETER_ROWMEAN_H

#include "mlir/Support/LLVM.h"
#include <cmath>

namespace mlir::norm {

/// The mean of a row as `high` + `low`: one number of type T would be too
/// coarse for x - mean where the mean is 1e5 times the deviations.
template <typename T> class RowMean {
public:
  explicit RowMean(ArrayRef<T> row) {
    T count = row.size();
    for (T value : row)
      high += value;
    high /= count;
    // Of an infinite mean nothing is left to find.
    if (!std::isfinite(high))
      return;
    for (T value : row)
      low += value - high;
    low /= count;
  }

  /// The mean as one number, and its two parts.
  T get() const { return high + low; }
  T getHigh() const { return high; }
  T getLow() const { return low; }
  /// `value` - mean.
  T center(T value) const { return (value - high) - low; }
  /// The mean of the squares of a centered row.
  T variance(ArrayRef<T> row) const {
    T sum = 0;
    for (T value : row)
      sum += center(value) * center(value);
    return sum / static_cast<T>(row.size());
  }

private:
  T high = 0, low = 0;
};

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_ROWMEAN_H
