//===- RowBlockPlan.cpp - How many rows go through layers together --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowBlockPlan.h"

using namespace mlir;
using namespace mlir::norm;

int64_t RowBlockPlan::getRows(PackedLinearOp op, const CPUTarget &target) {
  if (auto rows = op->getAttrOfType<IntegerAttr>(kRowBlockAttrName))
    return std::max<int64_t>(1, rows.getInt());
  int64_t numIn = cast<ShapedType>(op.getInput().getType()).getDimSize(1);
  return ShapedType::isDynamic(numIn) || numIn > 1024 ? 32 : 64;
}

RowBlockPlan RowBlockPlan::get(const RowGroup &group, const CPUTarget &target,
                               int64_t rows) {
  RowBlockPlan plan;
  plan.rows = rows;
  for (Operation *op : group.ops)
    if (auto linear = dyn_cast<PackedLinearOp>(op); linear && rows == 0)
      plan.rows = std::max(plan.rows, getRows(linear, target));
  auto type = cast<ShapedType>(group.ops.front()->getResult(0).getType());
  if (!type.isDynamicDim(0) && type.getDimSize(0) <= plan.rows)
    plan.reason = "they are one block";
  return plan;
}
