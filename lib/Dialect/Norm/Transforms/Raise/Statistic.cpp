//===- Statistic.cpp - Variances in expressions ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Statistic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::norm::raise;

Expr mlir::norm::raise::skipRounding(Expr expr) {
  while (expr->is(Kind::Round) && expr->type.getIntOrFloatBitWidth() >= 32)
    expr = expr->operands.front();
  return expr;
}

/// The factors of `expr` with their exponents: one of itself if it is no
/// product.
static SmallVector<Term> getFactors(Expr expr) {
  SmallVector<Term> factors;
  if (!expr->is(Kind::Product))
    return {{skipRounding(expr), 1}};
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
    factors.push_back({skipRounding(operand), weight});
  return factors;
}

static double getCoefficient(Expr expr) {
  return expr->is(Kind::Product) ? expr->value : 1;
}

Expr mlir::norm::raise::getOnlyReduction(Expr expr, double power) {
  Expr found = nullptr;
  for (const Term &factor : getFactors(skipRounding(expr))) {
    if (factor.expr->is(Kind::Extent))
      continue;
    if (found || !factor.expr->is(Kind::Reduction) || factor.weight != power)
      return nullptr;
    found = factor.expr;
  }
  return found;
}

std::optional<double>
mlir::norm::raise::getShareOfCount(Expr expr, Expr reduction, double power) {
  expr = skipRounding(expr);
  double share = getCoefficient(expr);
  SmallVector<AffineExpr> sizes;
  for (AffineExpr size : reduction->indices) {
    if (auto constant = dyn_cast<AffineConstantExpr>(size))
      share *= std::pow(constant.getValue(), power);
    else
      sizes.push_back(size);
  }
  for (const Term &factor : getFactors(expr)) {
    if (!factor.expr->is(Kind::Extent))
      continue;
    // Two dims may have the same size.
    for (double count = -factor.weight; count > 0; count -= power) {
      auto *it = llvm::find(sizes, factor.expr->indices.front());
      if (it == sizes.end() || count < power)
        return std::nullopt;
      sizes.erase(it);
    }
    if (factor.weight > 0)
      return std::nullopt;
  }
  if (!sizes.empty())
    return std::nullopt;
  return share;
}

namespace {

/// Takes one expression apart.
class Analysis {
public:
  Analysis(ExpressionContext &expressions, Statistic &result)
      : expressions(expressions), result(result) {}

  void analyzeRoot(Expr base);
  void analyzeNorm(Expr base);

private:
  ExpressionContext &expressions;
  Statistic &result;

  void refuse(const Twine &reason) { result.refusal = reason.str(); }
  Expr getSquareRoot(Expr expr, double factor);
  bool setRow(Expr reduction);
  void analyzeMeanSquare(Expr term);
  void analyzeCentered(Expr centered);
  void analyzeDifference(Expr first, Expr second);
  bool isSumOf(Expr reduction, Expr x);
};

/// What `factor` times `expr` is the square of; null if it is no square.
Expr Analysis::getSquareRoot(Expr expr, double factor) {
  if (!expr->is(Kind::Product))
    return nullptr;
  double square = expr->value * factor;
  if (square <= 0)
    return nullptr;
  SmallVector<Term> factors;
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights)) {
    if (std::fmod(weight, 2) != 0)
      return nullptr;
    factors.push_back({operand, weight / 2});
  }
  // The number of elements as f32 has it.
  double scale =
      isClose(square, 1, expr->type) ? 1 : snap(std::sqrt(square), expr->type);
  return expressions.product(expr->type, factors, scale);
}

/// Takes the dims of the row and the type from a reduction.
bool Analysis::setRow(Expr reduction) {
  if (!isa<Float32Type, Float64Type>(reduction->type)) {
    std::string text;
    llvm::raw_string_ostream(text) << reduction->type;
    refuse("the sum is accumulated in " + text);
    return false;
  }
  auto type = cast<FloatType>(reduction->type);
  if (!result.accumulate || type.getWidth() > result.accumulate.getWidth())
    result.accumulate = type;
  return true;
}

