//===- NormOpsShapes.cpp - Graph-level operations: shapes of results ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The sizes of `value` at `dims`.
static SmallVector<OpFoldResult> sizesAt(OpBuilder &builder, Location loc,
                                         Value value, ArrayRef<int64_t> dims) {
  return llvm::map_to_vector(dims, [&](int64_t dim) {
    return tensor::getMixedSize(builder, loc, value, dim);
  });
}

/// Shapes of `op`: that of its input for the first result, that of the input at
/// `dims` for the others.
static LogicalResult reifyLikeInput(Operation *op, OpBuilder &builder,
                                    ArrayRef<int64_t> dims,
                                    ReifiedRankedShapedTypeDims &shapes) {
  Value input = op->getOperand(0);
  shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), input));
  for (unsigned i = 1; i < op->getNumResults(); ++i)
    shapes.push_back(sizesAt(builder, op->getLoc(), input, dims));
  return success();
}

/// The dims of x that `axes` does not name.
static SmallVector<int64_t> keptDims(Value input, ArrayRef<int64_t> axes) {
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  SmallVector<int64_t> normalized = normalizeAxes(axes, rank), kept;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(normalized, dim))
      kept.push_back(dim);
  return kept;
}

LogicalResult
LayerNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, keptDims(getInput(), getAxes()),
                        shapes);
}

LogicalResult
RmsNormOp::reifyResultShapes(OpBuilder &builder,
                             ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, keptDims(getInput(), getAxes()),
                        shapes);
}

LogicalResult
GroupNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, {}, shapes);
}

LogicalResult
InstanceNormOp::reifyResultShapes(OpBuilder &builder,
                                  ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, {}, shapes);
}

LogicalResult
BatchNormOp::reifyResultShapes(OpBuilder &builder,
                               ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, {}, shapes);
}

LogicalResult
BatchNormTrainingOp::reifyResultShapes(OpBuilder &builder,
                                       ReifiedRankedShapedTypeDims &shapes) {
  int64_t rank = cast<RankedTensorType>(getInput().getType()).getRank();
  return reifyLikeInput(*this, builder, normalizeAxes(getChannelAxis(), rank),
                        shapes);
}

LogicalResult L2NormOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, {}, shapes);
}

LogicalResult
ActivationOp::reifyResultShapes(OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes) {
  return reifyLikeInput(*this, builder, {}, shapes);
}

LogicalResult LinearOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, getLoc(), getInput());
  sizes.back() =
      tensor::getMixedSize(builder, getLoc(), getWeight(),
                           getLayout() == WeightLayout::OutIn ? 0 : 1);
  shapes.push_back(std::move(sizes));
  return success();
}
