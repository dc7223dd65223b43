//===- HoistTemporaries.cpp - No memory is taken inside of control flow ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "norm/CPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_HOISTTEMPORARIES
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Moves `empty` in front of all loops and branches around it that its sizes
/// are known in front of.
static bool hoist(tensor::EmptyOp empty) {
  Operation *outermost = nullptr;
  for (Operation *op = empty->getParentOp(); op && !isa<func::FuncOp>(op);
       op = op->getParentOp()) {
    if (llvm::any_of(empty.getDynamicSizes(), [&](Value size) {
          return op->isAncestor(size.getParentBlock()->getParentOp());
        }))
      break;
    outermost = op;
  }
  if (!outermost)
    return false;
  empty->moveBefore(outermost);
  return true;
}

/// Whether `value` is `carried`, with parts of it written over.
static bool isInPlace(Value value, BlockArgument carried) {
  while (value != carried) {
    auto result = dyn_cast<OpResult>(value);
    if (!result)
      return false;
    Operation *op = result.getOwner();
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
      value = insert.getDest();
    else if (auto insert = dyn_cast<tensor::InsertOp>(op))
      value = insert.getDest();
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      value = loop.getInitArgs()[result.getResultNumber()];
    else if (auto styled = dyn_cast<DestinationStyleOpInterface>(op))
      value = styled.getTiedOpOperand(result)->get();
    else
      return false;
  }
  return true;
}

/// Makes `loop` keep each of its tensors in the memory that it began with, and
/// that its own where it is further inside: what is around it may still be
/// read.
static unsigned copyCarried(scf::ForOp loop) {
  unsigned numCopied = 0;
  if (!isa<func::FuncOp>(loop->getParentOp()))
    for (OpOperand &init : loop.getInitArgsMutable()) {
      auto type = dyn_cast<RankedTensorType>(init.get().getType());
      if (!type || !type.hasStaticShape() ||
          init.get().getDefiningOp<tensor::EmptyOp>())
        continue;
      OpBuilder builder(loop);
      auto own =
          tensor::EmptyOp::create(builder, loop.getLoc(), type, ValueRange());
      hoist(own);
      init.set(makeCopy(builder, loop.getLoc(), init.get(), own).getResult(0));
      ++numCopied;
    }
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  OpBuilder builder(yield);
  for (auto [operand, carried] :
       llvm::zip_equal(yield->getOpOperands(), loop.getRegionIterArgs())) {
    if (!isa<RankedTensorType>(carried.getType()) ||
        isInPlace(operand.get(), carried))
      continue;
    operand.set(
        makeCopy(builder, loop.getLoc(), operand.get(), carried).getResult(0));
    ++numCopied;
  }
  return numCopied;
}

/// A tensor in front of `op` for its result `i`, which the branches copy theirs
/// to; null if they compute it in memory of their own, or its sizes are not
/// known there.
static Value makeDestination(Operation *op, unsigned i) {
  auto type = cast<RankedTensorType>(op->getResult(i).getType());
  Value outside;
  for (Region &region : op->getRegions()) {
    Value yielded = region.front().getTerminator()->getOperand(i);
    if (!op->isAncestor(yielded.getParentRegion()->getParentOp()))
      outside = yielded;
  }
  if (!outside)
    return nullptr;
  OpBuilder builder(op);
  auto destination = tensor::EmptyOp::create(
      builder, op->getLoc(),
      tensor::getMixedSizes(builder, op->getLoc(), outside),
      type.getElementType());
  hoist(destination);
  return destination;
}

/// Makes all branches of `op` give their tensors in the same memory where one
/// of them gives what is from around it, of which bufferization would take a
/// copy.
static unsigned copyBranches(Operation *op) {
  unsigned numCopied = 0;
  for (OpResult result : op->getResults()) {
    unsigned i = result.getResultNumber();
    Value destination = isa<RankedTensorType>(result.getType())
                            ? makeDestination(op, i)
                            : Value();
    if (!destination || destination.getType() != result.getType())
      continue;
    for (Region &region : op->getRegions()) {
      OpOperand &yielded = region.front().getTerminator()->getOpOperand(i);
      OpBuilder builder(yielded.getOwner());
      yielded.set(makeCopy(builder, op->getLoc(), yielded.get(), destination)
                      .getResult(0));
      ++numCopied;
    }
  }
  return numCopied;
}

namespace {
struct HoistTemporaries : norm::impl::HoistTemporariesBase<HoistTemporaries> {
  void runOnOperation() final {
    getOperation()->walk([&](tensor::EmptyOp empty) {
      if (hoist(empty))
        ++numHoisted;
    });
    getOperation()->walk([&](Operation *op) {
      if (auto loop = dyn_cast<scf::ForOp>(op))
        numCopied += copyCarried(loop);
      else if (isa<scf::IfOp, scf::IndexSwitchOp>(op))
        numCopied += copyBranches(op);
    });
  }
};
} // namespace
