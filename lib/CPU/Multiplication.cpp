//===- Multiplication.cpp - One matmul of a contraction -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Multiplication.h"
#include "GenericParts.h"
#include "PackWeight.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/Norm.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Replaces a contraction whose outer dims have one element.
class Multiplication {
public:
  Multiplication(RewriterBase &rewriter, linalg::LinalgOp op,
                 const ContractionPlan &plan)
      : b(rewriter), op(op), loc(op.getLoc()), plan(plan) {}

  void emit();

private:
  /// Where the product goes: a plane of a tensor.
  struct Destination {
    Value whole, plane;
    SmallVector<OpFoldResult> offsets, sizes, strides;
    /// What gives `whole` with the product in it; null if that is all of it.
    Operation *replaced = nullptr;
  };
  Destination getDestination(unsigned first, unsigned second);
  /// The positions of two dims in operand `operand`.
  std::pair<unsigned, unsigned> find(unsigned operand, unsigned first,
                                     unsigned second);
  /// The part of `tensor` of more than one element: the dims `first` and
  /// `second`, in that order.
  Value takePlane(Value tensor, unsigned first, unsigned second);
  Value transpose(Value plane);
  Value pack(Value plane, bool outIn);
  Value addInit(Value product, Value init);

  RewriterBase &b;
  linalg::LinalgOp op;
  Location loc;
  const ContractionPlan &plan;
};

} // namespace

std::pair<unsigned, unsigned>
Multiplication::find(unsigned operand, unsigned first, unsigned second) {
  SmallVector<unsigned> dims =
      getMapDims(op.getMatchingIndexingMap(&op->getOpOperand(operand)));
  return {llvm::find(dims, first) - dims.begin(),
          llvm::find(dims, second) - dims.begin()};
}

Value Multiplication::takePlane(Value tensor, unsigned first, unsigned second) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, tensor);
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  SmallVector<int64_t> shape;
  for (unsigned dim = 0; dim < sizes.size(); ++dim)
    if (dim == first || dim == second)
      shape.push_back(type.getDimSize(dim));
    else
      sizes[dim] = b.getIndexAttr(1);
  if (shape.size() == sizes.size())
    return tensor;
  return tensor::ExtractSliceOp::create(
      b, loc, RankedTensorType::get(shape, type.getElementType()), tensor,
      offsets, sizes, strides);
}

Value Multiplication::transpose(Value plane) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, plane);
  std::swap(sizes[0], sizes[1]);
  Value empty = tensor::EmptyOp::create(b, loc, sizes,
                                        getElementTypeOrSelf(plane.getType()));
  AffineMap swapped =
      AffineMap::getPermutationMap(ArrayRef<unsigned>{1, 0}, b.getContext());
  return makeCopy(b, loc, plane, empty, swapped).getResult(0);
}

Value Multiplication::pack(Value plane, bool outIn) {
  auto layout = outIn ? WeightLayout::OutIn : WeightLayout::InOut;
  return createPackWeight(
      b, loc, plane, layout,
      getPackedWeightType(CPUTarget::get(op),
                          cast<RankedTensorType>(plane.getType()), layout));
}

/// The sum of the product and what the contraction begins with.
Value Multiplication::addInit(Value product, Value init) {
  Value empty =
      tensor::EmptyOp::create(b, loc, tensor::getMixedSizes(b, loc, init),
                              getElementTypeOrSelf(init.getType()));
  AffineMap identity = b.getMultiDimIdentityMap(2);
  auto sum = GenericOp::create(
      b, loc, ValueRange{init, product}, empty, {identity, identity, identity},
      SmallVector<utils::IteratorType>(2, utils::IteratorType::parallel),
      [](OpBuilder &nested, Location loc, ValueRange elements) {
        Value begin = elements[0];
        if (begin.getType() != elements[1].getType())
          begin =
              arith::ExtFOp::create(nested, loc, elements[1].getType(), begin);
        Value sum = arith::AddFOp::create(nested, loc, begin, elements[1]);
        YieldOp::create(nested, loc, sum);
      });
  return sum.getResult(0);
}

