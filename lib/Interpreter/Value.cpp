//===- Value.cpp - Values of the reference interpreter --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Value.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Interpreter/Numerics.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace mlir::norm;

int64_t mlir::norm::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

SmallVector<int64_t> mlir::norm::rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t d = static_cast<int64_t>(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

std::vector<int64_t> mlir::norm::stridedIndices(ArrayRef<int64_t> sizes,
                                                ArrayRef<int64_t> strides,
                                                int64_t base) {
  std::vector<int64_t> indices;
  int64_t count = countElements(sizes);
  if (count == 0)
    return indices;
  indices.reserve(count);
  indices.push_back(base);
  // Dim by dim from the innermost: what stands there, once more per step.
  for (int64_t d = static_cast<int64_t>(sizes.size()) - 1; d >= 0; --d) {
    size_t block = indices.size();
    for (int64_t step = 1; step < sizes[d]; ++step)
      for (size_t i = 0; i < block; ++i)
        indices.push_back(indices[i] + step * strides[d]);
  }
  return indices;
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

InterpValue InterpValue::floats(Type elementType, ArrayRef<int64_t> shape,
                                std::vector<double> data) {
  auto type = cast<FloatType>(elementType);
  if (!type.isF64())
    for (double &value : data)
      value = roundTo(type, value);
  InterpValue result;
  result.elementType = elementType;
  result.tensor = true;
  result.shape.assign(shape.begin(), shape.end());
  result.floatData = std::make_shared<std::vector<double>>(std::move(data));
  return result;
}

InterpValue InterpValue::ints(Type elementType, ArrayRef<int64_t> shape,
                              std::vector<int64_t> data) {
  for (int64_t &value : data)
    value = wrapInt(elementType, value);
  InterpValue result;
  result.elementType = elementType;
  result.tensor = true;
  result.shape.assign(shape.begin(), shape.end());
  result.intData = std::make_shared<std::vector<int64_t>>(std::move(data));
  return result;
}

InterpValue InterpValue::scalar(Type type, double value) {
  InterpValue result = floats(type, {}, {value});
  result.tensor = false;
  return result;
}

InterpValue InterpValue::scalarInt(Type type, int64_t value) {
  InterpValue result = ints(type, {}, {value});
  result.tensor = false;
  return result;
}

InterpValue InterpValue::uninitialized(Type elementType,
                                       ArrayRef<int64_t> shape) {
  int64_t count = countElements(shape);
  InterpValue result =
      isa<FloatType>(elementType)
          ? floats(elementType, shape, std::vector<double>(count, 0.0))
          : ints(elementType, shape, std::vector<int64_t>(count, 0));
  if (count > 0)
    result.undefined = std::make_shared<std::vector<uint8_t>>(count, 1);
  return result;
}

/// Reads one little-endian element of `bytes` bytes.
static uint64_t readElement(const char *data, unsigned bytes) {
  uint64_t bits = 0;
  for (unsigned i = 0; i < bytes; ++i)
    bits |= static_cast<uint64_t>(static_cast<uint8_t>(data[i])) << (8 * i);
  return bits;
}

FailureOr<InterpValue> InterpValue::fromBytes(Type elementType,
                                              ArrayRef<int64_t> shape,
                                              ArrayRef<char> bytes) {
  int64_t count = countElements(shape);
  if (!isInterpretable(elementType) ||
      static_cast<int64_t>(bytes.size()) !=
          count * static_cast<int64_t>(getStorageBytes(elementType)))
    return failure();
  unsigned size = getStorageBytes(elementType);
  auto type = dyn_cast<FloatType>(elementType);
  if (!type) {
    std::vector<int64_t> data(count);
    for (int64_t i = 0; i < count; ++i)
      data[i] = readElement(bytes.data() + i * size, size);
    return ints(elementType, shape, std::move(data));
  }
  // Narrow formats have few values: decode each once.
  std::vector<double> table;
  if (size <= 2 && count >= 1024)
    for (uint64_t bits = 0; bits < (uint64_t(1) << (8 * size)); ++bits)
      table.push_back(decodeFloat(type, bits));
  std::vector<double> data(count);
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = readElement(bytes.data() + i * size, size);
    if (type.isF32())
      data[i] = llvm::bit_cast<float>(static_cast<uint32_t>(bits));
    else if (type.isF64())
      data[i] = llvm::bit_cast<double>(bits);
    else
      data[i] = table.empty() ? decodeFloat(type, bits) : table[bits];
  }
  return floats(elementType, shape, std::move(data));
}

std::vector<char> InterpValue::toBytes() const {
  unsigned size = getStorageBytes(elementType);
  int64_t count = getNumElements();
  std::vector<char> bytes(count * size);
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits;
    if (!isFloat())
      bits = unsignedInt(elementType, getInts()[i]);
    else if (elementType.isF32())
      bits = llvm::bit_cast<uint32_t>(static_cast<float>(getFloats()[i]));
    else if (elementType.isF64())
      bits = llvm::bit_cast<uint64_t>(getFloats()[i]);
    else
      bits = encodeFloat(cast<FloatType>(elementType), getFloats()[i]);
    for (unsigned byte = 0; byte < size; ++byte)
      bytes[i * size + byte] = static_cast<char>(bits >> (8 * byte));
  }
  return bytes;
}

