//===- PackWeightData.cpp - Packing a constant weight ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackWeightData.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>

using namespace mlir;
using namespace mlir::norm;

/// Packs elements that are as wide as `T`. Of a splat, `source` is one element.
template <typename T>
static void pack(const char *source, bool splat, ArrayRef<int64_t> shape,
                 bool outIn, ArrayRef<int64_t> packedShape, char *packed) {
  int64_t numOut = shape[outIn ? 0 : 1], numIn = shape[outIn ? 1 : 0];
  int64_t width = packedShape[2], pair = packedShape.size() == 4 ? 2 : 1;
  int64_t outStride = splat ? 0 : outIn ? numIn : 1;
  int64_t inStride = splat ? 0 : outIn ? 1 : numOut;
  int64_t panelSize = packedShape[1] * width * pair;
  for (int64_t out = 0; out < numOut; ++out) {
    const char *from = source + out * outStride * sizeof(T);
    char *to =
        packed + (out / width * panelSize + out % width * pair) * sizeof(T);
    for (int64_t k = 0; k < numIn; ++k)
      std::memcpy(to + (k / pair * width * pair + k % pair) * sizeof(T),
                  from + k * inStride * sizeof(T), sizeof(T));
  }
}

DenseElementsAttr mlir::norm::packWeightData(ElementsAttr weight,
                                             WeightLayout layout,
                                             RankedTensorType packedType) {
  ArrayRef<char> data;
  bool splat = false;
  if (auto dense = dyn_cast<DenseElementsAttr>(weight)) {
    data = dense.getRawData();
    splat = dense.isSplat();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(weight)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      data = blob->getData();
  }
  ShapedType type = weight.getShapedType();
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  int64_t expected = (splat ? 1 : type.getNumElements()) * bytes;
  if (static_cast<int64_t>(data.size()) != expected)
    return {};
  std::vector<char> packed(packedType.getNumElements() * bytes, 0);
  bool outIn = layout == WeightLayout::OutIn;
  auto run = [&](auto element) {
    pack<decltype(element)>(data.data(), splat, type.getShape(), outIn,
                            packedType.getShape(), packed.data());
  };
  if (bytes == 2)
    run(uint16_t());
  else if (bytes == 4)
    run(uint32_t());
  else
    run(uint64_t());
  return DenseElementsAttr::getFromRawBuffer(packedType, packed);
}