void Multiplication::emit() {
  b.setInsertionPoint(op);
  auto [row, xSum] = find(plan.x, plan.m, plan.k);
  Value x = takePlane(op->getOperand(plan.x), row, xSum);
  x = row > xSum ? transpose(x) : makeRowsContiguous(b, loc, x);
  auto [column, sum] = find(plan.weight, plan.n, plan.k);
  Value weight = takePlane(op->getOperand(plan.weight), column, sum);
  Value packed = pack(weight, /*outIn=*/column < sum);

  auto [first, second] = find(2, plan.m, plan.n);
  Destination target = getDestination(first, second);
  Value init = target.plane;
  bool isTransposed = first > second;
  bool fromZero = op->hasAttr(kFromZeroAttrName);
  Value destination = init;
  if (!fromZero || isTransposed || !hasContiguousRows(init)) {
    Type element = getElementTypeOrSelf(init.getType());
    // The sum with the init is rounded once.
    if (!fromZero && element.getIntOrFloatBitWidth() < 32)
      element = b.getF32Type();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, init);
    if (isTransposed)
      std::swap(sizes[0], sizes[1]);
    destination = tensor::EmptyOp::create(b, loc, sizes, element);
  }
  Value product = PackedLinearOp::create(b, loc, destination.getType(), x,
                                         packed, Value(), destination)
                      .getResult();
  if (isTransposed)
    product = transpose(product);
  if (!fromZero)
    product = addInit(product, init);
  if (!target.replaced) {
    b.replaceOp(op, product);
    return;
  }
  b.setInsertionPoint(target.replaced);
  b.replaceOpWithNewOp<tensor::InsertSliceOp>(target.replaced, product,
                                              target.whole, target.offsets,
                                              target.sizes, target.strides);
  if (target.replaced != op)
    b.eraseOp(op);
}

Multiplication::Destination Multiplication::getDestination(unsigned first,
                                                           unsigned second) {
  Destination result;
  result.whole = op->getOperand(2);
  auto type = cast<RankedTensorType>(result.whole.getType());
  result.plane = takePlane(result.whole, first, second);
  if (result.plane == result.whole)
    return result;
  result.replaced = op;
  result.offsets.assign(type.getRank(), b.getIndexAttr(0));
  result.strides.assign(type.getRank(), b.getIndexAttr(1));
  result.sizes = tensor::getMixedSizes(b, loc, result.whole);
  for (auto [dim, size] : llvm::enumerate(result.sizes))
    if (dim != first && dim != second)
      size = b.getIndexAttr(1);
  // In a loop: a slice of the whole result is written where it was read.
  auto slice = result.whole.getDefiningOp<tensor::ExtractSliceOp>();
  auto insert = op->hasOneUse()
                    ? dyn_cast<tensor::InsertSliceOp>(*op->getUsers().begin())
                    : nullptr;
  if (!slice || !insert || insert.getSource() != op->getResult(0) ||
      insert.getDest() != slice.getSource() ||
      slice.getType().getRank() != insert.getDestType().getRank() ||
      !isEqualConstantIntOrValueArray(slice.getMixedOffsets(),
                                      insert.getMixedOffsets()) ||
      !isEqualConstantIntOrValueArray(slice.getMixedSizes(),
                                      insert.getMixedSizes()) ||
      !isEqualConstantIntOrValueArray(slice.getMixedStrides(),
                                      insert.getMixedStrides())) {
    // All of it is written over; the init may be somebody else's.
    if (!op->hasAttr(kFromZeroAttrName))
      result.whole = tensor::EmptyOp::create(
          b, loc, tensor::getMixedSizes(b, loc, result.whole),
          type.getElementType());
    return result;
  }
  result.replaced = insert;
  result.whole = insert.getDest();
  result.offsets = insert.getMixedOffsets();
  result.sizes = insert.getMixedSizes();
  result.strides = insert.getMixedStrides();
  result.plane = tensor::ExtractSliceOp::create(
      b, loc, cast<RankedTensorType>(result.plane.getType()), result.whole,
      result.offsets, result.sizes, result.strides);
  return result;
}

void mlir::norm::lowerMultiplication(RewriterBase &rewriter,
                                     linalg::LinalgOp op,
                                     const ContractionPlan &plan) {
  Multiplication(rewriter, op, plan).emit();
}
