//===- RowWork.cpp - The bytes that a kernel moves ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::norm;

/// The length that is assumed of rows that any length will do for.
static constexpr int64_t kAnyLength = 65536;

void KernelEmitter::noteLoads(ArrayRef<unsigned> inputs, int64_t numSlots) {
  earlyBytes = 0;
  for (unsigned i : inputs)
    if (!space.isUniformOperand(i))
      earlyBytes += numSlots * mapping.vector * space.getElementBytes(i);
}

KernelWork KernelEmitter::getWork() const {
  KernelWork work;
  work.rows = space.getSize(space.getOuterDims());
  work.length = space.getLength();
  if (ShapedType::isDynamic(work.length))
    work.length = mapping.vectors != 0 && !mapping.parts ? mapping.getCapacity()
                                                         : kAnyLength;
  work.passes = std::max<int64_t>(1, numPasses);
  work.threads = mapping.getBlockSize();
  work.rowsPerBlock = mapping.rows;
  if (mapping.parts)
    work.blocksPerRow = std::max<int64_t>(
        1, llvm::divideCeil(work.length, mapping.getCapacity()));
  if (mapping.cluster > 1)
    work.blocksPerRow = mapping.cluster;
  work.earlyBytes = earlyBytes;
  GenericOp generic = op;
  for (unsigned i = 0, e = generic->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> dims = generic.getOperandDims(i);
    bool isCommon = llvm::any_of(space.getOuterDims(), [&](unsigned dim) {
      return !llvm::is_contained(dims, dim);
    });
    // Dims of unknown sizes that stand for rows count once.
    int64_t elements = 1;
    bool isLong = false;
    for (unsigned dim : dims) {
      bool isOfRow = llvm::is_contained(space.getRowDims(), dim);
      int64_t size = space.getSize(dim);
      if (isOfRow && ShapedType::isDynamic(size))
        isLong = true;
      else if (!ShapedType::isDynamic(size) && (isOfRow || isCommon))
        elements *= size;
    }
    if (isLong)
      elements = work.length;
    int64_t bytes = elements * space.getElementBytes(i);
    if (isCommon && !space.getOuterDims().empty())
      work.commonBytes += bytes;
    else if (i < generic.getInputs().size())
      work.readBytes += bytes;
    else
      work.writtenBytes += bytes;
  }
  return work;
}
