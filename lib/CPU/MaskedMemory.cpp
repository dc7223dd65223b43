//===- MaskedMemory.cpp - Loads and stores of the first lanes -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MaskedMemory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::isFirstLaneMask(Value mask) {
  if (auto constant = mask.getDefiningOp<vector::ConstantMaskOp>())
    return constant.getMaskDimSizes() == ArrayRef<int64_t>{1};
  auto created = mask.getDefiningOp<vector::CreateMaskOp>();
  return created && llvm::hasSingleElement(created.getOperands()) &&
         isConstantIntValue(created.getOperands().front(), 1);
}

Value mlir::norm::buildMaskedLoad(OpBuilder &builder, Location loc,
                                  VectorType type, Value memref,
                                  ValueRange indices, Value mask) {
  if (!mask)
    return vector::LoadOp::create(builder, loc, type, memref, indices);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  if (!isFirstLaneMask(mask))
    return vector::MaskedLoadOp::create(builder, loc, type, memref, indices,
                                        mask, zero);
  Value element = memref::LoadOp::create(builder, loc, memref, indices);
  return vector::InsertOp::create(builder, loc, element, zero, int64_t(0));
}

void mlir::norm::buildMaskedStore(OpBuilder &builder, Location loc, Value value,
                                  Value memref, ValueRange indices,
                                  Value mask) {
  if (!mask) {
    vector::StoreOp::create(builder, loc, value, memref, indices);
    return;
  }
  if (!isFirstLaneMask(mask)) {
    vector::MaskedStoreOp::create(builder, loc, memref, indices, mask, value);
    return;
  }
  Value element = vector::ExtractOp::create(builder, loc, value, int64_t(0));
  memref::StoreOp::create(builder, loc, element, memref, indices);
}
