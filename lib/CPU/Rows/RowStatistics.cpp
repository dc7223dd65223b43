//===- RowStatistics.cpp - Shifts, means and guards of rows ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowEmitter.h"

#include "../GenericParts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/CPU/Reductions.h"
#include "norm/CPU/SumGuards.h"

using namespace mlir;
using namespace mlir::norm;

/// A constant of the type of `like`.
static Value makeConstant(ImplicitLocOpBuilder &builder, double value,
                          Value like) {
  Type type = like.getType();
  TypedAttr attr = builder.getFloatAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  return arith::ConstantOp::create(builder, attr);
}

Value RowEmitter::FirstVector::getFor(ImplicitLocOpBuilder &builder,
                                      ReduceKind kind) const {
  if (!mask)
    return elements;
  Value neutral = makeNeutral(builder, kind, elements.getType());
  return arith::SelectOp::create(builder, mask, elements, neutral);
}

RowEmitter::FirstVector RowEmitter::getFirstVector(CenterOp center,
                                                   unsigned level, Scope &row) {
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
  Value count =
      arith::SIToFPOp::create(builder, center.getValue().getType(), integer);
  // Known before the sum is, and exact where the vector is whole.
  Value reciprocal =
      arith::DivFOp::create(builder, makeConstant(builder, 1.0, count), count);
  return {body.get(center.getValue(), vector),
          left ? vector.getMask() : Value(), reciprocal};
}

Value RowEmitter::getMeanOfVector(CenterOp center, unsigned level, Scope &row) {
  FirstVector first = getFirstVector(center, level, row);
  auto combine = [&](ReduceKind kind) {
    return combineLanes(builder, kind, first.getFor(builder, kind));
  };
  Value mean = arith::MulFOp::create(builder, combine(ReduceKind::Add),
                                     first.reciprocal);
  return coarsenIfMany(mean, nest.getLoops().drop_front(level),
                       [&] { return combine(ReduceKind::Max); });
}

Value RowEmitter::getMeanOfFirst(CenterOp center, ArrayRef<unsigned> reduced,
                                 Scope &scope) {
  // One element may be far from the mean, of eight hardly ever all.
  constexpr int64_t kMaxElements = 8;
  Scope first(&scope);
  for (unsigned dim : reduced)
    first.setIndex(dim, body.getIndexConstant(0));
  auto getElement = [&](Value index) {
    Scope element(&first);
    element.setIndex(reduced.back(), index);
    return body.get(center.getValue(), element);
  };
  GenericOp op = nest.getOp();
  int64_t size = op.getStaticLoopSizes()[reduced.back()];
  Type type = center.getValue().getType();
  if (!ShapedType::isDynamic(size)) {
    int64_t count = std::min(size, kMaxElements);
    SmallVector<Value> elements;
    for (int64_t i = 0; i < count; ++i)
      elements.push_back(getElement(body.getIndexConstant(i)));
    Value sum = combineTree(builder, ReduceKind::Add, elements);
    // Other rows of the same op get theirs from getMeanOfVector: bit by bit the
    // same, so there is no division here either.
    Value mean = arith::MulFOp::create(
        builder, sum, makeConstant(builder, 1.0 / double(count), sum));
    return coarsenIfMany(mean, reduced, [&] {
      return combineTree(builder, ReduceKind::Max, elements);
    });
  }
  Value count = arith::MinUIOp::create(builder, body.getSize(reduced.back()),
                                       body.getIndexConstant(kMaxElements));
  Type sumType =
      body.isVector(center.getValue()) ? body.getVectorType(type) : type;
  // The sum and the largest.
  Accumulators sums{{makeNeutral(builder, ReduceKind::Add, sumType),
                     makeNeutral(builder, ReduceKind::Max, sumType)}};
  emitFor(body.getIndexConstant(0), count, body.getIndexConstant(1), sums,
          [&](Value index, Accumulators &inner) {
            Value element = getElement(index);
            inner[0][0] =
                combine(builder, ReduceKind::Add, inner[0][0], element);
            inner[0][1] =
                combine(builder, ReduceKind::Max, inner[0][1], element);
          });
  Value integer =
      arith::IndexCastOp::create(builder, builder.getI64Type(), count);
  Value divisor = arith::SIToFPOp::create(builder, type, integer);
  Value mean = arith::DivFOp::create(builder, sums[0][0],
                                     body.broadcast(divisor, sumType));
  return coarsenIfMany(mean, reduced, [&] { return sums[0][1]; });
}

