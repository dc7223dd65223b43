//===- CollapseDims.cpp - Fewer dims for a generic on buffers -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/BodyRewrites.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "norm/Dialect/Norm/IR/DropDims.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether `dims` has both `a` and `b` or neither.
static bool treatsAlike(ArrayRef<int64_t> dims, unsigned a, unsigned b) {
  return llvm::is_contained(dims, int64_t(a)) ==
         llvm::is_contained(dims, int64_t(b));
}

/// Whether no op of the body tells `a` and `b` apart.
static bool bodyAllows(GenericOp op, unsigned a, unsigned b) {
  for (Operation &nested : *op.getBodyBlock()) {
    if (auto index = dyn_cast<IndexOp>(nested);
        index && (index.getDim() == a || index.getDim() == b))
      return false;
    if (!treatsAlike(getOverDims(&nested), a, b))
      return false;
    if (auto extent = dyn_cast<ExtentOp>(nested);
        extent && !treatsAlike(extent.getDims(), a, b))
      return false;
  }
  return true;
}

/// Whether `a` is followed by `b` in `dims`, or neither is there.
static bool areAdjacent(ArrayRef<unsigned> dims, unsigned a, unsigned b) {
  const auto *it = llvm::find(dims, a);
  if (it == dims.end())
    return !llvm::is_contained(dims, b);
  return std::next(it) != dims.end() && *std::next(it) == b;
}

/// Whether the dims a and b = a's successor can be one in operand `i`.
static bool operandAllows(GenericOp op, unsigned i, unsigned a, unsigned b) {
  SmallVector<unsigned> dims = op.getOperandDims(i);
  if (!areAdjacent(dims, a, b))
    return false;
  unsigned position = llvm::find(dims, a) - dims.begin();
  if (position == dims.size())
    return true;
  auto type = cast<MemRefType>(op->getOperand(i).getType());
  // A group of a dynamic size and none has no type that is valid: its size is
  // inferred as 0, which the verifier does not admit.
  int64_t sizeA = type.getDimSize(position),
          sizeB = type.getDimSize(position + 1);
  if (ShapedType::isDynamic(sizeA) != ShapedType::isDynamic(sizeB) &&
      (sizeA == 0 || sizeB == 0))
    return false;
  SmallVector<ReassociationIndices> groups;
  for (unsigned d = 0; d < dims.size(); ++d) {
    if (d == position + 1)
      groups.back().push_back(d);
    else
      groups.push_back({int64_t(d)});
  }
  return memref::CollapseShapeOp::isGuaranteedCollapsible(type, groups);
}

static bool canMerge(GenericOp op, unsigned a, unsigned b) {
  if (op.isReductionDim(a) != op.isReductionDim(b) || !bodyAllows(op, a, b))
    return false;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i)
    if (!operandAllows(op, i, a, b))
      return false;
  return true;
}

/// Makes dim `b` a part of dim `a`, which precedes it in every operand.
static GenericOp merge(GenericOp op, unsigned a, unsigned b) {
  OpBuilder builder(op);
  SmallVector<Value> operands;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    Value operand = op->getOperand(i);
    SmallVector<unsigned> dims = op.getOperandDims(i);
    SmallVector<ReassociationIndices> groups;
    for (auto [position, dim] : llvm::enumerate(dims)) {
      if (dim == b)
        groups.back().push_back(position);
      else
        groups.push_back({int64_t(position)});
    }
    if (groups.size() != dims.size())
      operand = memref::CollapseShapeOp::create(builder, op.getLoc(), operand,
                                                groups);
    operands.push_back(operand);
  }
  llvm::SmallBitVector dropped(op.getNumLoops());
  dropped.set(b);
  GenericOp merged = dropDims(builder, op, dropped, operands);
  op.erase();
  return merged;
}

GenericOp mlir::norm::collapseDims(GenericOp op) {
  for (unsigned a = 0; a < op.getNumLoops(); ++a)
    for (unsigned b = 0; b < op.getNumLoops(); ++b)
      if (a != b && canMerge(op, a, b))
        return collapseDims(merge(op, a, b));
  return op;
}

llvm::SmallBitVector mlir::norm::findMergedReductions(GenericOp op) {
  SmallVector<int64_t> sizes = op.getStaticLoopSizes();
  llvm::SmallBitVector merged(op.getNumLoops());
  auto isCandidate = [&](unsigned dim) {
    return op.isReductionDim(dim) && sizes[dim] != 1;
  };
  auto operandsAllow = [&](unsigned a, unsigned b) {
    for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
      SmallVector<unsigned> dims = op.getOperandDims(i);
      // These are dropped before.
      llvm::erase_if(dims, [&](unsigned dim) { return sizes[dim] == 1; });
      if (!areAdjacent(dims, a, b))
        return false;
    }
    return true;
  };
  for (unsigned a = 0; a < op.getNumLoops(); ++a)
    for (unsigned b = 0; b < op.getNumLoops(); ++b)
      if (a != b && isCandidate(a) && isCandidate(b) && bodyAllows(op, a, b) &&
          operandsAllow(a, b)) {
        merged.set(a);
        merged.set(b);
      }
  return merged;
}
