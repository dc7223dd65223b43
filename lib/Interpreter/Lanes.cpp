//===- Lanes.cpp - Many scalars at once -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluator.h"

using namespace mlir;
using namespace mlir::norm;

template <typename T>
Lanes<T> Lanes<T>::of(const InterpValue &value, Type type) {
  if (!value.isFloat()) {
    ArrayRef<int64_t> data = value.getInts();
    return {type, {}, std::vector<int64_t>(data.begin(), data.end())};
  }
  ArrayRef<double> data = value.getFloats();
  return {type, std::vector<T>(data.begin(), data.end()), {}};
}

template <typename T>
Lanes<T> Lanes<T>::gather(const InterpValue &value, Type type,
                          ArrayRef<int64_t> indices) {
  Lanes result = ofType(type, indices.size());
  if (value.isFloat()) {
    const double *data = value.getFloats().data();
    for (size_t i = 0, e = indices.size(); i < e; ++i)
      result.floats[i] = data[indices[i]];
  } else {
    const int64_t *data = value.getInts().data();
    for (size_t i = 0, e = indices.size(); i < e; ++i)
      result.ints[i] = data[indices[i]];
  }
  return result;
}

template <typename T>
Lanes<T> Lanes<T>::picked(ArrayRef<int64_t> indices) const {
  Lanes result = ofType(type, indices.size());
  for (size_t i = 0, e = indices.size(); i < e; ++i) {
    if (isFloat())
      result.floats[i] = floats[indices[i]];
    else
      result.ints[i] = ints[indices[i]];
  }
  return result;
}

template <typename T>
InterpValue Lanes<T>::toTensor(Type elementType,
                               ArrayRef<int64_t> shape) const {
  if (!isFloat())
    return InterpValue::ints(elementType, shape, ints);
  // Rounded from T at once: through double it would be rounded twice.
  auto floatType = cast<FloatType>(elementType);
  std::vector<double> data(floats.size());
  for (size_t i = 0, e = floats.size(); i < e; ++i)
    data[i] = static_cast<double>(roundTo(floatType, floats[i]));
  return InterpValue::floats(elementType, shape, std::move(data));
}

namespace mlir::norm {
template struct Lanes<double>;
template struct Lanes<long double>;
} // namespace mlir::norm
