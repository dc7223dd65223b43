//===- UnitDims.cpp - Maps with zeros, and tensors without their dims -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "UnitDims.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace mlir::norm;

/// The results of `map` that are no dim.
static llvm::SmallBitVector getZeros(AffineMap map) {
  llvm::SmallBitVector zeros(map.getNumResults());
  for (auto [i, expr] : llvm::enumerate(map.getResults()))
    if (!isa<AffineDimExpr>(expr))
      zeros.set(i);
  return zeros;
}

/// Each dim that stays with the dropped ones behind it; those in front of all
/// belong to the first.
static SmallVector<ReassociationIndices>
getGroups(const llvm::SmallBitVector &dropped) {
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices leading;
  for (unsigned dim = 0; dim < dropped.size(); ++dim) {
    if (!dropped.test(dim)) {
      groups.push_back(std::exchange(leading, {}));
      groups.back().push_back(dim);
    } else if (groups.empty()) {
      leading.push_back(dim);
    } else {
      groups.back().push_back(dim);
    }
  }
  return groups;
}

Value mlir::norm::dropZeros(OpBuilder &builder, Location loc, Value tensor,
                            AffineMap &map) {
  llvm::SmallBitVector zeros = getZeros(map);
  if (zeros.none())
    return tensor;
  map = map.dropResults(zeros);
  return tensor::CollapseShapeOp::create(builder, loc, tensor,
                                         getGroups(zeros));
}

Value mlir::norm::addZeros(OpBuilder &builder, Location loc, Value tensor,
                           AffineMap map) {
  llvm::SmallBitVector zeros = getZeros(map);
  if (zeros.none())
    return tensor;
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<OpFoldResult> known = tensor::getMixedSizes(builder, loc, tensor);
  SmallVector<OpFoldResult> sizes;
  SmallVector<int64_t> shape;
  unsigned position = 0;
  for (unsigned dim = 0; dim < zeros.size(); ++dim) {
    if (zeros.test(dim)) {
      sizes.push_back(builder.getIndexAttr(1));
      shape.push_back(1);
      continue;
    }
    shape.push_back(type.getDimSize(position));
    sizes.push_back(known[position++]);
  }
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), tensor,
      getGroups(zeros), sizes);
}