/// Whether `reduction` is the sum of `x` over the dims of the row.
bool Analysis::isSumOf(Expr reduction, Expr x) {
  uint64_t mask = 0;
  for (unsigned dim : result.bound)
    mask |= uint64_t(1) << dim;
  SmallVector<unsigned> order = orderOfDims(x, mask);
  if (order.size() != reduction->bound.size() ||
      order.size() != result.bound.size())
    return false;
  SmallVector<AffineExpr> replacements(64);
  for (auto [bound, dim] : llvm::zip(reduction->bound, order))
    replacements[bound] = expressions.dim(dim);
  return expressions.substitute(reduction->operands.front(), replacements) == x;
}

/// x - mean(x), times one number: then it is of Form::Variance. Anything else
/// is the row itself.
void Analysis::analyzeCentered(Expr centered) {
  result.x = centered;
  if (!centered->is(Kind::Sum) || centered->value != 0)
    return;
  for (unsigned i = 0, e = centered->operands.size(); i < e; ++i) {
    Expr mean = centered->operands[i];
    // A mean in 16 bits is of a row in 16 bits.
    if (mean->is(Kind::Round) && mean->type == centered->type)
      mean = mean->operands.front();
    Expr reduction = getOnlyReduction(mean, 1);
    if (!reduction)
      continue;
    std::optional<double> share = getShareOfCount(mean, reduction, 1);
    if (!share)
      continue;
    SmallVector<Term> others;
    for (unsigned j = 0; j < e; ++j)
      if (j != i)
        others.push_back({centered->operands[j], centered->weights[j]});
    if (others.empty())
      continue;
    double factor = others.size() == 1          ? others.front().weight
                    : others.front().weight < 0 ? -1
                                                : 1;
    Expr x = others.size() == 1
                 ? others.front().expr
                 : expressions.scaled(expressions.sum(centered->type, others),
                                      factor);
    if (!isClose(*share * centered->weights[i], -factor, reduction->type) ||
        !isSumOf(reduction, x))
      continue;
    if (!setRow(reduction))
      return;
    result.form = Statistic::Form::Variance;
    result.sum = reduction;
    double scale =
        isClose(std::fabs(factor), 1, x->type) ? 1 : std::fabs(factor);
    result.x = expressions.scaled(x, scale);
    return;
  }
}

/// sum(b^2) / N.
void Analysis::analyzeMeanSquare(Expr term) {
  Expr reduction = getOnlyReduction(term, 1);
  if (!reduction)
    return refuse("what the root is taken of is no mean of squares");
  if (!setRow(reduction))
    return;
  std::optional<double> share = getShareOfCount(term, reduction, 1);
  if (!share)
    return refuse("the sum is not divided by the number of its elements");
  Expr square = reduction->operands.front();
  Expr root = getSquareRoot(square, *share);
  if (!root)
    return refuse("what is added up is no square");
  if (square->type != reduction->type)
    return refuse("the squares are rounded before they are added up");
  result.bound.assign(reduction->bound.begin(), reduction->bound.end());
  result.sizes.assign(reduction->indices.begin(), reduction->indices.end());
  analyzeCentered(root);
}

/// sum(x^2) / N - (sum(x) / N)^2.
void Analysis::analyzeDifference(Expr squares, Expr mean) {
  Expr ofSquares = getOnlyReduction(squares, 1);
  Expr ofElements = getOnlyReduction(mean, 2);
  if (!ofSquares || !ofElements)
    return refuse("what the root is taken of is no variance");
  if (!setRow(ofSquares) || !setRow(ofElements))
    return;
  std::optional<double> share = getShareOfCount(squares, ofSquares, 1);
  std::optional<double> meanShare = getShareOfCount(mean, ofElements, 2);
  if (!share || !meanShare || !isClose(*share, 1, ofSquares->type) ||
      !isClose(*meanShare, -1, ofElements->type))
    return refuse("a sum is not divided by the number of its elements");
  result.bound.assign(ofSquares->bound.begin(), ofSquares->bound.end());
  result.sizes.assign(ofSquares->indices.begin(), ofSquares->indices.end());
  result.x = getSquareRoot(ofSquares->operands.front(), 1);
  if (!result.x || ofSquares->operands.front()->type != ofSquares->type)
    return refuse("what is added up is no square");
  if (!isSumOf(ofElements, result.x))
    return refuse("the mean is that of another row");
  result.form = Statistic::Form::Variance;
  result.sum = ofElements;
}

