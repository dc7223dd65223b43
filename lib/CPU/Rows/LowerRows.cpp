//===- LowerRows.cpp - norm.generic on buffers to vector loops ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactRow.h"
#include "PipelineEmitter.h"
#include "Reductions.h"
#include "RowPlan.h"
#include "Streaming.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
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

/// Whether rows have sums that are checked: in f32, or statistics from one
/// read.
static bool hasCheckedSums(GenericOp op) {
  return llvm::any_of(*op.getBodyBlock(), [](Operation &nested) {
    if (auto center = dyn_cast<CenterOp>(nested))
      return canCheckStatistics(center);
    auto reduce = dyn_cast<ReduceOp>(nested);
    return reduce && reduce.getKind() == ReduceKind::Add &&
           reduce.getValue().getType().isF32();
  });
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
  if (!plan->fits(op, *nest, target))
    return op.emitOpError("cannot be lowered as its '")
           << kPlanAttrName << "' says on this target";
  RowOptions options;
  options.lanes = plan->lanes;
  options.unroll = plan->unroll;
  options.paired = plan->paired;
  options.accumulators = plan->accumulators;
  options.guarded = hasCheckedSums(op);
  PipelineOptions pipeline;
  pipeline.rows = plan->rows;
  pipeline.lag = plan->lag;
  bool isPipelined = plan->lag > 0 && PipelineEmitter::canEmit(*nest, pipeline);

  ImplicitLocOpBuilder builder(op.getLoc(), op);
  NestEmitter emitter(builder, *nest, target, options);
  bool isTiny = plan->lag == 0 && plan->rows > 1;
  RowNest across = isTiny ? nest->acrossRows() : *nest;
  auto emitAll = [&](Value avoidPipeline, NestEmitter::Recompute recompute) {
    if (isTiny) {
      RowOptions tinyOptions = options;
      tinyOptions.tiny = true;
      NestEmitter rows(builder, across, target, tinyOptions);
      rows.emitAcrossRows(emitter, recompute);
      return;
    }
    if (!isPipelined) {
      emitter.emitAll(recompute);
      return;
    }
    PipelineEmitter pipelined(builder, *nest, target, options, pipeline);
    pipelined.emitAll(plan->maxPipelined, avoidPipeline, emitter, recompute);
  };
  bool isStatic = llvm::none_of(op.getStaticLoopSizes(), ShapedType::isDynamic);
  auto emit = [&](NestEmitter::Recompute recompute) {
    Value stream;
    if (plan->streamBytes > 0)
      stream = makeStreamCondition(builder, *nest,
                                   plan->lanes * (plan->paired ? 2 : 1),
                                   plan->streamBytes);
    if (!stream) {
      emitAll(nullptr, recompute);
      return;
    }
    // Only the stores differ; but a pipeline of a known number of rows needs no
    // other code for them.
    if (NestEmitter::canStreamRows(*nest) && !(isPipelined && isStatic)) {
      emitter.setStreamCondition(stream);
      emitAll(stream, recompute);
      auto branch = scf::IfOp::create(builder, stream);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(branch.thenBlock());
      emitStoreFence(builder);
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
    emitAll(nullptr, recompute);
  };
  if (!options.guarded) {
    emit(nullptr);
    op.erase();
    return success();
  }
  FailureOr<ExactRow> exact = ExactRow::create(op, *nest, target);
  if (failed(exact))
    return op.emitOpError("cannot be lowered: an operand has no strides");
  emit([&](Scope &row) { exact->emitCall(builder, row); });
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
