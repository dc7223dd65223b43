//===- GeneralizeActivation.cpp - norm.activation -> norm.generic ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formulas hold their accuracy where the op's do not: nothing overflows to
// NaN for a large finite x, and a NaN x stays NaN (comparisons with NaN are
// false, and the false side of each select is x).
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// The formulas, in the type of x.
class Formulas {
public:
  Formulas(ImplicitLocOpBuilder &builder, Value x)
      : builder(builder), x(x), type(x.getType()) {}

  Value get(ActivationKind kind, double alpha);

private:
  ImplicitLocOpBuilder &builder;
  Value x;
  Type type;

  Value constant(double value) { return makeFloat(builder, type, value); }
  Value add(Value a, Value b) { return arith::AddFOp::create(builder, a, b); }
  Value multiply(Value a, Value b) {
    return arith::MulFOp::create(builder, a, b);
  }
  Value divide(Value a, Value b) {
    return arith::DivFOp::create(builder, a, b);
  }
  Value exponential(Value a) { return math::ExpOp::create(builder, a); }
  Value isNegative() {
    return arith::CmpFOp::create(builder, arith::CmpFPredicate::OLT, x,
                                 constant(0));
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, condition, a, b);
  }
  /// 1 + exp(factor x).
  Value onePlusExponential(Value factor) {
    return add(constant(1), exponential(multiply(factor, x)));
  }
  /// max(x, 0).
  Value positivePart() { return select(isNegative(), constant(0), x); }
  /// exp(-|x|).
  Value decayed() {
    Value absolute = math::AbsFOp::create(builder, x);
    return exponential(arith::NegFOp::create(builder, absolute));
  }
  Value geluErf();
  Value geluTanh();
  Value softplus();
  Value hardswish();
  Value mish();
};

Value Formulas::geluErf() {
  Value scaled = multiply(x, constant(std::sqrt(0.5)));
  Value erf = math::ErfOp::create(builder, scaled);
  return multiply(multiply(constant(0.5), x), add(constant(1), erf));
}

/// (1 + tanh u) / 2 = 1 / (1 + exp(-2u)), which does not cancel.
Value Formulas::geluTanh() {
  double factor = -2.0 * std::sqrt(2.0 / std::acos(-1.0));
  Value square = multiply(x, x);
  Value inner =
      add(constant(factor), multiply(constant(factor * 0.044715), square));
  return divide(x, onePlusExponential(inner));
}

/// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)).
Value Formulas::softplus() {
  return add(positivePart(), math::Log1pOp::create(builder, decayed()));
}

/// The clamped value is divided by 6 before it is multiplied: x * 6 overflows.
Value Formulas::hardswish() {
  Value shifted = add(x, constant(3));
  Value low = arith::CmpFOp::create(builder, arith::CmpFPredicate::OLT, shifted,
                                    constant(0));
  Value clamped = select(low, constant(0), shifted);
  Value high = arith::CmpFOp::create(builder, arith::CmpFPredicate::OGT,
                                     clamped, constant(6));
  clamped = select(high, constant(6), clamped);
  return multiply(x, multiply(clamped, constant(1.0 / 6.0)));
}

/// tanh(log(1 + exp(x))) as a quotient of polynomials in e = exp(-|x|):
/// (2e + 1) / (2e + 1 + 2e^2) for x >= 0, (e^2 + 2e) / (e^2 + 2e + 2) for x <
/// 0.
Value Formulas::mish() {
  Value e = decayed();
  Value negative = isNegative();
  Value square = multiply(e, e);
  Value twice = add(e, e);
  Value numerator = add(twice, select(negative, square, constant(1)));
  Value rest = select(negative, constant(2), add(square, square));
  return multiply(x, divide(numerator, add(numerator, rest)));
}

Value Formulas::get(ActivationKind kind, double alpha) {
  switch (kind) {
  case ActivationKind::Relu:
    return positivePart();
  case ActivationKind::GeluErf:
    return geluErf();
  case ActivationKind::GeluTanh:
    return geluTanh();
  case ActivationKind::Silu:
    return divide(x, onePlusExponential(constant(-1)));
  case ActivationKind::Sigmoid:
    return divide(constant(1), onePlusExponential(constant(-1)));
  case ActivationKind::Tanh:
    return math::TanhOp::create(builder, x);
  case ActivationKind::QuickGelu:
    return divide(x, onePlusExponential(constant(-1.702)));
  case ActivationKind::Softplus:
    return softplus();
  case ActivationKind::LeakyRelu:
    return select(isNegative(), multiply(constant(alpha), x), x);
  case ActivationKind::Elu:
    return select(isNegative(),
                  multiply(constant(alpha), math::ExpM1Op::create(builder, x)),
                  x);
  case ActivationKind::Hardswish:
    return hardswish();
  case ActivationKind::Mish:
    return mish();
  }
  llvm_unreachable("all kinds are handled");
}

struct GeneralizeActivation : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ActivationOp op,
                                PatternRewriter &rewriter) const final {
    auto type = cast<RankedTensorType>(op.getInput().getType());
    GenericBuilder generic(rewriter, op.getLoc(), type.getRank());
    generic.addInput(op.getInput(), generic.allDims(),
                     getAccumulationType(type.getElementType(), std::nullopt));
    generic.addOutput(makeEmptyLike(rewriter, op.getLoc(), op.getInput()),
                      generic.allDims());
    rewriter.replaceOp(
        op, generic.build([&](ImplicitLocOpBuilder &builder,
                              ValueRange arguments) -> SmallVector<Value> {
          return {
              Formulas(builder, arguments[0]).get(op.getKind(), getAlpha(op))};
        }));
    return success();
  }
};

} // namespace

void mlir::norm::populateGeneralizeActivationPatterns(
    RewritePatternSet &patterns) {
  patterns.add<GeneralizeActivation>(patterns.getContext());
}