void Analysis::analyzeRoot(Expr base) {
  base = skipRounding(base);
  SmallVector<Expr> terms;
  if (base->is(Kind::Sum)) {
    result.epsilon = base->value;
    for (auto [operand, weight] : llvm::zip(base->operands, base->weights))
      terms.push_back(weight == 1 ? operand
                                  : expressions.scaled(operand, weight));
  } else {
    terms.push_back(base);
  }
  if (result.epsilon < 0 || !std::isfinite(result.epsilon))
    return refuse("epsilon is negative or not finite");
  // A variance in two terms is clipped: it may come out below zero. That may be
  // one term, beside epsilon.
  for (Expr &term : terms)
    term = skipRounding(term);
  bool losesNaN = false;
  if (terms.size() == 1 && terms[0]->is(Kind::Call) &&
      terms[0]->name.starts_with("max") &&
      terms[0]->operands[1]->isConstant(0)) {
    losesNaN = terms[0]->name != "max";
    Expr inner = skipRounding(terms[0]->operands[0]);
    if (inner->is(Kind::Sum) && inner->value == 0) {
      terms.clear();
      for (auto [operand, weight] : llvm::zip(inner->operands, inner->weights))
        terms.push_back(expressions.scaled(operand, weight));
    } else {
      terms[0] = inner;
    }
  }
  if (terms.size() == 1) {
    analyzeMeanSquare(terms[0]);
    // Else the mean is a NaN too.
    if (losesNaN && result.form == Statistic::Form::MeanSquare)
      refuse("the root of a NaN is that of epsilon");
    return;
  }
  if (terms.size() == 2) {
    bool firstIsMean = getOnlyReduction(terms[0], 2) != nullptr;
    return analyzeDifference(terms[firstIsMean], terms[!firstIsMean]);
  }
  refuse("what the root is taken of is no variance");
}

/// The sum of squares of a Euclidean norm.
void Analysis::analyzeNorm(Expr base) {
  Expr reduction = getOnlyReduction(base, 1);
  if (!reduction || !setRow(reduction))
    return refuse("what is divided by is no Euclidean norm");
  Expr square = reduction->operands.front();
  result.x = getSquareRoot(square, getCoefficient(base));
  if (!result.x || square->type != reduction->type)
    return refuse("what is added up is no square");
  result.form = Statistic::Form::Norm;
  result.bound.assign(reduction->bound.begin(), reduction->bound.end());
  result.sizes.assign(reduction->indices.begin(), reduction->indices.end());
}

} // namespace

static Statistic analyze(ExpressionContext &expressions, Expr base,
                         double exponent) {
  Statistic result;
  Analysis analysis(expressions, result);
  base = skipRounding(base);
  // max(sqrt(s), e) or sqrt(max(s, e^2)).
  if (base->is(Kind::Call) && base->name == "max" &&
      base->operands[1]->is(Kind::Constant) && base->operands[1]->value > 0) {
    double epsilon = base->operands[1]->value;
    Expr norm = skipRounding(base->operands[0]);
    if (exponent == -0.5) {
      result.epsilon = std::sqrt(epsilon);
      analysis.analyzeNorm(norm);
      return result;
    }
    if (norm->is(Kind::Product) && norm->operands.size() == 1 &&
        norm->weights[0] == 0.5 && norm->value == 1) {
      result.epsilon = epsilon;
      analysis.analyzeNorm(norm->operands[0]);
      return result;
    }
  }
  if (exponent == -0.5)
    analysis.analyzeRoot(base);
  else
    result.refusal = base->is(Kind::Sum) && base->value != 0
                         ? "epsilon is added to the root, not under it"
                         : "the division is not by a root";
  return result;
}

Statistic mlir::norm::raise::analyzeStatistic(ExpressionContext &expressions,
                                              Expr base, double exponent) {
  Statistic result = analyze(expressions, base, exponent);
  if (!result.x)
    return result;
  // What x is a sum or a product of is taken apart in what is made of it.
  SmallVector<Expr> leaves{result.x};
  llvm::append_range(leaves, result.x->operands);
  collectTypes(base, leaves, result.types);
  return result;
}
