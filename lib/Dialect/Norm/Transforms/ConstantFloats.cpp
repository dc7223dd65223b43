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

/// Larger constants are resources: they are not hashed, nor compared with all
/// others of the context.
static constexpr size_t kMaxUniquedBytes = 4096;

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

/// The kind of an element type that is read and made.
static FloatKind getKind(Type element) {
  if (element.isF64())
    return FloatKind::F64;
  if (element.isF32())
    return FloatKind::F32;
  return element.isF16() ? FloatKind::F16 : FloatKind::BF16;
}

/// `value` rounded to odd: to the neighbour whose last bit is set, where double
/// has not all its bits. Rounding that to 16 bits is rounding `value` once.
static double roundToOdd(long double value) {
  auto nearest = static_cast<double>(value);
  long double rest = value - nearest;
  if (rest == 0 || !std::isfinite(nearest) ||
      (llvm::bit_cast<uint64_t>(nearest) & 1))
    return nearest;
  return std::nextafter(nearest, rest > 0 ? INFINITY : -INFINITY);
}

/// The bits of the bf16 that is nearest to `value`, ties to even.
static uint16_t encodeBF16(double value) {
  // By way of a float with 16 bits more, rounded to odd: to zero, with the last
  // bit set where something was lost. Rounding again then sees all of it.
  auto bits = llvm::bit_cast<uint32_t>(static_cast<float>(value));
  double rounded = llvm::bit_cast<float>(bits);
  if (std::fabs(rounded) > std::fabs(value))
    --bits;
  if (rounded != value)
    bits |= 1;
  return (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
}

std::optional<ConstantFloats> ConstantFloats::match(Value value) {
  // In unreachable blocks, casts may be casts of themselves.
  llvm::SmallPtrSet<Operation *, 4> seen;
  while (auto cast = value.getDefiningOp<tensor::CastOp>()) {
    if (!seen.insert(cast).second)
      return std::nullopt;
    value = cast.getSource();
  }
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  ConstantFloats result;
  result.type = dyn_cast<RankedTensorType>(elements.getType());
  if (!result.type || !isa<Float64Type, Float32Type, Float16Type, BFloat16Type>(
                          result.type.getElementType()))
    return std::nullopt;
  result.kind = getKind(result.type.getElementType());
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
  switch (kind) {
  case FloatKind::F64:
    return load<double>(data, i);
  case FloatKind::F32:
    return load<float>(data, i);
  case FloatKind::F16:
    return APFloat(APFloat::IEEEhalf(), APInt(16, load<uint16_t>(data, i)))
        .convertToDouble();
  case FloatKind::BF16:
    return llvm::bit_cast<float>(uint32_t(load<uint16_t>(data, i)) << 16);
  }
  llvm_unreachable("all kinds are handled");
}

bool ConstantFloats::areFinite() const {
  for (int64_t i = 0, e = splat ? std::min<int64_t>(size(), 1) : size(); i < e;
       ++i)
    if (!std::isfinite((*this)[i]))
      return false;
  return true;
}

NewFloats::NewFloats(RankedTensorType type)
    : type(type), kind(getKind(type.getElementType())),
      data(type.getNumElements() * (type.getElementTypeBitWidth() / 8)) {}

double NewFloats::set(int64_t i, long double value) {
  // The processor rounds to nearest, ties to even.
  switch (kind) {
  case FloatKind::F64:
    store(data, i, static_cast<double>(value));
    return static_cast<double>(value);
  case FloatKind::F32:
    store(data, i, static_cast<float>(value));
    return static_cast<float>(value);
  case FloatKind::F16: {
    APFloat narrow(roundToOdd(value));
    bool losesInfo;
    narrow.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    store(data, i,
          static_cast<uint16_t>(narrow.bitcastToAPInt().getZExtValue()));
    return narrow.convertToDouble();
  }
  case FloatKind::BF16: {
    uint16_t bits = encodeBF16(roundToOdd(value));
    store(data, i, bits);
    return llvm::bit_cast<float>(uint32_t(bits) << 16);
  }
  }
  llvm_unreachable("all kinds are handled");
}

ElementsAttr NewFloats::getAttr() const {
  if (data.size() <= kMaxUniquedBytes)
    return DenseElementsAttr::getFromRawBuffer(type, data);
  constexpr size_t kAlignment = 64;
  return DenseResourceElementsAttr::get(
      type, "norm_folded",
      HeapAsmResourceBlob::allocateAndCopyWithAlign(data, kAlignment,
                                                    /*dataIsMutable=*/false));
}
