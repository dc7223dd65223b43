//===- ExpandOps.cpp - Ops without loops of their own ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_EXPANDOPS
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

namespace {

/// linalg.softmax as the reductions and elementwise ops that it is made of.
struct ExpandSoftmax : OpRewritePattern<linalg::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::SoftmaxOp op,
                                PatternRewriter &rewriter) const final {
    if (!op.hasPureTensorSemantics())
      return failure();
    rewriter.setInsertionPoint(op);
    Operation *before = op->getPrevNode();
    FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
    if (failed(results))
      return failure();
    // With a NaN in the row the results are NaN, whatever its maximum is: the
    // maximum that lets a NaN through begins with a number.
    Block::iterator first =
        before ? std::next(before->getIterator()) : op->getBlock()->begin();
    SmallVector<arith::MaxNumFOp> maxima;
    for (Operation &made : llvm::make_range(first, op->getIterator()))
      made.walk([&](arith::MaxNumFOp max) { maxima.push_back(max); });
    for (arith::MaxNumFOp max : maxima) {
      auto reduction = cast<linalg::LinalgOp>(max->getParentOp());
      OpOperand *init = reduction.getDpsInitOperand(0);
      rewriter.setInsertionPoint(reduction);
      auto type = cast<FloatType>(max.getType());
      Value lowest = arith::ConstantOp::create(
          rewriter, op.getLoc(),
          rewriter.getFloatAttr(
              type, APFloat::getInf(type.getFloatSemantics(), true)));
      auto fill = init->get().getDefiningOp<linalg::FillOp>();
      Value filled = linalg::FillOp::create(rewriter, op.getLoc(), lowest,
                                            fill.getOutputs().front())
                         .getResult(0);
      rewriter.modifyOpInPlace(reduction, [&] { init->set(filled); });
      rewriter.setInsertionPoint(max);
      rewriter.replaceOpWithNewOp<arith::MaximumFOp>(max, max.getLhs(),
                                                     max.getRhs());
    }
    rewriter.replaceOp(op, *results);
    return success();
  }
};

/// tensor.pad of one value: a fill, over which the tensor is written.
struct ExpandPad : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp op,
                                PatternRewriter &rewriter) const final {
    Value padding = op.getConstantPaddingValue();
    auto isNegative = [](int64_t size) {
      return size < 0 && !ShapedType::isDynamic(size);
    };
    // A negative one cuts off.
    if (!padding || llvm::any_of(op.getStaticLow(), isNegative) ||
        llvm::any_of(op.getStaticHigh(), isNegative))
      return failure();
    Location loc = op.getLoc();
    ReifiedRankedShapedTypeDims shapes;
    if (failed(reifyResultShapes(rewriter, op, shapes)))
      return failure();
    RankedTensorType type = op.getResultType();
    Value empty = tensor::EmptyOp::create(rewriter, loc, shapes.front(),
                                          type.getElementType());
    Value filled =
        linalg::FillOp::create(rewriter, loc, padding, empty).getResult(0);
    SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
    Value whole = tensor::InsertSliceOp::create(
        rewriter, loc, op.getSource(), filled, op.getMixedLowPad(),
        tensor::getMixedSizes(rewriter, loc, op.getSource()), strides);
    if (whole.getType() != type)
      whole = tensor::CastOp::create(rewriter, loc, type, whole);
    rewriter.replaceOp(op, whole);
    return success();
  }
};

/// tensor.generate: a linalg op that asks for its indices.
struct ExpandGenerate : OpRewritePattern<tensor::GenerateOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::GenerateOp op,
                                PatternRewriter &rewriter) const final {
    return success(
        succeeded(linalg::rewriteInDestinationPassingStyle(rewriter, op)));
  }
};

struct ExpandOps : norm::impl::ExpandOpsBase<ExpandOps> {
  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandSoftmax, ExpandPad, ExpandGenerate>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
