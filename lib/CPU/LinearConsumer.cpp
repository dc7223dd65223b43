//===- LinearConsumer.cpp - What reads the result of a layer --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearConsumer.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace mlir::norm;

/// The memory that `memref` is a view of.
static Value getMemory(Value memref) {
  return memref::skipViewLikeOps(cast<MemrefValue>(memref));
}

/// Whether `memory`, see getMemory, is apart from all other such memory: not
/// what one of several values is chosen from, as the result of an scf.if is.
/// The buffers that a kernel writes do not overlap its other arguments.
static bool isApart(Value memory) {
  if (auto argument = dyn_cast<BlockArgument>(memory))
    return argument.getOwner()->isEntryBlock() &&
           isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return isa<memref::AllocOp, memref::AllocaOp, memref::GetGlobalOp>(
      memory.getDefiningOp());
}

/// Whether all memory that `op` touches is apart.
static bool touchesMemoryApart(Operation *op) {
  return llvm::all_of(op->getOperands(), [](Value operand) {
    return !isa<MemRefType>(operand.getType()) || isApart(getMemory(operand));
  });
}

/// The next op that touches memory. What allocates it does not.
static Operation *getNextWithEffects(Operation *op) {
  do
    op = op->getNextNode();
  while (op && (isMemoryEffectFree(op) || isa<memref::AllocOp>(op)));
  return op;
}

/// Whether `op` computes every element of its results by itself.
static bool isElementwise(GenericOp op) {
  if (!op.hasBufferSemantics() || op.getNumLoops() != 2 ||
      op.isReductionDim(0) || op.isReductionDim(1))
    return false;
  return llvm::none_of(*op.getBodyBlock(), llvm::IsaPred<IndexOp, ExtentOp>);
}

GenericOp mlir::norm::findElementwiseConsumer(PackedLinearOp linear) {
  auto consumer = dyn_cast_or_null<GenericOp>(getNextWithEffects(linear));
  if (!consumer || !isElementwise(consumer) ||
      !llvm::is_contained(consumer.getInputs(), linear.getInit()) ||
      !touchesMemoryApart(linear) || !touchesMemoryApart(consumer))
    return {};
  unsigned numInputs = consumer.getInputs().size();
  SmallVector<unsigned> dims;
  for (OpOperand &operand : consumer->getOpOperands()) {
    Value value = operand.get();
    if (value == linear.getInit()) {
      // All uses of the result take the same element.
      SmallVector<unsigned> own =
          consumer.getOperandDims(operand.getOperandNumber());
      if (own.size() != 2 || (!dims.empty() && own != dims))
        return {};
      dims = own;
      continue;
    }
    if (!isa<MemRefType>(value.getType()))
      continue;
    Value memory = getMemory(value);
    if (memory == getMemory(linear.getInit()))
      return {};
    // What the layer still reads is not written over.
    if (operand.getOperandNumber() >= numInputs &&
        llvm::any_of(linear->getOperands(), [&](Value read) {
          return read != linear.getInit() && getMemory(read) == memory;
        }))
      return {};
  }
  return consumer;
}

bool mlir::norm::isOnlyConsumer(PackedLinearOp linear, GenericOp consumer) {
  // It is written over at once.
  if (llvm::is_contained(consumer.getOutputs(), linear.getInit()))
    return true;
  Value memory = getMemory(linear.getInit());
  if (!memory.getDefiningOp<memref::AllocOp>())
    return false;
  SmallVector<Value> views{memory};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      if (isa<ViewLikeOpInterface>(user))
        llvm::append_range(views, user->getResults());
      else if (user != linear && user != consumer && !isa<memref::DimOp>(user))
        return false;
    }
  return true;
}

void mlir::norm::emitPiece(OpBuilder &builder, PackedLinearOp linear,
                           GenericOp consumer, const MatrixPiece &piece,
                           Value values) {
  Location loc = consumer.getLoc();
  OpFoldResult zero = builder.getIndexAttr(0);
  auto slice = [&](Value memref, ArrayRef<OpFoldResult> offsets,
                   ArrayRef<OpFoldResult> sizes) -> Value {
    SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
    return memref::SubViewOp::create(builder, loc, memref, offsets, sizes,
                                     strides);
  };
  unsigned position = llvm::find(consumer->getOperands(), linear.getInit()) -
                      consumer->operand_begin();
  unsigned rowDim = consumer.getOperandDims(position).front();
  unsigned numInputs = consumer.getInputs().size();
  Operation *copy = builder.clone(*consumer);
  builder.setInsertionPoint(copy);
  for (OpOperand &operand : copy->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (values && number < numInputs && operand.get() == linear.getInit()) {
      operand.set(
          slice(values, {zero, zero}, {piece.numRows, piece.numColumns}));
      continue;
    }
    SmallVector<unsigned> dims = consumer.getOperandDims(number);
    if (dims.empty())
      continue;
    SmallVector<OpFoldResult> offsets, sizes;
    for (unsigned dim : dims) {
      offsets.push_back(dim == rowDim ? piece.row : piece.column);
      sizes.push_back(dim == rowDim ? piece.numRows : piece.numColumns);
    }
    operand.set(slice(operand.get(), offsets, sizes));
  }
  builder.setInsertionPointAfter(copy);
}
