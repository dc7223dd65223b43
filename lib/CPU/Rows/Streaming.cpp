//===- Streaming.cpp - Stores that bypass the caches ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Streaming.h"
#include "../RowBlockPlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

/// Whether `op` is in a loop over rows that several such ops read, see
/// norm-fuse-row-blocks. What linear layers read and write is in the cache.
static bool isInLoopOverRows(GenericOp op) {
  auto loop = op->getParentOfType<scf::ForOp>();
  return loop && loop->hasAttr(kSharedRowsAttrName);
}

/// Whether there are no gaps between the elements; the first may be anywhere.
static bool isContiguous(MemRefType type) {
  if (type.getLayout().isIdentity())
    return true;
  auto [strides, offset] = type.getStridesAndOffset();
  int64_t stride = 1;
  for (auto [known, size] :
       llvm::zip(llvm::reverse(strides), llvm::reverse(type.getShape()))) {
    if (ShapedType::isDynamic(stride) || known != stride)
      return false;
    stride = ShapedType::isDynamic(size) ? size : stride * size;
  }
  return true;
}

/// The address of the first element.
static Value getAddress(ImplicitLocOpBuilder &builder, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, buffer);
  if (type.getLayout().isIdentity())
    return address;
  auto metadata = memref::ExtractStridedMetadataOp::create(builder, buffer);
  Value bytes = arith::ConstantIndexOp::create(
      builder, getElementBytes(type.getElementType()));
  return arith::AddIOp::create(
      builder, address,
      arith::MulIOp::create(builder, metadata.getOffset(), bytes));
}

/// The bytes of all operands.
static OpFoldResult getTotalBytes(ImplicitLocOpBuilder &builder, GenericOp op) {
  int64_t known = 0;
  Value sum;
  bool isPart = isInLoopOverRows(op);
  for (Value operand : op->getOperands()) {
    if (isPart)
      operand = memref::skipViewLikeOps(cast<MemrefValue>(operand));
    auto type = cast<MemRefType>(operand.getType());
    int64_t bytes = getElementBytes(type.getElementType());
    Value dynamic;
    for (auto [position, size] : llvm::enumerate(type.getShape())) {
      if (!ShapedType::isDynamic(size)) {
        bytes *= size;
        continue;
      }
      Value dim = memref::DimOp::create(builder, operand, position);
      dynamic =
          dynamic ? Value(arith::MulIOp::create(builder, dynamic, dim)) : dim;
    }
    if (!dynamic) {
      known += bytes;
      continue;
    }
    dynamic = arith::MulIOp::create(
        builder, dynamic, arith::ConstantIndexOp::create(builder, bytes));
    sum = sum ? Value(arith::AddIOp::create(builder, sum, dynamic)) : dynamic;
  }
  if (!sum)
    return builder.getIndexAttr(known);
  return Value(arith::AddIOp::create(
      builder, sum, arith::ConstantIndexOp::create(builder, known)));
}

Value mlir::norm::makeStreamCondition(ImplicitLocOpBuilder &builder,
                                      const RowNest &nest, int64_t elements,
                                      int64_t bytes) {
  GenericOp op = nest.getOp();
  if (!nest.getVectorDim())
    return nullptr;
  for (Value output : op.getOutputs())
    if (getBits(getElementTypeOrSelf(output.getType())) % 8 != 0)
      return nullptr;
  // What must be a multiple of the alignment, and the alignment.
  SmallVector<std::pair<Value, int64_t>> multiples;
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i) {
    Value output = op.getOutputs()[i];
    SmallVector<unsigned> dims = op.getOperandDims(op.getInputs().size() + i);
    if (!llvm::is_contained(dims, *nest.getVectorDim()))
      continue;
    auto type = cast<MemRefType>(output.getType());
    if (dims.back() != *nest.getVectorDim() ||
        !(isInLoopOverRows(op) ? isContiguous(type)
                               : type.getLayout().isIdentity()))
      return nullptr;
    int64_t elementBytes = getElementBytes(type.getElementType());
    int64_t alignment = elements * elementBytes;
    multiples.push_back({getAddress(builder, output), alignment});
    if (type.getRank() == 1)
      continue;
    int64_t length = type.getShape().back();
    if (ShapedType::isDynamic(length)) {
      Value size = memref::DimOp::create(builder, output, type.getRank() - 1);
      multiples.push_back(
          {size, std::max<int64_t>(alignment / elementBytes, 1)});
    } else if (length * elementBytes % alignment != 0) {
      return nullptr;
    }
  }
  OpFoldResult total = getTotalBytes(builder, op);
  Value condition;
  if (auto attr = dyn_cast<Attribute>(total)) {
    if (cast<IntegerAttr>(attr).getInt() <= bytes)
      return nullptr;
  } else {
    condition = arith::CmpIOp::create(
        builder, arith::CmpIPredicate::ugt, cast<Value>(total),
        arith::ConstantIndexOp::create(builder, bytes));
  }
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  for (auto [value, alignment] : multiples) {
    Value rest = arith::RemUIOp::create(
        builder, value, arith::ConstantIndexOp::create(builder, alignment));
    Value aligned =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, rest, zero);
    condition = condition
                    ? Value(arith::AndIOp::create(builder, condition, aligned))
                    : aligned;
  }
  return condition;
}

void mlir::norm::emitStoreFence(ImplicitLocOpBuilder &builder) {
  LLVM::CallIntrinsicOp::create(
      builder, builder.getStringAttr("llvm.x86.sse.sfence"), ValueRange());
}
