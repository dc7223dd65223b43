//===- NormSizes.cpp - Whether the operands of graph-level ops fit --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluator.h"

#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The rows of a panel for `in` input features, in a packed weight of the shape
/// `packed`: as many as it has where that is right.
static int64_t getExpectedRows(ArrayRef<int64_t> packed, int64_t in) {
  bool pairs = packed.size() == 4;
  int64_t tiled = getPanelRows(in, pairs, /*tiled=*/true);
  return packed[1] == tiled ? tiled : getPanelRows(in, pairs, /*tiled=*/false);
}

LogicalResult mlir::norm::verifyNormSizes(Operation *op,
                                          ArrayRef<InterpValue> operands) {
  auto expect = [&](Value operand, ArrayRef<int64_t> shape) -> LogicalResult {
    for (unsigned i = 0; operand && i < op->getNumOperands(); ++i)
      if (op->getOperand(i) == operand && operands[i].getShape() != shape)
        return op->emitError("operand ")
               << i << " has type " << operands[i].getType()
               << " where the sizes of x, of type " << operands[0].getType()
               << ", do not fit";
    return success();
  };
  ArrayRef<int64_t> shape = operands[0].getShape();
  auto atAxes = [&](ArrayRef<int64_t> axes) {
    return llvm::map_to_vector(normalizeAxes(axes, shape.size()),
                               [&](int64_t axis) { return shape[axis]; });
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<LayerNormOp, RmsNormOp>([&](auto op) {
        SmallVector<int64_t> sizes = atAxes(op.getAxes());
        return success(succeeded(expect(op.getScale(), sizes)) &&
                       succeeded(expect(op.getShift(), sizes)));
      })
      .Case<GroupNormOp, InstanceNormOp, BatchNormTrainingOp, BatchNormOp>(
          [&](auto op) {
            SmallVector<int64_t> sizes =
                atAxes({static_cast<int64_t>(op.getChannelAxis())});
            if (failed(expect(op.getScale(), sizes)) ||
                failed(expect(op.getShift(), sizes)))
              return failure();
            if constexpr (std::is_same_v<decltype(op), BatchNormOp>)
              return success(succeeded(expect(op.getMean(), sizes)) &&
                             succeeded(expect(op.getVariance(), sizes)));
            return success();
          })
      .Case([&](LinearOp op) {
        ArrayRef<int64_t> weight = operands[1].getShape();
        bool outIn = op.getLayout() == WeightLayout::OutIn;
        SmallVector<int64_t> expected{weight[0], weight[1]};
        expected[outIn ? 1 : 0] = shape.back();
        return success(
            succeeded(expect(op.getWeight(), expected)) &&
            succeeded(expect(op.getBias(), {weight[outIn ? 0 : 1]})));
      })
      .Case([&](PackedLinearOp op) {
        ArrayRef<int64_t> init = operands.back().getShape();
        SmallVector<int64_t> packed(operands[1].getShape());
        packed[0] = llvm::divideCeil(init[1], packed[2]);
        packed[1] = getExpectedRows(packed, shape[1]);
        return success(succeeded(expect(op.getWeight(), packed)) &&
                       succeeded(expect(op.getBias(), {init[1]})) &&
                       succeeded(expect(op.getInit(), {shape[0], init[1]})));
      })
      .Case([&](PackWeightOp op) {
        bool outIn = op.getLayout() == WeightLayout::OutIn;
        SmallVector<int64_t> packed(operands.back().getShape());
        packed[0] = llvm::divideCeil(shape[outIn ? 0 : 1], packed[2]);
        packed[1] = getExpectedRows(packed, shape[outIn ? 1 : 0]);
        return expect(op.getInit(), packed);
      })
      .Default(success());
}
