//===- DropDims.cpp - Generics with fewer dims ----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/IR/DropDims.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

GenericOp mlir::norm::dropDims(OpBuilder &builder, GenericOp op,
                               const llvm::SmallBitVector &dropped,
                               ValueRange operands) {
  SmallVector<unsigned> newDims(op.getNumLoops());
  SmallVector<utils::IteratorType> iterators;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    newDims[dim] = iterators.size();
    if (!dropped.test(dim))
      iterators.push_back(op.isReductionDim(dim)
                              ? utils::IteratorType::reduction
                              : utils::IteratorType::parallel);
  }
  SmallVector<AffineMap> maps;
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> kept;
    for (unsigned dim : op.getOperandDims(i))
      if (!dropped.test(dim))
        kept.push_back(newDims[dim]);
    maps.push_back(AffineMap::getMultiDimMapWithTargets(iterators.size(), kept,
                                                        op.getContext()));
  }
  unsigned numInputs = op.getInputs().size();
  auto result =
      GenericOp::create(builder, op.getLoc(), operands.take_front(numInputs),
                        operands.drop_front(numInputs), maps, iterators,
                        /*body=*/nullptr);
  result->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  result.getBody().takeBody(op.getBody());
  renumberDims(*result.getBodyBlock(), [&](int64_t dim) {
    SmallVector<int64_t> numbers;
    if (!dropped.test(dim))
      numbers.push_back(newDims[dim]);
    return numbers;
  });
  return result;
}
