//===- LinearPlan.cpp - How a linear layer uses a CPU's registers ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/LinearPlan.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// More rows do not help once the multiply-add units are busy, and every height
/// is a kernel of its own where the number of rows is dynamic.
constexpr unsigned kMaxRows = 8;

RankedTensorType LinearPlan::getPackedType(int64_t out, int64_t in,
                                           Type element) const {
  int64_t width = getPanelWidth();
  int64_t panels =
      ShapedType::isDynamic(out) ? out : int64_t(llvm::divideCeil(out, width));
  SmallVector<int64_t> shape{panels, getPanelRows(in, pairs, tiles), width};
  if (pairs)
    shape.push_back(2);
  return RankedTensorType::get(shape, element);
}

/// The plan for panels `vectors` accumulators wide, without tiles.
static LinearPlan makePlan(const CPUTarget &target, Type element,
                           unsigned vectors) {
  LinearPlan plan;
  plan.lanes = target.getLanes(element.isF64() ? 64 : 32);
  plan.vectors = vectors;
  unsigned spare = vectors + 1, registers = target.numVectorRegisters;
  plan.maxRows = std::clamp((registers - std::min(spare, registers)) / vectors,
                            1u, kMaxRows);
  plan.pairs = element.isBF16() && target.hasBf16Convert;
  plan.tiles = false;
  return plan;
}

/// The plan for tiles of bf16.
static LinearPlan makeTilePlan(const CPUTarget &target) {
  LinearPlan plan;
  plan.lanes = target.getLanes(32);
  plan.vectors = 2;
  plan.maxRows = 2 * kTileRows;
  plan.pairs = plan.tiles = true;
  return plan;
}

LinearPlan LinearPlan::get(const CPUTarget &target, Type element, int64_t in) {
  if (element.isBF16() && target.hasBf16Tiles && !ShapedType::isDynamic(in))
    return makeTilePlan(target);
  return makePlan(target, element, target.numVectorRegisters >= 32 ? 3 : 2);
}

FailureOr<LinearPlan> LinearPlan::getOf(const CPUTarget &target,
                                        ShapedType packed) {
  Type element = packed.getElementType();
  int64_t width = packed.getDimSize(2), rows = packed.getDimSize(1);
  LinearPlan tiles = makeTilePlan(target);
  if (element.isBF16() && target.hasBf16Tiles && packed.getRank() == 4 &&
      width == tiles.getPanelWidth() && !ShapedType::isDynamic(rows) &&
      rows % kTileRows == 0)
    return tiles;
  LinearPlan plan = makePlan(target, element, 1);
  if (width % plan.lanes || width / plan.lanes > 8 ||
      (packed.getRank() == 4) != plan.pairs)
    return failure();
  return makePlan(target, element, width / plan.lanes);
}
