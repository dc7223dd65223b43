//===- LinearPanels.cpp - Loops over the panels of a weight ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearPanels.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The masks of a panel that begins at output feature `begin`.
static SmallVector<Value> makeMasks(ImplicitLocOpBuilder &b,
                                    const LinearPlan &plan, Value numOut,
                                    Value begin, unsigned vectors) {
  SmallVector<Value> masks;
  auto type = VectorType::get({plan.lanes}, b.getI1Type());
  Value left = b.createOrFold<arith::SubIOp>(numOut, begin);
  std::optional<int64_t> known = getConstantIntValue(left);
  for (unsigned j = 0; j < vectors; ++j) {
    int64_t offset = j * plan.lanes;
    if (known) {
      int64_t count = std::clamp<int64_t>(*known - offset, 0, plan.lanes);
      masks.push_back(count == plan.lanes
                          ? Value()
                          : vector::ConstantMaskOp::create(
                                b, type, ArrayRef<int64_t>{count})
                                .getResult());
      continue;
    }
    // create_mask takes counts past the vector and below zero.
    Value count = arith::SubIOp::create(
        b, left, arith::ConstantIndexOp::create(b, offset));
    masks.push_back(vector::CreateMaskOp::create(b, type, count));
  }
  return masks;
}

void mlir::norm::forEachPanel(
    ImplicitLocOpBuilder &b, const LinearPlan &plan, Value features,
    function_ref<void(Value, const PanelColumns &)> body, Value first) {
  int64_t width = plan.getPanelWidth();
  std::optional<int64_t> known = getConstantIntValue(features);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto multiply = [&](Value panel) {
    return b.createOrFold<arith::MulIOp>(panel, constant(width), kNoOverflow);
  };
  auto fromFirst = [&](Value panel) {
    return first ? b.createOrFold<arith::AddIOp>(first, panel, kNoOverflow)
                 : panel;
  };
  {
    OpBuilder::InsertionGuard guard(b);
    Value count = known ? constant(*known / width)
                        : b.createOrFold<arith::DivUIOp>(
                              b.createOrFold<arith::AddIOp>(
                                  features, constant(width - 1), kNoOverflow),
                              constant(width));
    auto loop = scf::ForOp::create(b, constant(0), count, constant(1));
    b.setInsertionPointToStart(loop.getBody());
    Value panel = fromFirst(loop.getInductionVar());
    PanelColumns columns{multiply(panel), plan.vectors, {}};
    columns.masks.assign(plan.vectors, Value());
    if (!known)
      columns.masks = makeMasks(
          b, plan, features, multiply(loop.getInductionVar()), columns.vectors);
    body(panel, columns);
  }
  if (!known || *known % width == 0)
    return;
  // The last panel, without the vectors that hold nothing.
  int64_t whole = *known / width;
  Value panel = fromFirst(constant(whole));
  PanelColumns columns{multiply(panel), 0, {}};
  columns.vectors = llvm::divideCeil(*known % width, int64_t(plan.lanes));
  columns.masks =
      makeMasks(b, plan, features, constant(whole * width), columns.vectors);
  body(panel, columns);
}

void mlir::norm::forEachPanelGroup(ImplicitLocOpBuilder &b,
                                   const LinearPlan &plan, Value numOut,
                                   int64_t numPanels,
                                   function_ref<void(Value, Value)> body) {
  int64_t width = numPanels * plan.getPanelWidth();
  std::optional<int64_t> known = getConstantIntValue(numOut);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  auto multiply = [&](Value group, int64_t by) {
    return b.createOrFold<arith::MulIOp>(group, constant(by), kNoOverflow);
  };
  if (!known || *known >= width) {
    OpBuilder::InsertionGuard guard(b);
    Value count =
        known ? constant(*known / width)
              : b.createOrFold<arith::CeilDivUIOp>(numOut, constant(width));
    auto loop = scf::ForOp::create(b, constant(0), count, constant(1));
    b.setInsertionPointToStart(loop.getBody());
    Value group = loop.getInductionVar();
    Value features = constant(width);
    if (!known)
      features = b.createOrFold<arith::MinUIOp>(
          features,
          b.createOrFold<arith::SubIOp>(numOut, multiply(group, width)));
    body(multiply(group, numPanels), features);
  }
  if (known && *known % width != 0)
    body(constant(*known / width * numPanels), constant(*known % width));
}

void mlir::norm::storePanel(ImplicitLocOpBuilder &b, const LinearPlan &plan,
                            Value numOut, const PanelColumns &columns,
                            function_ref<void(const PanelColumns &)> store) {
  if (llvm::is_contained(columns.masks, Value()) ||
      getConstantIntValue(numOut)) {
    store(columns);
    return;
  }
  // Only the last panel is not whole.
  Value width = arith::ConstantIndexOp::create(b, plan.getPanelWidth());
  Value end = b.createOrFold<arith::AddIOp>(columns.begin, width, kNoOverflow);
  Value whole =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ule, end, numOut);
  PanelColumns all = columns;
  all.masks.assign(columns.vectors, Value());
  scf::IfOp::create(
      b, whole,
      [&](OpBuilder &, Location) {
        store(all);
        scf::YieldOp::create(b);
      },
      [&](OpBuilder &, Location) {
        store(columns);
        scf::YieldOp::create(b);
      });
}
