//===- GenericReductions.cpp - Reductions of row programs -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericEvaluator.h"
#include "RowMean.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {
/// How one kind of reduction combines two elements.
template <typename N> N combine(ReduceKind kind, N a, N b) {
  switch (kind) {
  case ReduceKind::Add:
    return a + b;
  case ReduceKind::Mul:
    return a * b;
  case ReduceKind::Max:
    if constexpr (std::is_floating_point_v<N>)
      if (std::isnan(a) || std::isnan(b))
        return NAN;
    return a > b ? a : b;
  case ReduceKind::Min:
    if constexpr (std::is_floating_point_v<N>)
      if (std::isnan(a) || std::isnan(b))
        return NAN;
    return a < b ? a : b;
  }
  llvm_unreachable("all kinds are handled");
}

/// The result over no elements, of numbers from `lowest` to `highest`.
template <typename N> N neutral(ReduceKind kind, N lowest, N highest) {
  switch (kind) {
  case ReduceKind::Add:
    return 0;
  case ReduceKind::Mul:
    return 1;
  case ReduceKind::Max:
    return lowest;
  case ReduceKind::Min:
    return highest;
  }
  llvm_unreachable("all kinds are handled");
}
} // namespace

template <typename T>
LogicalResult GenericEvaluator<T>::reduce(ReduceOp reduce) {
  const Lanes<T> *value = get(reduce.getValue());
  if (!value)
    return failure();
  Dims reduced(sizes.size());
  for (int64_t dim : reduce.getDims())
    reduced.set(dim);
  // A value that does not vary over a reduced dim is combined as often as the
  // dim has elements, like any other.
  Dims all = varying.get(reduce.getValue());
  Lanes<T> spread = broadcast(*value, all, all | reduced);
  all |= reduced;
  auto [rows, length] = asRows(spread, all, reduced);

  Dims kept = varying.get(reduce.getResult());
  Lanes<T> result = Lanes<T>::ofType(reduce.getType(), count(kept));
  ReduceKind kind = reduce.getKind();
  Type type = reduce.getType();
  unsigned width = isa<IndexType>(type) ? 64 : type.getIntOrFloatBitWidth();
  for (size_t r = 0, e = result.size(); r < e; ++r) {
    if (result.isFloat()) {
      T total = neutral<T>(kind, -INFINITY, INFINITY);
      for (int64_t j = 0; j < length; ++j)
        total = combine(kind, total, rows.floats[r * length + j]);
      result.floats[r] = total;
    } else {
      int64_t total = neutral(kind, llvm::minIntN(width), llvm::maxIntN(width));
      for (int64_t j = 0; j < length; ++j)
        total = signedInt(
            type,
            wrapInt(type, combine(kind, total,
                                  signedInt(type, rows.ints[r * length + j]))));
      result.ints[r] = wrapInt(type, total);
    }
  }
  set(reduce.getResult(), std::move(result));
  return success();
}

template <typename T>
LogicalResult GenericEvaluator<T>::center(CenterOp center) {
  const Lanes<T> *value = get(center.getValue());
  if (!value)
    return failure();
  const Dims &all = varying.get(center.getValue());
  Dims reduced(sizes.size());
  for (int64_t dim : center.getDims())
    reduced.set(dim);
  // Over a dim in which the value is the same everywhere the mean is the value.
  reduced &= all;
  auto [rows, length] = asRows(*value, all, reduced);
  Dims kept = all;
  kept.reset(reduced);
  Lanes<T> mean = Lanes<T>::ofType(center.getType(1), count(kept));
  Lanes<T> high = mean, low = mean;
  for (size_t r = 0, e = mean.size(); r < e; ++r) {
    RowMean<T> row(ArrayRef<T>(rows.floats).slice(r * length, length));
    mean.floats[r] = row.get();
    high.floats[r] = row.getHigh();
    low.floats[r] = row.getLow();
  }
  Lanes<T> centered = broadcast(high, kept, all);
  low = broadcast(low, kept, all);
  for (size_t i = 0, e = centered.size(); i < e; ++i)
    centered.floats[i] =
        (value->floats[i] - centered.floats[i]) - low.floats[i];
  set(center.getCentered(), std::move(centered));
  set(center.getMean(), std::move(mean));
  return success();
}

namespace mlir::norm {
template LogicalResult GenericEvaluator<double>::reduce(ReduceOp);
template LogicalResult GenericEvaluator<long double>::reduce(ReduceOp);
template LogicalResult GenericEvaluator<double>::center(CenterOp);
template LogicalResult GenericEvaluator<long double>::center(CenterOp);
} // namespace mlir::norm
