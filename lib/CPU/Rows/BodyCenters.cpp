//===- BodyCenters.cpp - Centred elements of a row program ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x minus a shift near the mean, and its product with a statistic, to which the
// rest of the mean is added.
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "../GenericParts.h"

using namespace mlir;
using namespace mlir::norm;

/// The f32 of which `center`, in f64, need not be more exact; null if there is
/// none.
static Value getNarrow(CenterOp center) {
  auto extend = center.getValue().getDefiningOp<arith::ExtFOp>();
  bool isNarrow = extend && extend.getIn().getType().isF32() &&
                  center->getParentOp()->hasAttr(kF32StatisticsAttrName);
  return isNarrow ? extend.getIn() : Value();
}

/// `type`, of a scalar or vector, with elements of type `element`.
static Type cloneWith(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

Value BodyEmitter::roundShift(CenterOp center, Value shift) {
  if (!getNarrow(center))
    return shift;
  Value narrow = arith::TruncFOp::create(
      builder, cloneWith(shift.getType(), builder.getF32Type()), shift);
  return arith::ExtFOp::create(builder, shift.getType(), narrow);
}

Value BodyEmitter::getNarrowShifted(CenterOp center, Scope &scope) {
  Value narrow = getNarrow(center);
  if (!narrow)
    return nullptr;
  Value element = get(narrow, scope);
  Value shift = scope.lookupShift(center);
  shift = arith::TruncFOp::create(
      builder, cloneWith(shift.getType(), builder.getF32Type()), shift);
  return arith::SubFOp::create(builder, element,
                               broadcast(shift, element.getType()));
}

Value BodyEmitter::getShifted(CenterOp center, Scope &scope) {
  // Half as many vectors in f32; the difference of near numbers is exact there.
  if (Value shifted = getNarrowShifted(center, scope))
    return arith::ExtFOp::create(
        builder, cloneWith(shifted.getType(), builder.getF64Type()), shifted);
  Value element = get(center.getValue(), scope);
  if (isUnshifted(center))
    return element;
  Value shift = broadcast(scope.lookupShift(center), element.getType());
  return arith::SubFOp::create(builder, element, shift);
}

/// Whether the body computes `value` from reductions and constants alone.
static bool isStatistic(Value value) {
  llvm::SetVector<Value> values;
  values.insert(value);
  for (size_t i = 0; i < values.size(); ++i) {
    Operation *def = values[i].getDefiningOp();
    if (def && (isa<ReduceOp, CenterOp>(def) ||
                def->hasTrait<OpTrait::ConstantLike>()))
      continue;
    if (!def || !isa<GenericOp>(def->getParentOp()))
      return false;
    values.insert_range(def->getOperands());
  }
  return true;
}

std::pair<CenterOp, Value>
BodyEmitter::matchProductOfCentered(Operation *product) const {
  auto mul = dyn_cast<arith::MulFOp>(product);
  if (!mul)
    return {};
  for (unsigned i : {0u, 1u}) {
    Value centered = mul->getOperand(i), factor = mul->getOperand(1 - i);
    auto center = centered.getDefiningOp<CenterOp>();
    if (!center || centered != center.getCentered())
      continue;
    bool uniform = llvm::none_of(center.getDims(), [&](int64_t dim) {
      return nest.varies(factor, dim);
    });
    // Of a factor from elsewhere, which may be infinite, there must be no
    // product with -low.
    if (uniform && isStatistic(factor))
      return {center, factor};
  }
  return {};
}

void BodyEmitter::prepareScaledLow(Operation *product, Scope &scope) {
  auto [center, factor] = matchProductOfCentered(product);
  if (!center || scope.lookupScaledLow(product))
    return;
  Value low = scope.lookupLow(center);
  if (!low || !isKnown(factor, scope))
    return;
  Value scale = get(factor, scope);
  Type type = isa<VectorType>(low.getType()) ? low.getType() : scale.getType();
  Value negated = arith::NegFOp::create(builder, broadcast(low, type));
  scope.setScaledLow(
      product, arith::MulFOp::create(builder, negated, broadcast(scale, type)));
}

Value BodyEmitter::getProductOfCentered(arith::MulFOp product, Scope &scope) {
  auto [center, factor] = matchProductOfCentered(product);
  if (!center)
    return nullptr;
  prepareScaledLow(product, scope);
  Value scaledLow = scope.lookupScaledLow(product);
  if (!scaledLow)
    return nullptr;
  Value shifted = getShifted(center, scope);
  Value scale = get(factor, scope);
  Type type =
      isa<VectorType>(scale.getType()) ? scale.getType() : shifted.getType();
  return multiplyAdd(broadcast(shifted, type), broadcast(scale, type),
                     broadcast(scaledLow, type));
}
