//===- FusionReshape.cpp - Carrying reshapes through generics -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A generic works as well on views of its operands in which a dim is split
// in two. That makes the tensors of a group normalization and of its
// neighbours the same, so that they can fuse.
//
//===----------------------------------------------------------------------===//

#include "Fusion.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether each group of dims of `type` has at most one of unknown size, so
/// that the sizes follow from that of the whole.
static bool hasUniqueSizes(RankedTensorType type,
                           ArrayRef<ReassociationIndices> reassociation) {
  return llvm::all_of(reassociation, [&](const ReassociationIndices &group) {
    return llvm::count_if(
               group, [&](int64_t dim) { return type.isDynamicDim(dim); }) <= 1;
  });
}

Value mlir::norm::lookThroughReshapes(Value value) {
  auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
  if (!expand)
    return value;
  auto collapse = expand.getSrc().getDefiningOp<tensor::CollapseShapeOp>();
  if (!collapse || collapse.getSrcType() != expand.getResultType() ||
      collapse.getReassociation() != expand.getReassociation() ||
      !hasUniqueSizes(expand.getResultType(), expand.getReassociationIndices()))
    return value;
  return collapse.getSrc();
}

SmallVector<DimSplit>
mlir::norm::getSplits(GenericOp op, unsigned i,
                      ArrayRef<ReassociationIndices> reassociation,
                      ArrayRef<OpFoldResult> sizes) {
  SmallVector<DimSplit> splits;
  SmallVector<unsigned> dims = op.getOperandDims(i);
  for (auto [dim, group] : llvm::zip_equal(dims, reassociation)) {
    if (group.size() == 1)
      continue;
    DimSplit &split = splits.emplace_back();
    split.dim = dim;
    for (int64_t position : group)
      split.sizes.push_back(sizes[position]);
  }
  return splits;
}

SmallVector<unsigned> mlir::norm::getGroupSizes(GenericOp op, unsigned i,
                                                ArrayRef<DimSplit> splits) {
  SmallVector<unsigned> groups;
  for (unsigned dim : op.getOperandDims(i)) {
    const DimSplit *split = llvm::find_if(
        splits, [&](const DimSplit &split) { return split.dim == dim; });
    groups.push_back(split == splits.end() ? 1 : split->sizes.size());
  }
  return groups;
}

/// The reassociation of consecutive groups of these sizes.
static SmallVector<ReassociationIndices>
getReassociation(ArrayRef<unsigned> groupSizes) {
  SmallVector<ReassociationIndices> reassociation;
  int64_t next = 0;
  for (unsigned size : groupSizes) {
    ReassociationIndices &group = reassociation.emplace_back();
    for (unsigned i = 0; i < size; ++i)
      group.push_back(next++);
  }
  return reassociation;
}

Value mlir::norm::collapseResult(RewriterBase &rewriter, Location loc,
                                 Value result, RankedTensorType type,
                                 ArrayRef<unsigned> groupSizes) {
  if (llvm::all_of(groupSizes, [](unsigned size) { return size == 1; }))
    return result;
  return tensor::CollapseShapeOp::create(rewriter, loc, type, result,
                                         getReassociation(groupSizes));
}

/// `value` viewed with the given sizes. A view that is there already is used,
/// so that equal views are equal values.
static Value getExpanded(RewriterBase &rewriter, Location loc, Value value,
                         ArrayRef<ReassociationIndices> reassociation,
                         ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> shape;
  SmallVector<Value> dynamicSizes;
  dispatchIndexOpFoldResults(sizes, dynamicSizes, shape);
  auto type =
      RankedTensorType::get(shape, getElementTypeOrSelf(value.getType()));
  auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>();
  if (collapse && collapse.getSrcType() == type &&
      llvm::equal(collapse.getReassociationIndices(), reassociation) &&
      hasUniqueSizes(type, reassociation))
    return collapse.getSrc();
  Operation *here = &*rewriter.getInsertionPoint();
  for (Operation *user : value.getUsers()) {
    auto expand = dyn_cast<tensor::ExpandShapeOp>(user);
    if (!expand || expand.getResultType() != type ||
        expand->getBlock() != here->getBlock() ||
        !llvm::equal(expand.getReassociationIndices(), reassociation) ||
        !hasUniqueSizes(type, reassociation))
      continue;
    if (expand->isBeforeInBlock(here))
      return expand;
    if (expand.getOutputShape().empty()) {
      rewriter.moveOpBefore(expand, here);
      return expand;
    }
  }
  return tensor::ExpandShapeOp::create(rewriter, loc, type, value,
                                       reassociation, sizes);
}

/// Whether the splits can be carried through `op`.
static LogicalResult checkSplits(GenericOp op, ArrayRef<DimSplit> splits,
                                 std::string &reason) {
  for (const DimSplit &split : splits) {
    if (llvm::count_if(split.sizes, [](OpFoldResult size) {
          return isa<Value>(size);
        }) > 1) {
      reason = "a dim is split into several of dynamic size";
      return failure();
    }
    for (auto index : op.getBodyBlock()->getOps<IndexOp>())
      if (index.getDim() == split.dim) {
        reason = "the index of a dim that is split is used";
        return failure();
      }
  }
  return success();
}

FailureOr<GenericOp> mlir::norm::splitDims(RewriterBase &rewriter, GenericOp op,
                                           ArrayRef<DimSplit> splits,
                                           std::string &reason) {
  if (failed(checkSplits(op, splits, reason)))
    return failure();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();

  SmallVector<SmallVector<unsigned>> newDims(op.getNumLoops());
  SmallVector<utils::IteratorType> iterators;
  SmallVector<SmallVector<OpFoldResult>> sizes(op.getNumLoops());
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    const DimSplit *split = llvm::find_if(
        splits, [&](const DimSplit &split) { return split.dim == dim; });
    if (split != splits.end())
      sizes[dim] = split->sizes;
    for (unsigned i = 0, e = std::max<size_t>(1, sizes[dim].size()); i < e;
         ++i) {
      newDims[dim].push_back(iterators.size());
      iterators.push_back(op.isReductionDim(dim)
                              ? utils::IteratorType::reduction
                              : utils::IteratorType::parallel);
    }
  }

  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    SmallVector<unsigned> dims;
    SmallVector<OpFoldResult> shape;
    for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
      llvm::append_range(dims, newDims[dim]);
      if (sizes[dim].empty())
        shape.push_back(tensor::getMixedSize(rewriter, loc, operand, position));
      else
        llvm::append_range(shape, sizes[dim]);
    }
    maps.push_back(AffineMap::getMultiDimMapWithTargets(iterators.size(), dims,
                                                        rewriter.getContext()));
    bool isInput = i < op.getInputs().size();
    SmallVector<unsigned> groups = getGroupSizes(op, i, splits);
    Value view = operand;
    if (dims.size() != groups.size()) {
      if (!isInput && operand.getDefiningOp<tensor::EmptyOp>())
        view = tensor::EmptyOp::create(rewriter, loc, shape,
                                       getElementTypeOrSelf(operand));
      else
        view = getExpanded(rewriter, loc, operand, getReassociation(groups),
                           shape);
    }
    (isInput ? inputs : outputs).push_back(view);
  }
  auto copy = GenericOp::create(rewriter, loc, inputs, outputs, maps, iterators,
                                nullptr);
  copy->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  rewriter.cloneRegionBefore(op.getBody(), copy.getBody(),
                             copy.getBody().end());
  renumberDims(*copy.getBodyBlock(), [&](int64_t dim) {
    return SmallVector<int64_t>(newDims[dim].begin(), newDims[dim].end());
  });
  return copy;
}
