//===- Reductions.cpp - How values are combined ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/Reductions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

ReduceKind mlir::norm::getReduceKind(Operation *reduction) {
  if (auto reduce = dyn_cast<ReduceOp>(reduction))
    return reduce.getKind();
  return ReduceKind::Add;
}

static arith::AtomicRMWKind getKind(ReduceKind kind, bool isFloat) {
  using K = arith::AtomicRMWKind;
  switch (kind) {
  case ReduceKind::Add:
    return isFloat ? K::addf : K::addi;
  case ReduceKind::Mul:
    return isFloat ? K::mulf : K::muli;
  case ReduceKind::Max:
    return isFloat ? K::maximumf : K::maxs;
  case ReduceKind::Min:
    return isFloat ? K::minimumf : K::mins;
  }
  llvm_unreachable("all kinds are handled");
}

Value mlir::norm::makeNeutral(ImplicitLocOpBuilder &builder, ReduceKind kind,
                              Type type) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr scalar;
  if (auto type = dyn_cast<FloatType>(element)) {
    // A format without infinities would make them NaN.
    bool useOnlyFiniteValue =
        !llvm::APFloat::semanticsHasInf(type.getFloatSemantics());
    scalar =
        kind == ReduceKind::Add
            ? builder.getFloatAttr(element, -0.0)
            : arith::getIdentityValueAttr(getKind(kind, true), element, builder,
                                          builder.getLoc(), useOnlyFiniteValue);
  } else {
    unsigned bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
    llvm::APInt value =
        kind == ReduceKind::Max   ? llvm::APInt::getSignedMinValue(bits)
        : kind == ReduceKind::Min ? llvm::APInt::getSignedMaxValue(bits)
                                  : llvm::APInt(bits, kind == ReduceKind::Mul);
    scalar = builder.getIntegerAttr(element, value);
  }
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(
        builder, DenseElementsAttr::get(vector, Attribute(scalar)));
  return arith::ConstantOp::create(builder, scalar);
}

Value mlir::norm::combine(ImplicitLocOpBuilder &builder, ReduceKind kind,
                          Value a, Value b) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(a.getType()));
  return arith::getReductionOp(getKind(kind, isFloat), builder,
                               builder.getLoc(), a, b);
}

Value mlir::norm::combineTree(ImplicitLocOpBuilder &builder, ReduceKind kind,
                              ArrayRef<Value> values) {
  SmallVector<Value> level(values);
  while (level.size() > 1) {
    SmallVector<Value> next;
    for (size_t i = 0; i + 1 < level.size(); i += 2)
      next.push_back(combine(builder, kind, level[i], level[i + 1]));
    if (level.size() % 2)
      next.push_back(level.back());
    level = std::move(next);
  }
  return level.front();
}

/// The lanes l and l xor `distance` combined, in every lane l.
static Value butterfly(ImplicitLocOpBuilder &builder, ReduceKind kind,
                       Value vector, int64_t distance) {
  int64_t lanes = cast<VectorType>(vector.getType()).getNumElements();
  SmallVector<int64_t> mask;
  for (int64_t lane = 0; lane < lanes; ++lane)
    mask.push_back(lane ^ distance);
  Value swapped = vector::ShuffleOp::create(builder, vector, vector, mask);
  return combine(builder, kind, vector, swapped);
}

Value mlir::norm::combineLanes(ImplicitLocOpBuilder &builder, ReduceKind kind,
                               Value value) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type)
    return value;
  for (int64_t distance = 1; distance < type.getNumElements(); distance *= 2)
    value = butterfly(builder, kind, value, distance);
  return vector::ExtractOp::create(builder, value, int64_t(0));
}

Value mlir::norm::combineRows(ImplicitLocOpBuilder &builder, ReduceKind kind,
                              ArrayRef<Value> rows) {
  int64_t lanes = cast<VectorType>(rows.front().getType()).getNumElements();
  SmallVector<Value> level(rows);
  int64_t distance = 1;
  for (; level.size() > 1; distance *= 2) {
    // Lanes whose bit `distance` is 0 go on with the first of a pair, the
    // others with the second: the combinations are those of a butterfly on
    // each.
    SmallVector<int64_t> straight, crossed;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool second = lane & distance;
      straight.push_back(second ? lanes + lane : lane);
      crossed.push_back(second ? lanes + (lane ^ distance) : lane ^ distance);
    }
    SmallVector<Value> next;
    for (size_t i = 0; i < level.size(); i += 2)
      next.push_back(combine(
          builder, kind,
          vector::ShuffleOp::create(builder, level[i], level[i + 1], straight),
          vector::ShuffleOp::create(builder, level[i], level[i + 1], crossed)));
    level = std::move(next);
  }
  Value value = level.front();
  for (; distance < lanes; distance *= 2)
    value = butterfly(builder, kind, value, distance);
  // Divisions and roots take the longer the wider a vector is, down to this.
  constexpr int64_t kMinLanes = 4;
  int64_t kept = std::max<int64_t>(rows.size(), kMinLanes);
  if (kept >= lanes)
    return value;
  return vector::ExtractStridedSliceOp::create(
      builder, value, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{kept},
      ArrayRef<int64_t>{1});
}

/// Whether `value` is a constant of at least `least`.
static bool isConstantAtLeast(Value value, double least) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto attr = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
  return attr && attr.getValueAsDouble() >= least;
}

bool mlir::norm::toleratesUnderflow(Value sum) {
  constexpr double kMeanSquare = 1e-28, kRoot = 1e-14;
  if (!sum.hasOneUse())
    return false;
  Operation *user = *sum.user_begin();
  if (auto fma = dyn_cast<math::FmaOp>(user))
    return fma.getC() != sum && isConstantAtLeast(fma.getC(), kMeanSquare);
  if (!user->hasOneUse())
    return false;
  Operation *next = *user->user_begin();
  auto hasConstant = [&](double least) {
    return llvm::any_of(next->getOperands(), [&](Value operand) {
      return isConstantAtLeast(operand, least);
    });
  };
  if (isa<math::SqrtOp>(user))
    return isa<arith::MaximumFOp, arith::MaxNumFOp>(next) && hasConstant(kRoot);
  if (isa<arith::DivFOp, arith::MulFOp>(user) && user->getOperand(0) == sum)
    return isa<arith::AddFOp>(next) && hasConstant(kMeanSquare);
  return false;
}
