//===- Substitute.cpp - Expressions over other dims, and sums over dims ---===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::norm::raise;

namespace mlir::norm::raise {

/// One substitution, with what it made so far.
class Substitution {
public:
  Substitution(ExpressionContext &expressions,
               ArrayRef<AffineExpr> replacements, DimSizes sizes)
      : expressions(expressions), replacements(replacements), sizes(sizes) {
    for (auto [dim, replacement] : llvm::enumerate(replacements)) {
      if (!replacement || replacement == expressions.dim(dim))
        continue;
      replaced |= uint64_t(1) << dim;
      replacement.walk([&](AffineExpr part) {
        if (auto used = dyn_cast<AffineDimExpr>(part))
          introduced |= uint64_t(1) << used.getPosition();
      });
    }
  }

  Expr apply(Expr expr);

private:
  ExpressionContext &expressions;
  ArrayRef<AffineExpr> replacements;
  DimSizes sizes;
  uint64_t replaced = 0, introduced = 0;
  DenseMap<Expr, Expr> done;
  /// The sizes of dims that are bound around what is visited.
  DenseMap<unsigned, int64_t> boundSizes;

  AffineExpr apply(AffineExpr index);
  Expr rebuild(Expr expr);
};

AffineExpr Substitution::apply(AffineExpr index) {
  SmallVector<AffineExpr> all;
  for (unsigned dim = 0; dim < 64; ++dim)
    all.push_back(dim < replacements.size() && replacements[dim]
                      ? replacements[dim]
                      : expressions.dim(dim));
  return simplifyIndex(index.replaceDims(all), [&](unsigned dim) {
    auto it = boundSizes.find(dim);
    return it == boundSizes.end() ? sizes(dim) : it->second;
  });
}

Expr Substitution::apply(Expr expr) {
  if (!(expr->dims & replaced))
    return expr;
  auto it = done.find(expr);
  if (it != done.end())
    return it->second;
  Expr result = rebuild(expr);
  done[expr] = result;
  return result;
}

Expr Substitution::rebuild(Expr expr) {
  SmallVector<AffineExpr> indices;
  for (AffineExpr index : expr->indices)
    indices.push_back(
        expr->is(Kind::Load) || expr->is(Kind::Index) ? apply(index) : index);
  if (expr->is(Kind::Load))
    return expressions.load(expr->source, indices);
  if (expr->is(Kind::Index))
    return expressions.index(indices.front());
  for (auto [dim, size] : llvm::zip(expr->bound, expr->indices)) {
    if (introduced >> dim & 1)
      return nullptr;
    auto known = dyn_cast<AffineConstantExpr>(size);
    boundSizes[dim] = known ? known.getValue() : 0;
  }
  SmallVector<Expr> operands;
  SmallVector<Term> terms;
  for (auto [i, operand] : llvm::enumerate(expr->operands)) {
    operands.push_back(apply(operand));
    if (!operands.back())
      return nullptr;
    if (!expr->weights.empty())
      terms.push_back({operands.back(), expr->weights[i]});
  }
  switch (expr->kind) {
  case Kind::Call:
    return expressions.call(expr->type, expr->name, expr->attributes, operands);
  case Kind::Round:
    return expressions.round(expr->type, operands.front());
  case Kind::Product:
    return expressions.product(expr->type, terms, expr->value);
  case Kind::Sum:
    return expressions.sum(expr->type, terms, expr->value);
  case Kind::Reduction:
    return expressions.reduce(expr->type, operands.front(), expr->bound,
                              expr->indices);
  default:
    return expr;
  }
}

} // namespace mlir::norm::raise

