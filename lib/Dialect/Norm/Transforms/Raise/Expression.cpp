//===- Expression.cpp - What a graph computes for one element -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include "llvm/Support/xxhash.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm::raise;

double mlir::norm::raise::snap(double number, Type type) {
  if (number == 0 || !std::isfinite(number) || type.isIntOrIndex())
    return number;
  int bits = type.isF64() ? 51 : 44, exponent;
  double fraction = std::frexp(number, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, bits)),
                    exponent - bits);
}

bool mlir::norm::raise::isClose(double a, double b, Type type) {
  return std::fabs(a - b) <= std::ldexp(std::fabs(b), type.isF64() ? -49 : -20);
}

//===----------------------------------------------------------------------===//
// Uniqueness
//===----------------------------------------------------------------------===//

void Expression::Profile(llvm::FoldingSetNodeID &id) const {
  auto addNumber = [&](double number) {
    id.AddInteger(llvm::bit_cast<uint64_t>(number == 0 ? 0.0 : number));
  };
  id.AddInteger(static_cast<unsigned>(kind));
  id.AddPointer(type.getAsOpaquePointer());
  addNumber(value);
  id.AddInteger(operands.size());
  for (Expr operand : operands)
    id.AddPointer(operand);
  for (double weight : weights)
    addNumber(weight);
  id.AddPointer(source.getAsOpaquePointer());
  for (AffineExpr index : indices)
    id.AddPointer(index.getAsOpaquePointer());
  for (unsigned dim : bound)
    id.AddInteger(dim);
  id.AddString(name);
  id.AddPointer(attributes.getAsOpaquePointer());
}

/// Where a Call is still seen from.
static constexpr unsigned kCallDistance = 8;

unsigned ExpressionContext::getOrdinal(const void *pointer) {
  return ordinals.try_emplace(pointer, ordinals.size()).first->second;
}

/// Fills in what follows from the definition of `expr`.
void ExpressionContext::derive(Expression &expr) {
  // Not the hash of pointers, which differs from run to run.
  SmallVector<uint64_t> shape{static_cast<uint64_t>(expr.kind),
                              getOrdinal(expr.type.getAsOpaquePointer()),
                              getOrdinal(expr.source.getAsOpaquePointer()),
                              getOrdinal(expr.attributes.getAsOpaquePointer()),
                              expr.indices.size(),
                              llvm::xxh3_64bits(expr.name)};
  expr.number = storage.size();
  for (AffineExpr index : expr.indices)
    index.walk([&](AffineExpr part) {
      if (auto dim = dyn_cast<AffineDimExpr>(part))
        expr.dims |= uint64_t(1) << dim.getPosition();
    });
  for (Expr operand : expr.operands) {
    expr.dims |= operand->dims;
    expr.depth = std::max(expr.depth, operand->depth + 1);
    expr.boundEnd = std::max(expr.boundEnd, operand->boundEnd);
    expr.hasReduction |= operand->hasReduction;
    shape.push_back(operand->shape);
  }
  expr.hasReduction |= expr.is(Kind::Reduction);
  for (unsigned dim : expr.bound) {
    expr.dims &= ~(uint64_t(1) << dim);
    expr.boundEnd = std::max(expr.boundEnd, dim + 1);
  }
  expr.shape = llvm::xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(shape.data()),
               shape.size() * sizeof(uint64_t)));

  if (expr.is(Kind::Product) || expr.is(Kind::Sum) || expr.is(Kind::Round))
    for (auto [i, operand] : llvm::enumerate(expr.operands)) {
      bool isRoot = expr.is(Kind::Product) && expr.weights[i] < 0 &&
                    operand->hasReduction;
      expr.hasStatisticRoot |= operand->hasStatisticRoot || isRoot;
      expr.hasRoot |= operand->hasRoot ||
                      (expr.is(Kind::Product) && expr.weights[i] == -0.5);
    }
  expr.hasCall = expr.is(Kind::Call);
  expr.hasCall |= llvm::any_of(expr.operands, [](Expr operand) {
    return operand->hasCall && operand->depth < kCallDistance;
  });
}

