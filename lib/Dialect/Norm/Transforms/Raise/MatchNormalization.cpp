//===- MatchNormalization.cpp - Which normalization it is -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Normalization.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

/// How far down a root is in what is normalized by it.
static constexpr unsigned kRootDepth = 10;

/// Whether `base` to the power -1 is a division by something with a root.
static bool isNormOrNearMiss(Expr base) {
  auto isRoot = [](Expr expr) {
    expr = skipRounding(expr);
    return expr->is(Kind::Product) && expr->hasReduction &&
           llvm::is_contained(expr->weights, 0.5);
  };
  if (base->is(Kind::Call) && base->name == "max")
    return isRoot(base->operands[0]);
  return base->is(Kind::Sum) && llvm::any_of(base->operands, isRoot);
}

/// The divisors in `expr` that may be statistics, with their exponents.
static SmallVector<Term> findBases(Expr expr) {
  SmallVector<Term> bases;
  walk(expr, kRootDepth, [&](Expr part) {
    if (!part->is(Kind::Product))
      return true;
    for (auto [operand, weight] : llvm::zip(part->operands, part->weights)) {
      bool isBase =
          operand->hasReduction &&
          (weight == -0.5 || (weight == -1 && isNormOrNearMiss(operand)));
      if (isBase && llvm::none_of(bases, [&, operand = operand](const Term &t) {
            return t.expr == operand;
          }))
        bases.push_back({operand, weight});
    }
    return true;
  });
  return bases;
}

/// The dims of a place that an op has as axes, parameters and the like.
static uint64_t maskOf(ArrayRef<int64_t> dims) {
  uint64_t mask = 0;
  for (int64_t dim : dims)
    mask |= uint64_t(1) << dim;
  return mask;
}

/// Whether `expr`, which may be absent, varies over dims in `mask` alone.
static bool isOver(Expr expr, uint64_t mask) {
  return !expr || (expr->dims & ~mask) == 0;
}

const Statistic &NormalizationMatcher::getStatistic(Expr base,
                                                    double exponent) {
  auto [it, isNew] = statistics.try_emplace({base, exponent == -0.5 ? 1u : 0u});
  if (isNew)
    it->second = analyzeStatistic(program.expressions, base, exponent);
  return it->second;
}

void NormalizationMatcher::refuse(Expr base, const std::string &reason) {
  if (!reason.empty())
    refusals.try_emplace(base, reason);
}

std::optional<Raised> NormalizationMatcher::match(const Place &place,
                                                  bool &onceRounded) {
  Expr expr = place.expr;
  if (!expr->hasStatisticRoot || !isSupportedTensor(place.sizes, expr->type))
    return std::nullopt;
  for (const Term &base : findBases(expr)) {
    // A copy: the map may grow.
    Statistic statistic = getStatistic(base.expr, base.weight);
    if (!statistic.refusal.empty()) {
      refuse(base.expr, statistic.refusal);
      continue;
    }
    SmallVector<Row> rows =
        findRows(program.expressions, place, statistic, base.expr);
    for (const Row &row : rows) {
      std::string reason;
      std::optional<Raised> result = matchRow(place, row, statistic, base.expr,
                                              base.weight, reason, onceRounded);
      if (result) {
        raised.insert(base.expr);
        result->base = base.expr;
        result->sum = statistic.sum;
        return result;
      }
      refuse(base.expr, reason);
    }
    if (rows.empty() && (expr->dims & ~base.expr->dims))
      refuse(base.expr, "what is divided by the root is not what the root is "
                        "computed of");
  }
  return std::nullopt;
}

namespace {

/// Chooses the op for one row and finds its operands.
class OpChoice {
public:
  OpChoice(Program &program, const Place &place, const Row &row,
           const Statistic &statistic, const Affine &affine)
      : program(program), place(place), row(row), statistic(statistic),
        affine(affine), type(getElementTypeOrSelf(place.value.getType())),
        builder(place.value.getContext()) {
    axes = maskOf(row.axes);
    for (auto [dim, size] : llvm::enumerate(place.sizes))
      if (size != 1 && !(axes >> dim & 1))
        kept.push_back(dim);
  }

  std::optional<Raised> choose(std::string &reason);

  /// Whether a part is rounded, and not yet the result.
  bool onceRounded = false;

private:
  Program &program;
  const Place &place;
  const Row &row;
  const Statistic &statistic;
  const Affine &affine;
  Type type;
  Builder builder;
  uint64_t axes = 0;
  /// Dims that are no axes, those of size 1 apart.
  SmallVector<int64_t> kept;
  Raised result;

  std::optional<int64_t> findChannel();
  bool addParameters(ArrayRef<int64_t> dims);
  Source findParameter(Expr expr, ArrayRef<int64_t> dims);
  /// The types that are computed in.
  TypeSet types;

  std::string checkTypes();
  bool chooseRowNorm();
  bool chooseChannelNorm(int64_t channel);
};

Source OpChoice::findParameter(Expr expr, ArrayRef<int64_t> dims) {
  // As it is if the op takes that, else as x or as the sums.
  Type wanted = expr->type;
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(wanted) ||
      !holdsExactly(wanted, type))
    wanted = holdsExactly(type, wanted) ? type : Type(statistic.accumulate);
  return findSource(program, place, expr, dims, wanted);
}

