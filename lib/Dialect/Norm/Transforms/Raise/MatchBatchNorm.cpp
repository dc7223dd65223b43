//===- MatchBatchNorm.cpp - Batch normalization with given statistics -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The mean and the variance are tensors of one element a channel, which nothing
// tells from other such tensors: what is multiplied by the reciprocal root of
// the one and varies over more than the channels is x, and what does not is the
// other.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

namespace {

/// coefficient · (v + epsilon)^(-root/2) · factors.
struct Monomial {
  double coefficient = 1;
  unsigned root = 0;
  SmallVector<Term> factors;
};

constexpr unsigned kRootDepth = 8;
constexpr size_t kMaxMonomials = 16;
/// More parts of an expression, of which each may be met many times, are not
/// multiplied out.
constexpr unsigned kMaxParts = 512;

class BatchNormMatch {
public:
  BatchNormMatch(Program &program, const Place &place)
      : program(program), expressions(program.expressions), place(place) {
    Expr expr = place.expr;
    computed = (expr->is(Kind::Round) ? expr->operands.front() : expr)->type;
  }

  std::optional<Raised> match();

private:
  Program &program;
  ExpressionContext &expressions;
  const Place &place;
  /// The type that is computed in, before the result is rounded.
  Type computed;
  Expr base = nullptr;
  uint64_t channelMask = 0;
  unsigned numParts = 0;
  /// The types of the arithmetic that was multiplied out.
  TypeSet types;

  bool findBase();
  bool isOfChannel(Expr expr) const { return (expr->dims & ~channelMask) == 0; }
  FailureOr<SmallVector<Monomial>> expand(Expr expr);
  FailureOr<SmallVector<Monomial>> expandSum(Expr expr);
  Expr multiply(ArrayRef<Term> factors);
};

/// The first root of a sum of an epsilon and a variance of one channel dim.
bool BatchNormMatch::findBase() {
  walk(place.expr, kRootDepth, [&](Expr part) {
    if (!part->is(Kind::Product))
      return true;
    for (auto [operand, weight] : llvm::zip(part->operands, part->weights))
      if (weight == -0.5 && operand->is(Kind::Sum) && operand->value > 0 &&
          std::isfinite(operand->value) && operand->operands.size() == 1 &&
          operand->weights[0] == 1 && llvm::isPowerOf2_64(operand->dims))
        base = operand;
    return base == nullptr;
  });
  if (base)
    channelMask = base->dims;
  return base && channelMask != 1;
}

Expr BatchNormMatch::multiply(ArrayRef<Term> factors) {
  return factors.empty() ? nullptr : expressions.product(computed, factors);
}

/// What varies over more than the channels and has no root is one term.
FailureOr<SmallVector<Monomial>> BatchNormMatch::expandSum(Expr expr) {
  if (!isOfChannel(expr))
    types.insert(expr->type);
  SmallVector<Monomial> result;
  if (expr->value != 0)
    result.push_back({expr->value, 0, {}});
  SmallVector<Term> elements;
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights)) {
    if (!isOfChannel(operand) && !operand->hasRoot) {
      elements.push_back({operand, weight});
      continue;
    }
    FailureOr<SmallVector<Monomial>> operands = expand(operand);
    if (failed(operands))
      return failure();
    for (Monomial &monomial : *operands) {
      monomial.coefficient *= weight;
      result.push_back(std::move(monomial));
    }
  }
  if (elements.size() == 1)
    result.push_back({elements[0].weight, 0, {{elements[0].expr, 1}}});
  else if (!elements.empty())
    result.push_back({1, 0, {{expressions.sum(expr->type, elements), 1}}});
  return result;
}

FailureOr<SmallVector<Monomial>> BatchNormMatch::expand(Expr expr) {
  if (++numParts > kMaxParts)
    return failure();
  if (expr->is(Kind::Round) && expr->hasRoot) {
    types.insert(expr->type);
    return expand(expr->operands.front());
  }
  if (expr->is(Kind::Sum))
    return expandSum(expr);
  if (!expr->is(Kind::Product))
    return SmallVector<Monomial>{{1, 0, {{expr, 1}}}};
  if (expr->hasRoot)
    types.insert(expr->type);
  SmallVector<Monomial> result{{expr->value, 0, {}}};
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights)) {
    if (operand == base && weight == -0.5) {
      for (Monomial &monomial : result)
        ++monomial.root;
      continue;
    }
    if (weight != 1 || isOfChannel(operand)) {
      for (Monomial &monomial : result)
        monomial.factors.push_back({operand, weight});
      continue;
    }
    FailureOr<SmallVector<Monomial>> factor = expand(operand);
    if (failed(factor) || factor->size() * result.size() > kMaxMonomials)
      return failure();
    SmallVector<Monomial> product;
    for (const Monomial &a : result)
      for (const Monomial &b : *factor) {
        product.push_back(
            {a.coefficient * b.coefficient, a.root + b.root, a.factors});
        llvm::append_range(product.back().factors, b.factors);
      }
    result = std::move(product);
  }
  return result;
}

