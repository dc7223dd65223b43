//===- DescribeScalar.cpp - Scalar ops as expressions ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm::raise;

/// The base to a constant power that is a multiple of one half.
static Expr describePower(ExpressionContext &expressions, Type type, Expr base,
                          Expr exponent) {
  if (!exponent->is(Kind::Constant) || exponent->value == 0 ||
      std::fabs(exponent->value) > 8 ||
      2 * exponent->value != std::trunc(2 * exponent->value))
    return nullptr;
  return expressions.power(type, base, exponent->value);
}

/// A function of two operands whose order does not matter.
static Expr describeCommutative(ExpressionContext &expressions, Operation *op,
                                Type type, ArrayRef<Expr> operands) {
  SmallVector<Expr> sorted(operands);
  if (std::tuple(sorted[1]->is(Kind::Constant), sorted[1]->shape,
                 sorted[1]->number) < std::tuple(sorted[0]->is(Kind::Constant),
                                                 sorted[0]->shape,
                                                 sorted[0]->number))
    std::swap(sorted[0], sorted[1]);
  // Those that lose a NaN have another name.
  StringRef name = isa<arith::MaximumFOp>(op)   ? "max"
                   : isa<arith::MinimumFOp>(op) ? "min"
                   : isa<arith::MaxNumFOp>(op)  ? "maxnum"
                                                : "minnum";
  return expressions.call(type, name, {}, sorted);
}

/// An integer constant as what `op` makes a float of, exact in double; none if
/// it is not.
static std::optional<double> getInteger(Operation *op, double number) {
  auto type =
      dyn_cast<IntegerType>(getElementTypeOrSelf(op->getOperand(0).getType()));
  if (number >= 0 || isa<arith::SIToFPOp>(op))
    return number;
  // Constants are read as signed.
  if (!type || type.getWidth() > 52)
    return std::nullopt;
  return number + std::ldexp(1.0, type.getWidth());
}

/// Integers that sizes are multiplied by, so that nothing wraps around.
static constexpr double kLargestFactor = 1 << 26;

/// A size, or a product of sizes, perhaps times a positive integer.
static bool isSize(Expr expr) {
  auto isExtent = [](Expr part) { return part->is(Kind::Extent); };
  return isExtent(expr) || (expr->is(Kind::Product) && expr->value > 0 &&
                            expr->value <= kLargestFactor &&
                            llvm::all_of(expr->operands, isExtent));
}

/// An integer in another integer type; null if it may be another number there.
static Expr describeIndexCast(ExpressionContext &expressions, Type type,
                              Expr operand) {
  auto width = [](Type type) {
    return type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  };
  if (!operand->is(Kind::Constant))
    return width(type) >= width(operand->type) ? operand : nullptr;
  double limit = std::ldexp(1.0, width(type) - 1);
  bool fits = operand->value >= -limit && operand->value < limit;
  return fits ? expressions.constant(type, operand->value) : nullptr;
}

/// A product of integers, which does not wrap around; null of others.
static Expr describeProductOfSizes(ExpressionContext &expressions, Type type,
                                   ArrayRef<Expr> operands) {
  if (!type.isIndex() && !type.isInteger(64))
    return nullptr;
  for (Expr operand : operands)
    if (!isSize(operand) &&
        !(operand->is(Kind::Constant) && operand->value > 0 &&
          operand->value <= kLargestFactor))
      return nullptr;
  return expressions.product(type, {{operands[0], 1}, {operands[1], 1}});
}

