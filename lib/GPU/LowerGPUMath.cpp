//===- LowerGPUMath.cpp - Math functions in kernels as inline code --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GPUMath.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/CPU/Casts.h"
#include "norm/CPU/Patterns.h"
#include "norm/GPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPULOWERMATH
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::isInstruction(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
             math::CountLeadingZerosOp, math::CountTrailingZerosOp,
             math::CtPopOp, math::FloorOp, math::FmaOp, math::RoundEvenOp,
             math::RoundOp, math::SqrtOp, math::TruncOp>(op);
}

CPUTarget mlir::norm::getLaneTarget() {
  CPUTarget target;
  target.isX86 = false;
  return target;
}

SmallVector<Value> mlir::norm::getLanes(LaneBuilder &b, Value value) {
  auto vector = dyn_cast<VectorType>(value.getType());
  if (!vector)
    return {value};
  Value flat = value;
  if (vector.getRank() != 1)
    flat = vector::ShapeCastOp::create(
        b, VectorType::get(vector.getNumElements(), vector.getElementType()),
        value);
  SmallVector<Value> lanes;
  for (int64_t i = 0; i < vector.getNumElements(); ++i)
    lanes.push_back(vector::ExtractOp::create(b, flat, i));
  return lanes;
}

Value mlir::norm::fromLanes(LaneBuilder &b, ArrayRef<Value> lanes) {
  VectorType vector = b.getVector();
  if (!vector)
    return lanes.front();
  return vector::FromElementsOp::create(
      b, vector.clone(lanes.front().getType()), lanes);
}

namespace {
/// Functions that are instructions of PTX. Without their own op in LLVM's
/// dialect, which convert-gpu-to-nvvm makes calls of CUDA's library.
template <typename OpTy> struct CallIntrinsic : OpRewritePattern<OpTy> {
  CallIntrinsic(MLIRContext *context, StringRef name)
      : OpRewritePattern<OpTy>(context), name(name) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, op.getType(), rewriter.getStringAttr(name), op->getOperands());
    return success();
  }

private:
  StringRef name;
};

/// Minima and maxima that propagate NaNs: one instruction, of f32 only.
template <typename OpTy> struct CallExtremum : CallIntrinsic<OpTy> {
  using CallIntrinsic<OpTy>::CallIntrinsic;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return failure();
    return CallIntrinsic<OpTy>::matchAndRewrite(op, rewriter);
  }
};

struct GPULowerMath : norm::impl::GPULowerMathBase<GPULowerMath> {
  void runOnOperation() final {
    RewritePatternSet patterns(&getContext());
    populateInlineMathPatterns(patterns, getLaneTarget());
    populateFloat8Patterns(patterns, GPUTarget::get(getOperation()));
    populateRoundingPatterns(patterns);
    populateSinCosPatterns(patterns);
    if (failed(widenNarrowArithmetic(getOperation())) ||
        failed(applyPatternsGreedily(getOperation(), std::move(patterns))) ||
        failed(checkLeft()) || failed(callIntrinsics()))
      signalPassFailure();
  }

private:
  LogicalResult callIntrinsics() {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    patterns.add<CallExtremum<arith::MaximumFOp>>(context, "llvm.maximum");
    patterns.add<CallExtremum<arith::MinimumFOp>>(context, "llvm.minimum");
    patterns.add<CallIntrinsic<math::AbsFOp>>(context, "llvm.fabs");
    patterns.add<CallIntrinsic<math::CeilOp>>(context, "llvm.ceil");
    patterns.add<CallIntrinsic<math::CopySignOp>>(context, "llvm.copysign");
    patterns.add<CallIntrinsic<math::FloorOp>>(context, "llvm.floor");
    patterns.add<CallIntrinsic<math::RoundEvenOp>>(context, "llvm.roundeven");
    patterns.add<CallIntrinsic<math::RoundOp>>(context, "llvm.round");
    patterns.add<CallIntrinsic<math::SqrtOp>>(context, "llvm.sqrt");
    patterns.add<CallIntrinsic<math::TruncOp>>(context, "llvm.trunc");
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  /// Diagnoses what no instruction of PTX computes.
  LogicalResult checkLeft() {
    WalkResult walk = getOperation().walk([](Operation *op) -> WalkResult {
      if (isa<arith::RemFOp>(op))
        return op->emitOpError("has no GPU lowering");
      if (isa<arith::ExtFOp, arith::TruncFOp>(op)) {
        for (Type type :
             {op->getOperand(0).getType(), op->getResult(0).getType()}) {
          Type element = getElementTypeOrSelf(type);
          if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(
                  element))
            return op->emitOpError("of ") << element << " has no GPU lowering";
        }
        if (auto trunc = dyn_cast<arith::TruncFOp>(op))
          if (auto mode = trunc.getRoundingmode();
              mode && *mode != arith::RoundingMode::to_nearest_even)
            return op->emitOpError("has no GPU lowering of rounding mode ")
                   << arith::stringifyRoundingMode(*mode);
      }
      if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
          isInstruction(op))
        return WalkResult::advance();
      return op->emitOpError("of ")
             << getElementTypeOrSelf(op->getResult(0).getType())
             << " has no GPU lowering";
    });
    return failure(walk.wasInterrupted());
  }
};
} // namespace
