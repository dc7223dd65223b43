//===- EmulatedImage.h - What emulated launches find kernels in -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_EMULATION_EMULATEDIMAGE_H
#define NORM_LIB_GPU_EMULATION_EMULATEDIMAGE_H

#include <cstddef>
#include <cstdint>

namespace mlir::norm {

/// A kernel: `entry` takes the addresses of the values of its arguments.
struct EmulatedKernel {
  const char *name;
  void (*entry)(void **arguments);
  /// The blocks of a cluster; 1 where there are none.
  int64_t cluster;
};

/// A variable.
struct EmulatedVariable {
  char *begin;
  int64_t bytes;
};

/// What makeEmulated writes for `norm_gpu_image`.
struct EmulatedImage {
  int64_t numKernels;
  const EmulatedKernel *kernels;
  int64_t numShared;
  const EmulatedVariable *shared;
  /// Those in global memory, which are never written.
  int64_t numConstants;
  const EmulatedVariable *constants;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EMULATION_EMULATEDIMAGE_H