Expr ExpressionContext::substitute(Expr expr, ArrayRef<AffineExpr> replacements,
                                   DimSizes sizes) {
  return Substitution(*this, replacements, sizes).apply(expr);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

namespace {

/// The dims that a reduction is over, with their sizes.
using BoundDims = llvm::SmallMapVector<unsigned, AffineExpr, 4>;

} // namespace

/// The strides at which the digits of `dim` that occur in `expr` begin and end.
static SmallVector<int64_t> getStrides(Expr expr, unsigned dim) {
  llvm::SmallSetVector<int64_t, 4> strides;
  llvm::DenseSet<Expr> seen;
  std::function<void(Expr)> visit = [&](Expr expr) {
    if (!expr->varies(dim) || !seen.insert(expr).second)
      return;
    for (AffineExpr index : expr->indices)
      index.walk([&](AffineExpr part) {
        Digit digit = asDigit(part);
        auto base = dyn_cast<AffineDimExpr>(digit.value);
        if (!base || base.getPosition() != dim || base == part)
          return;
        strides.insert(digit.stride);
        if (digit.size != 0)
          strides.insert(digit.stride * digit.size);
      });
    for (Expr operand : expr->operands)
      visit(operand);
  };
  visit(expr);
  strides.remove(1);
  SmallVector<int64_t> sorted = strides.takeVector();
  llvm::sort(sorted);
  return sorted;
}

/// Replaces a dim that occurs in digits by one dim a digit: a sum over the
/// elements of a reshaped tensor becomes one over those of the tensor.
static Expr splitDigits(ExpressionContext &expressions, Expr expr,
                        BoundDims &over, unsigned &next) {
  for (auto [dim, size] :
       SmallVector<std::pair<unsigned, AffineExpr>>(over.begin(), over.end())) {
    auto known = dyn_cast<AffineConstantExpr>(size);
    SmallVector<int64_t> strides = getStrides(expr, dim);
    if (!known || strides.empty())
      continue;
    if (strides.back() != known.getValue())
      strides.push_back(known.getValue());
    int64_t previous = 1;
    bool divides = true;
    for (int64_t stride : strides) {
      divides &= stride % previous == 0;
      previous = stride;
    }
    if (!divides || next + strides.size() > 64)
      continue;
    SmallVector<AffineExpr> replacements(64);
    SmallVector<int64_t> sizes(64, 0);
    for (auto [other, otherSize] : over)
      if (auto constant = dyn_cast<AffineConstantExpr>(otherSize))
        sizes[other] = constant.getValue();
    AffineExpr whole = getAffineConstantExpr(0, expressions.getContext());
    previous = 1;
    over.erase(dim);
    for (int64_t stride : strides) {
      whole = whole + expressions.dim(next) * previous;
      sizes[next] = stride / previous;
      over[next++] =
          getAffineConstantExpr(stride / previous, expressions.getContext());
      previous = stride;
    }
    replacements[dim] = whole;
    // The new dims are free until they are bound, so their sizes are needed.
    Expr replaced = expressions.substitute(
        expr, replacements, [&](unsigned dim) { return sizes[dim]; });
    if (replaced)
      expr = replaced;
  }
  return expr;
}

Expr ExpressionContext::reduce(Type type, Expr expr, ArrayRef<unsigned> dims,
                               ArrayRef<AffineExpr> sizes) {
  // What does not vary and is a mere number stays outside.
  if (expr->is(Kind::Product) && expr->type == type) {
    SmallVector<Term> inside, outside;
    for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
      (operand->is(Kind::Extent) ? outside : inside)
          .push_back({operand, weight});
    if (!outside.empty() || expr->value != 1) {
      Expr rest = reduce(type, product(type, inside), dims, sizes);
      if (!rest)
        return nullptr;
      outside.push_back({rest, 1});
      return product(type, outside, expr->value);
    }
  }
  BoundDims over;
  for (auto [dim, size] : llvm::zip(dims, sizes))
    over[dim] = size;
  if (expr->is(Kind::Reduction) && expr->type == type) {
    for (auto [dim, size] : llvm::zip(expr->bound, expr->indices))
      over[dim] = size;
    expr = expr->operands.front();
  }
  // A dim over which nothing varies counts: the sum is a multiple.
  SmallVector<Term> multiples;
  for (auto [dim, size] : llvm::to_vector(over))
    if (!expr->varies(dim)) {
      multiples.push_back({extent(type, size), 1});
      over.erase(dim);
    }
  if (over.empty()) {
    multiples.push_back({expr, 1});
    return product(type, multiples);
  }

  unsigned next = kFirstBound;
  for (auto [dim, size] : over)
    next = std::max(next, dim + 1);
  next = std::max(next, expr->boundEnd);
  expr = splitDigits(*this, expr, over, next);

  // Names by the order of occurrence, above those that are bound inside.
  uint64_t mask = 0;
  for (auto [dim, size] : over)
    mask |= uint64_t(1) << dim;
  SmallVector<unsigned> order = orderOfDims(expr, mask);
  SmallVector<AffineExpr> replacements(64);
  Expression result;
  result.kind = Kind::Reduction;
  result.type = type;
  unsigned first = expr->boundEnd;
  if (first + order.size() > 64)
    return nullptr;
  for (auto [i, old] : llvm::enumerate(order)) {
    replacements[old] = dim(first + i);
    result.bound.push_back(first + i);
    result.indices.push_back(over[old]);
  }
  Expr renamed = substitute(expr, replacements);
  if (!renamed)
    return nullptr;
  result.operands.push_back(renamed);
  multiples.push_back({unique(std::move(result)), 1});
  return product(type, multiples);
}
