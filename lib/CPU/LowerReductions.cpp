//===- LowerReductions.cpp - Minima, maxima and sums of a vector ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "norm/CPU/LaneBuilder.h"
#include "norm/CPU/Patterns.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether `value` is a constant with no NaN in it.
static bool isNumber(Value value) {
  FloatAttr scalar;
  if (matchPattern(value, m_Constant(&scalar)))
    return !scalar.getValue().isNaN();
  DenseFPElementsAttr elements;
  return matchPattern(value, m_Constant(&elements)) && elements.isSplat() &&
         !elements.getSplatValue<APFloat>().isNaN();
}

namespace {
/// LLVM also orders the zeros, which costs it twice as much.
template <typename OpTy, arith::CmpFPredicate predicate>
struct LowerMinMax : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    Type element = getElementTypeOrSelf(op.getType());
    if (!isa<Float32Type, Float64Type>(element))
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), CPUTarget());
    Value lhs = op.getLhs(), rhs = op.getRhs();
    if (isNumber(rhs))
      std::swap(lhs, rhs);
    // maxps and minps give their second operand where one is a NaN.
    Value result = b.select(b.cmp(predicate, lhs, rhs), lhs, rhs);
    if (!isNumber(lhs))
      result = b.select(b.isNaN(lhs), lhs, result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// LLVM makes a chain of a reduction that it may not reassociate, and of minima
/// and maxima always.
struct ReduceByTree : OpRewritePattern<vector::ReductionOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(vector::ReductionOp op,
                                PatternRewriter &rewriter) const final {
    VectorType type = op.getSourceVectorType();
    if (op.isMasked() || type.getRank() != 1 || type.isScalable() ||
        !isa<FloatType>(type.getElementType()))
      return failure();
    Value result = reduce(rewriter, op.getLoc(), op.getKind(), op.getVector());
    if (Value accumulator = op.getAcc())
      result = vector::makeArithReduction(rewriter, op.getLoc(), op.getKind(),
                                          result, accumulator);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value slice(OpBuilder &b, Location loc, Value vector, int64_t begin,
                     int64_t end) {
    return vector::ShuffleOp::create(
        b, loc, vector, vector,
        llvm::to_vector(llvm::seq<int64_t>(begin, end)));
  }

  /// Lane i and lane i + n/2, for n lanes, until one is left; lanes beyond a
  /// power of two come last.
  static Value reduce(OpBuilder &b, Location loc, vector::CombiningKind kind,
                      Value vector) {
    int64_t lanes = cast<VectorType>(vector.getType()).getDimSize(0);
    if (lanes == 1)
      return vector::ExtractOp::create(b, loc, vector, ArrayRef<int64_t>{0});
    int64_t power = llvm::bit_floor<uint64_t>(lanes);
    if (power != lanes)
      return vector::makeArithReduction(
          b, loc, kind, reduce(b, loc, kind, slice(b, loc, vector, 0, power)),
          reduce(b, loc, kind, slice(b, loc, vector, power, lanes)));
    Value low = slice(b, loc, vector, 0, lanes / 2);
    Value high = slice(b, loc, vector, lanes / 2, lanes);
    return reduce(b, loc, kind,
                  vector::makeArithReduction(b, loc, kind, low, high));
  }
};
} // namespace

void mlir::norm::populateReductionPatterns(RewritePatternSet &patterns,
                                           const CPUTarget &target) {
  patterns.add<ReduceByTree>(patterns.getContext());
  // AArch64 has instructions for both.
  if (target.isX86)
    patterns.add<LowerMinMax<arith::MaximumFOp, arith::CmpFPredicate::OGT>,
                 LowerMinMax<arith::MinimumFOp, arith::CmpFPredicate::OLT>>(
        patterns.getContext());
}
