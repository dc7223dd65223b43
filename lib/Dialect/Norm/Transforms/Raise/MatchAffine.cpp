//===- MatchAffine.cpp - Affine functions of a normalized element ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An expression is multiplied out in three variables: the element x, the sum of
// its row and the reciprocal root r of the statistic. Whatever the order in
// which a frontend subtracts, divides, scales and shifts, a normalization comes
// down to x·r·scale - sum/N·r·scale + shift, where x and the sum are in one
// term each.
//
//===----------------------------------------------------------------------===//

#include "Normalization.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

namespace {

/// coefficient · x^x · sum^sum · r^root · rest; no rest is 1.
struct Monomial {
  unsigned x = 0, sum = 0, root = 0;
  double coefficient = 1;
  Expr rest = nullptr;
  bool isRounded = false;
};
using Polynomial = SmallVector<Monomial, 4>;

/// More terms are of something else.
constexpr size_t kMaxMonomials = 32;
/// More parts of an expression, of which each may be met many times, are not
/// multiplied out.
constexpr unsigned kMaxParts = 512;
/// How far down x is in a factor.
constexpr unsigned kFactorDepth = 8;

class Expansion {
public:
  Expansion(ExpressionContext &expressions, const Row &row,
            const Statistic &statistic, Expr base, double exponent)
      : expressions(expressions), row(row), statistic(statistic), base(base),
        exponent(exponent), xType(row.x->type) {
    // x without its factor.
    xScale = row.x->is(Kind::Product) ? row.x->value : 1;
    xCore = expressions.scaled(row.x, 1 / xScale);
  }

  /// Fails where there are too many terms, or roundings in the way.
  FailureOr<Polynomial> expand(Expr expr);

  /// The types of the arithmetic that was multiplied out.
  TypeSet types;

private:
  ExpressionContext &expressions;
  const Row &row;
  const Statistic &statistic;
  Expr base;
  double exponent;
  Type xType;
  double xScale = 1;
  Expr xCore;
  unsigned numParts = 0;

