//===- FoldEmpty.cpp - Nothing is computed of tensors without elements ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FOLDEMPTY
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether types say that a result has no elements: its own, or that of what it
/// is a view of.
static bool hasNoElements(OpResult result) {
  auto isEmpty = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && llvm::is_contained(tensor.getShape(), 0);
  };
  Operation *op = result.getOwner();
  return isEmpty(result.getType()) ||
         (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op) &&
          isEmpty(op->getOperand(0).getType()));
}

/// A tensor without elements of the type and the sizes of `result`; null if the
/// sizes follow from nothing but it.
static Value makeSameSize(OpBuilder &builder, OpResult result) {
  Operation *op = result.getOwner();
  Location loc = op->getLoc();
  auto type = cast<RankedTensorType>(result.getType());
  if (type.hasStaticShape())
    return tensor::EmptyOp::create(builder, loc, type, ValueRange());
  auto make = [&](ArrayRef<OpFoldResult> sizes) {
    return castTo(builder, loc, makeEmpty(builder, loc, type, sizes), type)
        .front();
  };
  ReifiedRankedShapedTypeDims sizes;
  if (succeeded(reifyResultShapes(builder, op, sizes)))
    return make(sizes[result.getResultNumber()]);
  if (!op->hasTrait<OpTrait::Elementwise>())
    return nullptr;
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()))
      return make(tensor::getMixedSizes(builder, loc, operand));
  return nullptr;
}

/// Whether `op` has no input features.
static bool hasNoFeatures(LinearOp op) {
  return cast<RankedTensorType>(op.getInput().getType()).getShape().back() == 0;
}

/// What a linear layer without input features gives: its bias, or zeros.
static Value makeBiases(LinearOp op) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  ReifiedRankedShapedTypeDims sizes;
  if (failed(reifyResultShapes(builder, op, sizes)))
    return nullptr;
  auto type = cast<RankedTensorType>(op.getResult().getType());
  Value bias = op.getBias();
  Type accumulation = getBiasedType(
      getAccumulationType(type.getElementType(), std::nullopt), bias);
  GenericBuilder generic(builder, op.getLoc(), type.getRank());
  if (bias)
    generic.addInput(bias, {type.getRank() - 1}, accumulation);
  generic.addOutput(makeEmpty(builder, op.getLoc(), type, sizes[0]),
                    generic.allDims());
  auto made =
      generic.build([&](ImplicitLocOpBuilder &body, ValueRange arguments) {
        if (bias)
          return SmallVector<Value>(arguments);
        return SmallVector<Value>{makeFloat(body, accumulation, 0.0)};
      });
  return castTo(builder, op.getLoc(), made->getResults(), type).front();
}

namespace {
struct FoldEmpty : norm::impl::FoldEmptyBase<FoldEmpty> {
  void runOnOperation() final {
    SmallVector<OpResult> results;
    getOperation()->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<tensor::EmptyOp>(op) || op->hasTrait<OpTrait::ConstantLike>() ||
          !isMemoryEffectFree(op))
        return;
      for (OpResult result : op->getResults())
        if (hasNoElements(result) && !result.use_empty())
          results.push_back(result);
    });
    llvm::SetVector<Operation *> folded;
    for (OpResult result : results) {
      OpBuilder builder(result.getOwner());
      Value empty = makeSameSize(builder, result);
      if (!empty)
        continue;
      result.replaceAllUsesWith(empty);
      folded.insert(result.getOwner());
      ++numFolded;
    }
    // Whoever counts the uses of an argument shall not find those of dead ops.
    for (Operation *op : llvm::reverse(folded))
      if (isOpTriviallyDead(op))
        op->erase();

    SmallVector<LinearOp> layers;
    getOperation()->walk([&](LinearOp op) {
      if (hasNoFeatures(op))
        layers.push_back(op);
    });
    for (LinearOp op : layers)
      if (Value biases = makeBiases(op)) {
        op.replaceAllUsesWith(biases);
        op.erase();
        ++numFolded;
      }
  }
};
} // namespace
