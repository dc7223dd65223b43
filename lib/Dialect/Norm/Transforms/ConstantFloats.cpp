//===- ConstantFloats.cpp - Constants as numbers --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantFloats.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlir::norm;

/// Element `i` of what is in memory as elements of type T.
template <typename T> static T load(ArrayRef<char> data, int64_t i) {
  T value;
  std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void store(std::vector<char> &data, int64_t i, T value) {
  std::memcpy(data.data() + i * sizeof(T), &value, sizeof(T));
}

std::optional<ConstantFloats> ConstantFloats::match(Value value) {
  while (auto cast = value.getDefiningOp<tensor::CastOp>())
    value = cast.getSource();
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  ConstantFloats result;
  result.type = dyn_cast<RankedTensorType>(elements.getType());
  if (!result.type || !isa<Float64Type, Float32Type, Float16Type, BFloat16Type>(
                          result.type.getElementType()))
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    result.data = dense.getRawData();
    result.splat = dense.isSplat();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      result.data = blob->getData();
  }
  int64_t stored = result.splat ? 1 : result.size();
  if (static_cast<int64_t>(result.data.size()) !=
      stored * (result.type.getElementTypeBitWidth() / 8))
    return std::nullopt;
  return result;
}

double ConstantFloats::operator[](int64_t i) const {
  if (splat)
    i = 0;
  auto element = cast<FloatType>(type.getElementType());
  if (element.isF32())
    return load<float>(data, i);
  if (element.isF64())
    return load<double>(data, i);
  auto bits = load<uint16_t>(data, i);
  if (element.isBF16())
    return llvm::bit_cast<float>(uint32_t(bits) << 16);
  return APFloat(element.getFloatSemantics(), APInt(16, bits))
      .convertToDouble();
}

bool ConstantFloats::areFinite() const {
  for (int64_t i = 0, e = splat ? std::min<int64_t>(size(), 1) : size(); i < e;
       ++i)
    if (!std::isfinite((*this)[i]))
      return false;
  return true;
}

NewFloats::NewFloats(RankedTensorType type)
    : type(type),
      data(type.getNumElements() * (type.getElementTypeBitWidth() / 8)) {}

double NewFloats::set(int64_t i, long double value) {
  auto element = cast<FloatType>(type.getElementType());
  // The processor rounds to nearest, ties to even.
  if (element.isF32()) {
    auto rounded = static_cast<float>(value);
    store(data, i, rounded);
    return rounded;
  }
  auto rounded = static_cast<double>(value);
  if (element.isF64()) {
    store(data, i, rounded);
    return rounded;
  }
  APFloat narrow(rounded);
  bool losesInfo;
  narrow.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                 &losesInfo);
  store(data, i, static_cast<uint16_t>(narrow.bitcastToAPInt().getZExtValue()));
  return narrow.convertToDouble();
}

DenseElementsAttr NewFloats::getAttr() const {
  return DenseElementsAttr::getFromRawBuffer(type, data);
}
