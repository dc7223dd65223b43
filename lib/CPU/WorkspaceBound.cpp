//===- WorkspaceBound.cpp - The most bytes of temporaries -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WorkspaceBound.h"

#include "CABI.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "norm/CPU/ElementSize.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace mlir::norm;

/// The most that `size`, a size of a tensor, can be; nothing if that is not
/// known.
static std::optional<int64_t> findMost(Value size) {
  APInt constant;
  if (matchPattern(size, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  Operation *op = size.getDefiningOp();
  if (!op)
    return std::nullopt;
  auto most = [&](unsigned operand) {
    return findMost(op->getOperand(operand));
  };
  if (isa<arith::MinUIOp, arith::MinSIOp>(op)) {
    std::optional<int64_t> a = most(0), b = most(1);
    return a && b ? std::min(*a, *b) : a ? a : b;
  }
  if (!isa<arith::MaxUIOp, arith::MaxSIOp, arith::AddIOp, arith::MulIOp>(op))
    return std::nullopt;
  std::optional<int64_t> a = most(0), b = most(1);
  if (!a || !b || *a < 0 || *b < 0)
    return std::nullopt;
  if (isa<arith::AddIOp>(op))
    return llvm::checkedAdd(*a, *b);
  return isa<arith::MulIOp>(op) ? llvm::checkedMul(*a, *b) : std::max(*a, *b);
}

std::optional<int64_t> mlir::norm::findMostBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  std::optional<int64_t> bytes = getElementBytes(type.getElementType());
  for (int64_t size : type.getShape())
    if (!ShapedType::isDynamic(size) && bytes)
      bytes = llvm::checkedMul(*bytes, size);
  for (Value size : alloc.getDynamicSizes()) {
    std::optional<int64_t> most = findMost(size);
    if (!bytes || !most || *most < 0)
      return std::nullopt;
    bytes = llvm::checkedMul(*bytes, *most);
  }
  if (bytes)
    bytes = llvm::checkedAdd(*bytes, kWorkspaceAlignment - 1);
  return bytes ? std::optional(*bytes & -kWorkspaceAlignment) : bytes;
}