FailureOr<InterpValue> InterpValue::fromAttribute(TypedAttr attribute) {
  Type elementType = getElementTypeOrSelf(attribute.getType());
  if (!isInterpretable(elementType))
    return failure();
  if (auto value = dyn_cast<FloatAttr>(attribute))
    return scalar(elementType, value.getValueAsDouble());
  if (auto value = dyn_cast<IntegerAttr>(attribute))
    return scalarInt(elementType, value.getValue().getSExtValue());
  auto type = dyn_cast<RankedTensorType>(attribute.getType());
  if (!type)
    return failure();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return failure();
    return fromBytes(elementType, type.getShape(), blob->getData());
  }
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense)
    return failure();
  int64_t count = type.getNumElements();
  if (isa<FloatType>(elementType)) {
    if (!dense.isSplat())
      return fromBytes(elementType, type.getShape(), dense.getRawData());
    llvm::APFloat value = dense.getSplatValue<APFloat>();
    bool losesInfo;
    value.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    return floats(elementType, type.getShape(),
                  std::vector<double>(count, value.convertToDouble()));
  }
  std::vector<int64_t> data;
  data.reserve(count);
  for (const APInt &value : dense.getValues<APInt>())
    data.push_back(value.getSExtValue());
  return ints(elementType, type.getShape(), std::move(data));
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

int64_t InterpValue::getNumElements() const { return countElements(shape); }

Type InterpValue::getType() const {
  if (!tensor)
    return elementType;
  return RankedTensorType::get(shape, elementType);
}

bool InterpValue::hasType(Type type) const {
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked)
    return !tensor && type == elementType;
  return tensor && ranked.getElementType() == elementType &&
         succeeded(verifyCompatibleShape(ranked.getShape(), shape));
}

ArrayRef<double> InterpValue::getFloats() const {
  assert(floatData && "not a value of floats");
  return *floatData;
}

ArrayRef<int64_t> InterpValue::getInts() const {
  assert(intData && "not a value of integers");
  return *intData;
}

double InterpValue::getElement(int64_t i) const {
  return isFloat() ? getFloats()[i] : static_cast<double>(getInts()[i]);
}

//===----------------------------------------------------------------------===//
// Moving elements
//===----------------------------------------------------------------------===//

InterpValue InterpValue::reshaped(ArrayRef<int64_t> newShape) const {
  assert(countElements(newShape) == getNumElements());
  InterpValue result = *this;
  result.tensor = true;
  result.shape.assign(newShape.begin(), newShape.end());
  return result;
}

InterpValue InterpValue::asScalar() const {
  InterpValue result = reshaped({});
  result.tensor = false;
  return result;
}

/// Elements of `source` at `indices`; null for null.
template <typename T>
static std::shared_ptr<const std::vector<T>>
pick(const std::shared_ptr<const std::vector<T>> &source,
     ArrayRef<int64_t> indices) {
  if (!source)
    return nullptr;
  auto result = std::make_shared<std::vector<T>>(indices.size());
  for (size_t i = 0, e = indices.size(); i < e; ++i)
    (*result)[i] = (*source)[indices[i]];
  return result;
}

/// A mask with no element set is the same as none.
static std::shared_ptr<const std::vector<uint8_t>>
simplifyMask(std::shared_ptr<const std::vector<uint8_t>> mask) {
  if (mask && llvm::is_contained(*mask, 1))
    return mask;
  return nullptr;
}

InterpValue InterpValue::picked(ArrayRef<int64_t> newShape,
                                ArrayRef<int64_t> indices) const {
  assert(countElements(newShape) == static_cast<int64_t>(indices.size()));
  InterpValue result = *this;
  result.tensor = true;
  result.shape.assign(newShape.begin(), newShape.end());
  result.floatData = pick(floatData, indices);
  result.intData = pick(intData, indices);
  result.undefined = simplifyMask(pick(undefined, indices));
  return result;
}

/// A copy of `target` with `source` written to `indices`; null for null.
template <typename T>
static std::shared_ptr<const std::vector<T>>
put(const std::shared_ptr<const std::vector<T>> &target,
    const std::shared_ptr<const std::vector<T>> &source,
    ArrayRef<int64_t> indices) {
  if (!target || !source)
    return target;
  auto result = std::make_shared<std::vector<T>>(*target);
  for (size_t i = 0, e = indices.size(); i < e; ++i)
    (*result)[indices[i]] = (*source)[i];
  return result;
}

InterpValue InterpValue::overwritten(const InterpValue &source,
                                     ArrayRef<int64_t> indices) const {
  assert(source.elementType == elementType);
  InterpValue result = *this;
  result.floatData = put(floatData, source.floatData, indices);
  result.intData = put(intData, source.intData, indices);
  if (undefined || source.undefined) {
    auto mask =
        undefined ? *undefined : std::vector<uint8_t>(getNumElements(), 0);
    for (size_t i = 0, e = indices.size(); i < e; ++i)
      mask[indices[i]] = !source.isInitialized(i);
    result.undefined =
        simplifyMask(std::make_shared<std::vector<uint8_t>>(std::move(mask)));
  }
  return result;
}
