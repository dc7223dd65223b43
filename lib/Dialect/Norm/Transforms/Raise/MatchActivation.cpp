//===- MatchActivation.cpp - Activation functions in expressions ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What x is follows from the elementary function that an expression holds; then
// the expression is compared with the ways in which the activations of x are
// written.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

namespace {

/// How far down elementary functions are looked for, and how many.
constexpr unsigned kCallDepth = 6;
constexpr unsigned kMaxCalls = 6;

class ActivationMatch {
public:
  ActivationMatch(Program &program, const Place &place)
      : program(program), e(program.expressions), place(place) {
    // A result in 16 bits is computed wider and rounded.
    expr = place.expr;
    if (expr->is(Kind::Round))
      expr = expr->operands.front();
    type = expr->type;
  }

  std::optional<Raised> match();

private:
  Program &program;
  ExpressionContext &e;
  const Place &place;
  Expr expr;
  Type type;
  std::optional<double> alpha;

  Expr call(StringRef name, ArrayRef<Expr> operands) {
    return e.call(type, name, {}, operands);
  }
  Expr constant(double value) { return e.constant(type, value); }
  Expr times(double factor, Expr a) {
    return e.product(type, {{a, 1}}, factor);
  }
  Expr times(double factor, Expr a, Expr b) {
    return e.product(type, {{a, 1}, {b, 1}}, factor);
  }
  Expr plus(double number, Expr a) { return e.sum(type, {{a, 1}}, number); }
  Expr reciprocal(Expr a) { return e.power(type, a, -1); }
  Expr exponential(Expr a) { return call("math.exp", a); }
  Expr sigmoid(Expr x, double factor) {
    return reciprocal(plus(1, exponential(times(-factor, x))));
  }
  Expr clamp(Expr x, double upper) {
    return call("min", {call("max", {x, constant(0)}), constant(upper)});
  }
  /// The ways to write log(1 + exp(x)).
  SmallVector<Expr> softplus(Expr x);

  bool mayMatch() const;
  bool is(Expr form) { return areClose(expr, form); }
  Expr unscaled(Expr u, double factor);