/// Whether the numbers in `expr` are of its type: they are finite, and not so
/// small that they are zero there.
static bool hasNumbersOfType(Expr expr) {
  auto type = dyn_cast<FloatType>(expr->type);
  if (!type)
    return true;
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  auto toDouble = [](APFloat number) {
    bool losesInfo;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    return number.convertToDouble();
  };
  double largest = toDouble(APFloat::getLargest(semantics));
  double smallest = toDouble(APFloat::getSmallest(semantics));
  auto isOfType = [&](double number) {
    double magnitude = std::fabs(number);
    return number == 0 || (magnitude >= smallest && magnitude <= largest);
  };
  switch (expr->kind) {
  case Kind::Sum:
    return isOfType(expr->value) && llvm::all_of(expr->weights, isOfType);
  case Kind::Constant:
  case Kind::Product:
    return isOfType(expr->value);
  default:
    return true;
  }
}

/// A comparison of constants, as 0 or 1; null if it is another.
static Expr foldComparison(ExpressionContext &expressions, arith::CmpIOp op,
                           ArrayRef<Expr> operands) {
  if (!operands[0]->is(Kind::Constant) || !operands[1]->is(Kind::Constant))
    return nullptr;
  bool equal = operands[0]->value == operands[1]->value;
  if (op.getPredicate() == arith::CmpIPredicate::eq)
    return expressions.constant(op.getType(), equal);
  if (op.getPredicate() == arith::CmpIPredicate::ne)
    return expressions.constant(op.getType(), !equal);
  return nullptr;
}

/// x where it is greater than 0 and `negative` elsewhere, as relu, leaky relu
/// and elu are written: the larger of x and 0 if `negative` is 0.
static Expr foldSelect(ExpressionContext &expressions, Type type,
                       ArrayRef<Expr> operands) {
  if (operands[0]->is(Kind::Constant))
    return operands[operands[0]->value != 0 ? 1 : 2];
  if (operands[1] == operands[2])
    return operands[1];
  Expr compare = operands[0];
  if (!compare->is(Kind::Call) || !compare->name.starts_with("cmpf."))
    return nullptr;
  StringRef predicate = compare->name.drop_front(5);
  Expr lhs = compare->operands[0], rhs = compare->operands[1];
  bool greater = predicate.ends_with("gt") || predicate.ends_with("ge");
  bool less = predicate.ends_with("lt") || predicate.ends_with("le");
  if (!rhs->isConstant(0) || (!greater && !less))
    return nullptr;
  Expr positive = operands[greater ? 1 : 2], other = operands[greater ? 2 : 1];
  if (positive != lhs)
    return nullptr;
  // Where x is NaN, it is kept or is `other`.
  bool keepsNaN = predicate.starts_with(greater ? "u" : "o");
  if (other->isConstant(0))
    return expressions.call(type, keepsNaN ? "max" : "maxnum", {},
                            {positive, other});
  // At 0 and for a NaN, `other` may be anything.
  Builder builder(expressions.getContext());
  bool isStrict = predicate.ends_with("t") == greater;
  auto attributes = builder.getDictionaryAttr(
      {builder.getNamedAttr("keeps_nan", builder.getBoolAttr(keepsNaN)),
       builder.getNamedAttr("strict", builder.getBoolAttr(isStrict))});
  return expressions.call(type, "positive_or", attributes, {positive, other});
}

