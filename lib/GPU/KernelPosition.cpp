//===- KernelPosition.cpp - Where a thread is, and what it computes -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Where a thread is
//===----------------------------------------------------------------------===//

void KernelEmitter::emitPosition() {
  auto toI32 = [&](Value index) -> Value {
    return arith::IndexCastUIOp::create(b, i32, index);
  };
  thread = toI32(gpu::ThreadIdOp::create(b, gpu::Dimension::x));
  Value block = arith::IndexCastUIOp::create(
      b, i64, gpu::BlockIdOp::create(b, gpu::Dimension::x).getResult());
  rowThread = thread;
  blockRow = constant(0, i32);
  if (mapping.across) {
    Value rows = constant(mapping.rows, i32);
    blockRow = arith::RemUIOp::create(b, thread, rows);
    rowThread = arith::DivUIOp::create(b, thread, rows);
  } else if (mapping.rows > 1) {
    Value threads = constant(mapping.threads, i32);
    blockRow = arith::DivUIOp::create(b, thread, threads);
    rowThread = arith::RemUIOp::create(b, thread, threads);
  }
  if (mapping.cluster > 1) {
    // As %cluster_ctarank, in a grid of one dim.
    Value size = constant(mapping.cluster, i64);
    clusterRank = convert(arith::RemUIOp::create(b, block, size), i32);
    block = arith::DivUIOp::create(b, block, size);
    rowThread =
        add(mul(clusterRank, constant(mapping.threads, i32)), rowThread);
  }
  length = getProduct(space.getRowDims(), positionType);
  if (mapping.parts) {
    int64_t known = space.getLength();
    bool isOne = !ShapedType::isDynamic(known) && known > 0 &&
                 known <= mapping.getCapacity();
    if (!isOne) {
      Value capacity = constant(mapping.getCapacity(), i64);
      Value parts =
          arith::CeilDivUIOp::create(b, convert(length, i64), capacity);
      Value part = arith::RemUIOp::create(b, block, parts);
      block = arith::DivUIOp::create(b, block, parts);
      partBegin =
          convert(arith::MulIOp::create(b, part, capacity), positionType);
    }
  }
  Value row = block;
  if (mapping.rows > 1) {
    row = add(mul(block, constant(mapping.rows, i64)), convert(blockRow, i64));
    int64_t known = space.getSize(space.getOuterDims());
    if (ShapedType::isDynamic(known) || known % mapping.rows != 0) {
      // Threads of rows that are none compute the last one, so that shuffles
      // have all lanes, but store nothing.
      Value rows = getProduct(space.getOuterDims(), i64);
      rowExists =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, row, rows);
      Value last = arith::SubIOp::create(b, rows, constant(1, i64));
      row = arith::SelectOp::create(b, rowExists, row, last);
    }
  }
  emitRowIndices(row);
}

void KernelEmitter::emitRowIndices(Value row) {
  // Division of 64 bits takes a hundred instructions.
  int64_t known = space.getSize(space.getOuterDims());
  bool isShort = !ShapedType::isDynamic(known) && known < (int64_t(1) << 31);
  Type type = isShort ? i32 : i64;
  Value rest = convert(row, type);
  for (auto [i, dim] : llvm::enumerate(llvm::reverse(space.getOuterDims()))) {
    bool isLast = i + 1 == space.getOuterDims().size();
    Value index = rest;
    if (!isLast) {
      Value size = getSize(dim, type);
      index = arith::RemUIOp::create(b, rest, size);
      rest = arith::DivUIOp::create(b, rest, size);
    }
    outerIndices[dim] = convert(index, i64);
  }
}

KernelEmitter::Slot KernelEmitter::makeSlot(Value k, bool isFull) {
  Slot slot;
  Value number = add(mul(k, constant(mapping.getRowThreads(), positionType)),
                     convert(rowThread, positionType));
  Value element = mul(number, constant(mapping.vector, positionType));
  if (partBegin)
    element = add(element, partBegin);
  slot.element = element;
  if (!isFull)
    slot.inRange =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ult, element, length);
  ArrayRef<unsigned> dims = space.getRowDims();
  slot.indices.resize(dims.size());
  Value rest = element;
  for (unsigned i = dims.size(); i-- > 1;) {
    // A row of no elements has positions, too: none may be divided by 0.
    Value size = b.createOrFold<arith::MaxUIOp>(getSize(dims[i], positionType),
                                                constant(1, positionType));
    slot.indices[i] = arith::RemUIOp::create(b, rest, size);
    rest = arith::DivUIOp::create(b, rest, size);
  }
  slot.indices[0] = rest;
  return slot;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value KernelEmitter::constant(int64_t value, Type type) {
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, value));
}

Value KernelEmitter::add(Value a, Value other) {
  return b.createOrFold<arith::AddIOp>(a, other);
}

Value KernelEmitter::mul(Value a, Value other) {
  return b.createOrFold<arith::MulIOp>(a, other);
}

Value KernelEmitter::both(Value a, Value other) {
  if (!a || !other)
    return a ? a : other;
  return arith::AndIOp::create(b, a, other);
}

Value KernelEmitter::convert(Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (value.getType().isIndex() || type.isIndex())
    return arith::IndexCastOp::create(b, type, value);
  if (type.getIntOrFloatBitWidth() < value.getType().getIntOrFloatBitWidth())
    return b.createOrFold<arith::TruncIOp>(type, value);
  return b.createOrFold<arith::ExtUIOp>(type, value);
}

Value KernelEmitter::getSize(unsigned dim, Type type) {
  int64_t known = space.getSize(dim);
  if (!ShapedType::isDynamic(known))
    return constant(known, type);
  return convert(sizeValues.lookup(dim), type);
}

Value KernelEmitter::getProduct(ArrayRef<unsigned> dims, Type type) {
  Value product = constant(1, type);
  for (unsigned dim : dims)
    product = mul(product, getSize(dim, type));
  return product;
}
