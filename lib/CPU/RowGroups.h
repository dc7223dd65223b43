//===- RowGroups.h - Ops that compute the same rows -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWGROUPS_H
#define NORM_LIB_CPU_ROWGROUPS_H

#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The loop of `op`, a linear layer or a norm.generic on tensors, that counts
/// the rows: the parallel dim that all its outputs have first. None if there is
/// no such dim.
std::optional<unsigned> getRowDim(Operation *op);

/// Linear layers and generics of a block, one of which computes row i of its
/// results from rows i of those before it. No op outside depends on one of them
/// and is needed by another one.
struct RowGroup {
  /// In the order of the block.
  SmallVector<Operation *> ops;

  /// Whether `op` is one of the ops.
  bool contains(Operation *op) const { return llvm::is_contained(ops, op); }
  /// Whether there is a linear layer.
  bool hasLinear() const {
    return llvm::any_of(ops, llvm::IsaPred<PackedLinearOp>);
  }
  /// A tensor from outside of which several ops read row i for row i of their
  /// results; null if there is none.
  Value getSharedRows() const;
};

/// Why two ops that follow each other are not in one group.
struct RowGroupRefusal {
  Operation *producer, *consumer;
  std::string reason;
};

/// The groups of `block` that hold linear layers and something else, or several
/// ops that read rows of the same tensor. Of two ops
/// of which one reads the other, and one is a linear layer, those that are in
/// no common group are listed in `refusals`.
SmallVector<RowGroup> findRowGroups(Block &block,
                                    SmallVectorImpl<RowGroupRefusal> &refusals);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWGROUPS_H
