//===- Pipelines.h - The passes of a compilation, in order ------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_PIPELINES_H
#define NORM_DRIVER_PIPELINES_H

#include "mlir/IR/DialectRegistry.h"
#include "norm/Driver/Options.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace mlir::norm {

/// Graph to graph, on a module of functions on tensors: private functions are
/// inlined, signatures recorded, ops of the dialect recognised in linalg, and
/// generalized and fused.
void buildGraphPipeline(OpPassManager &pm, const GraphOptions &options = {});

/// From there to C functions on scf, vector, memref and arith, for the CPU that
/// the module names.
void buildCPUPipeline(OpPassManager &pm, const CPUOptions &options = {});

/// The same for a GPU: to kernels in a gpu.module and C functions that launch
/// them, for the GPU that the module names.
void buildGPUPipeline(OpPassManager &pm, const CPUOptions &options = {});

/// From the kernels of a gpu.module to LLVM's dialect.
void buildKernelPipeline(OpPassManager &pm);

/// From the functions to LLVM's dialect.
void buildLLVMPipeline(OpPassManager &pm, const LLVMOptions &options = {});

/// The dialects that a normalization graph is written in and those that the
/// pipelines make of it, with all that bufferization, inlining and translation
/// attach to them.
void registerDialects(DialectRegistry &registry);

/// Registers every pass of the project and the pipelines norm-graph-pipeline,
/// norm-cpu-pipeline, norm-gpu-pipeline, norm-kernel-pipeline and
/// norm-llvm-pipeline for textual use; once a process.
void registerPassesAndPipelines();

/// Whether that was done in this process, by whatever copy of this function.
bool arePassesRegistered();

} // namespace mlir::norm

#endif // NORM_DRIVER_PIPELINES_H
