//===- DropUnitDims.cpp - No loops over dims of one element ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/BodyRewrites.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "norm/Dialect/Norm/IR/DropDims.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The groups of dims of a buffer without the dim at `position`, which joins a
/// neighbour.
static SmallVector<ReassociationIndices> getGroups(unsigned rank,
                                                   unsigned position) {
  SmallVector<ReassociationIndices> groups;
  for (unsigned i = 0; i < rank; ++i) {
    bool joins = i == position || (i == 1 && position == 0);
    if (!joins || i == 0)
      groups.emplace_back();
    groups.back().push_back(i);
  }
  if (rank == 1)
    groups.clear();
  return groups;
}

static bool canDrop(GenericOp op, unsigned dim) {
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    auto *it = llvm::find(dims, dim);
    if (it == dims.end())
      continue;
    unsigned position = it - dims.begin();
    auto type = cast<MemRefType>(op->getOperand(i).getType());
    if (type.getDimSize(position) != 1 ||
        !memref::CollapseShapeOp::isGuaranteedCollapsible(
            type, getGroups(dims.size(), position)))
      return false;
  }
  return true;
}

/// Replaces what `dim`, of one element, is the only dim of.
static void simplify(Operation &nested, unsigned dim) {
  OpBuilder builder(&nested);
  Location loc = nested.getLoc();
  auto isOnly = [&](ArrayRef<int64_t> dims) {
    return dims.size() == 1 && dims.front() == int64_t(dim);
  };
  if (auto index = dyn_cast<IndexOp>(nested); index && index.getDim() == dim) {
    index.replaceAllUsesWith(
        arith::ConstantIndexOp::create(builder, loc, 0).getResult());
  } else if (auto extent = dyn_cast<ExtentOp>(nested);
             extent && isOnly(extent.getDims())) {
    extent.replaceAllUsesWith(
        arith::ConstantOp::create(builder, loc,
                                  builder.getOneAttr(extent.getType()))
            .getResult());
  } else if (auto reduce = dyn_cast<ReduceOp>(nested);
             reduce && isOnly(reduce.getDims())) {
    reduce.replaceAllUsesWith(reduce.getValue());
  } else if (auto center = dyn_cast<CenterOp>(nested);
             center && isOnly(center.getDims())) {
    Value value = center.getValue();
    // Not 0: the difference of infinities is none.
    center.getCentered().replaceAllUsesWith(
        arith::SubFOp::create(builder, loc, value, value));
    center.getMean().replaceAllUsesWith(value);
  } else {
    return;
  }
  nested.erase();
}

static GenericOp drop(GenericOp op, unsigned dim) {
  OpBuilder builder(op);
  SmallVector<Value> operands;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    Value operand = op->getOperand(i);
    SmallVector<unsigned> dims = op.getOperandDims(i);
    const unsigned *it = llvm::find(dims, dim);
    if (it != dims.end())
      operand = memref::CollapseShapeOp::create(
          builder, op.getLoc(), operand,
          getGroups(dims.size(), it - dims.begin()));
    operands.push_back(operand);
  }
  for (Operation &nested : llvm::make_early_inc_range(*op.getBodyBlock()))
    simplify(nested, dim);
  llvm::SmallBitVector dropped(op.getNumLoops());
  dropped.set(dim);
  GenericOp result = dropDims(builder, op, dropped, operands);
  op.erase();
  return result;
}

GenericOp mlir::norm::dropUnitDims(GenericOp op) {
  for (unsigned dim = op.getNumLoops(); dim-- > 0;)
    if (canDrop(op, dim))
      op = drop(op, dim);
  return op;
}
