//===- RowPlan.cpp - How a row program is lowered
//--------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowPlan.h"

#include "PipelineEmitter.h"

using namespace mlir;
using namespace mlir::norm;

/// Up to here the reduction of a group is worth hiding behind another one: the
/// rows in flight stay in the first-level cache.
static constexpr int64_t kMaxLag2 = 1536;
/// Up to here skewing pays at all.
static constexpr int64_t kMaxLag1 = 3072;

/// The widest float of the body, in bits; integers count as of 32.
static unsigned getWidestBits(GenericOp op) {
  unsigned bits = 32;
  auto visit = [&](Type type) {
    if (auto floatType = dyn_cast<FloatType>(type))
      bits = std::max(bits, floatType.getWidth());
  };
  for (BlockArgument argument : op.getBodyBlock()->getArguments())
    visit(argument.getType());
  for (Operation &nested : *op.getBodyBlock())
    for (Type type : nested.getResultTypes())
      visit(type);
  return bits;
}

static bool canPipeline(const RowNest &nest, int64_t rows) {
  PipelineOptions options;
  options.rows = rows;
  return PipelineEmitter::canEmit(nest, options);
}

RowPlan RowPlan::make(GenericOp op, const RowNest &nest,
                      const CPUTarget &target) {
  RowPlan plan;
  if (!nest.getVectorDim())
    return plan;
  plan.lanes = target.getLanes(getWidestBits(op));
  int64_t size = op.getStaticLoopSizes()[*nest.getVectorDim()];
  if (!canPipeline(nest, 1))
    return plan;
  if (ShapedType::isDynamic(size)) {
    plan.lag = 2;
    plan.maxPipelined = kMaxLag2;
    return plan;
  }
  if (size == 0 || size > kMaxLag1)
    return plan;
  int64_t vectors = llvm::divideCeil(size, plan.lanes);
  if (vectors <= 8) {
    // The row in registers, and one transposed reduction for several rows.
    plan.unroll = vectors;
    plan.lag = 1;
    int64_t rows = vectors <= 4 ? plan.lanes : 4;
    if (canPipeline(nest, rows))
      plan.rows = std::min(rows, plan.lanes);
  } else {
    plan.lag = size <= kMaxLag2 ? 2 : 1;
  }
  plan.maxPipelined = size;
  return plan;
}

DictionaryAttr RowPlan::toAttr(MLIRContext *context) const {
  Builder builder(context);
  auto entry = [&](StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  };
  return builder.getDictionaryAttr({entry("lag", lag), entry("lanes", lanes),
                                    entry("max_pipelined", maxPipelined),
                                    entry("rows", rows),
                                    entry("unroll", unroll)});
}

FailureOr<RowPlan> RowPlan::fromAttr(Attribute attribute) {
  auto dictionary = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!dictionary)
    return failure();
  bool valid = true;
  auto get = [&](StringRef name, int64_t least) {
    auto value = dictionary.getAs<IntegerAttr>(name);
    if (value && value.getType().isInteger(64) && value.getInt() >= least)
      return value.getInt();
    valid = false;
    return least;
  };
  RowPlan plan;
  plan.lanes = get("lanes", 1);
  plan.unroll = get("unroll", 1);
  plan.rows = get("rows", 1);
  plan.lag = get("lag", 0);
  plan.maxPipelined = get("max_pipelined", 0);
  valid &= llvm::isPowerOf2_64(plan.lanes) && llvm::isPowerOf2_64(plan.rows) &&
           plan.rows <= plan.lanes && plan.lag <= 2 &&
           (plan.rows == 1 || plan.lag <= 1);
  if (!valid)
    return failure();
  return plan;
}
