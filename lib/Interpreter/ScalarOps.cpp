//===- ScalarOps.cpp - arith and math -------------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Evaluates one op on lanes. Each family of ops is a function that says
/// whether it knows the op.
template <typename T> class ScalarEvaluator {
public:
  ScalarEvaluator(Operation *op, ArrayRef<const Lanes<T> *> operands,
                  size_t count)
      : op(op), operands(operands), count(count) {
    for (Type type : op->getResultTypes())
      results.push_back(Lanes<T>::ofType(getElementTypeOrSelf(type), count));
  }

  FailureOr<SmallVector<Lanes<T>>> run() {
    if (constants() || floatArithmetic() || floatFunctions() || predicates() ||
        casts() || intArithmetic() || intDivision())
      return std::move(results);
    return failure();
  }

private:
  Operation *op;
  ArrayRef<const Lanes<T> *> operands;
  size_t count;
  SmallVector<Lanes<T>> results;

  const std::vector<T> &floats(unsigned i) { return operands[i]->floats; }
  const std::vector<int64_t> &ints(unsigned i) { return operands[i]->ints; }
  Type resultType() { return results.front().type; }

  /// One loop a shape of signature: F is a float, I an integer.
  template <typename Fn> bool mapF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i]);
    return true;
  }
  template <typename Fn> bool mapFF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i], floats(1)[i]);
    return true;
  }
  template <typename Fn> bool mapFFF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i], floats(1)[i], floats(2)[i]);
    return true;
  }
  template <typename Fn> bool mapFToI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(floats(0)[i]));
    return true;
  }
  template <typename Fn> bool mapFFToI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = fn(floats(0)[i], floats(1)[i]);
    return true;
  }
  template <typename Fn> bool mapI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(ints(0)[i]));
    return true;
  }
  template <typename Fn> bool mapII(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(ints(0)[i], ints(1)[i]));
    return true;
  }
  /// Of signed numbers.
  template <typename Fn> bool mapSS(Fn fn) {
    Type type = resultType();
    return mapII([&](int64_t a, int64_t b) {
      return fn(signedInt(type, a), signedInt(type, b));
    });
  }
  template <typename Fn> bool mapIToF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(ints(0)[i]);
    return true;
  }

  bool constants();
  bool floatArithmetic();
  bool floatFunctions();
  bool predicates();
  bool casts();
  bool intArithmetic();
  bool intDivision();
  bool compareFloats(arith::CmpFPredicate predicate);
  bool compareInts(arith::CmpIPredicate predicate);
  bool select();
};

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

/// max and min that propagate NaN and order -0 below +0.
template <typename T> T maximum(T a, T b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  if (a == 0 && b == 0)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
template <typename T> T minimum(T a, T b) { return -maximum(-a, -b); }

template <typename T> bool ScalarEvaluator<T>::floatArithmetic() {
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](arith::AddFOp) { return mapFF([](T a, T b) { return a + b; }); })
      .Case(
          [&](arith::SubFOp) { return mapFF([](T a, T b) { return a - b; }); })
      .Case(
          [&](arith::MulFOp) { return mapFF([](T a, T b) { return a * b; }); })
      .Case(
          [&](arith::DivFOp) { return mapFF([](T a, T b) { return a / b; }); })
      .Case([&](arith::RemFOp) {
        return mapFF([](T a, T b) { return std::fmod(a, b); });
      })
      .Case([&](arith::NegFOp) { return mapF([](T a) { return -a; }); })
      .Case([&](arith::MaximumFOp) { return mapFF(maximum<T>); })
      .Case([&](arith::MinimumFOp) { return mapFF(minimum<T>); })
      .Case([&](arith::MaxNumFOp) {
        return mapFF([](T a, T b) { return std::fmax(a, b); });
      })
      .Case([&](arith::MinNumFOp) {
        return mapFF([](T a, T b) { return std::fmin(a, b); });
      })
      .Case([&](math::FmaOp) {
        return mapFFF([](T a, T b, T c) { return std::fma(a, b, c); });
      })
      .Case([&](math::ClampFOp) {
        return mapFFF(
            [](T x, T low, T high) { return minimum(maximum(x, low), high); });
      })
      .Case([&](math::CopySignOp) {
        return mapFF([](T a, T b) { return std::copysign(a, b); });
      })
      .Case([&](math::PowFOp) {
        return mapFF([](T a, T b) { return std::pow(a, b); });
      })
      .Case([&](math::Atan2Op) {
        return mapFF([](T a, T b) { return std::atan2(a, b); });
      })
      .Case([&](math::FPowIOp) {
        for (size_t i = 0; i < count; ++i)
          results[0].floats[i] = std::pow(floats(0)[i], T(ints(1)[i]));
        return true;
      })
      .Default(false);
}

