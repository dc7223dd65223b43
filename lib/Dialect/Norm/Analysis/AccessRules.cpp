//===- AccessRules.cpp - What accesses need of sizes ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SizeSolver.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
/// The elements of one dim of a tensor that an op reads or writes.
struct Access {
  Value tensor;
  unsigned dim;
  OpFoldResult offset, length, stride;
};
} // namespace

/// Whether the IR around the access says that it is in bounds, as loops do of
/// slices at their induction variables.
static bool isInBounds(const Access &access) {
  using Bounds = ValueBoundsConstraintSet;
  std::optional<int64_t> stride = getConstantIntValue(access.stride);
  if (!stride || *stride < 1)
    return false;
  Builder builder(access.tensor.getContext());
  AffineExpr offset = builder.getAffineDimExpr(0);
  AffineExpr length = builder.getAffineDimExpr(1);
  Bounds::Variable last(AffineMap::get(2, 0, offset + (length - 1) * *stride),
                        {access.offset, access.length});
  Bounds::Variable zero(builder.getIndexAttr(0));
  auto compare = [](const Bounds::Variable &a, Bounds::ComparisonOperator op,
                    const Bounds::Variable &b) {
    return Bounds::compare(a, op, b);
  };
  return compare(access.offset, Bounds::GE, zero) &&
         compare(access.length, Bounds::GE, zero) &&
         compare(last, Bounds::LT, Bounds::Variable(access.tensor, access.dim));
}

/// Whether the access is at an index that was compared with the size of the
/// dim, and is 0 where it is not below it (norm-guard-elements).
static bool isClamped(const Access &access) {
  auto index = dyn_cast<Value>(access.offset);
  auto select = index ? index.getDefiningOp<arith::SelectOp>() : nullptr;
  auto compare =
      select ? select.getCondition().getDefiningOp<arith::CmpIOp>() : nullptr;
  if (!compare || compare.getPredicate() != arith::CmpIPredicate::ult ||
      compare.getLhs() != select.getTrueValue() ||
      !isZeroInteger(select.getFalseValue()))
    return false;
  if (std::optional<int64_t> size = getConstantIntValue(compare.getRhs()))
    return *size == cast<RankedTensorType>(access.tensor.getType())
                        .getDimSize(access.dim);
  auto dim = compare.getRhs().getDefiningOp<tensor::DimOp>();
  return dim && dim.getSource() == access.tensor &&
         dim.getConstantIndex() == static_cast<int64_t>(access.dim);
}

/// The tensor and its dim that have as many elements as the loop of a linalg op
/// that `index` counts, if it does.
static std::optional<std::pair<Value, unsigned>> getLoop(OpFoldResult index) {
  auto value = dyn_cast<Value>(index);
  auto op = value ? value.getDefiningOp<linalg::IndexOp>() : nullptr;
  auto parent = op ? dyn_cast<linalg::LinalgOp>(op->getParentOp()) : nullptr;
  if (!parent)
    return std::nullopt;
  for (OpOperand &operand : parent->getOpOperands())
    for (auto [position, expr] :
         llvm::enumerate(parent.getMatchingIndexingMap(&operand).getResults()))
      if (auto dim = dyn_cast<AffineDimExpr>(expr);
          dim && dim.getPosition() == op.getDim())
        return std::make_pair(operand.get(), static_cast<unsigned>(position));
  return std::nullopt;
}

static void addAccess(Operation *op, const Access &access, SizeSolver &solver) {
  if (isInBounds(access))
    return;
  auto get = [&](OpFoldResult value) {
    return solver.getSymbol(solver.getMixed(value));
  };
  AffineExpr offset = get(access.offset), length = get(access.length),
             stride = get(access.stride),
             size = solver.getSymbol(solver.getDim(access.tensor, access.dim));
  if (isClamped(access)) {
    solver.requireNonNegative(op, size - 1);
    return;
  }
  if (auto loop = getLoop(access.offset)) {
    auto count = solver.getSymbol(solver.getDim(loop->first, loop->second));
    solver.requireNonNegative(op, size - count);
    return;
  }
  // In this order no sum overflows before it is known to be small.
  for (AffineExpr expr : {offset, length, stride - 1, size - offset,
                          size - offset - (length - 1) * stride - 1})
    solver.requireNonNegative(op, expr);
}

/// A slice of `tensor`, which has as many dims as the slice has offsets.
static void addSlice(OffsetSizeAndStrideOpInterface op, Value tensor,
                     SizeSolver &solver) {
  SmallVector<OpFoldResult> offsets = op.getMixedOffsets(),
                            lengths = op.getMixedSizes(),
                            strides = op.getMixedStrides();
  for (unsigned dim = 0; dim < offsets.size(); ++dim)
    addAccess(op, {tensor, dim, offsets[dim], lengths[dim], strides[dim]},
              solver);
}

/// One element of `tensor`.
static void addElement(Operation *op, Value tensor, OperandRange indices,
                       SizeSolver &solver) {
  if (!isa<RankedTensorType>(tensor.getType()))
    return;
  OpFoldResult one = IntegerAttr::get(IndexType::get(op->getContext()), 1);
  for (auto [dim, index] : llvm::enumerate(indices))
    addAccess(op, {tensor, static_cast<unsigned>(dim), index, one, one},
              solver);
}

void mlir::norm::addAccessesOf(Operation *op, SizeSolver &solver) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](tensor::ExtractSliceOp slice) {
        addSlice(slice, slice.getSource(), solver);
      })
      .Case<tensor::InsertSliceOp, tensor::ParallelInsertSliceOp>(
          [&](auto slice) { addSlice(slice, slice.getDest(), solver); })
      .Case([&](tensor::ExtractOp extract) {
        addElement(extract, extract.getTensor(), extract.getIndices(), solver);
      })
      .Case([&](tensor::InsertOp insert) {
        addElement(insert, insert.getDest(), insert.getIndices(), solver);
      });
}
