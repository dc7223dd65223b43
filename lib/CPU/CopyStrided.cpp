//===- CopyStrided.cpp - Strides change no order of sums ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two reduction dims that lie side by side in memory are lowered as one, and
// its elements are summed in the order of one. With strides between them they
// are not, unless they are copied together.
//
//===----------------------------------------------------------------------===//

#include "GenericParts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "norm/CPU/BodyRewrites.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_COPYSTRIDED
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Whether `value` is an argument of the function, or a part of one.
static bool isOfArgument(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isTensorView(op))
      return false;
    value = op->getOperand(0);
  }
  return true;
}

namespace {
struct CopyStrided : norm::impl::CopyStridedBase<CopyStrided> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kStridedAttrName))
      return;
    for (GenericOp op : getTensorGenerics(function)) {
      llvm::SmallBitVector dims = findMergedReductions(op);
      if (dims.any())
        copyAround(op, dims);
    }
  }

private:
  /// Copies what `op` has of arguments and results along `dims`.
  void copyAround(GenericOp op, const llvm::SmallBitVector &dims) {
    auto hasDims = [&](unsigned operand) {
      return llvm::any_of(op.getOperandDims(operand),
                          [&](unsigned dim) { return dims.test(dim); });
    };
    OpBuilder builder(op);
    for (auto [i, input] : llvm::enumerate(op.getInputsMutable()))
      if (hasDims(i) && isOfArgument(input.get())) {
        input.set(copyTensor(builder, op.getLoc(), input.get()));
        ++numCopied;
      }
    for (OpResult result : op->getResults())
      if (hasDims(op.getInputs().size() + result.getResultNumber()))
        copyReturned(result);
  }

  /// Lets the function return copies of `value`.
  void copyReturned(Value value) {
    for (OpOperand &use : llvm::make_early_inc_range(value.getUses())) {
      Operation *user = use.getOwner();
      if (isTensorView(user) && use.getOperandNumber() == 0) {
        copyReturned(user->getResult(0));
        continue;
      }
      if (!isa<func::ReturnOp>(user))
        continue;
      OpBuilder builder(user);
      use.set(copyTensor(builder, value.getLoc(), value));
      ++numCopied;
    }
  }
};
} // namespace
