//===- RowMapping.h - How rows are spread over threads ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_ROWMAPPING_H
#define NORM_LIB_GPU_ROWMAPPING_H

#include "RowSpace.h"

namespace mlir::norm {

/// The threads of a warp.
constexpr int64_t kWarpSize = 32;
/// The most threads of a block.
constexpr int64_t kMaxThreads = 1024;
/// The most blocks of a cluster that any GPU has, and the first that has any.
constexpr int64_t kMaxCluster = 8;
constexpr unsigned kFirstWithClusters = 90;
/// The longest rows that the registers of a block hold, of any vectors.
constexpr int64_t kMaxRowOfBlock = 24 * 1024;

/// A decision of norm-gpu-plan-rows, as it stands in `norm.plan`. Of the bits
/// of a row nothing but these and the types decides.
struct RowMapping {
  /// Elements that a thread takes at once.
  int64_t vector = 1;
  /// Threads of a block that share a row, a power of two.
  int64_t threads = kWarpSize;
  /// Blocks that share a row, each with registers for a part of it: a cluster
  /// of them, which reaches all their shared memory.
  int64_t cluster = 1;
  /// Rows of a block, a power of two.
  int64_t rows = 1;
  /// Vectors of a row that a thread keeps in registers; 0: the row is read
  /// again for every reduction.
  int64_t vectors = 0;
  /// Whether a row is spread over blocks, each with its own part of it.
  bool parts = false;

  /// Whether neighbouring threads have elements of neighbouring rows, not of
  /// one; then `vector` is 1.
  bool across = false;

  int64_t getBlockSize() const { return threads * rows; }
  /// The threads of all blocks that share a row.
  int64_t getRowThreads() const { return threads * cluster; }
  /// The elements that the threads of a row hold in registers.
  int64_t getCapacity() const { return vectors * getRowThreads() * vector; }
  /// Whether rows of `length` elements are computed so.
  bool admits(int64_t length) const {
    return length % vector == 0 &&
           (vectors == 0 || parts || length <= getCapacity());
  }

  DictionaryAttr toAttr(MLIRContext *context) const;
  /// Fails on an attribute that is none.
  static FailureOr<RowMapping> fromAttr(Attribute attribute);
};

/// The mappings for `space`: for any length of a row, the first that admits it
/// is the best one known.
SmallVector<RowMapping> makeMappings(const RowSpace &space);

/// Those in the attribute `norm.plan`.
FailureOr<SmallVector<RowMapping>> readMappings(Attribute attribute);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_ROWMAPPING_H
