//===- SumsAndProducts.cpp - Sums and products in one form ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm::raise;

/// The order of operands: what dims and constants are does not matter to it, so
/// that it is the same wherever the operands are. Reductions are last.
static bool isBefore(Expr a, Expr b) {
  return std::tuple(a->hasReduction, a->shape, a->number) <
         std::tuple(b->hasReduction, b->shape, b->number);
}

static bool isInteger(double number) { return number == std::trunc(number); }

/// Whether adding the weights of two equal terms leaves out what arithmetic
/// does: a rounding, or a root of something negative. A size is exact.
static bool areOpposite(const Term &a, const Term &b) {
  if (a.expr->is(Kind::Extent))
    return false;
  bool isRoot = !isInteger(a.weight) && isInteger(a.weight + b.weight);
  return isRoot || (a.weight < 0) != (b.weight < 0);
}

/// Sorts terms and adds the weights of equal ones. Sets `cancels` where they
/// are opposite.
static SmallVector<Term> collect(SmallVector<Term> terms, Type type,
                                 bool &cancels) {
  llvm::sort(terms, [](const Term &a, const Term &b) {
    return a.expr == b.expr ? a.weight < b.weight : isBefore(a.expr, b.expr);
  });
  SmallVector<Term> result;
  for (const Term &term : terms) {
    if (result.empty() || result.back().expr != term.expr) {
      result.push_back(term);
      continue;
    }
    cancels |= areOpposite(result.back(), term);
    result.back().weight = snap(result.back().weight + term.weight, type);
    if (result.back().weight == 0)
      result.pop_back();
  }
  return result;
}

/// Sums and products of as many operands are operands as a whole: chains of
/// residual adds would be copied at every step.
static constexpr size_t kMaxTerms = 12;

/// Whether `expr`, an operand of a sum or product of `type`, is taken apart. It
/// must not depend on what the other operands are.
static bool isFlattened(Expr expr, Kind kind, Type type) {
  return expr->is(kind) && expr->type == type &&
         expr->operands.size() < kMaxTerms;
}

/// Whether a product with `a` in `type` may overflow or underflow where one
/// with `b`, too, does not.
static bool mayLeaveRange(double a, double b, Type type) {
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType || a == 0 || b == 0 || a == 1 || b == 1)
    return false;
  int first = std::ilogb(a), second = std::ilogb(b);
  int half = APFloat::semanticsMaxExponent(floatType.getFloatSemantics()) / 2;
  return (first < 0) != (second < 0) &&
         std::max(std::abs(first), std::abs(second)) > half;
}

/// A positive number to divide the sum `expr` by, so that multiples of a sum
/// become the same sum.
static double getContent(Expr expr) {
  return std::fabs(expr->value != 0 ? expr->value : expr->weights.front());
}

/// The sum or product of `terms` and `constant`.
static Expression makeExpression(Kind kind, Type type, ArrayRef<Term> terms,
                                 double constant) {
  Expression expr;
  expr.kind = kind;
  expr.type = type;
  expr.value = constant;
  for (const Term &term : terms) {
    expr.operands.push_back(term.expr);
    expr.weights.push_back(term.weight);
  }
  return expr;
}