Value RowEmitter::coarsenIfMany(Value mean, ArrayRef<unsigned> reduced,
                                function_ref<Value()> emitLargest) {
  // Shorter sums round too seldom for a bias to show.
  constexpr int64_t kMinVectors = 64;
  int64_t least = kMinVectors * options.lanes;
  GenericOp op = nest.getOp();
  SmallVector<int64_t> sizes = op.getStaticLoopSizes(), dims;
  int64_t length = 1;
  bool isDynamic = false;
  for (unsigned dim : reduced) {
    isDynamic |= ShapedType::isDynamic(sizes[dim]);
    length *= sizes[dim];
    dims.push_back(dim);
  }
  if (!isDynamic)
    return length < least ? mean : coarsen(mean, emitLargest());
  Value isMany =
      arith::CmpIOp::create(builder, arith::CmpIPredicate::uge,
                            body.getExtent(dims, builder.getIndexType()),
                            body.getIndexConstant(least));
  auto branch = scf::IfOp::create(builder, mean.getType(), isMany,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(builder, coarsen(mean, emitLargest()));
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder, mean);
  return branch.getResult(0);
}

Value RowEmitter::coarsen(Value mean, Value largest) {
  // Adding 2^(bits - 3) times a distance rounds to multiples of between an
  // eighth and a sixteenth of it: what that moves the shift is little beside a
  // standard deviation, and the squares of multiples have few bits, too.
  auto type = cast<FloatType>(getElementTypeOrSelf(mean.getType()));
  auto factor = double(int64_t(1) << (type.getFPMantissaWidth() - 1 - 3));
  Value distance = arith::SubFOp::create(builder, largest, mean);
  Value large = arith::MulFOp::create(builder, distance,
                                      makeConstant(builder, factor, distance));
  return arith::SubFOp::create(
      builder, arith::AddFOp::create(builder, mean, large), large);
}

void RowEmitter::setShift(CenterOp center, unsigned level, Scope &scope) {
  Value zero = body.getIndexConstant(0);
  Type type = center.getValue().getType();
  GenericOp op = nest.getOp();
  SmallVector<int64_t> sizes = op.getStaticLoopSizes(), unsure;
  ArrayRef<unsigned> reduced = nest.getLoops().drop_front(level);
  bool isEmpty = llvm::any_of(reduced, [&](unsigned d) { return !sizes[d]; });
  if (isEmpty || body.isUnshifted(center)) {
    scope.setShift(center, arith::ConstantOp::create(
                               builder, builder.getFloatAttr(type, 0.0)));
    return;
  }
  bool acrossLanes =
      nest.getVectorDim() && llvm::is_contained(reduced, *nest.getVectorDim());
  if (acrossLanes && !body.isVector(center.getValue()))
    acrossLanes = false;
  auto emitShift = [&]() -> Value {
    if (acrossLanes)
      return body.roundShift(center, getMeanOfVector(center, level, scope));
    return body.roundShift(center, getMeanOfFirst(center, reduced, scope));
  };
  // Unmasked loads read the first element, which a row of none lacks.
  for (unsigned dim : reduced)
    if (ShapedType::isDynamic(sizes[dim]) &&
        dim != (acrossLanes ? *nest.getVectorDim() : reduced.back()))
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
  // Where a lane is a row, what is the same in all lanes is bad in all.
  if (nest.getVectorDim() && scope.getIndex(*nest.getVectorDim()))
    condition =
        body.broadcast(condition, body.getVectorType(builder.getI1Type()));
  Value &value = good[&scope];
  value = value ? Value(arith::AndIOp::create(builder, value, condition))
                : condition;
}

/// By how much what is removed from a sum of squares in f64 may exceed what is
/// left: what a shift of 16 standard deviations costs when it is subtracted in
/// f32 is lost in the sum. Where few elements are summed in f32, of 8.
static constexpr double kMaxRatioF64 = 256.0, kMaxRatioF32Sums = 64.0;

/// The largest f64.
static constexpr double kLargestF64 = 0x1.fffffffffffffp1023;

