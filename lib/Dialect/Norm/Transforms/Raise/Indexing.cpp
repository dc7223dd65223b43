//===- Indexing.cpp - Index expressions through reshapes ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Indexing.h"

#include "llvm/ADT/SmallVector.h"

using namespace mlir;
using namespace mlir::norm::raise;

/// The value of a constant expression.
static std::optional<int64_t> getConstant(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  return std::nullopt;
}

Digit mlir::norm::raise::asDigit(AffineExpr expr) {
  Digit digit{expr, 1, 0};
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (binary && binary.getKind() == AffineExprKind::Mod)
    if (std::optional<int64_t> size = getConstant(binary.getRHS())) {
      digit = {binary.getLHS(), 1, *size};
      binary = dyn_cast<AffineBinaryOpExpr>(digit.value);
    }
  if (binary && binary.getKind() == AffineExprKind::FloorDiv)
    if (std::optional<int64_t> stride = getConstant(binary.getRHS())) {
      digit.value = binary.getLHS();
      digit.stride = *stride;
    }
  return digit;
}

AffineExpr mlir::norm::raise::makeDigit(Digit digit) {
  AffineExpr expr = digit.value;
  if (digit.stride != 1)
    expr = expr.floorDiv(digit.stride);
  return digit.size == 0 ? expr : expr % digit.size;
}

namespace {

/// A sum of multiples of expressions that are no sums.
struct LinearForm {
  int64_t constant = 0;
  SmallVector<std::pair<AffineExpr, int64_t>> terms;

  void add(AffineExpr term, int64_t factor) {
    for (auto *it = terms.begin(); it != terms.end(); ++it) {
      if (it->first != term)
        continue;
      it->second += factor;
      if (it->second == 0)
        terms.erase(it);
      return;
    }
    if (factor != 0)
      terms.emplace_back(term, factor);
  }
  void add(const LinearForm &other, int64_t factor) {
    constant += factor * other.constant;
    for (auto [term, coefficient] : other.terms)
      add(term, factor * coefficient);
  }
};

class Simplifier {
public:
  Simplifier(MLIRContext *context, DimSizes sizes)
      : context(context), sizes(sizes) {}

  LinearForm simplify(AffineExpr expr);
  AffineExpr build(LinearForm form);

private:
  MLIRContext *context;
  DimSizes sizes;

  /// The largest value of an expression that is never negative.
  std::optional<int64_t> getMaximum(AffineExpr expr);
  std::optional<int64_t> getMaximum(const LinearForm &form);
  std::optional<int64_t> findStride(const LinearForm &form, int64_t divisor);
  LinearForm divide(const LinearForm &form, int64_t divisor);
  LinearForm remainder(const LinearForm &form, int64_t divisor);
  /// Joins neighbouring digits of one number.
  void joinDigits(LinearForm &form);
};

std::optional<int64_t> Simplifier::getMaximum(AffineExpr expr) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    int64_t size = sizes(dim.getPosition());
    return size > 0 ? std::optional<int64_t>(size - 1) : std::nullopt;
  }
  Digit digit = asDigit(expr);
  if (digit.size != 0)
    return digit.size - 1;
  if (digit.value == expr)
    return std::nullopt;
  std::optional<int64_t> whole = getMaximum(simplify(digit.value));
  return whole ? std::optional<int64_t>(*whole / digit.stride) : std::nullopt;
}

std::optional<int64_t> Simplifier::getMaximum(const LinearForm &form) {
  int64_t maximum = form.constant;
  if (form.constant < 0)
    return std::nullopt;
  for (auto [term, factor] : form.terms) {
    std::optional<int64_t> largest = getMaximum(term);
    if (!largest || factor < 0)
      return std::nullopt;
    maximum += *largest * factor;
  }
  return maximum;
}

/// The part of `form` that `divisor` divides, divided by it, and the rest.
static std::pair<LinearForm, LinearForm> split(const LinearForm &form,
                                               int64_t divisor) {
  LinearForm whole, rest;
  whole.constant = llvm::divideFloorSigned(form.constant, divisor);
  rest.constant = form.constant - whole.constant * divisor;
  for (auto [term, factor] : form.terms)
    if (factor % divisor == 0)
      whole.add(term, factor / divisor);
    else
      rest.add(term, factor);
  return {whole, rest};
}

/// A stride that divides `divisor` and of which `form` is a multiple and
/// something smaller than it: (20 a + b) / 60 is a / 3 where b is below 20.
std::optional<int64_t> Simplifier::findStride(const LinearForm &form,
                                              int64_t divisor) {
  for (auto [term, factor] : form.terms) {
    if (factor <= 1 || divisor % factor != 0)
      continue;
    std::optional<int64_t> maximum = getMaximum(split(form, factor).second);
    if (maximum && *maximum < factor)
      return factor;
  }
  return std::nullopt;
}