  bool isSum(Expr expr) const;
  bool isInvolved(Expr expr) const;
  FailureOr<Polynomial> expandSum(Expr expr);
  FailureOr<Polynomial> expandProduct(Expr expr);
  FailureOr<Polynomial> expandRound(Expr expr);
  FailureOr<Polynomial> multiply(const Polynomial &a, const Polynomial &b);
};

/// Whether `expr` is the sum of x over the row, in f32 or wider.
bool Expansion::isSum(Expr expr) const {
  Expr sum = statistic.sum;
  return sum && expr->is(Kind::Reduction) &&
         expr->type.getIntOrFloatBitWidth() >= 32 &&
         expr->bound == sum->bound && expr->operands == sum->operands &&
         expr->indices == sum->indices;
}

/// Whether x, its sum or the root are in a factor, so that it is multiplied
/// out.
bool Expansion::isInvolved(Expr expr) const {
  return !walk(expr, kFactorDepth, [&](Expr part) {
    return part != xCore && part != row.x && !isSum(part) &&
           !(part->is(Kind::Product) &&
             llvm::is_contained(part->operands, base));
  });
}

FailureOr<Polynomial> Expansion::multiply(const Polynomial &a,
                                          const Polynomial &b) {
  if (a.size() * b.size() > kMaxMonomials)
    return failure();
  Polynomial result;
  for (const Monomial &x : a)
    for (const Monomial &y : b) {
      Monomial product{x.x + y.x,
                       x.sum + y.sum,
                       x.root + y.root,
                       x.coefficient * y.coefficient,
                       x.rest ? x.rest : y.rest,
                       x.isRounded || y.isRounded};
      if (x.rest && y.rest)
        product.rest =
            expressions.product(x.rest->type, {{x.rest, 1}, {y.rest, 1}});
      result.push_back(product);
    }
  return result;
}

FailureOr<Polynomial> Expansion::expandSum(Expr expr) {
  SmallVector<Term> terms;
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
    terms.push_back({operand, weight});
  types.insert(expr->type);
  Polynomial result;
  if (expr->value != 0)
    result.push_back({0, 0, 0, expr->value, nullptr, false});
  // x may be a sum of some of the terms.
  if (xCore->is(Kind::Sum) && xCore->value == 0) {
    double ratio = 0;
    SmallVector<Term> others = terms;
    for (auto [operand, weight] : llvm::zip(xCore->operands, xCore->weights)) {
      auto *it =
          llvm::find_if(others, [&, operand = operand](const Term &term) {
            return term.expr == operand;
          });
      if (it == others.end() ||
          (ratio != 0 && !isClose(it->weight / weight, ratio, xCore->type))) {
        ratio = 0;
        break;
      }
      ratio = it->weight / weight;
      others.erase(it);
    }
    if (ratio != 0) {
      result.push_back({1, 0, 0, ratio / xScale, nullptr, false});
      terms = others;
    }
  }
  for (const Term &term : terms) {
    FailureOr<Polynomial> operand = expand(term.expr);
    if (failed(operand) || operand->size() + result.size() > kMaxMonomials)
      return failure();
    for (Monomial monomial : *operand) {
      monomial.coefficient *= term.weight;
      result.push_back(monomial);
    }
  }
  return result;
}

FailureOr<Polynomial> Expansion::expandProduct(Expr expr) {
  Monomial simple;
  simple.coefficient = expr->value;
  SmallVector<Term> factors, rest;
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
    factors.push_back({operand, weight});
  // x may be a product of some of the factors.
  if (xCore->is(Kind::Product)) {
    SmallVector<Term> others;
    bool isFactor = true;
    for (auto [operand, weight] : llvm::zip(xCore->operands, xCore->weights))
      isFactor &= llvm::any_of(
          factors, [&, operand = operand, weight = weight](const Term &factor) {
            return factor.expr == operand && factor.weight == weight;
          });
    for (const Term &factor : factors)
      if (!llvm::is_contained(xCore->operands, factor.expr))
        others.push_back(factor);
    if (isFactor) {
      simple.x = 1;
      simple.coefficient /= xScale;
      factors = others;
    }
  }
  Polynomial result{simple};
  for (auto [operand, weight] : factors) {
    Polynomial factor{Monomial()};
    if (operand == base && weight == exponent) {
      factor.front().root = 1;
    } else if (weight == 1 && isInvolved(operand)) {
      FailureOr<Polynomial> expanded = expand(operand);
      if (failed(expanded))
        return failure();
      factor = *expanded;
    } else {
      rest.push_back({operand, weight});
      continue;
    }
    FailureOr<Polynomial> product = multiply(result, factor);
    if (failed(product))
      return failure();
    result = *product;
  }
  // What nothing of the row is in is an operand, whatever it is computed in.
  if (result.size() != 1 || result.front().x != 0 || result.front().sum != 0 ||
      result.front().root != 0)
    types.insert(expr->type);
  if (rest.empty())
    return result;
  Monomial last;
  last.rest = expressions.product(expr->type, rest);
  return multiply(result, {last});
}

/// A rounding to the type of x or a wider one is one that the op leaves out or
/// says it has; what it leaves out is at most as large as the result's own.
FailureOr<Polynomial> Expansion::expandRound(Expr expr) {
  if (!holdsExactly(expr->type, xType) || !isInvolved(expr))
    return Polynomial{{0, 0, 0, 1, expr, false}};
  FailureOr<Polynomial> operand = expand(expr->operands.front());
  if (failed(operand))
    return failure();
  types.insert(expr->type);
  bool isNormalized = llvm::all_of(*operand, [](const Monomial &monomial) {
    return monomial.root == 1 && monomial.x + monomial.sum == 1 &&
           (!monomial.rest || monomial.sum == 1);
  });
  if (isNormalized && expr->type == xType)
    for (Monomial &monomial : *operand)
      monomial.isRounded = true;
  return operand;
}

FailureOr<Polynomial> Expansion::expand(Expr expr) {
  if (++numParts > kMaxParts)
    return failure();
  if (expr == row.x)
    return Polynomial{{1, 0, 0, 1, nullptr, false}};
  if (expr == xCore)
    return Polynomial{{1, 0, 0, 1 / xScale, nullptr, false}};
  if (isSum(expr)) {
    types.insert(expr->type);
    return Polynomial{{0, 1, 0, 1, nullptr, false}};
  }
  if (expr->is(Kind::Constant))
    return Polynomial{{0, 0, 0, expr->value, nullptr, false}};
  if (expr->is(Kind::Round))
    return expandRound(expr);
  if (expr->is(Kind::Sum) && isInvolved(expr))
    return expandSum(expr);
  if (expr->is(Kind::Product))
    return expandProduct(expr);
  return Polynomial{{0, 0, 0, 1, expr, false}};
}

/// Replaces the sum in a monomial by the mean: the number of elements goes.
bool takeCount(ExpressionContext &expressions, const Statistic &statistic,
               Monomial &monomial) {
  SmallVector<AffineExpr> sizes;
  for (AffineExpr size : statistic.sum->indices)
    if (auto constant = dyn_cast<AffineConstantExpr>(size))
      monomial.coefficient *= constant.getValue();
    else
      sizes.push_back(size);
  if (sizes.empty())
    return true;
  SmallVector<Term> rest;
  if (!monomial.rest)
    return false;
  SmallVector<Term> factors{{monomial.rest, 1}};
  if (monomial.rest->is(Kind::Product)) {
    factors.clear();
    monomial.coefficient *= monomial.rest->value;
    for (auto [operand, weight] :
         llvm::zip(monomial.rest->operands, monomial.rest->weights))
      factors.push_back({operand, weight});
  }
  for (Term factor : factors) {
    while (factor.expr->is(Kind::Extent) && factor.weight < 0) {
      auto *it = llvm::find(sizes, factor.expr->indices.front());
      if (it == sizes.end())
        break;
      sizes.erase(it);
      factor.weight += 1;
    }
    if (factor.weight != 0)
      rest.push_back(factor);
  }
  monomial.rest =
      rest.empty() ? nullptr : expressions.product(monomial.rest->type, rest);
  return sizes.empty();
}

} // namespace