Expr ExpressionContext::unique(Expression &&expression) {
  llvm::FoldingSetNodeID id;
  expression.Profile(id);
  void *position = nullptr;
  if (Expression *known = expressions.FindNodeOrInsertPos(id, position))
    return known;
  derive(expression);
  storage.push_back(std::move(expression));
  expressions.InsertNode(&storage.back(), position);
  return &storage.back();
}

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
  llvm::stable_sort(terms, [](const Term &a, const Term &b) {
    return isBefore(a.expr, b.expr);
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

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

Expr ExpressionContext::constant(Type type, double value) {
  Expression expr;
  expr.kind = Kind::Constant;
  expr.type = type;
  expr.value = value;
  return unique(std::move(expr));
}

Expr ExpressionContext::load(Value source, ArrayRef<AffineExpr> indices) {
  Expression expr;
  expr.kind = Kind::Load;
  expr.type = getElementTypeOrSelf(source.getType());
  expr.source = source;
  expr.indices.assign(indices.begin(), indices.end());
  return unique(std::move(expr));
}

Expr ExpressionContext::call(Type type, StringRef name,
                             DictionaryAttr attributes,
                             ArrayRef<Expr> operands) {
  Expression expr;
  expr.kind = Kind::Call;
  expr.type = type;
  expr.name = name;
  expr.attributes = attributes;
  expr.operands.assign(operands.begin(), operands.end());
  return unique(std::move(expr));
}

Expr ExpressionContext::index(AffineExpr index) {
  if (auto known = dyn_cast<AffineConstantExpr>(index))
    return constant(IndexType::get(context), known.getValue());
  Expression expr;
  expr.kind = Kind::Index;
  expr.type = IndexType::get(context);
  expr.indices.push_back(index);
  return unique(std::move(expr));
}

Expr ExpressionContext::extent(Type type, AffineExpr size) {
  if (auto known = dyn_cast<AffineConstantExpr>(size))
    return constant(type, known.getValue());
  auto binary = dyn_cast<AffineBinaryOpExpr>(size);
  if (binary && binary.getKind() == AffineExprKind::Mul)
    return product(type, {{extent(type, binary.getLHS()), 1},
                          {extent(type, binary.getRHS()), 1}});
  Expression expr;
  expr.kind = Kind::Extent;
  expr.type = type;
  expr.indices.push_back(size);
  return unique(std::move(expr));
}

Expr ExpressionContext::round(Type type, Expr expr) {
  if (expr->type == type)
    return expr;
  // Larger sizes are not exact in 16 bits.
  if (expr->is(Kind::Extent) && type.getIntOrFloatBitWidth() >= 32)
    return extent(type, expr->indices.front());
  if (auto floatType = dyn_cast<FloatType>(type);
      floatType && expr->is(Kind::Constant)) {
    APFloat value(expr->value);
    bool losesInfo;
    value.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return constant(type, value.convertToDouble());
  }
  Expression rounded;
  rounded.kind = Kind::Round;
  rounded.type = type;
  rounded.operands.push_back(expr);
  return unique(std::move(rounded));
}

//===----------------------------------------------------------------------===//
// Sums and products
//===----------------------------------------------------------------------===//

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
  Expression expr;
  expr.kind = Kind::Product;
  expr.type = type;
  expr.value = constant;
  for (const Term &factor : collected) {
    expr.operands.push_back(factor.expr);
    expr.weights.push_back(factor.weight);
  }
  return unique(std::move(expr));
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
  Expression expr;
  expr.kind = Kind::Sum;
  expr.type = type;
  expr.value = constant;
  for (const Term &term : collected) {
    expr.operands.push_back(term.expr);
    expr.weights.push_back(term.weight);
  }
  return unique(std::move(expr));
}
