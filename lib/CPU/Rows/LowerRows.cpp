//===- LowerRows.cpp - norm.generic on buffers to vector loops ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyRewrites.h"
#include "NestEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "norm/CPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_LOWERROWS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The widest float of the body, in bits; integers count as of 32.
static unsigned getWidestBits(GenericOp op) {
  unsigned bits = 32;
  auto visit = [&](Type type) {
    if (auto floatType = dyn_cast<FloatType>(type))
      bits = std::max(bits, floatType.getWidth());
  };
  for (BlockArgument argument : op.getBodyBlock()->getArguments())
    visit(argument.getType());
  for (Operation &nested : *op.getBodyBlock())
    for (Type type : nested.getResultTypes())
      visit(type);
  return bits;
}

/// Whether rows are computed in f32 and can be computed in f64 instead.
static bool canWiden(GenericOp op) {
  bool reduces = false;
  for (Operation &nested : *op.getBodyBlock())
    if (isa<ReduceOp, CenterOp>(nested) &&
        nested.getOperand(0).getType().isF32())
      reduces = true;
  return reduces;
}

static LogicalResult lower(GenericOp op) {
  if (!op.hasBufferSemantics())
    return op.emitOpError(
        "is on tensors, but only those on buffers are lowered "
        "to loops: bufferize first");
  op = collapseDims(op);
  contractBody(op);
  std::string why;
  FailureOr<RowNest> nest = RowNest::get(op, why);
  if (failed(nest))
    return op.emitOpError("cannot be lowered: ") << why;

  CPUTarget target = CPUTarget::get(op);
  NestOptions options;
  options.lanes = target.getLanes(getWidestBits(op));
  options.guarded = canWiden(op);
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  NestEmitter emitter(builder, *nest, target, options);
  if (!options.guarded) {
    emitter.emitAll(nullptr);
    op.erase();
    return success();
  }
  GenericOp wide = cloneWidened(op);
  RowNest wideNest = nest->forCopy(wide);
  bool acrossRows =
      nest->getVectorDim() &&
      nest->getLoopOf(*nest->getVectorDim()) < nest->getRowLevel();
  if (acrossRows)
    wideNest = wideNest.scalar();
  NestOptions wideOptions;
  wideOptions.lanes = target.getLanes(64);
  wideOptions.unroll = 2;
  NestEmitter wideEmitter(builder, wideNest, target, wideOptions);
  emitter.emitAll([&](Scope &row) { wideEmitter.emitRow(row); });
  wide.erase();
  op.erase();
  return success();
}

namespace {
struct LowerRows : norm::impl::LowerRowsBase<LowerRows> {
  void runOnOperation() final {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) { ops.push_back(op); });
    for (GenericOp op : ops)
      if (failed(lower(op)))
        return signalPassFailure();
  }
};
} // namespace
