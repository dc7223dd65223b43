//===- NormOpsCanonicalization.cpp - One spelling for each norm -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Axes may be negative and in any order. One spelling lets CSE see that two
// norms are the same.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

template <typename OpTy> static int64_t rankOfInput(OpTy op) {
  return cast<RankedTensorType>(op.getInput().getType()).getRank();
}

/// Makes the axes of a row norm non-negative and ascending.
template <typename OpTy>
static LogicalResult sortAxes(OpTy op, PatternRewriter &rewriter) {
  SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), rankOfInput(op));
  if (op.getAxes() == ArrayRef(axes))
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.setAxes(axes); });
  return success();
}

/// Makes the channel axis non-negative.
template <typename OpTy>
static LogicalResult countChannelAxis(OpTy op, PatternRewriter &rewriter) {
  auto axis = static_cast<int64_t>(op.getChannelAxis());
  if (axis >= 0)
    return failure();
  rewriter.modifyOpInPlace(op,
                           [&] { op.setChannelAxis(axis + rankOfInput(op)); });
  return success();
}

LogicalResult LayerNormOp::canonicalize(LayerNormOp op,
                                        PatternRewriter &rewriter) {
  return sortAxes(op, rewriter);
}

LogicalResult RmsNormOp::canonicalize(RmsNormOp op, PatternRewriter &rewriter) {
  return sortAxes(op, rewriter);
}

LogicalResult L2NormOp::canonicalize(L2NormOp op, PatternRewriter &rewriter) {
  return sortAxes(op, rewriter);
}

LogicalResult GroupNormOp::canonicalize(GroupNormOp op,
                                        PatternRewriter &rewriter) {
  return countChannelAxis(op, rewriter);
}

LogicalResult InstanceNormOp::canonicalize(InstanceNormOp op,
                                           PatternRewriter &rewriter) {
  return countChannelAxis(op, rewriter);
}

LogicalResult BatchNormOp::canonicalize(BatchNormOp op,
                                        PatternRewriter &rewriter) {
  return countChannelAxis(op, rewriter);
}

LogicalResult BatchNormTrainingOp::canonicalize(BatchNormTrainingOp op,
                                                PatternRewriter &rewriter) {
  return countChannelAxis(op, rewriter);
}
