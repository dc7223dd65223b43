//===- GuardElements.cpp - No read outside of a tensor --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_GUARDELEMENTS
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether `value` is computed from elements of tensors.
static bool dependsOnElements(Value value, DenseMap<Value, bool> &known) {
  auto [it, isNew] = known.try_emplace(value, false);
  if (!isNew)
    return it->second;
  bool depends = false;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *parent = argument.getOwner()->getParentOp();
    // Loops count; all other bodies are given elements.
    auto loop = dyn_cast<scf::ForOp>(parent);
    depends = !isa<func::FuncOp>(parent) &&
              !(loop && loop.getInductionVar() == argument);
  } else {
    Operation *op = value.getDefiningOp();
    depends = isa<tensor::ExtractOp>(op) || op->getNumRegions() != 0 ||
              (!isa<tensor::DimOp>(op) &&
               llvm::any_of(op->getOperands(), [&](Value operand) {
                 return dependsOnElements(operand, known);
               }));
  }
  known[value] = depends;
  return depends;
}

/// Reads element 0 where `index` is not in dim `dim`, and asserts that it is.
static Value clamp(ImplicitLocOpBuilder &builder, tensor::ExtractOp op,
                   unsigned dim, Value index) {
  Value size = getValueOrCreateConstantIndexOp(
      builder, op.getLoc(),
      tensor::getMixedSize(builder, op.getLoc(), op.getTensor(), dim));
  // One comparison: what is negative is too large.
  Value isInside =
      arith::CmpIOp::create(builder, arith::CmpIPredicate::ult, index, size);
  cf::AssertOp::create(builder, isInside,
                       "an index is outside of the tensor that it is into");
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  return arith::SelectOp::create(builder, isInside, index, zero);
}

namespace {
struct GuardElements : norm::impl::GuardElementsBase<GuardElements> {
  void runOnOperation() final {
    DenseMap<Value, bool> known;
    getOperation().walk([&](tensor::ExtractOp op) {
      if (!isa<RankedTensorType>(op.getTensor().getType()))
        return;
      ImplicitLocOpBuilder builder(op.getLoc(), op);
      for (auto [dim, operand] : llvm::enumerate(op.getIndicesMutable())) {
        if (!dependsOnElements(operand.get(), known))
          continue;
        operand.set(clamp(builder, op, dim, operand.get()));
        ++numGuarded;
      }
    });
  }
};
} // namespace
