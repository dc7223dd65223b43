//===- Emulation.h - Kernels for a GPU, run without one ---------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is run is the LLVM IR that becomes PTX: only what is special about a GPU
// (thread numbers, barriers, shuffles) becomes calls, and every access of
// memory is reported. Each thread of a block is a fiber.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_EMULATION_H
#define NORM_GPU_EMULATION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <string>
#include <utility>
#include <vector>

namespace mlir::norm {

/// Turns `kernels`, LLVM IR for NVPTX, into code for the host `machine`, with a
/// definition of `norm_gpu_image` that emulatedLaunch reads.
llvm::Error makeEmulated(llvm::Module &kernels, llvm::TargetMachine &machine);

/// The functions that such code calls, by name.
llvm::ArrayRef<std::pair<llvm::StringRef, void *>> getEmulationSymbols();

/// Bytes that kernels may read and write.
using DeviceMemory = std::pair<const char *, size_t>;

/// What kernels that are launched by this thread may use from now on. Any
/// memory will do if it is empty.
void setDeviceMemory(std::vector<DeviceMemory> memory);

/// What was wrong with the last launch by this thread; empty if nothing was.
std::string getEmulationError();

} // namespace mlir::norm

#endif // NORM_GPU_EMULATION_H
