//===- PlanGPURows.cpp - Decide how row programs run on a GPU -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowMapping.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/CPU/Passes.h"
#include "norm/GPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GPUPLANROWS
#include "norm/GPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static LogicalResult plan(GenericOp op) {
  if (!op.hasBufferSemantics())
    return op.emitOpError("is on tensors, but only those on buffers become "
                          "kernels: bufferize first");
  op = collapseDims(dropUnitDims(op));
  contractBody(op);
  std::string why;
  FailureOr<RowSpace> space = RowSpace::get(op, why);
  if (failed(space))
    return op.emitOpError("cannot run on a GPU: ") << why;
  if (op->hasAttr(kPlanAttrName))
    return success();
  SmallVector<Attribute> plans;
  for (const RowMapping &mapping : makeMappings(*space))
    plans.push_back(mapping.toAttr(op.getContext()));
  op->setAttr(kPlanAttrName, ArrayAttr::get(op.getContext(), plans));
  return success();
}

namespace {
struct GPUPlanRows : norm::impl::GPUPlanRowsBase<GPUPlanRows> {
  void runOnOperation() final {
    SmallVector<GenericOp> ops;
    getOperation()->walk([&](GenericOp op) { ops.push_back(op); });
    for (GenericOp op : ops)
      if (failed(plan(op)))
        return signalPassFailure();
  }
};
} // namespace
