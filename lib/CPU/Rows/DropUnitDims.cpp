//===- DropUnitDims.cpp - No loops over dims of one element ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/BodyRewrites.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
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
  Location loc = op.getLoc();
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    Value operand = op->getOperand(i);
    SmallVector<AffineExpr> results;
    for (auto [position, other] : llvm::enumerate(op.getOperandDims(i))) {
      if (other != dim)
        results.push_back(
            builder.getAffineDimExpr(other > dim ? other - 1 : other));
      else
        operand = memref::CollapseShapeOp::create(
            builder, loc, operand,
            getGroups(op.getOperandDims(i).size(), position));
    }
    operands.push_back(operand);
    maps.push_back(
        AffineMap::get(op.getNumLoops() - 1, 0, results, builder.getContext()));
  }
  SmallVector<utils::IteratorType> iterators;
  for (unsigned other = 0; other < op.getNumLoops(); ++other)
    if (other != dim)
      iterators.push_back(op.isReductionDim(other)
                              ? utils::IteratorType::reduction
                              : utils::IteratorType::parallel);
  unsigned numInputs = op.getInputs().size();
  auto result = GenericOp::create(
      builder, loc, ValueRange(operands).take_front(numInputs),
      ValueRange(operands).drop_front(numInputs), maps, iterators,
      /*body=*/nullptr);
  result->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  result.getBody().takeBody(op.getBody());
  for (Operation &nested : llvm::make_early_inc_range(*result.getBodyBlock()))
    simplify(nested, dim);
  renumberDims(*result.getBodyBlock(), [&](int64_t other) {
    SmallVector<int64_t> numbers;
    if (other != int64_t(dim))
      numbers.push_back(other > int64_t(dim) ? other - 1 : other);
    return numbers;
  });
  op.erase();
  return result;
}

GenericOp mlir::norm::dropUnitDims(GenericOp op) {
  for (unsigned dim = op.getNumLoops(); dim-- > 0;)
    if (canDrop(op, dim))
      op = drop(op, dim);
  return op;
}
