//===- LinearPlan.cpp - How a linear layer uses a CPU's registers ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/LinearPlan.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// More rows do not help once the multiply-add units are busy, and every height
/// is a kernel of its own where the number of rows is dynamic.
constexpr unsigned kMaxRows = 8;

RankedTensorType LinearPlan::getPackedType(int64_t out, int64_t in,
                                           Type element) const {
  auto divide = [](int64_t size, int64_t by) {
    return ShapedType::isDynamic(size) ? size
                                       : int64_t(llvm::divideCeil(size, by));
  };
  SmallVector<int64_t> shape{divide(out, getPanelWidth()),
                             divide(in, pairs ? 2 : 1), getPanelWidth()};
  if (pairs)
    shape.push_back(2);
  return RankedTensorType::get(shape, element);
}

LinearPlan LinearPlan::get(const CPUTarget &target, Type element,
                           unsigned vectors) {
  LinearPlan plan;
  plan.lanes = target.getLanes(element.isF64() ? 64 : 32);
  plan.vectors = vectors;
  unsigned spare = vectors + 1, registers = target.numVectorRegisters;
  plan.maxRows = std::clamp((registers - std::min(spare, registers)) / vectors,
                            1u, kMaxRows);
  plan.pairs = element.isBF16() && target.hasBf16Convert;
  return plan;
}

LinearPlan LinearPlan::get(const CPUTarget &target, Type element) {
  return get(target, element, target.numVectorRegisters >= 32 ? 3 : 2);
}
