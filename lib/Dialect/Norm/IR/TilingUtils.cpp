//===- TilingUtils.cpp - What tiling asks of sizes ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TilingUtils.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;

using Variable = ValueBoundsConstraintSet::Variable;

OpFoldResult mlir::norm::getMixedSize(OpBuilder &builder, Location loc,
                                      Value value, unsigned position) {
  auto type = cast<ShapedType>(value.getType());
  if (!type.isDynamicDim(position))
    return builder.getIndexAttr(type.getDimSize(position));
  if (isa<MemRefType>(type))
    return memref::DimOp::create(builder, loc, value, position).getResult();
  return tensor::getMixedSize(builder, loc, value, position);
}

bool mlir::norm::coversDim(Value value, unsigned position, OpFoldResult offset,
                           OpFoldResult size) {
  if (!isConstantIntValue(offset, 0))
    return false;
  auto type = cast<ShapedType>(value.getType());
  if (!type.isDynamicDim(position))
    return isConstantIntValue(size, type.getDimSize(position));
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
      Variable(value, position), Variable(size));
  return succeeded(equal) && *equal;
}

Value mlir::norm::sliceValue(OpBuilder &builder, Location loc, Value value,
                             ArrayRef<OpFoldResult> offsets,
                             ArrayRef<OpFoldResult> sizes,
                             SmallVectorImpl<Operation *> &slices) {
  bool whole = true;
  for (unsigned i = 0; i < offsets.size(); ++i)
    whole &= coversDim(value, i, offsets[i], sizes[i]);
  if (whole)
    return value;
  SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
  Operation *slice;
  if (isa<MemRefType>(value.getType()))
    slice =
        memref::SubViewOp::create(builder, loc, value, offsets, sizes, strides);
  else
    slice = tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes,
                                           strides);
  slices.push_back(slice);
  return slice->getResult(0);
}
