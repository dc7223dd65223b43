//===- ScalarOps.cpp - arith and math -------------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarEvaluator.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

template <typename T> bool ScalarEvaluator<T>::constants() {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  if (!constant)
    return false;
  FailureOr<InterpValue> value =
      InterpValue::fromAttribute(cast<TypedAttr>(constant.getValue()));
  if (failed(value) || value->getNumElements() != 1)
    return false;
  Lanes<T> one = Lanes<T>::of(*value, resultType());
  results[0] = one.picked(std::vector<int64_t>(count, 0));
  return true;
}

template <typename T>
bool ScalarEvaluator<T>::compareFloats(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  return mapFFToI([predicate](T a, T b) -> bool {
    bool unordered = std::isnan(a) || std::isnan(b);
    switch (predicate) {
    case P::AlwaysFalse:
      return false;
    case P::OEQ:
      return a == b;
    case P::OGT:
      return a > b;
    case P::OGE:
      return a >= b;
    case P::OLT:
      return a < b;
    case P::OLE:
      return a <= b;
    case P::ONE:
      return !unordered && a != b;
    case P::ORD:
      return !unordered;
    case P::UEQ:
      return unordered || a == b;
    case P::UGT:
      return unordered || a > b;
    case P::UGE:
      return unordered || a >= b;
    case P::ULT:
      return unordered || a < b;
    case P::ULE:
      return unordered || a <= b;
    case P::UNE:
      return unordered || a != b;
    case P::UNO:
      return unordered;
    case P::AlwaysTrue:
      return true;
    }
    llvm_unreachable("all predicates are handled");
  });
}

template <typename T>
bool ScalarEvaluator<T>::compareInts(arith::CmpIPredicate predicate) {
  using P = arith::CmpIPredicate;
  Type type = operands[0]->type;
  return mapII([predicate, type](int64_t a, int64_t b) -> int64_t {
    uint64_t ua = unsignedInt(type, a), ub = unsignedInt(type, b);
    int64_t sa = signedInt(type, a), sb = signedInt(type, b);
    switch (predicate) {
    case P::eq:
      return a == b;
    case P::ne:
      return a != b;
    case P::slt:
      return sa < sb;
    case P::sle:
      return sa <= sb;
    case P::sgt:
      return sa > sb;
    case P::sge:
      return sa >= sb;
    case P::ult:
      return ua < ub;
    case P::ule:
      return ua <= ub;
    case P::ugt:
      return ua > ub;
    case P::uge:
      return ua >= ub;
    }
    llvm_unreachable("all predicates are handled");
  });
}

template <typename T> bool ScalarEvaluator<T>::select() {
  for (size_t i = 0; i < count; ++i) {
    const Lanes<T> &chosen = *operands[ints(0)[i] ? 1 : 2];
    if (chosen.isFloat())
      results[0].floats[i] = chosen.floats[i];
    else
      results[0].ints[i] = chosen.ints[i];
  }
  return true;
}

template <typename T> bool ScalarEvaluator<T>::predicates() {
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](arith::CmpFOp cmp) { return compareFloats(cmp.getPredicate()); })
      .Case([&](arith::CmpIOp cmp) { return compareInts(cmp.getPredicate()); })
      .Case([&](arith::SelectOp) { return select(); })
      .Case([&](math::IsNaNOp) {
        return mapFToI([](T a) { return std::isnan(a); });
      })
      .Case([&](math::IsInfOp) {
        return mapFToI([](T a) { return std::isinf(a); });
      })
      .Case([&](math::IsFiniteOp) {
        return mapFToI([](T a) { return std::isfinite(a); });
      })
      .Default(false);
}

/// The integer of `type` nearest to `value` toward zero; NaN is 0. Out of range
/// is undefined in arith; here it saturates.
template <typename T> static int64_t toInt(Type type, T value, bool isSigned) {
  if (std::isnan(value))
    return 0;
  unsigned width = type.getIntOrFloatBitWidth();
  T limit = std::ldexp(T(1), isSigned ? width - 1 : width);
  value = std::trunc(value);
  if (value >= limit)
    return isSigned ? llvm::maxIntN(width)
                    : static_cast<int64_t>(llvm::maxUIntN(width));
  if (value <= (isSigned ? -limit : T(0)))
    return isSigned ? llvm::minIntN(width) : 0;
  return isSigned ? static_cast<int64_t>(value)
                  : static_cast<int64_t>(static_cast<uint64_t>(value));
}

