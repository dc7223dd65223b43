//===- FlattenRows.cpp - Leading dims beside linear layers as one ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A packed linear layer counts its rows by one dim; a norm of a batch of
// sequences by two. Where nothing tells the two apart the norm can count as the
// layer does, and the views between them cancel.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/DropDims.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FLATTENROWS
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// The number of leading dims that `groups` makes one, if it does nothing else;
/// 0 otherwise.
static unsigned countLeading(ArrayRef<ReassociationIndices> groups) {
  if (groups.empty() || groups.front().size() < 2 ||
      llvm::any_of(groups.drop_front(), [](const ReassociationIndices &group) {
        return group.size() != 1;
      }))
    return 0;
  return groups.front().size();
}

/// The dims of `op` that a linear layer next to it counts as one; none if there
/// is no such layer.
static SmallVector<unsigned> findRowDims(GenericOp op) {
  auto leading = [&](unsigned operand, unsigned count) {
    SmallVector<unsigned> dims = op.getOperandDims(operand);
    dims.truncate(count);
    return dims;
  };
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    auto expand = input.getDefiningOp<tensor::ExpandShapeOp>();
    if (!expand || !expand.getSrc().getDefiningOp<PackedLinearOp>())
      continue;
    if (unsigned count = countLeading(expand.getReassociationIndices()))
      return leading(i, count);
  }
  for (OpResult result : op->getResults())
    for (Operation *user : result.getUsers()) {
      auto collapse = dyn_cast<tensor::CollapseShapeOp>(user);
      if (!collapse ||
          llvm::none_of(collapse->getUsers(), llvm::IsaPred<PackedLinearOp>))
        continue;
      if (unsigned count = countLeading(collapse.getReassociationIndices()))
        return leading(op.getInputs().size() + result.getResultNumber(), count);
    }
  return {};
}

/// Where `rows` begin in `dims`; nothing if they are not there. Failure if they
/// are there in part or in another order.
static FailureOr<std::optional<unsigned>> findIn(ArrayRef<unsigned> dims,
                                                 ArrayRef<unsigned> rows) {
  if (llvm::none_of(
          dims, [&](unsigned dim) { return llvm::is_contained(rows, dim); }))
    return std::optional<unsigned>();
  unsigned begin = llvm::find(dims, rows.front()) - dims.begin();
  if (begin == dims.size() || dims.slice(begin).take_front(rows.size()) != rows)
    return failure();
  return std::optional<unsigned>(begin);
}

/// Whether `op` does not tell the dims `rows` apart.
static bool canFlatten(GenericOp op, ArrayRef<unsigned> rows) {
  if (llvm::any_of(rows, [&](unsigned dim) { return op.isReductionDim(dim); }))
    return false;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    if (failed(findIn(op.getOperandDims(i), rows)))
      return false;
  for (Operation &nested : *op.getBodyBlock()) {
    if (auto index = dyn_cast<IndexOp>(nested);
        index && llvm::is_contained(rows, index.getDim()))
      return false;
    if (auto extent = dyn_cast<ExtentOp>(nested)) {
      int64_t count = llvm::count_if(rows, [&](unsigned dim) {
        return llvm::is_contained(extent.getDims(), int64_t(dim));
      });
      if (count != 0 && count != int64_t(rows.size()))
        return false;
    }
  }
  return true;
}

/// The groups of a tensor of rank `rank` whose dims from `begin` on, `count` of
/// them, become one.
static SmallVector<ReassociationIndices>
makeGroups(int64_t rank, unsigned begin, unsigned count) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t dim = 0; dim < rank; ++dim) {
    if (dim > begin && dim < begin + count)
      groups.back().push_back(dim);
    else
      groups.push_back({dim});
  }
  return groups;
}

/// `value` with the dims of each group as one.
static Value collapse(OpBuilder &builder, Location loc, Value value,
                      ArrayRef<ReassociationIndices> groups) {
  if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
      expand && llvm::equal(expand.getReassociationIndices(), groups))
    return expand.getSrc();
  auto empty = value.getDefiningOp<tensor::EmptyOp>();
  if (!empty)
    return tensor::CollapseShapeOp::create(builder, loc, value, groups);
  SmallVector<OpFoldResult> sizes = empty.getMixedSizes(), collapsed;
  for (const ReassociationIndices &group : groups) {
    AffineExpr product = builder.getAffineConstantExpr(1);
    SmallVector<OpFoldResult> factors;
    for (auto [i, dim] : llvm::enumerate(group)) {
      product = product * builder.getAffineSymbolExpr(i);
      factors.push_back(sizes[dim]);
    }
    collapsed.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, AffineMap::get(0, factors.size(), product), factors));
  }
  return tensor::EmptyOp::create(builder, loc, collapsed,
                                 getElementTypeOrSelf(value));
}

/// Makes the dims `rows` of `op` one, the first of them.
static void flatten(GenericOp op, ArrayRef<unsigned> rows) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  SmallVector<Value> operands;
  SmallVector<SmallVector<ReassociationIndices>> groups;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    std::optional<unsigned> begin = *findIn(dims, rows);
    groups.push_back(
        makeGroups(dims.size(), begin.value_or(0), begin ? rows.size() : 1));
    operands.push_back(begin ? collapse(builder, loc, operand, groups.back())
                             : operand);
  }
  llvm::SmallBitVector dropped(op.getNumLoops());
  for (unsigned dim : rows.drop_front())
    dropped.set(dim);
  GenericOp flat = dropDims(builder, op, dropped, operands);
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    Value replacement = flat->getResult(i);
    if (replacement.getType() != result.getType())
      replacement = tensor::ExpandShapeOp::create(
          builder, loc, result.getType(), replacement,
          groups[op.getInputs().size() + i],
          tensor::getMixedSizes(builder, loc, op.getOutputs()[i]));
    result.replaceAllUsesWith(replacement);
  }
  op.erase();
}

namespace {
struct FlattenRows : norm::impl::FlattenRowsBase<FlattenRows> {
  void runOnOperation() final {
    for (GenericOp op : getTensorGenerics(getOperation())) {
      SmallVector<unsigned> rows = findRowDims(op);
      if (rows.empty() || !canFlatten(op, rows))
        continue;
      flatten(op, rows);
      ++numFlattened;
    }
  }
};
} // namespace