Expr mlir::norm::raise::describeScalarOp(ExpressionContext &expressions,
                                         Operation *op,
                                         ArrayRef<Expr> operands) {
  if (op->getNumResults() != 1)
    return nullptr;
  Type type = getElementTypeOrSelf(op->getResult(0).getType());
  if (!type.isIntOrIndexOrFloat())
    return nullptr;
  ExpressionContext &e = expressions;
  bool cancels = false;
  auto sum = [&](double first, double second) {
    return e.sum(type, {{operands[0], first}, {operands[1], second}}, 0,
                 &cancels);
  };
  auto product = [&](double second) {
    return e.product(type, {{operands[0], 1}, {operands[1], second}}, 1,
                     &cancels);
  };
  Expr known =
      TypeSwitch<Operation *, Expr>(op)
          .Case([&](arith::AddFOp) { return sum(1, 1); })
          .Case([&](arith::SubFOp) { return sum(1, -1); })
          .Case([&](arith::MulFOp) { return product(1); })
          .Case([&](arith::MulIOp) {
            return describeProductOfSizes(e, type, operands);
          })
          .Case([&](arith::DivFOp) { return product(-1); })
          .Case([&](arith::NegFOp) {
            return e.product(type, {{operands[0], 1}}, -1);
          })
          .Case([&](math::FmaOp) {
            return e.sum(type, {{product(1), 1}, {operands[2], 1}}, 0,
                         &cancels);
          })
          .Case([&](math::SqrtOp) { return e.power(type, operands[0], 0.5); })
          .Case([&](math::RsqrtOp) { return e.power(type, operands[0], -0.5); })
          .Case<math::PowFOp, math::FPowIOp>([&](auto) {
            return describePower(e, type, operands[0], operands[1]);
          })
          .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MinimumFOp,
                arith::MinNumFOp>([&](Operation *op) {
            return describeCommutative(e, op, type, operands);
          })
          // A wider float is the same number.
          .Case([&](arith::ExtFOp) { return operands[0]; })
          .Case([&](arith::IndexCastOp) {
            return describeIndexCast(e, type, operands[0]);
          })
          .Case([&](arith::TruncFOp op) -> Expr {
            // What the ops of the dialect round, they round to nearest even.
            if (op.getRoundingmode().value_or(
                    arith::RoundingMode::to_nearest_even) !=
                arith::RoundingMode::to_nearest_even)
              return nullptr;
            return e.round(type, operands[0]);
          })
          .Case<arith::SIToFPOp, arith::UIToFPOp>([&](auto) -> Expr {
            Expr number = operands[0];
            if (number->is(Kind::Constant)) {
              std::optional<double> value = getInteger(op, number->value);
              return value ? e.constant(type, *value) : nullptr;
            }
            // Larger sizes are not exact in 16 bits.
            if (!isSize(number) || type.getIntOrFloatBitWidth() < 32)
              return nullptr;
            if (number->is(Kind::Extent))
              return e.extent(type, number->indices.front());
            SmallVector<Term> factors;
            for (auto [factor, weight] :
                 llvm::zip(number->operands, number->weights))
              factors.push_back(
                  {e.extent(type, factor->indices.front()), weight});
            return e.product(type, factors, number->value);
          })
          .Case(
              [&](arith::CmpIOp op) { return foldComparison(e, op, operands); })
          .Case([&](arith::CmpFOp op) {
            // The name says what is compared, as an attribute would.
            StringAttr name = StringAttr::get(
                op.getContext(),
                "cmpf." + stringifyCmpFPredicate(op.getPredicate()));
            return e.call(type, name.getValue(), {}, operands);
          })
          .Case([&](arith::SelectOp) { return foldSelect(e, type, operands); })
          .Default([](Operation *) -> Expr { return nullptr; });
  // Constants are rounded as arithmetic rounds them.
  if (known && known->is(Kind::Constant) && isa<FloatType>(type)) {
    known = e.round(
        type, e.constant(Float64Type::get(op->getContext()), known->value));
    cancels &= !llvm::all_of(
        operands, [](Expr operand) { return operand->is(Kind::Constant); });
  }
  // Else it is a function of its own, which nothing sees through.
  if (known && !cancels && hasNumbersOfType(known))
    return known;
  // Flags and the like do not matter, what an attribute says otherwise does.
  if (!isPure(op) || op->getNumRegions() != 0 ||
      !isa<arith::ArithDialect, math::MathDialect>(op->getDialect()))
    return nullptr;
  NamedAttrList attributes(
      op->getPropertiesAsAttribute()
          ? dyn_cast<DictionaryAttr>(op->getPropertiesAsAttribute())
          : DictionaryAttr());
  attributes.erase("fastmath");
  attributes.erase("overflowFlags");
  return e.call(type, op->getName().getStringRef(),
                attributes.empty() ? DictionaryAttr()
                                   : attributes.getDictionary(op->getContext()),
                operands);
}