LinearForm Simplifier::divide(const LinearForm &form, int64_t divisor) {
  auto [whole, rest] = split(form, divisor);
  std::optional<int64_t> maximum = getMaximum(rest);
  if (maximum && *maximum < divisor)
    return whole;
  if (std::optional<int64_t> stride = findStride(rest, divisor)) {
    whole.add(divide(split(rest, *stride).first, divisor / *stride), 1);
    return whole;
  }
  // A quotient of a digit is a digit.
  AffineExpr value = build(rest);
  Digit digit = asDigit(value);
  if (digit.size == 0)
    digit.stride *= divisor;
  else if (digit.size % divisor == 0)
    digit = {digit.value, digit.stride * divisor, digit.size / divisor};
  else
    digit = {value, divisor, 0};
  whole.add(makeDigit(digit), 1);
  return whole;
}

LinearForm Simplifier::remainder(const LinearForm &form, int64_t divisor) {
  LinearForm rest = split(form, divisor).second;
  std::optional<int64_t> maximum = getMaximum(rest);
  if (maximum && *maximum < divisor)
    return rest;
  if (std::optional<int64_t> stride = findStride(rest, divisor)) {
    auto [multiples, smaller] = split(rest, *stride);
    smaller.add(remainder(multiples, divisor / *stride), *stride);
    return smaller;
  }
  AffineExpr value = build(rest);
  Digit digit = asDigit(value);
  if (digit.size == 0 || digit.size % divisor == 0)
    digit.size = divisor;
  else
    digit = {value, 1, divisor};
  LinearForm result;
  result.add(makeDigit(digit), 1);
  return result;
}

void Simplifier::joinDigits(LinearForm &form) {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto [low, lowFactor] : llvm::to_vector(form.terms)) {
      Digit digit = asDigit(low);
      if (digit.size == 0)
        continue;
      for (auto [high, highFactor] : llvm::to_vector(form.terms)) {
        Digit next = asDigit(high);
        if (next.value != digit.value ||
            next.stride != digit.stride * digit.size ||
            highFactor != lowFactor * digit.size || high == low)
          continue;
        form.add(low, -lowFactor);
        form.add(high, -highFactor);
        Digit joined{digit.value, digit.stride,
                     next.size == 0 ? 0 : next.size * digit.size};
        if (joined.stride == 1 && joined.size == 0)
          form.add(simplify(joined.value), lowFactor);
        else
          form.add(makeDigit(joined), lowFactor);
        changed = true;
        break;
      }
      if (changed)
        break;
    }
  }
}

LinearForm Simplifier::simplify(AffineExpr expr) {
  LinearForm form;
  if (std::optional<int64_t> constant = getConstant(expr)) {
    form.constant = *constant;
    return form;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary) {
    form.add(expr, 1);
    return form;
  }
  AffineExpr lhs = binary.getLHS(), rhs = binary.getRHS();
  std::optional<int64_t> constant = getConstant(rhs);
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    form = simplify(lhs);
    form.add(simplify(rhs), 1);
    joinDigits(form);
    return form;
  case AffineExprKind::Mul:
    if (!constant)
      break;
    form.add(simplify(lhs), *constant);
    return form;
  case AffineExprKind::FloorDiv:
    if (!constant || *constant <= 0)
      break;
    return divide(simplify(lhs), *constant);
  case AffineExprKind::Mod:
    if (!constant || *constant <= 0)
      break;
    return remainder(simplify(lhs), *constant);
  default:
    break;
  }
  form.add(expr, 1);
  return form;
}

AffineExpr Simplifier::build(LinearForm form) {
  AffineExpr result = getAffineConstantExpr(form.constant, context);
  // Dims first and in order, so that equal sums are equal expressions.
  auto key = [](AffineExpr expr) {
    Digit digit = asDigit(expr);
    auto dim = dyn_cast<AffineDimExpr>(digit.value);
    return std::tuple(dim ? dim.getPosition() : ~0u, digit.stride, digit.size);
  };
  llvm::sort(form.terms, [&](const auto &a, const auto &b) {
    return std::pair(key(a.first), a.second) <
           std::pair(key(b.first), b.second);
  });
  for (auto [term, factor] : form.terms)
    result = result + term * factor;
  return result;
}

} // namespace

AffineExpr mlir::norm::raise::simplifyIndex(AffineExpr expr, DimSizes sizes) {
  if (isa<AffineDimExpr, AffineConstantExpr, AffineSymbolExpr>(expr))
    return expr;
  Simplifier simplifier(expr.getContext(), sizes);
  return simplifier.build(simplifier.simplify(expr));
}

SmallVector<std::pair<unsigned, int64_t>>
mlir::norm::raise::getDimFactors(AffineExpr expr) {
  SmallVector<std::pair<unsigned, int64_t>> factors;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (binary && binary.getKind() == AffineExprKind::Add) {
    factors = getDimFactors(binary.getLHS());
    llvm::append_range(factors, getDimFactors(binary.getRHS()));
    return factors;
  }
  int64_t factor = 1;
  if (binary && binary.getKind() == AffineExprKind::Mul) {
    if (auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS())) {
      factor = constant.getValue();
      expr = binary.getLHS();
    }
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    factors.emplace_back(dim.getPosition(), factor);
  return factors;
}
