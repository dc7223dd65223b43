//===- LowerRows.cpp - norm.generic on buffers to vector loops ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactRow.h"
#include "PipelineEmitter.h"
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
#include "norm/CPU/Reductions.h"

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

namespace {
/// One way in which the rows of an op are emitted.
struct Variant {
  /// Of rows one after the other.
  RowOptions options;
  /// Of rows in groups with skewed stages, if any are.
  RowOptions pipelineOptions;
  PipelineOptions pipeline;
  bool isPipelined = false;
  int64_t maxPipelined = 0;
};

/// Emits an op as its plan says.
class Lowering {
public:
  Lowering(GenericOp op, const RowNest &nest, const CPUTarget &target,
           const RowPlan &plan)
      : op(op), nest(nest), target(target), plan(plan),
        builder(op.getLoc(), op) {}

  LogicalResult run();

private:
  using Recompute = NestEmitter::Recompute;
  Variant makeVariant() const;
  Variant makeShortVariant() const;
  void emit(Recompute recompute);
  void emitVariant(const Variant &variant, Value stream, Recompute recompute);
  void emitCached(const Variant &variant, NestEmitter &emitter,
                  Value avoidPipeline, Recompute recompute);

  GenericOp op;
  const RowNest &nest;
  const CPUTarget &target;
  const RowPlan &plan;
  ImplicitLocOpBuilder builder;
};
} // namespace

Variant Lowering::makeVariant() const {
  Variant variant;
  variant.options.lanes = plan.lanes;
  variant.options.unroll = plan.unroll;
  variant.options.accumulators = plan.accumulators;
  variant.options.paired = plan.paired;
  variant.options.guarded = hasCheckedSums(op);
  variant.pipelineOptions = variant.options;
  variant.pipeline.rows = plan.rows;
  variant.pipeline.lag = plan.lag;
  variant.isPipelined =
      plan.lag > 0 && PipelineEmitter::canEmit(nest, variant.pipeline);
  variant.maxPipelined = plan.maxPipelined;
  return variant;
}

Variant Lowering::makeShortVariant() const {
  RowPlan shortPlan = plan.getShortPlan(op);
  Variant variant = makeVariant();
  variant.pipelineOptions.unroll = shortPlan.unroll;
  variant.pipelineOptions.accumulators = shortPlan.accumulators;
  variant.pipelineOptions.inRegisters = true;
  // A row alone adds its vectors in the same order.
  variant.options.unroll = plan.paired ? 2 : 1;
  variant.options.accumulators = 1;
  variant.options.chunked = false;
  variant.pipeline.rows = shortPlan.rows;
  variant.pipeline.lag = shortPlan.lag;
  variant.maxPipelined = plan.maxShort;
  return variant;
}

/// Emits all rows, those where `avoidPipeline`, if given, holds with `emitter`.
void Lowering::emitCached(const Variant &variant, NestEmitter &emitter,
                          Value avoidPipeline, Recompute recompute) {
  if (plan.lag == 0 && plan.rows > 1) {
    RowNest across = nest.acrossRows();
    RowOptions options = variant.options;
    options.tiny = true;
    NestEmitter rows(builder, across, target, options);
    rows.emitAcrossRows(emitter, recompute);
    return;
  }
  if (!variant.isPipelined) {
    emitter.emitAll(recompute);
    return;
  }
  PipelineEmitter pipelined(builder, nest, target, variant.pipelineOptions,
                            variant.pipeline);
  pipelined.emitAll(variant.maxPipelined, avoidPipeline, emitter, recompute);
}

void Lowering::emitVariant(const Variant &variant, Value stream,
                           Recompute recompute) {
  NestEmitter emitter(builder, nest, target, variant.options);
  if (!stream) {
    emitCached(variant, emitter, nullptr, recompute);
    return;
  }
  // Only the stores differ; but a pipeline of a known number of rows needs no
  // other code for them.
  bool isStatic = llvm::none_of(op.getStaticLoopSizes(), ShapedType::isDynamic);
  OpBuilder::InsertionGuard guard(builder);
  if (NestEmitter::canStreamRows(nest) && !(variant.isPipelined && isStatic)) {
    emitter.setStreamCondition(stream);
    emitCached(variant, emitter, stream, recompute);
    auto branch = scf::IfOp::create(builder, stream);
    builder.setInsertionPointToStart(branch.thenBlock());
    emitStoreFence(builder);
    return;
  }
  auto branch = scf::IfOp::create(builder, stream, /*withElseRegion=*/true);
  builder.setInsertionPointToStart(branch.thenBlock());
  RowOptions streamOptions = variant.options;
  streamOptions.stream = true;
  NestEmitter streaming(builder, nest, target, streamOptions);
  streaming.emitAll(recompute);
  emitStoreFence(builder);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitCached(variant, emitter, nullptr, recompute);
}

void Lowering::emit(Recompute recompute) {
  Value stream;
  if (plan.streamBytes > 0)
    stream = makeStreamCondition(
        builder, nest, plan.lanes * (plan.paired ? 2 : 1), plan.streamBytes);
  if (plan.maxShort == 0) {
    emitVariant(makeVariant(), stream, recompute);
    return;
  }
  auto [source, position] = op.getDimSource(*nest.getVectorDim());
  Value isShort = arith::CmpIOp::create(
      builder, arith::CmpIPredicate::ule,
      memref::DimOp::create(builder, source, position),
      arith::ConstantIndexOp::create(builder, plan.maxShort));
  auto branch = scf::IfOp::create(builder, isShort, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  emitVariant(makeShortVariant(), stream, recompute);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitVariant(makeVariant(), stream, recompute);
}

LogicalResult Lowering::run() {
  if (!hasCheckedSums(op)) {
    emit(nullptr);
    op.erase();
    return success();
  }
  FailureOr<ExactRow> exact = ExactRow::create(op, nest, target);
  if (failed(exact))
    return op.emitOpError("cannot be lowered: an operand has no strides");
  emit([&](Scope &row) { exact->emitCall(builder, row); });
  op.erase();
  return success();
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
  return Lowering(op, *nest, target, *plan).run();
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
