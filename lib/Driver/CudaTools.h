//===- CudaTools.h - PTX to machine code of GPUs ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By the programs of a CUDA toolkit: that of the environment variable CUDA_PATH
// or CUDA_HOME, of the place that MLIR knows, or in PATH.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_CUDATOOLS_H
#define NORM_LIB_DRIVER_CUDATOOLS_H

#include "norm/GPU/KernelModel.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlir::norm {

/// The kernels of a module for one architecture.
struct KernelImage {
  /// Such as "sm_90".
  std::string arch;
  llvm::SmallVector<char, 0> ptx;
  llvm::SmallVector<char, 0> cubin;
};

/// Makes `image.cubin` of `image.ptx` by ptxas.
llvm::Error assemble(KernelImage &image);

/// What ptxas says that each kernel of `ptx` needs; nothing if there is none.
llvm::StringMap<KernelResources> measureKernels(llvm::StringRef ptx,
                                                llvm::StringRef arch);

/// Appends a fat binary to `output`: the machine code of all `images`, and the
/// PTX of the last one, for GPUs that are newer.
llvm::Error makeFatBinary(llvm::ArrayRef<KernelImage> images,
                          llvm::SmallVectorImpl<char> &output);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_CUDATOOLS_H