std::optional<Raised> BatchNormMatch::match() {
  Type type = getElementTypeOrSelf(place.value.getType());
  if (!place.expr->hasRoot || place.sizes.size() < 2 ||
      !isSupportedTensor(place.sizes, place.expr->type) || !findBase())
    return std::nullopt;
  FailureOr<SmallVector<Monomial>> monomials = expand(place.expr);
  if (failed(monomials))
    return std::nullopt;
  const Monomial *element = nullptr, *centre = nullptr;
  SmallVector<Term> shift;
  double constantShift = 0;
  for (const Monomial &monomial : *monomials) {
    bool isChannel = llvm::all_of(monomial.factors, [&](const Term &factor) {
      return isOfChannel(factor.expr);
    });
    if (monomial.root == 0 && isChannel) {
      if (Expr factor = multiply(monomial.factors))
        shift.push_back({factor, monomial.coefficient});
      else
        constantShift += monomial.coefficient;
      continue;
    }
    const Monomial *&slot = isChannel ? centre : element;
    if (slot || monomial.root != 1)
      return std::nullopt;
    slot = &monomial;
  }
  if (!element || !centre ||
      !isClose(element->coefficient, 1, place.expr->type) ||
      !isClose(centre->coefficient, -1, place.expr->type))
    return std::nullopt;
  // The factors of the element are x and the scale, those of the other term
  // the mean and the scale.
  SmallVector<Term> ofX, ofScale, ofMean = centre->factors;
  for (const Term &factor : element->factors) {
    if (!isOfChannel(factor.expr)) {
      ofX.push_back(factor);
      continue;
    }
    ofScale.push_back(factor);
    auto *it = llvm::find_if(ofMean, [&](const Term &other) {
      return other.expr == factor.expr && other.weight == factor.weight;
    });
    if (it == ofMean.end())
      return std::nullopt;
    ofMean.erase(it);
  }
  Expr x = multiply(ofX), scale = multiply(ofScale), mean = multiply(ofMean);
  if (!x || !mean)
    return std::nullopt;

  types.insert(base->type);
  Type accumulation = getAccumulationType(type, std::nullopt);
  if (llvm::any_of(types, [&](Type part) {
        return !holdsExactly(part, type) || !holdsExactly(accumulation, part);
      }))
    return std::nullopt;

  int64_t channel = llvm::Log2_64(channelMask);
  auto findParameter = [&](Expr expr) {
    Type wanted = holdsExactly(expr->type, type) ? expr->type : type;
    return findSource(program, place, expr, {channel},
                      holdsExactly(wanted, expr->type) ? wanted : accumulation);
  };
  Raised result;
  result.place = place;
  result.name = "norm.batch_norm";
  result.hasSegments = true;
  SmallVector<int64_t> all =
      llvm::to_vector(llvm::seq<int64_t>(0, place.sizes.size()));
  result.operands.push_back(findSource(program, place, x, all, type));
  result.operands.push_back(scale ? findParameter(scale) : Source());
  Expr sum = shift.empty() && constantShift == 0
                 ? nullptr
                 : expressions.sum(computed, shift, constantShift);
  result.operands.push_back(sum ? findParameter(sum) : Source());
  result.operands.push_back(findParameter(mean));
  result.operands.push_back(findParameter(base->operands.front()));
  if (!result.operands[0] || (scale && !result.operands[1]) ||
      (sum && !result.operands[2]) || !result.operands[3] ||
      !result.operands[4])
    return std::nullopt;
  Builder builder(place.value.getContext());
  result.attributes.set("channel_axis", builder.getI64IntegerAttr(channel));
  result.attributes.set(
      "epsilon", builder.getF64FloatAttr(getShortest(base->value, base->type)));
  return result;
}

} // namespace

std::optional<Raised> mlir::norm::raise::matchBatchNorm(Program &program,
                                                        const Place &place) {
  return BatchNormMatch(program, place).match();
}
