//===- PackedLinearOp.cpp - Linear layers on packed weights ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// What an op on `op`'s operands reads and writes, if they are memrefs.
static void
addEffects(DestinationStyleOpInterface op,
           SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    MemoryEffects::Effect *effect = MemoryEffects::Read::get();
    if (op.isDpsInit(&operand))
      effect = MemoryEffects::Write::get();
    effects.emplace_back(effect, &operand, SideEffects::DefaultResource::get());
  }
}

/// The operands are all tensors or all memrefs; a result has the type of
/// `init`.
static LogicalResult verifySemantics(Operation *op, Value init) {
  bool buffers = isa<MemRefType>(init.getType());
  for (Type type : op->getOperandTypes())
    if (isa<MemRefType>(type) != buffers)
      return op->emitOpError("mixes tensors and memrefs");
  SmallVector<Type> results;
  if (!buffers)
    results.push_back(init.getType());
  if (op->getResultTypes() != TypeRange(results))
    return op->emitOpError(
        "needs a result of the output's type if that is a tensor, else none");
  return success();
}

/// `packed` holds the panels of a weight of `out` x `in`, where known.
static LogicalResult verifyPacked(Operation *op, ShapedType packed, int64_t out,
                                  int64_t in) {
  int64_t rank = packed.getRank();
  if (rank != 3 && rank != 4)
    return op->emitOpError("packed weight must have rank 3 or 4, got ")
           << packed;
  int64_t width = packed.getDimSize(2);
  if (ShapedType::isDynamic(width) || width <= 0)
    return op->emitOpError("packed weight needs a static panel width, got ")
           << packed;
  if (rank == 4 && packed.getDimSize(3) != 2)
    return op->emitOpError("packed weight of rank 4 holds pairs, got ")
           << packed;
  int64_t panels =
      ShapedType::isDynamic(out) ? out : int64_t(llvm::divideCeil(out, width));
  auto holds = [&](int64_t rows) {
    return succeeded(
        verifyCompatibleShape(packed.getShape().take_front(2), {panels, rows}));
  };
  bool pairs = rank == 4;
  if (!holds(getPanelRows(in, pairs, /*tiled=*/false)) &&
      !holds(getPanelRows(in, pairs, /*tiled=*/true)))
    return op->emitOpError("packed weight ")
           << packed << " does not hold the panels of " << out << " output and "
           << in << " input features";
  return success();
}

//===----------------------------------------------------------------------===//
// pack_weight
//===----------------------------------------------------------------------===//

LogicalResult PackWeightOp::verify() {
  auto weight = cast<ShapedType>(getWeight().getType());
  auto packed = cast<ShapedType>(getInit().getType());
  if (weight.getRank() != 2)
    return emitOpError("weight must have rank 2, got ") << weight;
  if (weight.getElementType() != packed.getElementType())
    return emitOpError("output has element type ")
           << packed.getElementType() << ", expected that of the weight, "
           << weight.getElementType();
  bool outIn = getLayout() == WeightLayout::OutIn;
  if (failed(verifyPacked(*this, packed, weight.getDimSize(outIn ? 0 : 1),
                          weight.getDimSize(outIn ? 1 : 0))))
    return failure();
  return verifySemantics(*this, getInit());
}

void PackWeightOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

LogicalResult
PackWeightOp::reifyResultShapes(OpBuilder &builder,
                                ReifiedRankedShapedTypeDims &shapes) {
  if (getResult())
    shapes.push_back(tensor::getMixedSizes(builder, getLoc(), getInit()));
  return success();
}

//===----------------------------------------------------------------------===//
// packed_linear
//===----------------------------------------------------------------------===//

LogicalResult PackedLinearOp::verify() {
  auto input = cast<ShapedType>(getInput().getType());
  auto weight = cast<ShapedType>(getWeight().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 2 || init.getRank() != 2)
    return emitOpError("x and output must have rank 2, got ")
           << input << " and " << init;
  if (failed(
          verifyCompatibleShape({input.getDimSize(0)}, {init.getDimSize(0)})))
    return emitOpError("x of type ") << input << " and output of type " << init
                                     << " differ in the number of rows";
  int64_t out = init.getDimSize(1);
  if (failed(verifyPacked(*this, weight, out, input.getDimSize(1))))
    return failure();
  Type element = input.getElementType();
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(element) ||
      weight.getElementType() != element)
    return emitOpError("x and weight need one element type, f32, f64, f16 or "
                       "bf16, got ")
           << element << " and " << weight.getElementType();
  auto holds = [&](Type type) {
    return isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type) &&
           holdsExactly(type, element);
  };
  if (!holds(init.getElementType()))
    return emitOpError("output has element type ")
           << init.getElementType() << ", expected that of x, " << element
           << ", or wider";
  if (getBias()) {
    auto bias = cast<ShapedType>(getBias().getType());
    if (bias.getRank() != 1 ||
        failed(verifyCompatibleShape(bias.getShape(), {out})))
      return emitOpError("bias has type ")
             << bias << ", expected the size of the output's last dim in "
             << init;
    if (!holds(bias.getElementType()))
      return emitOpError("bias has element type ")
             << bias.getElementType() << ", expected that of x, " << element
             << ", or wider";
  }
  return verifySemantics(*this, getInit());
}

void PackedLinearOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

LogicalResult
PackedLinearOp::reifyResultShapes(OpBuilder &builder,
                                  ReifiedRankedShapedTypeDims &shapes) {
  if (getResult())
    shapes.push_back(tensor::getMixedSizes(builder, getLoc(), getInit()));
  return success();
}