template <typename T> bool ScalarEvaluator<T>::floatFunctions() {
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](math::AbsFOp) { return mapF([](T a) { return std::fabs(a); }); })
      .Case([&](math::ExpOp) { return mapF([](T a) { return std::exp(a); }); })
      .Case(
          [&](math::Exp2Op) { return mapF([](T a) { return std::exp2(a); }); })
      .Case([&](math::ExpM1Op) {
        return mapF([](T a) { return std::expm1(a); });
      })
      .Case([&](math::LogOp) { return mapF([](T a) { return std::log(a); }); })
      .Case([&](math::Log1pOp) {
        return mapF([](T a) { return std::log1p(a); });
      })
      .Case(
          [&](math::Log2Op) { return mapF([](T a) { return std::log2(a); }); })
      .Case([&](math::Log10Op) {
        return mapF([](T a) { return std::log10(a); });
      })
      .Case(
          [&](math::SqrtOp) { return mapF([](T a) { return std::sqrt(a); }); })
      .Case([&](math::RsqrtOp) {
        return mapF([](T a) { return 1 / std::sqrt(a); });
      })
      .Case(
          [&](math::CbrtOp) { return mapF([](T a) { return std::cbrt(a); }); })
      .Case(
          [&](math::TanhOp) { return mapF([](T a) { return std::tanh(a); }); })
      .Case(
          [&](math::SinhOp) { return mapF([](T a) { return std::sinh(a); }); })
      .Case(
          [&](math::CoshOp) { return mapF([](T a) { return std::cosh(a); }); })
      .Case([&](math::ErfOp) { return mapF([](T a) { return std::erf(a); }); })
      .Case(
          [&](math::ErfcOp) { return mapF([](T a) { return std::erfc(a); }); })
      .Case([&](math::SinOp) { return mapF([](T a) { return std::sin(a); }); })
      .Case([&](math::CosOp) { return mapF([](T a) { return std::cos(a); }); })
      .Case([&](math::TanOp) { return mapF([](T a) { return std::tan(a); }); })
      .Case(
          [&](math::AsinOp) { return mapF([](T a) { return std::asin(a); }); })
      .Case(
          [&](math::AcosOp) { return mapF([](T a) { return std::acos(a); }); })
      .Case(
          [&](math::AtanOp) { return mapF([](T a) { return std::atan(a); }); })
      .Case([&](math::FloorOp) {
        return mapF([](T a) { return std::floor(a); });
      })
      .Case(
          [&](math::CeilOp) { return mapF([](T a) { return std::ceil(a); }); })
      .Case([&](math::RoundOp) {
        return mapF([](T a) { return std::round(a); });
      })
      .Case([&](math::RoundEvenOp) {
        return mapF([](T a) { return std::nearbyint(a); });
      })
      .Case([&](math::TruncOp) {
        return mapF([](T a) { return std::trunc(a); });
      })
      .Default(false);
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
template <typename T> int64_t toInt(Type type, T value, bool isSigned) {
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

template <typename T> bool ScalarEvaluator<T>::intArithmetic() {
  if (operands.empty() || operands[0]->isFloat() || results[0].isFloat())
    return false;
  Type type = resultType();
  auto u = [type](int64_t a) { return unsignedInt(type, a); };
  // Sums and products wrap, which only unsigned arithmetic defines.
  using U = uint64_t;
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](arith::AddIOp) { return mapII([](U a, U b) { return a + b; }); })
      .Case(
          [&](arith::SubIOp) { return mapII([](U a, U b) { return a - b; }); })
      .Case(
          [&](arith::MulIOp) { return mapII([](U a, U b) { return a * b; }); })
      .Case(
          [&](arith::AndIOp) { return mapII([](U a, U b) { return a & b; }); })
      .Case([&](arith::OrIOp) { return mapII([](U a, U b) { return a | b; }); })
      .Case(
          [&](arith::XOrIOp) { return mapII([](U a, U b) { return a ^ b; }); })
      .Case([&](arith::ShLIOp) {
        return mapII([](U a, U b) { return b < 64 ? a << b : 0; });
      })
      .Case([&](arith::ShRUIOp) {
        return mapII([&](int64_t a, U b) { return b < 64 ? u(a) >> b : 0; });
      })
      .Case([&](arith::ShRSIOp) {
        return mapII([&](int64_t a, U b) {
          return signedInt(type, a) >> std::min<U>(b, 63);
        });
      })
      .Case([&](arith::MaxSIOp) {
        return mapSS([](int64_t a, int64_t b) { return std::max(a, b); });
      })
      .Case([&](arith::MinSIOp) {
        return mapSS([](int64_t a, int64_t b) { return std::min(a, b); });
      })
      .Case([&](arith::MaxUIOp) {
        return mapII(
            [&](int64_t a, int64_t b) { return std::max(u(a), u(b)); });
      })
      .Case([&](arith::MinUIOp) {
        return mapII(
            [&](int64_t a, int64_t b) { return std::min(u(a), u(b)); });
      })
      .Case([&](math::AbsIOp) {
        return mapI([](int64_t a) { return a < 0 ? U(0) - U(a) : U(a); });
      })
      .Default(false);
}