FailureOr<Affine> mlir::norm::raise::matchAffine(ExpressionContext &expressions,
                                                 Expr expr, const Row &row,
                                                 const Statistic &statistic,
                                                 Expr base, double exponent,
                                                 std::string &reason) {
  auto refuse = [&](StringRef text) {
    reason = text.str();
    return failure();
  };
  Expansion expansion(expressions, row, statistic, base, exponent);
  FailureOr<Polynomial> polynomial = expansion.expand(expr);
  if (failed(polynomial))
    return refuse("what is made of the row and its root is too large");
  const Monomial *normalized = nullptr;
  std::optional<Monomial> mean;
  SmallVector<Term> shift;
  double constantShift = 0;
  for (const Monomial &monomial : *polynomial) {
    if (monomial.x == 1 && monomial.sum == 0 && monomial.root == 1) {
      if (normalized)
        return refuse("the normalized row is in two terms");
      normalized = &monomial;
    } else if (monomial.x == 0 && monomial.sum == 1 && monomial.root == 1) {
      if (mean)
        return refuse("the mean is in two terms");
      mean = monomial;
      if (!takeCount(expressions, statistic, *mean))
        return refuse("the sum is not divided by the number of its elements");
    } else if (monomial.x == 0 && monomial.sum == 0 && monomial.root == 0) {
      if (monomial.rest)
        shift.push_back({monomial.rest, monomial.coefficient});
      else
        constantShift += monomial.coefficient;
    } else {
      return refuse("the row is used beside what is divided by its root");
    }
  }
  if (!normalized)
    return refuse("the row itself is not divided by its root");
  bool isCentered = statistic.form == Statistic::Form::Variance;
  if (isCentered && !mean)
    return refuse("the mean is not subtracted from what is divided by the root "
                  "of the variance");
  if (!isClose(normalized->coefficient, 1, expr->type))
    return refuse("the quotient of the row and its root has another factor, or "
                  "the divisor of the sum is not the number of its elements");
  if (mean && (!isClose(mean->coefficient, -1, expr->type) ||
               mean->rest != normalized->rest))
    return refuse("what is subtracted is not the mean of the row");
  Affine affine;
  affine.types = std::move(expansion.types);
  affine.scale = normalized->rest;
  affine.roundsBefore = normalized->isRounded && affine.scale;
  if (!shift.empty() || constantShift != 0) {
    Type type = shift.empty() ? expr->type : shift.front().expr->type;
    affine.shift = shift.size() == 1 && shift[0].weight == 1 && !constantShift
                       ? shift[0].expr
                       : expressions.sum(type, shift, constantShift);
  }
  return affine;
}
