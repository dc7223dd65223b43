//===- KernelModel.h - What a kernel costs, without a GPU -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model of the time that a kernel takes: by the bytes that it moves, by the
// bytes that are under way at a time, and by the instructions that it issues.
// docs/performance.md has the formula; the constants and where they come from
// stand in KernelModel.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_KERNELMODEL_H
#define NORM_GPU_KERNELMODEL_H

#include "mlir/IR/BuiltinAttributes.h"

namespace mlir::norm {

/// Attribute of the gpu.func that norm-gpu-lower-rows makes: a KernelWork.
constexpr llvm::StringLiteral kKernelWorkAttrName = "norm.work";

/// What a kernel does, as norm-gpu-lower-rows knows it. Bytes are those of
/// tensors.
struct KernelWork {
  /// The rows; ShapedType::kDynamic if they are known at run time only.
  int64_t rows = 0;
  /// The elements of a row; of several lengths, the longest that the kernel is
  /// for.
  int64_t length = 0;
  /// Bytes of a row that are read and written, once.
  int64_t readBytes = 0, writtenBytes = 0;
  /// Bytes that all rows have in common, as those of a scale.
  int64_t commonBytes = 0;
  /// How often a row is read.
  int64_t passes = 1;
  /// Bytes that a thread asks for before it waits for any.
  int64_t earlyBytes = 0;
  /// The threads of a block, the rows that it computes, and the blocks that
  /// share such rows.
  int64_t threads = 0, rowsPerBlock = 1, blocksPerRow = 1;

  DictionaryAttr toAttr(MLIRContext *context) const;
  static FailureOr<KernelWork> fromAttr(Attribute attribute);
};

/// What a kernel needs of a multiprocessor.
struct KernelResources {
  int64_t registers = 0;
  /// Whether ptxas said so; else the registers are an estimate.
  bool isMeasured = false;
  /// Bytes of shared memory of a block.
  int64_t sharedBytes = 0;
  /// Bytes that ptxas keeps in memory for want of registers.
  int64_t spilledBytes = 0;
  /// Instructions of a thread that have no loop around them, as in PTX.
  int64_t instructions = 0;
};

/// A GPU, as far as the model knows one.
struct DeviceModel {
  llvm::StringLiteral name;
  unsigned computeCapability;
  /// Multiprocessors, and their clock in Hz.
  int64_t multiprocessors;
  double clock;
  /// Bytes per second of its memory, and bytes of the second-level cache.
  double bandwidth;
  double cacheBytes;
  /// What a multiprocessor has at a time.
  int64_t maxThreads, maxBlocks, sharedBytes;

  /// The best known GPU of `computeCapability`; an older one if there is none.
  static const DeviceModel &get(unsigned computeCapability);
};

/// What the model says.
struct KernelPrediction {
  int64_t rows = 0;
  int64_t blocks = 0;
  /// Bytes to and from memory.
  double bytes = 0;
  int64_t blocksPerMultiprocessor = 0;
  /// Threads that a multiprocessor has, of those that it could have.
  double occupancy = 0;
  double seconds = 0;
  /// The part of the memory's bandwidth that is used.
  double fraction = 0;
  /// What takes the time: "memory", "latency" or "instructions".
  llvm::StringLiteral limit = "memory";
};

/// The registers of a thread for which there is no ptxas.
int64_t estimateRegisters(const KernelWork &work);

/// The blocks that a multiprocessor runs at a time; 0 if it has too few
/// registers or too little memory for one.
int64_t getBlocksPerMultiprocessor(const KernelWork &work,
                                   const KernelResources &resources,
                                   const DeviceModel &device);

/// The time of a launch. An unknown number of rows is one that moves 256 MiB.
KernelPrediction predict(const KernelWork &work,
                         const KernelResources &resources,
                         const DeviceModel &device);

} // namespace mlir::norm

#endif // NORM_GPU_KERNELMODEL_H