bool OpChoice::addParameters(ArrayRef<int64_t> dims) {
  Source scale, shift;
  if (Expr expr = affine.scale) {
    bool hasOffset = expr->is(Kind::Sum) && expr->value != 0 &&
                     expr->operands.size() == 1 && expr->weights[0] == 1;
    if (hasOffset && (scale = findParameter(expr->operands[0], dims)))
      result.attributes.set("scale_offset",
                            builder.getF64FloatAttr(expr->value));
    else
      scale = findParameter(expr, dims);
    if (!scale)
      return false;
    if (affine.roundsBefore)
      result.attributes.set("cast_before_scale", builder.getUnitAttr());
  }
  if (affine.shift && !(shift = findParameter(affine.shift, dims)))
    return false;
  result.operands.push_back(scale);
  result.operands.push_back(shift);
  result.hasSegments = true;
  return true;
}

bool OpChoice::chooseRowNorm() {
  if (row.groupDim || !isOver(affine.scale, axes) ||
      !isOver(affine.shift, axes))
    return false;
  result.attributes.set("axes", builder.getDenseI64ArrayAttr(row.axes));
  if (statistic.form == Statistic::Form::Norm) {
    result.name = "norm.l2_norm";
    return !affine.scale && !affine.shift;
  }
  result.name = statistic.form == Statistic::Form::Variance ? "norm.layer_norm"
                                                            : "norm.rms_norm";
  return addParameters(row.axes);
}

/// The dim whose elements have a scale and a shift each.
std::optional<int64_t> OpChoice::findChannel() {
  if (row.groupDim)
    return row.groupDim;
  uint64_t dims = (affine.scale ? affine.scale->dims : 0) |
                  (affine.shift ? affine.shift->dims : 0);
  if (dims == 0 || !llvm::isPowerOf2_64(dims))
    return std::nullopt;
  int64_t channel = llvm::Log2_64(dims);
  return axes >> channel & 1 ? std::nullopt : std::optional<int64_t>(channel);
}

bool OpChoice::chooseChannelNorm(int64_t channel) {
  uint64_t mask = maskOf({channel});
  bool isPerSample = llvm::all_of(
      kept, [&](int64_t dim) { return dim == 0 || dim == channel; });
  if (statistic.form != Statistic::Form::Variance || channel == 0 ||
      !isPerSample || !isOver(affine.scale, mask) ||
      !isOver(affine.shift, mask))
    return false;
  result.attributes.set("channel_axis", builder.getI64IntegerAttr(channel));
  if (row.groupDim) {
    if (axes & 1)
      return false;
    result.name = "norm.group_norm";
    result.attributes.set("groups", builder.getI64IntegerAttr(
                                        place.sizes[channel] / row.groupSize));
  } else if (axes & 1) {
    result.name = "norm.batch_norm_training";
    auto statistics =
        RankedTensorType::get({place.sizes[channel]}, statistic.accumulate);
    result.moreResults.assign(2, statistics);
  } else {
    result.name = "norm.instance_norm";
  }
  return addParameters({channel});
}

static std::string asText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// Why the op, which computes in the type of its sums, is not as exact as what
/// is computed here; empty if it is.
std::string OpChoice::checkTypes() {
  if (!holdsExactly(statistic.accumulate, type))
    return "the sum is accumulated in a type narrower than the result's";
  for (Type computed : types)
    if (!holdsExactly(statistic.accumulate, computed))
      return "a part is computed in " + asText(computed) +
             ", wider than its sums";
  return "";
}

std::optional<Raised> OpChoice::choose(std::string &reason) {
  types = statistic.types;
  types.insert_range(affine.types);
  reason = checkTypes();
  if (!reason.empty())
    return std::nullopt;
  result.place = place;
  SmallVector<int64_t> all =
      llvm::to_vector(llvm::seq<int64_t>(0, place.sizes.size()));
  result.operands.push_back(findSource(program, place, row.x, all, type));
  if (!result.operands.front()) {
    reason = "no tensor of the type of the result holds the row";
    return std::nullopt;
  }
  result.attributes.set(
      "epsilon", builder.getF64FloatAttr(
                     getShortest(statistic.epsilon, statistic.accumulate)));
  if (statistic.accumulate != getAccumulationType(type, std::nullopt))
    result.attributes.set("accumulate", TypeAttr::get(statistic.accumulate));
  std::optional<int64_t> channel;
  bool isChosen = chooseRowNorm();
  if (!isChosen && (channel = findChannel())) {
    result.operands.truncate(1);
    result.attributes.erase("axes");
    isChosen = chooseChannelNorm(*channel);
  }
  if (isChosen) {
    // The op rounds to the type of its result alone.
    auto *narrow = llvm::find_if(
        types, [&](Type computed) { return !holdsExactly(computed, type); });
    if (narrow == types.end())
      return result;
    onceRounded = true;
    reason = "a part is rounded to " + asText(*narrow) + ", the result is not";
    return std::nullopt;
  }
  reason = "scale or shift is neither over the normalized axes nor over one "
           "channel dim";
  return std::nullopt;
}

} // namespace

std::optional<Raised> NormalizationMatcher::matchRow(
    const Place &place, const Row &row, const Statistic &statistic, Expr base,
    double exponent, std::string &reason, bool &onceRounded) {
  FailureOr<Affine> affine = matchAffine(program.expressions, place.expr, row,
                                         statistic, base, exponent, reason);
  if (failed(affine))
    return std::nullopt;
  OpChoice choice(program, place, row, statistic, *affine);
  std::optional<Raised> result = choice.choose(reason);
  onceRounded |= choice.onceRounded;
  return result;
}