void RowEmitter::finish(Operation *reduction, Scope &scope, Value total,
                        bool isRow) {
  auto compare = [&](arith::CmpFPredicate predicate, Value a, Value b) {
    return Value(arith::CmpFOp::create(builder, predicate, a, b));
  };
  bool isChecked =
      options.guarded && isRow && getReduceKind(reduction) == ReduceKind::Add;
  // What an f32 holds neither overflows nor underflows sums in f64.
  bool isF32 = getElementTypeOrSelf(total.getType()).isF32();
  bool guard = isChecked && isF32;
  GenericOp op = nest.getOp();
  bool sumsF32 = op->hasAttr(kF32SumsAttrName);

  if (auto center = dyn_cast<CenterOp>(reduction)) {
    Value count = body.broadcast(
        body.getExtent(center.getDims(), center.getValue().getType()),
        total.getType());
    Value low = arith::DivFOp::create(builder, total, count);
    Value shift = body.broadcast(scope.lookupShift(center), total.getType());
    scope.setLow(center, low);
    Value mean = arith::AddFOp::create(builder, shift, low);
    scope.set(center.getMean(), mean);
    shiftedSums[{&scope, center}] = total;
    if (guard)
      requireGood(scope, emitIsFinite(builder, mean));
    return;
  }
  auto reduce = cast<ReduceOp>(reduction);
  bool squares = isSumOfSquares(reduce);
  if (CenterOp center = stages.getFusedCenter(reduction)) {
    // sum((d - low)^2) = sum(d^2) - low * sum(d), where low * sum(d) is small
    // if the shift is near the mean: if not, the row is read again.
    Value sum = shiftedSums.lookup({&scope, center});
    Value low = scope.lookupLow(center);
    Value negated = arith::NegFOp::create(builder, sum);
    total = body.multiplyAdd(negated, low, total);
    if (isChecked) {
      Value removed = arith::MulFOp::create(builder, sum, low);
      // Four lanes have fewer accumulators, which get more elements.
      double ratio = sumsF32                    ? kMaxRatioF32Sums
                     : !isF32                   ? kMaxRatioF64
                     : body.isUnshifted(center) ? 64.0
                     : options.lanes < 8        ? 1.0
                                                : 4.0;
      Value limit = arith::MulFOp::create(builder, total,
                                          makeConstant(builder, ratio, total));
      requireGood(scope, compare(arith::CmpFPredicate::OLE, removed, limit));
      if (sumsF32)
        requireGood(scope, compare(arith::CmpFPredicate::OLE, total,
                                   makeConstant(builder, kLargestF64, total)));
    }
    squares = true;
  }
  scope.set(reduce.getResult(), total);
  if (guard)
    emitSumGuards(builder, reduce, total, squares,
                  [&](Value condition) { requireGood(scope, condition); });
}

/// `condition` as one that hardly ever holds: what is in registers then stays
/// there where it does not. With 16 registers LLVM spills in the loop instead.
static Value expectFalse(ImplicitLocOpBuilder &builder, const CPUTarget &target,
                         Value condition) {
  if (target.numVectorRegisters < 32)
    return condition;
  Value no = arith::ConstantOp::create(builder, builder.getBoolAttr(false));
  return LLVM::ExpectOp::create(builder, condition.getType(), condition, no);
}

void RowEmitter::emitIfBad(Value isGood, Value mask,
                           function_ref<void(Value)> recompute) {
  OpBuilder::InsertionGuard guard(builder);
  Value yes = arith::ConstantOp::create(builder, builder.getBoolAttr(true));
  Value bad = arith::XOrIOp::create(builder, isGood,
                                    body.broadcast(yes, isGood.getType()));
  auto vector = dyn_cast<VectorType>(bad.getType());
  if (!vector) {
    auto branch = scf::IfOp::create(builder, expectFalse(builder, target, bad));
    builder.setInsertionPointToStart(branch.thenBlock());
    recompute(nullptr);
    return;
  }
  if (mask)
    bad = arith::AndIOp::create(builder, bad, mask);
  Value any =
      vector::ReductionOp::create(builder, vector::CombiningKind::OR, bad);
  auto branch = scf::IfOp::create(builder, expectFalse(builder, target, any));
  builder.setInsertionPointToStart(branch.thenBlock());
  auto loop = scf::ForOp::create(builder, body.getIndexConstant(0),
                                 body.getIndexConstant(vector.getNumElements()),
                                 body.getIndexConstant(1));
  builder.setInsertionPointToStart(loop.getBody());
  Value lane = loop.getInductionVar();
  Value isBad =
      vector::ExtractOp::create(builder, bad, ArrayRef<OpFoldResult>{lane});
  auto laneBranch = scf::IfOp::create(builder, isBad);
  builder.setInsertionPointToStart(laneBranch.thenBlock());
  recompute(lane);
}
