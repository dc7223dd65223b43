//===- RowStatistics.cpp - Shifts, means and guards of rows ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowEmitter.h"

#include "Reductions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

Value RowEmitter::getFirstVector(CenterOp center, unsigned level, Scope &row,
                                 Value &count) {
  Scope first(&row);
  Value zero = body.getIndexConstant(0);
  for (unsigned dim : nest.getLoops().drop_front(level))
    first.setIndex(dim, zero);
  unsigned dim = *nest.getVectorDim();
  GenericOp op = nest.getOp();
  int64_t size = op.getStaticLoopSizes()[dim];
  Value left;
  if (ShapedType::isDynamic(size) || size < getSpan())
    left = arith::MinUIOp::create(builder, body.getIndexConstant(getSpan()),
                                  body.getSize(dim));
  std::list<Scope> scopes =
      makeBatchScopes(first, zero, getVectorsInSpan(), left);
  Scope &vector = scopes.front();
  Value lanes = left ? vector.getCount() : body.getIndexConstant(options.lanes);
  Value integer =
      arith::IndexCastOp::create(builder, builder.getI64Type(), lanes);
  count =
      arith::SIToFPOp::create(builder, center.getValue().getType(), integer);
  Value elements = body.get(center.getValue(), vector);
  if (!left)
    return elements;
  Value neutral = makeNeutral(builder, ReduceKind::Add, elements.getType());
  return arith::SelectOp::create(builder, vector.getMask(), elements, neutral);
}

void RowEmitter::setShift(CenterOp center, unsigned level, Scope &scope) {
  Value zero = body.getIndexConstant(0);
  Type type = center.getValue().getType();
  if (body.isUnshifted(center)) {
    scope.setShift(center, arith::ConstantOp::create(
                               builder, builder.getFloatAttr(type, 0.0)));
    return;
  }
  ArrayRef<unsigned> reduced = nest.getLoops().drop_front(level);
  bool acrossLanes =
      nest.getVectorDim() && llvm::is_contained(reduced, *nest.getVectorDim());
  if (acrossLanes && !body.isVector(center.getValue()))
    acrossLanes = false;
  auto emitShift = [&]() -> Value {
    if (acrossLanes) {
      Value count;
      Value elements = getFirstVector(center, level, scope, count);
      Value sum = combineLanes(builder, ReduceKind::Add, elements);
      return arith::DivFOp::create(builder, sum, count);
    }
    Scope first(&scope);
    for (unsigned dim : reduced)
      first.setIndex(dim, zero);
    return body.get(center.getValue(), first);
  };
  // Unmasked loads read the first element, which a row of none lacks.
  GenericOp op = nest.getOp();
  SmallVector<int64_t> sizes = op.getStaticLoopSizes(), unsure;
  for (unsigned dim : reduced)
    if (sizes[dim] <= 0 && !(acrossLanes && dim == *nest.getVectorDim()))
      unsure.push_back(dim);
  if (unsure.empty()) {
    scope.setShift(center, emitShift());
    return;
  }
  Value elements = body.getExtent(unsure, builder.getIndexType());
  Value some =
      arith::CmpIOp::create(builder, arith::CmpIPredicate::ne, elements, zero);
  Type shiftType = !acrossLanes && body.isVector(center.getValue())
                       ? body.getVectorType(type)
                       : type;
  auto branch = scf::IfOp::create(builder, shiftType, some,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(builder, emitShift());
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder,
                       makeNeutral(builder, ReduceKind::Add, shiftType));
  scope.setShift(center, branch.getResult(0));
}

void RowEmitter::requireGood(Scope &scope, Value condition) {
  Value &value = good[&scope];
  value = value ? Value(arith::AndIOp::create(builder, value, condition))
                : condition;
}

/// A constant of the type of `like`.
static Value makeConstant(ImplicitLocOpBuilder &builder, double value,
                          Value like) {
  Type type = like.getType();
  TypedAttr attr = builder.getFloatAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return arith::ConstantOp::create(builder, attr);
}

/// Whether what underflows in a sum of squares is lost against a constant that
/// is added to the mean of squares later.
static bool toleratesUnderflow(Value sum) {
  if (!sum.hasOneUse())
    return false;
  Operation *mean = *sum.user_begin();
  if (!isa<arith::DivFOp, arith::MulFOp>(mean) || mean->getOperand(0) != sum ||
      !mean->hasOneUse())
    return false;
  auto add = dyn_cast<arith::AddFOp>(*mean->user_begin());
  if (!add)
    return false;
  Value other =
      add.getLhs() == mean->getResult(0) ? add.getRhs() : add.getLhs();
  auto constant = other.getDefiningOp<arith::ConstantOp>();
  auto value =
      constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
  return value && value.getValueAsDouble() >= 1e-28;
}

/// Sets the results of `reduction` in `scope`.
void RowEmitter::finish(Operation *reduction, Scope &scope, Value total,
                        bool isRow) {
  auto compare = [&](arith::CmpFPredicate predicate, Value a, Value b) {
    return Value(arith::CmpFOp::create(builder, predicate, a, b));
  };
  bool isFloat = getElementTypeOrSelf(total.getType()).isF32();
  bool guard = options.guarded && isRow && isFloat &&
               getReduceKind(reduction) == ReduceKind::Add;

  if (auto center = dyn_cast<CenterOp>(reduction)) {
    Value count = body.broadcast(
        body.getExtent(center.getDims(), center.getValue().getType()),
        total.getType());
    Value low = arith::DivFOp::create(builder, total, count);
    Value shift = body.broadcast(scope.lookupShift(center), total.getType());
    scope.setLow(center, low);
    scope.set(center.getMean(), arith::AddFOp::create(builder, shift, low));
    shiftedSums[{&scope, center}] = total;
    return;
  }
  auto reduce = cast<ReduceOp>(reduction);
  Value squares;
  if (CenterOp center = stages.getFusedCenter(reduction)) {
    // sum((d - low)^2) = sum(d^2) - low * sum(d), where low * sum(d) is small
    // if the shift is near the mean: if not, the row is read again.
    Value sum = shiftedSums.lookup({&scope, center});
    Value low = scope.lookupLow(center);
    Value negated = arith::NegFOp::create(builder, sum);
    total = math::FmaOp::create(builder, negated, low, total);
    if (guard) {
      Value removed = arith::MulFOp::create(builder, sum, low);
      double ratio = body.isUnshifted(center) ? 64.0 : 4.0;
      Value limit = arith::MulFOp::create(builder, total,
                                          makeConstant(builder, ratio, total));
      requireGood(scope, compare(arith::CmpFPredicate::OLE, removed, limit));
    }
    squares = total;
  } else if (auto product = reduce.getValue().getDefiningOp<arith::MulFOp>();
             product && product.getLhs() == product.getRhs()) {
    squares = total;
  }
  scope.set(reduce.getResult(), total);
  if (!guard)
    return;
  // Sums that overflow, and squares that underflow where that matters.
  Value magnitude =
      squares ? squares : Value(math::AbsFOp::create(builder, total));
  Value largest = makeConstant(builder, 0x1.fffffep127, total);
  requireGood(scope, compare(arith::CmpFPredicate::OLE, magnitude, largest));
  if (squares && !toleratesUnderflow(reduce.getResult()))
    requireGood(scope, compare(arith::CmpFPredicate::OGE, squares,
                               makeConstant(builder, 0x1p-100, total)));
}
