//===- FindRows.cpp - Where the rows of a statistic are -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A statistic is over dims that are bound; in what uses it the same elements
// occur over dims of the result. Loads of the same tensor in both tell which
// dims are which: the indices of the one, solved for the bound dims.
//
//===----------------------------------------------------------------------===//

#include "Normalization.h"

using namespace mlir;
using namespace mlir::norm::raise;

/// How far down x is looked for.
static constexpr unsigned kSearchDepth = 12;
/// More loads of one tensor are not tried.
static constexpr unsigned kMaxCandidates = 4;

/// The loads in `expr`, outside of reductions, that `filter` admits.
static SmallVector<Expr> findLoads(Expr expr, function_ref<bool(Expr)> filter) {
  SmallVector<Expr> loads;
  walk(expr, kSearchDepth, [&](Expr part) {
    if (part->is(Kind::Load) && filter(part))
      loads.push_back(part);
    return loads.size() < kMaxCandidates;
  });
  return loads;
}

/// Solves "the indices of `pattern` are those of `load`" for the bound dims of
/// the statistic.
static std::optional<SmallVector<AffineExpr>>
solve(ExpressionContext &expressions, Expr pattern, Expr load,
      const Statistic &statistic, DimSizes sizes) {
  SmallVector<AffineExpr> solution(64);
  for (auto [index, actual] : llvm::zip(pattern->indices, load->indices)) {
    auto factors = getDimFactors(index);
    bool isDim = isa<AffineDimExpr>(index);
    for (auto [dim, factor] : factors) {
      auto *it = llvm::find(statistic.bound, dim);
      if (it == statistic.bound.end() || solution[dim])
        continue;
      auto size = dyn_cast<AffineConstantExpr>(
          statistic.sizes[it - statistic.bound.begin()]);
      if (isDim)
        solution[dim] = actual;
      else if (size && factor > 0)
        solution[dim] =
            simplifyIndex(makeDigit({actual, factor, size.getValue()}), sizes);
      else
        return std::nullopt;
    }
  }
  for (unsigned dim : statistic.bound)
    if (!solution[dim])
      return std::nullopt;
  if (expressions.substitute(pattern, solution, sizes) != load)
    return std::nullopt;
  return solution;
}

/// Whether the digits of dim `dim` of size `size` among `indices` make it up;
/// with `groupSize`, its remainder by that.
static bool coversDim(ArrayRef<AffineExpr> indices, unsigned dim, int64_t size,
                      int64_t groupSize) {
  SmallVector<Digit> digits;
  for (AffineExpr index : indices) {
    Digit digit = asDigit(index);
    auto base = dyn_cast<AffineDimExpr>(digit.value);
    if (base && base.getPosition() == dim)
      digits.push_back(digit);
  }
  llvm::sort(digits, [](const Digit &a, const Digit &b) {
    return a.stride < b.stride;
  });
  int64_t covered = 1;
  for (const Digit &digit : digits) {
    if (covered == 0 || digit.stride != covered)
      return false;
    covered = digit.size == 0 ? 0 : covered * digit.size;
  }
  return groupSize != 0 ? covered == groupSize
                        : covered == 0 || covered == size;
}

/// Whether as many elements are added up as there are in `count` of `dim`, as
/// far as sizes are static.
static bool addsUpAll(const Statistic &statistic, ArrayRef<AffineExpr> indices,
                      AffineExpr dim, int64_t count) {
  int64_t summed = 1;
  for (auto [index, extent] : llvm::zip(indices, statistic.sizes)) {
    if (asDigit(index).value != dim)
      continue;
    auto size = dyn_cast<AffineConstantExpr>(extent);
    if (!size)
      return true;
    summed *= size.getValue();
  }
  return ShapedType::isDynamic(count) || summed == count;
}

/// The row for a solution; none if the solution is not one element of the row
/// for each element of the axes.
static std::optional<Row> makeRow(ExpressionContext &expressions,
                                  const Place &place,
                                  const Statistic &statistic, Expr base,
                                  ArrayRef<AffineExpr> solution,
                                  DimSizes sizes) {
  SmallVector<AffineExpr> indices;
  uint64_t used = 0;
  for (unsigned dim : statistic.bound) {
    auto digit = dyn_cast<AffineDimExpr>(asDigit(solution[dim]).value);
    if (!digit)
      return std::nullopt;
    indices.push_back(solution[dim]);
    used |= uint64_t(1) << digit.getPosition();
  }
  Row row;
  for (unsigned dim = 0; dim < place.sizes.size(); ++dim) {
    if (!(used >> dim & 1))
      continue;
    int64_t size =
        ShapedType::isDynamic(place.sizes[dim]) ? -1 : place.sizes[dim];
    if (!base->varies(dim)) {
      row.axes.push_back(dim);
      if (!coversDim(indices, dim, size, 0) ||
          !addsUpAll(statistic, indices, expressions.dim(dim),
                     place.sizes[dim]))
        return std::nullopt;
      continue;
    }
    // A group: what tells groups apart is the quotient alone.
    if (row.groupDim)
      return std::nullopt;
    for (AffineExpr index : indices) {
      Digit digit = asDigit(index);
      if (digit.value == expressions.dim(dim))
        row.groupSize = digit.size;
    }
    if (row.groupSize <= 0 || size % row.groupSize != 0 ||
        !coversDim(indices, dim, size, row.groupSize) ||
        !addsUpAll(statistic, indices, expressions.dim(dim), row.groupSize))
      return std::nullopt;
    row.groupDim = dim;
    constexpr unsigned kQuotient = kFirstBound - 2, kRest = kFirstBound - 1;
    SmallVector<AffineExpr> split(64);
    split[dim] =
        expressions.dim(kQuotient) * row.groupSize + expressions.dim(kRest);
    Expr ofGroup = expressions.substitute(base, split, [&](unsigned other) {
      return other == kRest ? row.groupSize : sizes(other);
    });
    if (!ofGroup || ofGroup->varies(kRest))
      return std::nullopt;
  }
  row.x = expressions.substitute(statistic.x, solution, sizes);
  return row.x ? std::optional<Row>(row) : std::nullopt;
}

SmallVector<Row> mlir::norm::raise::findRows(ExpressionContext &expressions,
                                             const Place &place,
                                             const Statistic &statistic,
                                             Expr base) {
  auto sizes = [&](unsigned dim) -> int64_t {
    if (dim >= place.sizes.size() || ShapedType::isDynamic(place.sizes[dim]))
      return 0;
    return place.sizes[dim];
  };
  uint64_t bound = 0;
  for (unsigned dim : statistic.bound)
    bound |= uint64_t(1) << dim;
  SmallVector<Expr> patterns = findLoads(
      statistic.x, [&](Expr load) { return (load->dims & bound) == bound; });
  if (patterns.empty())
    return {};
  Expr pattern = patterns.front();
  SmallVector<Expr> loads = findLoads(
      place.expr, [&](Expr load) { return load->source == pattern->source; });
  SmallVector<Row> rows;
  for (Expr load : loads) {
    std::optional<SmallVector<AffineExpr>> solution =
        solve(expressions, pattern, load, statistic, sizes);
    if (!solution)
      continue;
    if (std::optional<Row> row =
            makeRow(expressions, place, statistic, base, *solution, sizes))
      rows.push_back(*row);
  }
  return rows;
}
