//===- Streaming.cpp - Stores that bypass the caches ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Streaming.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::norm;

/// The bytes of all operands.
static OpFoldResult getTotalBytes(ImplicitLocOpBuilder &builder, GenericOp op) {
  int64_t known = 0;
  Value sum;
  for (Value operand : op->getOperands()) {
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
    if (dims.back() != *nest.getVectorDim() || !type.getLayout().isIdentity())
      return nullptr;
    int64_t elementBytes = getElementBytes(type.getElementType());
    int64_t alignment = elements * elementBytes;
    multiples.push_back(
        {memref::ExtractAlignedPointerAsIndexOp::create(builder, output),
         alignment});
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