Expr ExpressionContext::product(Type type, ArrayRef<Term> factors,
                                double constant, bool *cancels) {
  SmallVector<Term> collected;
  bool isInexact = false;
  auto multiply = [&](double factor) {
    isInexact |= mayLeaveRange(constant, factor, type);
    constant *= factor;
  };
  std::function<void(Expr, double)> add = [&](Expr expr, double exponent) {
    if (expr->is(Kind::Constant)) {
      multiply(snap(std::pow(expr->value, exponent), type));
      return;
    }
    bool flatten = isFlattened(expr, Kind::Product, type);
    // A root of a product is one only of what is not negative, and x to the
    // power 1/2 of x squared is not x.
    if (flatten && isInteger(exponent)) {
      multiply(snap(std::pow(expr->value, exponent), type));
      for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights)) {
        // The square of a root is one only of what is not negative.
        isInexact |= !isInteger(weight) && isInteger(weight * exponent);
        add(operand, weight * exponent);
      }
      return;
    }
    // The root of a root, or of a reciprocal.
    if (flatten && expr->operands.size() == 1 && expr->value == 1 &&
        (!isInteger(expr->weights[0]) || expr->weights[0] == -1)) {
      add(expr->operands[0], expr->weights[0] * exponent);
      return;
    }
    if (expr->is(Kind::Call) && expr->name == "math.absf" &&
        std::fmod(exponent, 2) == 0 && expr->type == type) {
      add(expr->operands[0], exponent);
      return;
    }
    collected.push_back({expr, exponent});
  };
  for (const Term &factor : factors)
    add(factor.expr, factor.weight);
  collected = collect(std::move(collected), type, isInexact);
  if (cancels)
    *cancels |= isInexact;

  if (collected.empty())
    return this->constant(type, constant);
  if (collected.size() == 1 && collected[0].weight == 1) {
    Expr only = collected[0].expr;
    // A narrower operand is widened, which is nothing.
    if (constant == 1)
      return only;
    if (only->is(Kind::Sum) && only->type == type) {
      SmallVector<Term> terms;
      for (auto [operand, weight] : llvm::zip(only->operands, only->weights))
        terms.push_back({operand, snap(weight * constant, type)});
      return sum(type, terms, snap(only->value * constant, type));
    }
  } else {
    bool changed = false;
    for (Term &factor : collected) {
      if (!factor.expr->is(Kind::Sum) || !isInteger(factor.weight) ||
          factor.expr->type != type)
        continue;
      double content = getContent(factor.expr);
      if (content == 1 || !std::isnormal(content))
        continue;
      constant *= snap(std::pow(content, factor.weight), type);
      factor.expr = scaled(factor.expr, 1 / content);
      changed = true;
    }
    if (changed)
      return product(type, collected, snap(constant, type));
  }
  return unique(makeExpression(Kind::Product, type, collected, constant));
}

Expr ExpressionContext::sum(Type type, ArrayRef<Term> terms, double constant,
                            bool *cancels) {
  SmallVector<Term> collected;
  bool isInexact = false;
  auto addNumber = [&](double number) {
    isInexact |= constant != 0 && number != 0 && (constant < 0) != (number < 0);
    constant += number;
  };
  std::function<void(Expr, double)> add = [&](Expr expr, double weight) {
    if (expr->is(Kind::Constant)) {
      addNumber(expr->value * weight);
      return;
    }
    if (isFlattened(expr, Kind::Sum, type)) {
      addNumber(expr->value * weight);
      for (auto [operand, inner] : llvm::zip(expr->operands, expr->weights))
        add(operand, inner * weight);
      return;
    }
    if (expr->is(Kind::Product) && expr->value != 1 && expr->type == type) {
      SmallVector<Term> factors;
      for (auto [operand, exponent] : llvm::zip(expr->operands, expr->weights))
        factors.push_back({operand, exponent});
      collected.push_back(
          {product(type, factors), snap(weight * expr->value, type)});
      return;
    }
    collected.push_back({expr, weight});
  };
  for (const Term &term : terms)
    add(term.expr, term.weight);
  collected = collect(std::move(collected), type, isInexact);
  if (cancels)
    *cancels |= isInexact;

  if (collected.empty())
    return this->constant(type, constant);
  if (collected.size() == 1 && constant == 0) {
    if (collected[0].weight == 1)
      return collected[0].expr;
    if (!collected[0].expr->is(Kind::Sum))
      return product(type, {{collected[0].expr, 1}}, collected[0].weight);
  }
  return unique(makeExpression(Kind::Sum, type, collected, constant));
}