template <typename T> bool ScalarEvaluator<T>::intDivision() {
  if (operands.size() != 2 || operands[0]->isFloat() || results[0].isFloat())
    return false;
  Type type = resultType();
  // Division by zero and of the smallest number by -1 is undefined in arith.
  auto isBad = [](int64_t a, int64_t b) {
    return b == 0 || (b == -1 && a == INT64_MIN);
  };
  auto divide = [&](auto fn) {
    return mapSS(
        [&](int64_t a, int64_t b) { return isBad(a, b) ? 0 : fn(a, b); });
  };
  auto divideUnsigned = [&](auto fn) {
    return mapII([&](int64_t a, int64_t b) -> uint64_t {
      uint64_t divisor = unsignedInt(type, b);
      return divisor == 0 ? 0 : fn(unsignedInt(type, a), divisor);
    });
  };
  using I = int64_t;
  using U = uint64_t;
  return TypeSwitch<Operation *, bool>(op)
      .Case([&](arith::DivSIOp) {
        return divide([](I a, I b) { return a / b; });
      })
      .Case([&](arith::RemSIOp) {
        return divide([](I a, I b) { return a % b; });
      })
      .Case([&](arith::FloorDivSIOp) {
        return divide([](I a, I b) { return llvm::divideFloorSigned(a, b); });
      })
      .Case([&](arith::CeilDivSIOp) {
        return divide([](I a, I b) { return llvm::divideCeilSigned(a, b); });
      })
      .Case([&](arith::DivUIOp) {
        return divideUnsigned([](U a, U b) { return a / b; });
      })
      .Case([&](arith::RemUIOp) {
        return divideUnsigned([](U a, U b) { return a % b; });
      })
      .Case([&](arith::CeilDivUIOp) {
        return divideUnsigned([](U a, U b) { return a / b + (a % b != 0); });
      })
      .Default(false);
}

} // namespace

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
