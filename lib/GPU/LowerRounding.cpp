//===- LowerRounding.cpp - Small integers from floats in kernels ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantization rounds to an integer, clamps that, and converts it: two
// conversions, for which GPUs have few units. Adding 1.5 * 2^23 to a small f32
// rounds it to nearest even and leaves the integer in the low bits of the sum.
// What is clamped by integers may be rounded after that.
//
//===----------------------------------------------------------------------===//

#include "GPUMath.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "norm/CPU/LaneBuilder.h"

using namespace mlir;
using namespace mlir::norm;

static bool isIntegral(Value value) {
  APFloat number(0.0f);
  return matchPattern(value, m_ConstantFloat(&number)) && number.isInteger();
}

/// What is to be clamped to give `value`, a clamped rounding to even, without
/// the rounding; null if it is none. Clamps are appended, the last one first.
static Value findRounded(Value value, SmallVectorImpl<Operation *> &clamps) {
  while (Operation *def = value.getDefiningOp()) {
    if (auto rounding = dyn_cast<math::RoundEvenOp>(def))
      return rounding.getOperand();
    if (!isa<arith::MaximumFOp, arith::MinimumFOp>(def))
      return nullptr;
    bool isSecond = isIntegral(def->getOperand(1));
    if (!isSecond && !isIntegral(def->getOperand(0)))
      return nullptr;
    clamps.push_back(def);
    value = def->getOperand(isSecond ? 0 : 1);
  }
  return nullptr;
}

namespace {
/// Conversions that are poison where the number is not of the integer's range.
template <typename OpTy> struct ConvertByAddition : OpRewritePattern<OpTy> {
  ConvertByAddition(MLIRContext *context)
      : OpRewritePattern<OpTy>(context, /*benefit=*/2) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    constexpr unsigned kMostBits = 16;
    Type from = getElementTypeOrSelf(op.getIn().getType());
    Type to = getElementTypeOrSelf(op.getType());
    SmallVector<Operation *> clamps;
    if (!from.isF32() || to.getIntOrFloatBitWidth() > kMostBits)
      return failure();
    Value value = findRounded(op.getIn(), clamps);
    if (!value)
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), getLaneTarget());
    for (Operation *clamp : llvm::reverse(clamps)) {
      bool isSecond = isIntegral(clamp->getOperand(1));
      Value limit = clamp->getOperand(isSecond ? 1 : 0);
      value = isa<arith::MaximumFOp>(clamp)
                  ? arith::MaximumFOp::create(b, value, limit).getResult()
                  : arith::MinimumFOp::create(b, value, limit).getResult();
    }
    Value sum = b.add(value, b.constant(0x1.8p23));
    rewriter.replaceOpWithNewOp<arith::TruncIOp>(op, op.getType(), b.bits(sum));
    return success();
  }
};
} // namespace

void mlir::norm::populateRoundingPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertByAddition<arith::FPToSIOp>,
               ConvertByAddition<arith::FPToUIOp>>(patterns.getContext());
}
