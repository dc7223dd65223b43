//===- FastTanh.cpp - A pass that goes between those of norm-mlir ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastTanh.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"
#include "norm/Dialect/Norm/IR/Norm.h"

using namespace mlir;

/// The approximant of `tanh`, before it.
static Value buildApproximant(IRRewriter &rewriter, math::TanhOp tanh) {
  Location loc = tanh.getLoc();
  Type type = tanh.getType();
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(rewriter, loc,
                                     rewriter.getFloatAttr(type, value));
  };
  Value low =
      arith::MaximumFOp::create(rewriter, loc, tanh.getOperand(), constant(-3));
  Value x = arith::MinimumFOp::create(rewriter, loc, low, constant(3));
  Value square = arith::MulFOp::create(rewriter, loc, x, x);
  Value top = arith::AddFOp::create(rewriter, loc, square, constant(27));
  Value nine = arith::MulFOp::create(rewriter, loc, square, constant(9));
  Value bottom = arith::AddFOp::create(rewriter, loc, nine, constant(27));
  Value ratio = arith::DivFOp::create(rewriter, loc, top, bottom);
  return arith::MulFOp::create(rewriter, loc, x, ratio);
}

namespace {

struct FastTanh : PassWrapper<FastTanh, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FastTanh)
  StringRef getArgument() const final { return "consumer-fast-tanh"; }
  StringRef getDescription() const final { return "Approximate tanh"; }

  void runOnOperation() final {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](norm::GenericOp generic) {
      generic.emitRemark("rows are read in ")
          << norm::RowProgram(generic).getNumStages() << " stages";
      generic->walk([&](math::TanhOp tanh) {
        rewriter.setInsertionPoint(tanh);
        rewriter.replaceOp(tanh, buildApproximant(rewriter, tanh));
      });
    });
  }
};

} // namespace

std::unique_ptr<Pass> consumer::createFastTanh() {
  return std::make_unique<FastTanh>();
}
