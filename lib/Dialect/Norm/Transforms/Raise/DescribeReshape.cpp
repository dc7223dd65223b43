//===- DescribeReshape.cpp - Reshapes as expressions ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

void Program::describeReshape(Operation *op, Value source,
                              ArrayRef<AffineExpr> map) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Meaning meaning = get(source);
  if (!meaning.full)
    return;
  auto sizes = [&](unsigned dim) {
    int64_t size = dim < type.getRank() ? type.getDimSize(dim) : 0;
    return ShapedType::isDynamic(size) ? 0 : size;
  };
  // Both are the same element, somewhere else.
  if (Meaning result = substitute(meaning, map, sizes); result.full)
    define(op->getResult(0), result);
}

/// Whether `sizes` but the first of those that are not 1 are static.
static bool hasStaticStrides(ArrayRef<int64_t> sizes) {
  bool first = true;
  for (int64_t size : sizes) {
    if (size == 1)
      continue;
    if (!first && ShapedType::isDynamic(size))
      return false;
    first = false;
  }
  return true;
}

void Program::describeExpand(Operation *op) {
  auto expand = cast<tensor::ExpandShapeOp>(op);
  ArrayRef<int64_t> shape = expand.getResultType().getShape();
  SmallVector<AffineExpr> map;
  for (const ReassociationIndices &group : expand.getReassociationIndices()) {
    SmallVector<int64_t> sizes =
        llvm::map_to_vector(group, [&](int64_t dim) { return shape[dim]; });
    if (!hasStaticStrides(sizes))
      return;
    AffineExpr index = getAffineConstantExpr(0, op->getContext());
    int64_t stride = 1;
    for (int64_t dim : llvm::reverse(group)) {
      if (shape[dim] == 1)
        continue;
      index = expressions.dim(dim) * stride + index;
      stride *= ShapedType::isDynamic(shape[dim]) ? 1 : shape[dim];
    }
    map.push_back(index);
  }
  describeReshape(op, expand.getSrc(), map);
}

void Program::describeCollapse(Operation *op) {
  auto collapse = cast<tensor::CollapseShapeOp>(op);
  ArrayRef<int64_t> shape = collapse.getSrcType().getShape();
  SmallVector<AffineExpr> map(shape.size(),
                              getAffineConstantExpr(0, op->getContext()));
  for (auto [result, group] :
       llvm::enumerate(collapse.getReassociationIndices())) {
    SmallVector<int64_t> sizes =
        llvm::map_to_vector(group, [&](int64_t dim) { return shape[dim]; });
    if (!hasStaticStrides(sizes))
      return;
    int64_t stride = 1;
    SmallVector<int64_t> dims = llvm::filter_to_vector(
        group, [&](int64_t dim) { return shape[dim] != 1; });
    for (int64_t dim : llvm::reverse(dims)) {
      bool isFirst = dim == dims.front();
      map[dim] = makeDigit(
          {expressions.dim(result), stride, isFirst ? 0 : shape[dim]});
      stride *= isFirst ? 1 : shape[dim];
    }
  }
  describeReshape(op, collapse.getSrc(), map);
}
