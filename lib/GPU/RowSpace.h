//===- RowSpace.h - The rows of a row program, for threads ------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_ROWSPACE_H
#define NORM_LIB_GPU_ROWSPACE_H

#include "norm/CPU/ElementSize.h"
#include "norm/Dialect/Norm/Analysis/RowProgram.h"

namespace mlir::norm {

/// A generic on buffers as rows of elements: a row is what its reductions are
/// over, or, where nothing is reduced, the dim that most operands have as their
/// contiguous one. Dims that no result depends on (getIteratedDims) count
/// neither rows nor elements of them. The elements of a row are numbered in the
/// order of its dims.
class RowSpace {
public:
  /// Fails, and says why, if the rows are none that kernels are made for.
  static FailureOr<RowSpace> get(GenericOp op, std::string &why);

  GenericOp getOp() const { return op; }
  const RowProgram &getProgram() const { return program; }

  /// The dims of a row, the outermost first, and those that count the rows.
  ArrayRef<unsigned> getRowDims() const { return rowDims; }
  ArrayRef<unsigned> getOuterDims() const { return outerDims; }
  /// Whether neighbours in memory are elements of different rows, those of
  /// neighbouring numbers.
  bool isAcross() const { return acrossRows; }
  /// Whether anything is reduced.
  bool reduces() const { return hasReductions; }

  /// The elements of a row; ShapedType::kDynamic if unknown.
  int64_t getLength() const { return getSize(rowDims); }
  /// The size of the innermost dim of a row, likewise.
  int64_t getInnerSize() const { return getSize(rowDims.back()); }
  /// The size of a dim, likewise.
  int64_t getSize(ArrayRef<unsigned> dims) const;

  /// Whether `value` of the body is the same for all elements of a row.
  bool isUniform(Value value) const;

  /// The buffer type of operand `i`.
  MemRefType getType(unsigned i) const;
  /// The bytes of an element of operand `i`.
  int64_t getElementBytes(unsigned i) const {
    return norm::getElementBytes(getType(i).getElementType());
  }
  /// Whether operand `i` is the same for all elements of a row.
  bool isUniformOperand(unsigned i) const;
  /// The elements from one to the next along the innermost dim of a row: 0
  /// where operand `i` lacks it, ShapedType::kDynamic if unknown.
  int64_t getInnerStride(unsigned i) const;
  /// Whether element e of a row is element e from its first one in operand `i`.
  bool isContiguous(unsigned i) const;

private:
  explicit RowSpace(GenericOp op) : op(op), program(op) {}

  GenericOp op;
  RowProgram program;
  SmallVector<unsigned> rowDims;
  SmallVector<unsigned> outerDims;
  bool hasReductions = false;
  bool acrossRows = false;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_ROWSPACE_H
