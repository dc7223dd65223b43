//===- GeneralizeElementwise.cpp - Elementwise ops -> norm.generic --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An op on 16-bit floats is computed in f32 and its result rounded. For the
// basic operations and the square root that gives the same bits as the
// operation in 16 bits: f32 has more than twice the bits (Figueroa, "When is
// double rounding innocuous?", SIGNUM 1995).
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether a value of `type` is computed in f32 and rounded afterwards.
static bool isComputedWider(Type type) {
  return isa<Float16Type, BFloat16Type>(type);
}

/// Whether `op`, on scalars or tensors of them, may be computed on f32 where
/// its operands and results are 16-bit floats. Casts say which types they want.
static bool mayComputeWider(Operation *op) {
  return !isa<CastOpInterface>(op) ||
         isa<arith::ExtFOp, arith::FPToSIOp, arith::FPToUIOp>(op);
}

/// The type in which a body has values of `type`.
static Type arithmeticType(Type type) {
  return isComputedWider(type) ? Float32Type::get(type.getContext()) : type;
}

/// Copies the scalar form of `op` into a body, with `operands`, which may be
/// wider than the op's: the results are as wide.
static SmallVector<Value> computeScalar(OpBuilder &builder, Operation *op,
                                        ValueRange operands) {
  SmallVector<Type> types =
      llvm::map_to_vector(op->getResultTypes(),
                          [](Type type) { return getElementTypeOrSelf(type); });
  if (isa<arith::ExtFOp>(op) && operands[0].getType() == types[0])
    return {operands[0]};
  if (mayComputeWider(op) && !isa<CastOpInterface>(op))
    for (Type &type : types)
      type = arithmeticType(type);
  return clone(builder, op, types, operands)->getResults();
}

/// Whether the body of a generic may hold values of `type`.
static bool isScalar(Type type) { return type.isIntOrIndexOrFloat(); }

/// The scalar constant that all elements of `value` are, if they are.
static TypedAttr getSplat(Value value) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return {};
  return dyn_cast<TypedAttr>(elements.getSplatValue<Attribute>());
}

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
                       mayComputeWider(op) ? arithmeticType(element) : element);
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

/// Whether `value` is nothing but room for a result: uninitialised, or a loop's
/// tensor or a part of one. (An argument of a function is the caller's.)
static bool isDestination(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return !isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return isa<tensor::EmptyOp, tensor::ExtractSliceOp>(value.getDefiningOp());
}

/// Any linalg op on tensors without a reduction.
struct GeneralizeParallelLinalg : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op,
                                PatternRewriter &rewriter) const final;

private:
  static LogicalResult match(linalg::LinalgOp op);
  static SmallVector<Value> copyBody(ImplicitLocOpBuilder &builder,
                                     linalg::LinalgOp op, IRMapping &mapping);
};

LogicalResult GeneralizeParallelLinalg::match(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() ||
      op.getNumParallelLoops() != op.getNumLoops())
    return failure();
  llvm::SmallBitVector indexed(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    Type type = operand.get().getType();
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!isScalar(getElementTypeOrSelf(type)) || !map.isProjectedPermutation())
      return failure();
    // What is not read becomes no operand.
    if (!op.isDpsInit(&operand) &&
        op.getMatchingBlockArgument(&operand).use_empty())
      continue;
    for (AffineExpr expr : map.getResults())
      indexed.set(cast<AffineDimExpr>(expr).getPosition());
  }
  if (!indexed.all())
    return failure();
  for (Operation &nested : op.getBlock()->without_terminator()) {
    if (isa<linalg::IndexOp>(nested))
      continue;
    if (!isBodyOp(&nested) || !isPure(&nested) || nested.getNumRegions() != 0 ||
        !llvm::all_of(nested.getOperandTypes(), isScalar) ||
        !llvm::all_of(nested.getResultTypes(), isScalar))
      return failure();
  }
  return success();
}

/// Copies the body; 16-bit arithmetic is done in f32, each result rounded
/// unless it is only yielded, where the output rounds it.
SmallVector<Value>
GeneralizeParallelLinalg::copyBody(ImplicitLocOpBuilder &builder,
                                   linalg::LinalgOp op, IRMapping &mapping) {
  auto lookup = [&](Value value) { return mapping.lookupOrDefault(value); };
  Block *block = op.getBlock();
  for (Operation &nested : block->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(nested)) {
      mapping.map(index.getResult(),
                  IndexOp::create(builder, builder.getIndexType(),
                                  builder.getI64IntegerAttr(index.getDim()))
                      .getResult());
      continue;
    }
    SmallVector<Value> operands;
    for (Value operand : nested.getOperands()) {
      Value scalar = lookup(operand);
      Type type = operand.getType();
      bool wider = mayComputeWider(&nested) && isComputedWider(type);
      if (wider && scalar.getType() == type)
        scalar = arith::ExtFOp::create(builder, builder.getF32Type(), scalar);
      else if (!wider && scalar.getType() != type)
        scalar = arith::TruncFOp::create(builder, type, scalar);
      operands.push_back(scalar);
    }
    for (auto [result, value] : llvm::zip_equal(
             nested.getResults(), computeScalar(builder, &nested, operands))) {
      bool isYielded = llvm::all_of(result.getUsers(), [&](Operation *user) {
        return user == block->getTerminator();
      });
      if (value.getType() != result.getType() && !isYielded) {
        value = arith::TruncFOp::create(builder, result.getType(), value);
        value = arith::ExtFOp::create(builder, builder.getF32Type(), value);
      }
      mapping.map(result, value);
    }
  }
  return llvm::map_to_vector(block->getTerminator()->getOperands(), lookup);
}

LogicalResult
GeneralizeParallelLinalg::matchAndRewrite(linalg::LinalgOp op,
                                          PatternRewriter &rewriter) const {
  if (failed(match(op)))
    return failure();
  Location loc = op.getLoc();
  GenericBuilder generic(rewriter, loc, op.getNumLoops());
  // What becomes of each block argument: an input's, in order, or a scalar.
  SmallVector<BlockArgument> inputs;
  IRMapping mapping;
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    Value value = operand.get();
    if (argument.use_empty())
      continue;
    if (!isa<RankedTensorType>(value.getType())) {
      mapping.map(argument, value);
    } else {
      inputs.push_back(argument);
      generic.addInput(value, op.getMatchingIndexingMap(&operand),
                       arithmeticType(argument.getType()));
    }
  }
  for (OpOperand &init : op.getDpsInitsMutable()) {
    // Inits are never read: one that was is an input now, and what computes it
    // need not run.
    Value value = init.get();
    if (!isDestination(value))
      value = makeEmptyLike(rewriter, loc, value);
    generic.addOutput(value, op.getMatchingIndexingMap(&init));
  }
  GenericOp result =
      generic.build([&](ImplicitLocOpBuilder &builder, ValueRange arguments) {
        for (auto [argument, value] : llvm::zip_equal(inputs, arguments))
          mapping.map(argument, value);
        return copyBody(builder, op, mapping);
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
  patterns.add<GeneralizeElementwiseMappable, GeneralizeParallelLinalg,
               GeneralizeSplat>(patterns.getContext());
}
