//===- ControlFlowRules.cpp - What loops and branches need of sizes -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SizeSolver.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::norm;

/// A carried tensor has the shape of what the loop begins with, and so must
/// what is yielded for the next iteration.
static LogicalResult addLoop(scf::ForOp loop, SizeSolver &solver) {
  for (auto [init, carried, yielded, result] :
       llvm::zip_equal(loop.getInitArgs(), loop.getRegionIterArgs(),
                       loop.getYieldedValues(), loop.getResults())) {
    if (!isa<RankedTensorType>(init.getType()))
      continue;
    if (failed(solver.equateShapes(loop, carried, init)) ||
        failed(solver.equateShapes(loop, result, init)))
      return failure();
    solver.requireEqualShapes(loop, yielded, carried);
  }
  return success();
}

/// A result has the shape of what one branch yields, and so must what the
/// others do.
static LogicalResult addBranches(Operation *op, SizeSolver &solver) {
  for (OpResult result : op->getResults()) {
    if (!isa<RankedTensorType>(result.getType()))
      continue;
    bool isFirst = true;
    for (Region &region : op->getRegions()) {
      for (Block &block : region) {
        auto yield = dyn_cast<scf::YieldOp>(block.getTerminator());
        if (!yield)
          continue;
        Value yielded = yield.getOperand(result.getResultNumber());
        if (!isFirst)
          solver.requireEqualShapes(op, yielded, result);
        else if (failed(solver.equateShapes(op, result, yielded)))
          return failure();
        isFirst = false;
      }
    }
  }
  return success();
}

LogicalResult mlir::norm::addControlFlowOf(Operation *op, SizeSolver &solver) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return addLoop(loop, solver);
  if (isa<scf::IfOp, scf::IndexSwitchOp, scf::ExecuteRegionOp>(op))
    return addBranches(op, solver);
  return success();
}
