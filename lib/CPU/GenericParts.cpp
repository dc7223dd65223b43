//===- GenericParts.cpp - Parts of a generic as generics of their own -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

Value mlir::norm::makeLoopSize(OpBuilder &builder, GenericOp op, unsigned dim) {
  auto [source, position] = op.getDimSource(dim);
  // What a view's size is computed from, so that it follows from arguments.
  if (auto view = source.getDefiningOp<tensor::ExpandShapeOp>())
    return getValueOrCreateConstantIndexOp(
        builder, op.getLoc(), view.getMixedOutputShape()[position]);
  return tensor::DimOp::create(builder, op.getLoc(), source, position);
}

Value mlir::norm::makeEmptyOverDims(OpBuilder &builder, GenericOp op,
                                    ArrayRef<unsigned> dims, Type element) {
  SmallVector<int64_t> shape;
  SmallVector<Value> sizes;
  for (unsigned dim : dims) {
    shape.push_back(op.getStaticLoopSizes()[dim]);
    if (ShapedType::isDynamic(shape.back()))
      sizes.push_back(makeLoopSize(builder, op, dim));
  }
  return tensor::EmptyOp::create(builder, op.getLoc(), shape, element, sizes);
}

AffineMap mlir::norm::makeDimsMap(MLIRContext *context, ArrayRef<unsigned> dims,
                                  unsigned numDims) {
  SmallVector<AffineExpr> exprs;
  for (unsigned dim : dims)
    exprs.push_back(getAffineDimExpr(dim, context));
  return AffineMap::get(numDims, 0, exprs, context);
}

GenericOp mlir::norm::makeCopy(OpBuilder &builder, Location loc, Value from,
                               Value to, AffineMap map) {
  unsigned rank = cast<ShapedType>(to.getType()).getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  return GenericOp::create(
      builder, loc, from, to, {map ? map : identity, identity},
      SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
      [](OpBuilder &nested, Location loc, ValueRange elements) {
        YieldOp::create(nested, loc, elements);
      });
}

Value mlir::norm::copyTensor(OpBuilder &builder, Location loc, Value tensor) {
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, tensor),
      getElementTypeOrSelf(tensor.getType()));
  return makeCopy(builder, loc, tensor, empty).getResult(0);
}

bool mlir::norm::isTensorView(Operation *op) {
  return isa<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp,
             tensor::ExtractSliceOp>(op);
}

bool mlir::norm::hasContiguousRows(Value tensor) {
  while (Operation *op = tensor.getDefiningOp()) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      int64_t last = slice.getSourceType().getRank() - 1;
      // A dim of one element may be dropped, here or by another view.
      if (last >= 0 && (slice.getStaticStrides()[last] != 1 ||
                        (slice.getStaticSizes()[last] == 1 &&
                         (slice.getSourceType().getDimSize(last) != 1 ||
                          slice.getType().getRank() <= last))))
        return false;
    } else if (!isTensorView(op)) {
      return true;
    }
    tensor = op->getOperand(0);
  }
  return true;
}

Value mlir::norm::makeRowsContiguous(OpBuilder &builder, Location loc,
                                     Value tensor) {
  return hasContiguousRows(tensor) ? tensor : copyTensor(builder, loc, tensor);
}

Value mlir::norm::copySlice(OpBuilder &builder, Value value, IRMapping &mapping,
                            Block *body) {
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != body)
    return value;
  for (Value operand : def->getOperands())
    copySlice(builder, operand, mapping, body);
  builder.clone(*def, mapping);
  return mapping.lookup(value);
}

IRMapping mlir::norm::mapArguments(GenericOp op, Block &body) {
  IRMapping mapping;
  for (auto [from, to] :
       llvm::zip(op.getBodyBlock()->getArguments(), body.getArguments())) {
    to.setType(from.getType());
    mapping.map(from, to);
  }
  return mapping;
}
