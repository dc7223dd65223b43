//===- GeneralizeElementwise.cpp - Elementwise ops -> norm.generic --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "ScalarBodies.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// `arith.addf %a, %b : tensor<...>` and the like.
struct GeneralizeElementwiseMappable : RewritePattern {
  explicit GeneralizeElementwiseMappable(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const final;

private:
  static LogicalResult match(Operation *op);
};

LogicalResult GeneralizeElementwiseMappable::match(Operation *op) {
  if (!OpTrait::hasElementwiseMappableTraits(op) || !isPure(op) ||
      op->getNumRegions() != 0 || op->getNumResults() == 0)
    return failure();
  auto isTensor = [](Type type) {
    return isa<RankedTensorType>(type) && isScalar(getElementTypeOrSelf(type));
  };
  if (!llvm::all_of(op->getResultTypes(), isTensor))
    return failure();
  // All constant: what folds is left to folding.
  if (llvm::all_of(op->getOperands(), [](Value value) {
        return matchPattern(value, m_Constant());
      }))
    return failure();
  return success(llvm::all_of(op->getOperandTypes(), [&](Type type) {
    return isTensor(type) || isScalar(type);
  }));
}

LogicalResult GeneralizeElementwiseMappable::matchAndRewrite(
    Operation *op, PatternRewriter &rewriter) const {
  if (failed(match(op)))
    return failure();
  Location loc = op->getLoc();
  auto type = cast<RankedTensorType>(op->getResultTypes().front());
  GenericBuilder generic(rewriter, loc, type.getRank());
  SmallVector<OpFoldResult> sizes;
  for (Value operand : op->getOperands()) {
    if (!isa<RankedTensorType>(operand.getType()))
      continue;
    // A constant still says how large a dim is, but its type is static.
    if (sizes.empty())
      sizes = tensor::getMixedSizes(rewriter, loc, operand);
    Type element = getElementTypeOrSelf(operand);
    if (!getSplat(operand))
      generic.addInput(operand, generic.allDims(),
                       mayComputeWider(op) ? getArithmeticType(element)
                                           : element);
  }
  for (Type result : op->getResultTypes())
    generic.addOutput(
        makeEmpty(rewriter, loc, cast<RankedTensorType>(result), sizes),
        generic.allDims());

  GenericOp result =
      generic.build([&](ImplicitLocOpBuilder &builder, ValueRange arguments) {
        SmallVector<Value> scalars;
        auto next = arguments.begin();
        for (Value operand : op->getOperands()) {
          Value scalar;
          if (!isa<RankedTensorType>(operand.getType()))
            scalar = operand;
          else if (TypedAttr splat = getSplat(operand))
            scalar = arith::ConstantOp::create(builder, splat);
          else
            scalar = *next++;
          if (mayComputeWider(op) && isComputedWider(scalar.getType()))
            scalar =
                arith::ExtFOp::create(builder, builder.getF32Type(), scalar);
          scalars.push_back(scalar);
        }
        return computeScalar(builder, op, scalars);
      });
  rewriter.replaceOp(
      op, castTo(rewriter, loc, result->getResults(), op->getResultTypes()));
  return success();
}

/// tensor.splat: a generic without inputs that captures the scalar.
struct GeneralizeSplat : OpRewritePattern<tensor::SplatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::SplatOp op,
                                PatternRewriter &rewriter) const final {
    RankedTensorType type = op.getType();
    GenericBuilder generic(rewriter, op.getLoc(), type.getRank());
    generic.addOutput(
        tensor::EmptyOp::create(
            rewriter, op.getLoc(),
            getMixedValues(type.getShape(), op.getDynamicSizes(), rewriter),
            type.getElementType()),
        generic.allDims());
    GenericOp result = generic.build([&](ImplicitLocOpBuilder &, ValueRange) {
      return SmallVector<Value>{op.getInput()};
    });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void mlir::norm::populateGeneralizeElementwisePatterns(
    RewritePatternSet &patterns) {
  patterns.add<GeneralizeElementwiseMappable, GeneralizeSplat>(
      patterns.getContext());
}
