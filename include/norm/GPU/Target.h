//===- Target.h - What code generation asks of a GPU ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_TARGET_H
#define NORM_GPU_TARGET_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include <string>

namespace mlir::norm {

/// Module attribute: the GPU that kernels are for; a dictionary of the strings
/// `arch` and `features` (norm-gpu-attach-target).
constexpr llvm::StringLiteral kGPUTargetAttrName = "norm.gpu_target";
/// The gpu.module that holds the kernels of a module.
constexpr llvm::StringLiteral kGPUModuleName = "norm_kernels";
/// The global of the host's module that holds the kernels' code: PTX, or what
/// the emulation takes for it.
constexpr llvm::StringLiteral kGPUImageName = "norm_gpu_image";

/// The triple of NVIDIA's GPUs.
constexpr llvm::StringLiteral kGPUTriple = "nvptx64-nvidia-cuda";
/// The address spaces of a GPU's memory, of a block's shared memory, and of
/// that of all blocks of a cluster.
constexpr unsigned kGlobalMemory = 1, kSharedMemory = 3, kClusterMemory = 7;

/// The oldest architecture that kernels are for: sm_80.
constexpr unsigned kOldestGPU = 80;

/// The properties of a GPU that the planner and the lowering depend on.
struct GPUTarget {
  /// 80 for sm_80.
  unsigned computeCapability = kOldestGPU;

  /// The target of the module that holds `op`; sm_80 if it names none.
  static GPUTarget get(Operation *op);
};

/// The value of `norm.gpu_target` for an architecture such as "sm_90". `error`
/// says what is unknown.
FailureOr<DictionaryAttr> makeGPUTargetAttr(MLIRContext *context,
                                            llvm::StringRef arch,
                                            std::string &error);

/// The architecture to compile for that a GPU of `computeCapability` runs best:
/// its own, or the newest known one that is older, whose PTX it understands.
std::string chooseGPUArch(unsigned computeCapability);

} // namespace mlir::norm

#endif // NORM_GPU_TARGET_H
