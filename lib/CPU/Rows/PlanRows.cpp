//===- PlanRows.cpp - Decide how row programs are lowered -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowPlan.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Reductions.h"

namespace mlir::norm {
#define GEN_PASS_DEF_PLANROWS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether there are sums in f32 over only some dims of a row.
static bool hasInnerSums(GenericOp op, const RowNest &nest) {
  return llvm::any_of(*op.getBodyBlock(), [&](Operation &nested) {
    return isa<ReduceOp, CenterOp>(nested) &&
           getReduceKind(&nested) == ReduceKind::Add &&
           nested.getOperand(0).getType().isF32() &&
           nest.getLevel(&nested) > nest.getRowLevel();
  });
}

static LogicalResult plan(GenericOp op) {
  if (!op.hasBufferSemantics())
    return op.emitOpError(
        "is on tensors, but only those on buffers are lowered "
        "to loops: bufferize first");
  op = collapseDims(dropUnitDims(op));
  if (CPUTarget::get(op).hasFma)
    contractBody(op);
  std::string why;
  FailureOr<RowNest> nest = RowNest::get(op, why);
  if (failed(nest))
    return op.emitOpError("cannot be lowered: ") << why;
  if (hasInnerSums(op, *nest)) {
    // Only sums of whole rows are checked, and computed again where f32 is not
    // enough.
    remark::missed(
        op.getLoc(),
        remark::RemarkOpts::name("inner-sums").category("norm-plan-rows"))
        << "sums over parts of rows: rows are computed in f64";
    GenericOp wide = cloneWidened(op);
    op.erase();
    op = wide;
    nest = RowNest::get(op, why);
    if (failed(nest))
      return op.emitOpError("cannot be lowered: ") << why;
  }
  if (!op->hasAttr(kPlanAttrName))
    op->setAttr(
        kPlanAttrName,
        RowPlan::make(op, *nest, CPUTarget::get(op)).toAttr(op.getContext()));
  return success();
}

namespace {
struct PlanRows : norm::impl::PlanRowsBase<PlanRows> {
  void runOnOperation() final {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) { ops.push_back(op); });
    for (GenericOp op : ops)
      if (failed(plan(op)))
        return signalPassFailure();
  }
};
} // namespace
