//===- LowerFloat8.cpp - 8-bit floats in kernels --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// GPUs of sm_89 and newer convert two at a time by an instruction, older ones
// by the arithmetic of lib/CPU. Both round to nearest even and saturate, and
// give the same bits of all but NaNs, which the instruction makes positive.
//
//===----------------------------------------------------------------------===//

#include "GPUMath.h"
#include "norm/CPU/Casts.h"

using namespace mlir;
using namespace mlir::norm;

static bool isF8(Type type) {
  auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
  return element && element.getWidth() == 8 && isNarrowFloat(element);
}

/// How the intrinsics of NVPTX call two values of the type.
static StringRef getPairName(FloatType type) {
  return isa<Float8E4M3FNType>(type) ? "e4m3x2" : "e5m2x2";
}

/// The bits of f32 lanes as 8-bit floats, by the instruction.
static Value truncatePairs(LaneBuilder &b, Value value, FloatType to) {
  std::string name = ("llvm.nvvm.ff.to." + getPairName(to) + ".rn").str();
  SmallVector<Value> lanes = getLanes(b, value), bytes;
  Type i8 = b.getI8Type(), i16 = b.getI16Type();
  for (size_t i = 0; i < lanes.size(); i += 2) {
    // The first operand becomes the upper half.
    bool isPair = i + 1 < lanes.size();
    Value pair =
        b.intrinsic(name, i16, {isPair ? lanes[i + 1] : lanes[i], lanes[i]});
    bytes.push_back(arith::TruncIOp::create(b, i8, pair));
    if (!isPair)
      break;
    Value shift = arith::ConstantOp::create(b, b.getI16IntegerAttr(8));
    bytes.push_back(
        arith::TruncIOp::create(b, i8, arith::ShRUIOp::create(b, pair, shift)));
  }
  return fromLanes(b, bytes);
}

/// f32 lanes of the bits of 8-bit floats, by the instruction: every such float
/// is an f16.
static Value extendPairs(LaneBuilder &b, Value bits, FloatType from) {
  std::string name = ("llvm.nvvm." + getPairName(from) + ".to.f16x2.rn").str();
  SmallVector<Value> lanes = getLanes(b, bits), floats;
  Type i16 = b.getI16Type();
  auto halves = VectorType::get(2, b.getF16Type());
  for (size_t i = 0; i < lanes.size(); i += 2) {
    bool isPair = i + 1 < lanes.size();
    Value pair = arith::ExtUIOp::create(b, i16, lanes[i]);
    if (isPair) {
      Value shift = arith::ConstantOp::create(b, b.getI16IntegerAttr(8));
      Value high = arith::ExtUIOp::create(b, i16, lanes[i + 1]);
      pair =
          arith::OrIOp::create(b, pair, arith::ShLIOp::create(b, high, shift));
    }
    Value converted = arith::ExtFOp::create(b, halves.clone(b.getF32Type()),
                                            b.intrinsic(name, halves, pair));
    for (int64_t half = 0; half < (isPair ? 2 : 1); ++half)
      floats.push_back(vector::ExtractOp::create(b, converted, half));
  }
  return fromLanes(b, floats);
}

namespace {
/// Floats of other types from 8-bit ones.
struct ExtendF8 : OpRewritePattern<arith::ExtFOp> {
  ExtendF8(MLIRContext *context, bool hasInstruction)
      : OpRewritePattern(context), hasInstruction(hasInstruction) {}

  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const final {
    if (!isF8(op.getIn().getType()))
      return failure();
    auto from = cast<FloatType>(getElementTypeOrSelf(op.getIn().getType()));
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), getLaneTarget());
    Value bits = b.bits(op.getIn());
    Value value = hasInstruction ? extendPairs(b, bits, from)
                                 : buildExtend(b, bits, from);
    auto to = cast<FloatType>(getElementTypeOrSelf(op.getType()));
    if (to.getWidth() > 32)
      value = arith::ExtFOp::create(b, op.getType(), value);
    else if (to.getWidth() < 32)
      value = arith::TruncFOp::create(b, op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }

private:
  bool hasInstruction;
};

/// 8-bit floats from those of other types.
struct TruncateF8 : OpRewritePattern<arith::TruncFOp> {
  TruncateF8(MLIRContext *context, bool hasInstruction)
      : OpRewritePattern(context), hasInstruction(hasInstruction) {}

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const final {
    // Any other way of rounding is diagnosed.
    bool isNearest =
        op.getRoundingmode().value_or(arith::RoundingMode::to_nearest_even) ==
        arith::RoundingMode::to_nearest_even;
    if (!isF8(op.getType()) || !isNearest)
      return failure();
    auto to = cast<FloatType>(getElementTypeOrSelf(op.getType()));
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), getLaneTarget());
    Value value = op.getIn();
    auto from = cast<FloatType>(getElementTypeOrSelf(value.getType()));
    if (from.getWidth() > 32)
      value = buildTruncateToOdd(b, value);
    else if (from.getWidth() < 32)
      value = arith::ExtFOp::create(b, b.f32(), value);
    Value bits = hasInstruction ? truncatePairs(b, value, to)
                                : buildTruncate(b, value, to);
    rewriter.replaceOp(op, b.bitcast(bits, to));
    return success();
  }

private:
  bool hasInstruction;
};
} // namespace

void mlir::norm::populateFloat8Patterns(RewritePatternSet &patterns,
                                        const GPUTarget &target) {
  constexpr unsigned kFirstWithFloat8 = 89;
  bool hasInstruction = target.computeCapability >= kFirstWithFloat8;
  patterns.add<ExtendF8, TruncateF8>(patterns.getContext(), hasInstruction);
}
