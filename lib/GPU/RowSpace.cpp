//===- RowSpace.cpp - The rows of a row program, for threads --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowSpace.h"

using namespace mlir;
using namespace mlir::norm;

/// The dim among `dims` that the most operand elements have as their last;
/// outputs decide among equals.
static unsigned pickContiguousDim(GenericOp op,
                                  const llvm::SmallBitVector &dims) {
  SmallVector<double> weights(op.getNumLoops(), 0.0);
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> operandDims = op.getOperandDims(i);
    if (operandDims.empty() || !dims.test(operandDims.back()))
      continue;
    double elements = i < op.getInputs().size() ? 1.0 : 1.001;
    for (int64_t size :
         cast<MemRefType>(op->getOperand(i).getType()).getShape())
      elements *= ShapedType::isDynamic(size) ? 4096.0 : double(size);
    weights[operandDims.back()] += elements;
  }
  unsigned best = llvm::max_element(weights) - weights.begin();
  return dims.test(best) ? best : dims.find_first();
}

/// `dims` in the order of the operand that has the most of them.
static void sortByMemory(GenericOp op, SmallVectorImpl<unsigned> &dims) {
  SmallVector<unsigned> order;
  for (unsigned i = op->getNumOperands(); i-- > 0;) {
    SmallVector<unsigned> found;
    for (unsigned dim : op.getOperandDims(i))
      if (llvm::is_contained(dims, dim))
        found.push_back(dim);
    if (found.size() >= order.size())
      order = found;
  }
  llvm::sort(dims, [&](unsigned a, unsigned b) {
    return std::pair(llvm::find(order, a), a) <
           std::pair(llvm::find(order, b), b);
  });
}

FailureOr<RowSpace> RowSpace::get(GenericOp op, std::string &why) {
  RowSpace space(op);
  llvm::SmallBitVector dims = getIteratedDims(op);
  for (unsigned dim : dims.set_bits())
    if (op.isReductionDim(dim))
      space.rowDims.push_back(dim);
  space.hasReductions = !space.rowDims.empty();
  if (!space.hasReductions && dims.any())
    space.rowDims.push_back(pickContiguousDim(op, dims));
  sortByMemory(op, space.rowDims);
  for (unsigned dim : dims.set_bits())
    if (!llvm::is_contained(space.rowDims, dim))
      space.outerDims.push_back(dim);
  if (auto *it = llvm::find(space.outerDims, pickContiguousDim(op, dims));
      space.hasReductions && it != space.outerDims.end()) {
    space.acrossRows = true;
    std::rotate(it, it + 1, space.outerDims.end());
  }

  for (Operation &nested : *op.getBodyBlock()) {
    ArrayRef<int64_t> over = getOverDims(&nested);
    if (!over.empty() && over.size() != space.rowDims.size()) {
      why = "a reduction over a part of the row";
      return failure();
    }
  }
  for (Type type : op->getOperandTypes()) {
    Type element = cast<MemRefType>(type).getElementType();
    if (!element.isIndex() &&
        !llvm::is_contained({1, 8, 16, 32, 64},
                            int(element.getIntOrFloatBitWidth()))) {
      llvm::raw_string_ostream(why) << "elements of type " << element;
      return failure();
    }
  }
  return space;
}

int64_t RowSpace::getSize(ArrayRef<unsigned> dims) const {
  GenericOp generic = op;
  SmallVector<int64_t> sizes = generic.getStaticLoopSizes();
  int64_t product = 1;
  for (unsigned dim : dims) {
    if (ShapedType::isDynamic(sizes[dim]))
      return ShapedType::kDynamic;
    product *= sizes[dim];
  }
  return product;
}

bool RowSpace::isUniform(Value value) const {
  return llvm::none_of(
      rowDims, [&](unsigned dim) { return program.isVarying(value, dim); });
}

MemRefType RowSpace::getType(unsigned i) const {
  GenericOp generic = op;
  return cast<MemRefType>(generic->getOperand(i).getType());
}

bool RowSpace::isUniformOperand(unsigned i) const {
  GenericOp generic = op;
  return llvm::none_of(generic.getOperandDims(i), [&](unsigned dim) {
    return llvm::is_contained(rowDims, dim);
  });
}

int64_t RowSpace::getInnerStride(unsigned i) const {
  GenericOp generic = op;
  SmallVector<unsigned> dims = generic.getOperandDims(i);
  auto *it = llvm::find(dims, rowDims.back());
  if (it == dims.end())
    return 0;
  return getType(i).getStridesAndOffset().first[it - dims.begin()];
}

bool RowSpace::isContiguous(unsigned i) const {
  GenericOp generic = op;
  SmallVector<unsigned> dims = generic.getOperandDims(i);
  SmallVector<int64_t> strides = getType(i).getStridesAndOffset().first;
  int64_t expected = 1;
  for (unsigned dim : llvm::reverse(rowDims)) {
    auto *it = llvm::find(dims, dim);
    if (it == dims.end() || strides[it - dims.begin()] != expected ||
        ShapedType::isDynamic(expected))
      return false;
    int64_t size = getSize(dim);
    expected = ShapedType::isDynamic(size) ? size : expected * size;
  }
  return true;
}
