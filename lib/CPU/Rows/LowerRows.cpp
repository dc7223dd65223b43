//===- LowerRows.cpp - norm.generic on buffers to vector loops ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyRewrites.h"
#include "PipelineEmitter.h"
#include "RowPlan.h"
#include "Streaming.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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
  FailureOr<RowPlan> plan = RowPlan::fromAttr(op->getAttr(kPlanAttrName));
  if (failed(plan))
    return op.emitOpError("has no valid '")
           << kPlanAttrName << "': run norm-plan-rows first";
  std::string why;
  FailureOr<RowNest> nest = RowNest::get(op, why);
  if (failed(nest))
    return op.emitOpError("cannot be lowered: ") << why;

  CPUTarget target = CPUTarget::get(op);
  RowOptions options;
  options.lanes = plan->lanes;
  options.unroll = plan->unroll;
  options.paired = plan->paired;
  options.guarded = canWiden(op);
  PipelineOptions pipeline;
  pipeline.rows = plan->rows;
  pipeline.lag = plan->lag;
  bool isPipelined = plan->lag > 0 && PipelineEmitter::canEmit(*nest, pipeline);

  ImplicitLocOpBuilder builder(op.getLoc(), op);
  NestEmitter emitter(builder, *nest, target, options);
  auto emitInCache = [&](NestEmitter::Recompute recompute) {
    if (!isPipelined) {
      emitter.emitAll(recompute);
      return;
    }
    PipelineEmitter pipelined(builder, *nest, target, options, pipeline);
    pipelined.emitAll(plan->maxPipelined, emitter, recompute);
  };
  auto emit = [&](NestEmitter::Recompute recompute) {
    Value stream;
    if (plan->streamBytes > 0)
      stream =
          makeStreamCondition(builder, *nest, plan->lanes, plan->streamBytes);
    if (!stream) {
      emitInCache(recompute);
      return;
    }
    auto branch = scf::IfOp::create(builder, stream, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    RowOptions streamOptions = options;
    streamOptions.stream = true;
    NestEmitter streaming(builder, *nest, target, streamOptions);
    streaming.emitAll(recompute);
    emitStoreFence(builder);
    builder.setInsertionPointToStart(branch.elseBlock());
    emitInCache(recompute);
  };
  if (!options.guarded) {
    emit(nullptr);
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
  RowOptions wideOptions;
  wideOptions.lanes = target.getLanes(64);
  wideOptions.unroll = 2;
  NestEmitter wideEmitter(builder, wideNest, target, wideOptions);
  emit([&](Scope &row) { wideEmitter.emitRow(row); });
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
