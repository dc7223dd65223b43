//===- MatchLinear.cpp - Linear layers in expressions ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

namespace {

/// factor · sum_k x(..., k) w(o, k) + bias(o), as an expression.
struct Linear {
  Expr reduction = nullptr;
  double factor = 1;
  Expr bias = nullptr;
  /// What the sum is rounded to before the bias is added; null if not at all.
  Type rounded;
};

/// Takes one place apart.
class LinearMatch {
public:
  LinearMatch(Program &program, const Place &place)
      : program(program), expressions(program.expressions), place(place),
        builder(place.value.getContext()) {}

  std::optional<Raised> match();

  /// Whether the sum is rounded, and not yet the result.
  bool onceRounded = false;

private:
  Program &program;
  ExpressionContext &expressions;
  const Place &place;
  Builder builder;

  std::optional<Linear> split();
  std::optional<Raised> matchWeight(const Linear &linear, unsigned factor);
  std::optional<int64_t> joinDims(Expr reduction, Expr weight, unsigned k,
                                  SmallVectorImpl<AffineExpr> &replacements);
  Source findWeight(Expr weight, unsigned k, int64_t inSize, bool &outIn);
};

} // namespace

/// `expr` without a rounding to a type that a linear layer rounds its result to
/// in any case.
static Expr skipAnyRounding(Expr expr) {
  return expr->is(Kind::Round) ? expr->operands.front() : expr;
}

/// A sum of products, times a number.
static bool isContraction(Expr expr, Linear &linear) {
  linear.rounded = expr->is(Kind::Round) ? expr->type : Type();
  expr = skipAnyRounding(expr);
  linear.factor = 1;
  if (expr->is(Kind::Product) && expr->operands.size() == 1 &&
      expr->weights[0] == 1) {
    linear.factor = expr->value;
    expr = expr->operands.front();
  }
  linear.reduction = expr;
  return expr->is(Kind::Reduction) && expr->operands.front()->is(Kind::Product);
}

std::optional<Linear> LinearMatch::split() {
  Linear linear;
  Expr expr = skipAnyRounding(place.expr);
  if (isContraction(expr, linear))
    return linear;
  if (!expr->is(Kind::Sum))
    return std::nullopt;
  SmallVector<Term> others;
  bool isFound = false;
  for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights)) {
    if (!isFound && isContraction(operand, linear)) {
      linear.factor *= weight;
      isFound = true;
      continue;
    }
    others.push_back({operand, weight});
  }
  if (!isFound)
    return std::nullopt;
  if (!others.empty() || expr->value != 0)
    linear.bias = others.size() == 1 && others[0].weight == 1 && !expr->value
                      ? others[0].expr
                      : expressions.sum(expr->type, others, expr->value);
  return linear;
}

/// Whether `value` is there for good: an argument of the function or a
/// constant.
static bool isWeight(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return isa<func::FuncOp>(argument.getOwner()->getParentOp());
  return value.getDefiningOp()->hasTrait<OpTrait::ConstantLike>();
}

/// Says in `replacements` what the bound dims of `reduction` are of dim `k`,
/// the inputs: several where the input of the layer was reshaped. They are what
/// one dim of the weight is indexed by. Returns the number of inputs.
std::optional<int64_t>
LinearMatch::joinDims(Expr reduction, Expr weight, unsigned k,
                      SmallVectorImpl<AffineExpr> &replacements) {
  if (reduction->bound.size() == 1) {
    auto size = dyn_cast<AffineConstantExpr>(reduction->indices.front());
    replacements[reduction->bound.front()] = expressions.dim(k);
    return size ? size.getValue() : ShapedType::kDynamic;
  }
  int64_t whole = 1;
  for (AffineExpr extent : reduction->indices) {
    auto size = dyn_cast<AffineConstantExpr>(extent);
    if (!size)
      return std::nullopt;
    whole *= size.getValue();
  }
  SmallVector<std::pair<unsigned, int64_t>> strides;
  for (AffineExpr index : weight->indices) {
    auto factors = getDimFactors(index);
    if (llvm::any_of(factors,
                     [](auto factor) { return factor.first >= kFirstBound; })) {
      if (!strides.empty())
        return std::nullopt;
      strides = factors;
    }
  }
  llvm::sort(strides, [](auto a, auto b) { return a.second < b.second; });
  int64_t stride = 1;
  for (auto [dim, factor] : strides) {
    auto *it = llvm::find(reduction->bound, dim);
    if (it == reduction->bound.end() || factor != stride)
      return std::nullopt;
    int64_t size = cast<AffineConstantExpr>(
                       reduction->indices[it - reduction->bound.begin()])
                       .getValue();
    bool isLast = stride * size == whole;
    replacements[dim] =
        makeDigit({expressions.dim(k), stride, isLast ? 0 : size});
    stride *= size;
  }
  return stride == whole ? std::optional<int64_t>(whole) : std::nullopt;
}

