//===- LowerSinCos.cpp - Sines and cosines in kernels ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inline code for usual arguments, a function of the module behind a branch for
// huge ones: it would cost registers where it is hardly ever used.
//
//===----------------------------------------------------------------------===//

#include "GPUMath.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "norm/CPU/VectorMath.h"

using namespace mlir;
using namespace mlir::norm;

/// The function for huge arguments in the module around `op`.
static LLVM::LLVMFuncOp getHugeFunction(OpBuilder &builder, Operation *op,
                                        bool cosine) {
  StringRef name = cosine ? "norm_huge_cos" : "norm_huge_sin";
  auto module = op->getParentOfType<gpu::GPUModuleOp>();
  if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(module.getBody());
  Location loc = module.getLoc();
  Type f32 = builder.getF32Type();
  auto function = LLVM::LLVMFuncOp::create(
      builder, loc, name, LLVM::LLVMFunctionType::get(f32, f32),
      LLVM::Linkage::Internal);
  function.setNoInline(true);
  builder.setInsertionPointToStart(function.addEntryBlock(builder));
  LaneBuilder b(loc, builder, f32, getLaneTarget());
  Value result = buildHugeSinCos(b, function.getArgument(0), cosine);
  LLVM::ReturnOp::create(b, result);
  return function;
}

namespace {
template <typename OpTy> struct InlineSinCos : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    constexpr bool isCosine = std::is_same_v<OpTy, math::CosOp>;
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), getLaneTarget());
    Value x = op.getOperand();
    Value usual = buildSinCos(b, x, isCosine);
    // Also a NaN.
    Value isHuge = b.cmp(arith::CmpFPredicate::UGT, math::AbsFOp::create(b, x),
                         b.constant(kMaxSinCos));
    LLVM::LLVMFuncOp function = getHugeFunction(b, op, isCosine);
    SmallVector<Value> arguments = getLanes(b, x), results;
    Value any;
    for (Value lane : getLanes(b, isHuge))
      any = any ? b.orI(any, lane) : lane;
    auto branch =
        scf::IfOp::create(b, op.getType(), any, /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    for (Value argument : arguments)
      results.push_back(
          LLVM::CallOp::create(b, function, argument).getResult());
    scf::YieldOp::create(b, b.select(isHuge, fromLanes(b, results), usual));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, usual);
    rewriter.replaceOp(op, branch);
    return success();
  }
};
} // namespace

void mlir::norm::populateSinCosPatterns(RewritePatternSet &patterns) {
  patterns.add<InlineSinCos<math::CosOp>, InlineSinCos<math::SinOp>>(
      patterns.getContext());
}
