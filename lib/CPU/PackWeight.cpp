//===- PackWeight.cpp - Packing at run time -------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackWeight.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/CPU/LinearPlan.h"

using namespace mlir;
using namespace mlir::norm;

RankedTensorType mlir::norm::getPackedWeightType(const CPUTarget &target,
                                                 RankedTensorType weight,
                                                 WeightLayout layout) {
  bool outIn = layout == WeightLayout::OutIn;
  Type element = weight.getElementType();
  int64_t in = weight.getDimSize(outIn ? 1 : 0);
  return LinearPlan::get(target, element, in)
      .getPackedType(weight.getDimSize(outIn ? 0 : 1), in, element);
}

Value mlir::norm::createPackWeight(OpBuilder &builder, Location loc,
                                   Value weight, WeightLayout layout,
                                   RankedTensorType packedType) {
  bool outIn = layout == WeightLayout::OutIn;
  AffineExpr d0 = builder.getAffineDimExpr(0);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, weight);
  SmallVector<OpFoldResult> packed;
  for (auto [i, size] : llvm::enumerate(packedType.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      packed.push_back(builder.getIndexAttr(size));
      continue;
    }
    // Only dim 0, the panels, and dim 1, rows or pairs of them, are dynamic.
    int64_t divisor =
        i == 0 ? packedType.getDimSize(2) : (packedType.getRank() == 4 ? 2 : 1);
    packed.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, d0.ceilDiv(divisor), {sizes[(i == 0) == outIn ? 0 : 1]}));
  }
  Value empty = tensor::EmptyOp::create(builder, loc, packed,
                                        packedType.getElementType());
  return PackWeightOp::create(builder, loc, packedType, weight, empty, layout)
      .getResult();
}