/// The tensor of a weight with the dims o and k, in that order if `outIn`.
Source LinearMatch::findWeight(Expr weight, unsigned k, int64_t inSize,
                               bool &outIn) {
  unsigned o = place.sizes.size() - 1;
  for (bool order : {true, false}) {
    SmallVector<AffineExpr> renamed(64);
    renamed[o] = expressions.dim(order ? 0 : 1);
    renamed[k] = expressions.dim(order ? 1 : 0);
    Expr expr = expressions.substitute(weight, renamed);
    Place asWeight = place;
    asWeight.sizes.assign({place.sizes.back(), inSize});
    if (!order)
      std::swap(asWeight.sizes[0], asWeight.sizes[1]);
    Source source =
        expr ? findSource(program, asWeight, expr, {0, 1}, weight->type)
             : Source();
    // A copy in the other order is not what is wanted.
    if (source.tensor) {
      outIn = order;
      return source;
    }
  }
  return {};
}

std::optional<Raised> LinearMatch::matchWeight(const Linear &linear,
                                               unsigned number) {
  Expr product = linear.reduction->operands.front();
  Expr weight = product->operands[number];
  if (!weight->is(Kind::Load) || product->weights[number] != 1 ||
      !isWeight(weight->source))
    return std::nullopt;
  unsigned last = place.sizes.size() - 1;
  // Inputs have a number of their own while outputs have that of the last dim.
  unsigned k = kFirstBound - 1;
  SmallVector<AffineExpr> replacements(64);
  std::optional<int64_t> inSize =
      joinDims(linear.reduction, weight, k, replacements);
  if (!inSize)
    return std::nullopt;
  auto sizes = [&](unsigned dim) -> int64_t {
    int64_t size = dim == k                   ? *inSize
                   : dim < place.sizes.size() ? place.sizes[dim]
                                              : 0;
    return ShapedType::isDynamic(size) ? 0 : size;
  };
  weight = expressions.substitute(weight, replacements, sizes);
  bool hasOut = place.sizes.back() == 1 || weight->varies(last);
  uint64_t ofWeight = uint64_t(1) << last | uint64_t(1) << k;
  if (!weight->varies(k) || !hasOut || (weight->dims & ~ofWeight))
    return std::nullopt;
  SmallVector<Term> others;
  for (unsigned i = 0, e = product->operands.size(); i < e; ++i)
    if (i != number)
      others.push_back({product->operands[i], product->weights[i]});
  Expr x = expressions.product(product->type, others,
                               product->value * linear.factor);
  if (x->varies(last) || x->is(Kind::Constant))
    return std::nullopt;

  Type resultType = getElementTypeOrSelf(place.value.getType());
  Type type = weight->type;
  if (linear.reduction->type != getAccumulationType(type, std::nullopt) ||
      !holdsExactly(resultType, type))
    return std::nullopt;
  // Products are exact, sums in one type; a rounding of the sum before the bias
  // is one that the result has anyway.
  Type added = skipAnyRounding(place.expr)->type;
  if (product->type != linear.reduction->type ||
      !holdsExactly(linear.reduction->type, added) ||
      !holdsExactly(added, resultType))
    return std::nullopt;
  if (linear.rounded && !holdsExactly(linear.rounded, resultType)) {
    onceRounded = true;
    return std::nullopt;
  }
  x = expressions.substitute(x, replacements, sizes);
  SmallVector<AffineExpr> renamed(64);
  renamed[k] = expressions.dim(last);
  x = x ? expressions.substitute(x, renamed) : nullptr;
  if (!x)
    return std::nullopt;
  Place asInput = place;
  asInput.sizes.back() = *inSize;
  SmallVector<int64_t> all =
      llvm::to_vector(llvm::seq<int64_t>(0, place.sizes.size()));
  Raised result;
  result.place = place;
  result.name = "norm.linear";
  result.operands.push_back(findSource(program, asInput, x, all, type));
  bool outIn = true;
  result.operands.push_back(findWeight(weight, k, *inSize, outIn));
  if (!result.operands[0].tensor || !result.operands[1])
    return std::nullopt;
  result.attributes.set(
      "layout",
      WeightLayoutAttr::get(builder.getContext(),
                            outIn ? WeightLayout::OutIn : WeightLayout::InOut));
  result.operands.emplace_back();
  if (linear.bias) {
    Type biasType = linear.bias->type;
    if (!holdsExactly(biasType, type))
      biasType = type;
    if (linear.bias->dims & ~(uint64_t(1) << last))
      return std::nullopt;
    result.operands.back() = findSource(program, place, linear.bias,
                                        {static_cast<int64_t>(last)}, biasType);
    if (!result.operands.back())
      return std::nullopt;
  }
  return result;
}

std::optional<Raised> LinearMatch::match() {
  Expr expr = place.expr;
  if (!expr->hasReduction || !isSupportedTensor(place.sizes, expr->type))
    return std::nullopt;
  std::optional<Linear> linear = split();
  if (!linear)
    return std::nullopt;
  Expr product = linear->reduction->operands.front();
  for (unsigned i = 0, e = product->operands.size(); i < e; ++i)
    if (std::optional<Raised> result = matchWeight(*linear, i))
      return result;
  return std::nullopt;
}

std::optional<Raised> mlir::norm::raise::matchLinear(Program &program,
                                                     const Place &place,
                                                     bool &onceRounded) {
  LinearMatch linear(program, place);
  std::optional<Raised> result = linear.match();
  onceRounded |= linear.onceRounded;
  return result;
}
