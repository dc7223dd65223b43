//===- PlanRows.cpp - Decide how row programs are lowered -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyRewrites.h"
#include "RowPlan.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "norm/CPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_PLANROWS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

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