  std::optional<ActivationKind> matchExp(Expr u);
  std::optional<ActivationKind> matchSoftplus(Expr u);
  std::optional<ActivationKind> matchErf(Expr u);
  std::optional<ActivationKind> matchTanh(Expr u);
  std::optional<ActivationKind> matchMax(Expr u);
  std::optional<ActivationKind> matchPositiveOr(Expr u, Expr negative);
  std::optional<ActivationKind> matchCall(Expr found);
  /// What the activation is of, once it is known.
  Expr x = nullptr;
};

/// u / factor, where factors that are nearly 1 are 1.
Expr ActivationMatch::unscaled(Expr u, double factor) {
  auto divide = [&](double number) {
    double quotient = number / factor;
    return isClose(quotient, 1, u->type) ? 1 : snap(quotient, u->type);
  };
  SmallVector<Term> terms;
  if (u->is(Kind::Sum)) {
    for (auto [operand, weight] : llvm::zip(u->operands, u->weights))
      terms.push_back({operand, divide(weight)});
    return e.sum(u->type, terms, u->value == 0 ? 0 : divide(u->value));
  }
  if (!u->is(Kind::Product))
    return e.scaled(u, 1 / factor);
  for (auto [operand, weight] : llvm::zip(u->operands, u->weights))
    terms.push_back({operand, weight});
  return e.product(u->type, terms, divide(u->value));
}

SmallVector<Expr> ActivationMatch::softplus(Expr x) {
  Expr magnitude = call("math.absf", x);
  return {call("math.log1p", exponential(x)),
          call("math.log", plus(1, exponential(x))),
          e.sum(type,
                {{call("max", {x, constant(0)}), 1},
                 {call("math.log1p", exponential(times(-1, magnitude))), 1}})};
}

std::optional<ActivationKind> ActivationMatch::matchExp(Expr u) {
  x = unscaled(u, -1);
  if (is(sigmoid(x, 1)))
    return ActivationKind::Sigmoid;
  if (is(times(1, x, sigmoid(x, 1))))
    return ActivationKind::Silu;
  x = unscaled(u, -1.702);
  if (is(times(1, x, sigmoid(x, 1.702))))
    return ActivationKind::QuickGelu;
  x = u;
  if (is(times(1, exponential(x), reciprocal(plus(1, exponential(x))))))
    return ActivationKind::Sigmoid;
  return matchSoftplus(u);
}

std::optional<ActivationKind> ActivationMatch::matchSoftplus(Expr u) {
  x = u;
  for (Expr form : softplus(x)) {
    if (is(form))
      return ActivationKind::Softplus;
    if (is(times(1, x, call("math.tanh", form))))
      return ActivationKind::Mish;
  }
  return std::nullopt;
}

std::optional<ActivationKind> ActivationMatch::matchErf(Expr u) {
  x = unscaled(u, M_SQRT1_2);
  if (is(times(0.5, x, plus(1, call("math.erf", times(M_SQRT1_2, x))))))
    return ActivationKind::GeluErf;
  x = unscaled(u, -M_SQRT1_2);
  if (is(times(0.5, x, call("math.erfc", times(-M_SQRT1_2, x)))))
    return ActivationKind::GeluErf;
  return std::nullopt;
}

std::optional<ActivationKind> ActivationMatch::matchTanh(Expr u) {
  x = u;
  if (is(call("math.tanh", x)))
    return ActivationKind::Tanh;
  // u = c x + c 0.044715 x^3 or c x (1 + 0.044715 x^2); x is in one of the
  // terms or factors.
  const double c = std::sqrt(2 / M_PI);
  auto isGelu = [&](Expr candidate) {
    x = candidate;
    Expr cube = e.power(type, x, 3);
    Expr square = e.power(type, x, 2);
    Expr polynomial = e.sum(type, {{x, c}, {cube, 0.044715 * c}});
    Expr factored = times(c, x, e.sum(type, {{square, 0.044715}}, 1));
    for (Expr inner : {polynomial, factored})
      if (is(times(0.5, x, plus(1, call("math.tanh", inner)))))
        return true;
    return false;
  };
  for (auto [operand, weight] : llvm::zip(u->operands, u->weights)) {
    if (isGelu(operand))
      return ActivationKind::GeluTanh;
    // x may be a product: its cube is a product of cubes.
    if (!operand->is(Kind::Product))
      continue;
    SmallVector<Term> roots;
    for (auto [factor, exponent] :
         llvm::zip(operand->operands, operand->weights))
      roots.push_back({factor, exponent / 3});
    if (isGelu(e.product(type, roots)))
      return ActivationKind::GeluTanh;
  }
  return std::nullopt;
}

std::optional<ActivationKind> ActivationMatch::matchMax(Expr u) {
  x = u;
  if (is(call("max", {x, constant(0)})))
    return ActivationKind::Relu;
  x = plus(-3, u);
  if (is(times(1.0 / 6, x, clamp(plus(3, x), 6))))
    return ActivationKind::Hardswish;
  x = unscaled(plus(-0.5, u), 1.0 / 6);
  if (is(times(1, x, clamp(plus(0.5, times(1.0 / 6, x)), 1))))
    return ActivationKind::Hardswish;
  return std::nullopt;
}

std::optional<ActivationKind> ActivationMatch::matchPositiveOr(Expr u,
                                                               Expr negative) {
  x = u;
  // The slope of a multiple of x, which may be one itself.
  auto split = [&](Expr expr) -> std::pair<Expr, double> {
    if (!expr->is(Kind::Product) || expr->value == 0)
      return {expr, 1};
    SmallVector<Term> factors;
    for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
      factors.push_back({operand, weight});
    return {e.product(expr->type, factors), expr->value};
  };
  auto getFactor = [&](Expr expr, Expr of) -> std::optional<double> {
    auto [core, factor] = split(expr);
    auto [ofCore, ofFactor] = split(of);
    return core == ofCore ? std::optional<double>(factor / ofFactor)
                          : std::nullopt;
  };
  if ((alpha = getFactor(negative, x)))
    return ActivationKind::LeakyRelu;
  if ((alpha = getFactor(negative, call("math.expm1", x))))
    return ActivationKind::Elu;
  // alpha exp(x) - alpha.
  if (negative->is(Kind::Sum) && negative->operands.size() == 1 &&
      negative->operands[0] == exponential(x) &&
      negative->value == -negative->weights[0]) {
    alpha = negative->weights[0];
    return ActivationKind::Elu;
  }
  return std::nullopt;
}

std::optional<ActivationKind> ActivationMatch::matchCall(Expr found) {
  Expr u = found->operands.front();
  if (found->name == "math.exp")
    return matchExp(u);
  if (found->name == "math.absf")
    return matchSoftplus(u);
  if (found->name == "math.erf" || found->name == "math.erfc")
    return matchErf(u);
  if (found->name == "math.tanh")
    return matchTanh(u);
  if (found->name == "max" && found->operands[1]->isConstant(0))
    return matchMax(u);
  // Not one on the way to it.
  if (found->name == "positive_or" && found == expr)
    return matchPositiveOr(u, found->operands[1]);
  return std::nullopt;
}

/// Whether an activation ends like this. Most expressions do not, and need not
/// be compared with each.
bool ActivationMatch::mayMatch() const {
  if (!expr->is(Kind::Call))
    return expr->hasCall && (expr->is(Kind::Product) || expr->is(Kind::Sum));
  return llvm::is_contained<StringRef>(
      {"math.tanh", "math.log1p", "math.log", "max", "positive_or"},
      expr->name);
}

std::optional<Raised> ActivationMatch::match() {
  Type resultType = getElementTypeOrSelf(place.value.getType());
  if (!mayMatch() || !isSupportedTensor(place.sizes, place.expr->type))
    return std::nullopt;
  // In a wider type it is more exact than the op is.
  if (!holdsExactly(getAccumulationType(resultType, std::nullopt), type) ||
      !holdsExactly(type, resultType))
    return std::nullopt;
  SmallVector<Expr> calls;
  walk(expr, kCallDepth, [&](Expr part) {
    if (part->is(Kind::Call) && isa<FloatType>(part->type))
      calls.push_back(part);
    return calls.size() < kMaxCalls;
  });
  for (Expr found : calls) {
    std::optional<ActivationKind> kind = matchCall(found);
    if (!kind || !x || x->type != resultType ||
        (alpha && !std::isfinite(*alpha)))
      continue;
    Builder builder(place.value.getContext());
    SmallVector<int64_t> all =
        llvm::to_vector(llvm::seq<int64_t>(0, place.sizes.size()));
    Raised result;
    result.place = place;
    result.name = "norm.activation";
    result.operands.push_back(findSource(program, place, x, all, resultType));
    if (!result.operands.front())
      continue;
    result.attributes.set("kind",
                          ActivationKindAttr::get(builder.getContext(), *kind));
    if (alpha)
      result.attributes.set("alpha",
                            builder.getF64FloatAttr(getShortest(*alpha, type)));
    return result;
  }
  return std::nullopt;
}

} // namespace

std::optional<Raised> mlir::norm::raise::matchActivation(Program &program,
                                                         const Place &place) {
  return ActivationMatch(program, place).match();
}
