//===- RowBlockPlan.h - How many rows go through layers together *- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWBLOCKPLAN_H
#define NORM_LIB_CPU_ROWBLOCKPLAN_H

#include "RowGroups.h"

namespace mlir::norm {

/// Attribute of norm.packed_linear: how many rows are multiplied by a panel of
/// the weight before the next panel is read.
constexpr llvm::StringLiteral kRowBlockAttrName = "norm.row_block";

/// Attribute of a loop over row blocks without linear layers, whose ops read
/// the same rows: only these rows need be in a cache, not what the ops write.
constexpr llvm::StringLiteral kSharedRowsAttrName = "norm.shared_rows";

/// The row blocks of a group.
struct RowBlockPlan {
  /// The most rows of a block.
  int64_t rows = 0;
  /// Why the group is not computed by blocks; empty if it is.
  std::string reason;

  /// The plan for `group`, with blocks of `rows` rows unless that is 0.
  static RowBlockPlan get(const RowGroup &group, int64_t rows);
  /// The rows of a block of one layer.
  static int64_t getRows(PackedLinearOp op);
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWBLOCKPLAN_H