template <typename T> bool ScalarEvaluator<T>::casts() {
  if (!isa<arith::ArithDialect>(op->getDialect()) || operands.empty())
    return false;
  Type from = operands[0]->type, to = resultType();
  auto toFloat = dyn_cast<FloatType>(to);
  return TypeSwitch<Operation *, bool>(op)
      .Case([&](arith::ExtFOp) { return mapF([](T a) { return a; }); })
      .Case([&](arith::TruncFOp truncate) {
        if (truncate.getRoundingmode().value_or(
                arith::RoundingMode::to_nearest_even) !=
            arith::RoundingMode::to_nearest_even)
          return false;
        return mapF([&](T a) { return roundTo(toFloat, a); });
      })
      .Case([&](arith::SIToFPOp) {
        return mapIToF(
            [&](int64_t a) { return roundTo(toFloat, T(signedInt(from, a))); });
      })
      .Case([&](arith::UIToFPOp) {
        return mapIToF([&](int64_t a) {
          return roundTo(toFloat, T(unsignedInt(from, a)));
        });
      })
      .Case([&](arith::FPToSIOp) {
        return mapFToI([&](T a) { return toInt(to, a, /*isSigned=*/true); });
      })
      .Case([&](arith::FPToUIOp) {
        return mapFToI([&](T a) { return toInt(to, a, /*isSigned=*/false); });
      })
      .template Case<arith::ExtSIOp, arith::IndexCastOp>([&](auto) {
        return mapI([&](int64_t a) { return signedInt(from, a); });
      })
      .template Case<arith::ExtUIOp, arith::IndexCastUIOp>([&](auto) {
        return mapI([&](int64_t a) { return unsignedInt(from, a); });
      })
      .Case([&](arith::TruncIOp) { return mapI([](int64_t a) { return a; }); })
      .Case([&](arith::BitcastOp) {
        auto fromFloat = dyn_cast<FloatType>(from);
        if (fromFloat && toFloat)
          return mapF([&](T a) {
            return decodeFloat(toFloat, encodeFloat(fromFloat, a));
          });
        if (fromFloat)
          return mapFToI([&](T a) { return encodeFloat(fromFloat, a); });
        if (toFloat)
          return mapIToF([&](int64_t a) {
            return decodeFloat(toFloat, unsignedInt(from, a));
          });
        return mapI([](int64_t a) { return a; });
      })
      .Default(false);
}

template <typename T>
FailureOr<SmallVector<Lanes<T>>>
mlir::norm::evaluateScalarOp(Operation *op, ArrayRef<const Lanes<T> *> operands,
                             size_t count) {
  if (op->getNumRegions() != 0 || op->getNumResults() != 1)
    return failure();
  if (!isInterpretable(getElementTypeOrSelf(op->getResult(0).getType())))
    return failure();
  return ScalarEvaluator<T>(op, operands, count).run();
}

template FailureOr<SmallVector<Lanes<double>>>
mlir::norm::evaluateScalarOp<double>(Operation *,
                                     ArrayRef<const Lanes<double> *>, size_t);
template FailureOr<SmallVector<Lanes<long double>>>
mlir::norm::evaluateScalarOp<long double>(Operation *,
                                          ArrayRef<const Lanes<long double> *>,
                                          size_t);

/// arith and math on whole values: one lane an element, each result rounded.
template <typename T>
static FailureOr<InterpValues> evaluateOnLanes(Operation *op,
                                               ArrayRef<InterpValue> operands,
                                               ArrayRef<int64_t> shape) {
  int64_t count = countElements(shape);
  SmallVector<Lanes<T>> lanes;
  for (const InterpValue &operand : operands) {
    lanes.push_back(Lanes<T>::of(operand, operand.getElementType()));
    // The condition of a select may be a scalar beside tensors.
    if (!operand.isTensor() &&
        op->getResult(0).getType() != operand.getType() && count != 1)
      lanes.back() = lanes.back().picked(std::vector<int64_t>(count, 0));
    if (static_cast<int64_t>(lanes.back().size()) != count)
      return op->emitError("operands of different sizes");
  }
  SmallVector<const Lanes<T> *> pointers;
  for (Lanes<T> &lane : lanes)
    pointers.push_back(&lane);
  FailureOr<SmallVector<Lanes<T>>> results =
      evaluateScalarOp<T>(op, pointers, count);
  if (failed(results))
    return op->emitError("the interpreter does not know '")
           << op->getName() << "' with a result of type "
           << op->getResult(0).getType();
  InterpValue value = results->front().toTensor(results->front().type, shape);
  if (!isa<RankedTensorType>(op->getResult(0).getType()))
    value = value.asScalar();
  return InterpValues{value};
}

FailureOr<InterpValues>
mlir::norm::evaluateElementwise(Operation *op, ArrayRef<InterpValue> operands) {
  if (op->getNumResults() != 1)
    return op->emitError("the interpreter does not know '")
           << op->getName() << "'";
  if (failed(requireInitialized(op, operands)))
    return failure();
  SmallVector<int64_t> shape;
  for (const InterpValue &operand : operands)
    if (operand.isTensor())
      llvm::append_range(shape = {}, operand.getShape());
  if (needsLongDouble(op))
    return evaluateOnLanes<long double>(op, operands, shape);
  return evaluateOnLanes<double>(op, operands, shape);
}
