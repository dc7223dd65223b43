//===- RegisterPipelines.cpp - Pipelines and passes for textual use -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/InterfaceModels.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/Driver/Pipelines.h"
#include "norm/GPU/Passes.h"

using namespace mlir;
using namespace mlir::norm;

void mlir::norm::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerGPUDialectTranslation(registry);
  registerNVVMDialectTranslation(registry);
  registry.insert<NormDialect>();
  registerBufferizableOpInterfaceModels(registry);
  registerValueBoundsOpInterfaceModels(registry);
}

namespace {

/// GraphOptions as text.
struct GraphPipelineOptions : PassPipelineOptions<GraphPipelineOptions> {
  Option<Rounding> rounding{
      *this, "rounding", llvm::cl::desc("Where values are rounded"),
      llvm::cl::init(Rounding::Excess),
      llvm::cl::values(
          clEnumValN(Rounding::Excess, "excess", "where they are stored"),
          clEnumValN(Rounding::Storage, "storage", "after every op"))};
  Option<Accuracy> accuracy{
      *this, "accuracy", llvm::cl::desc("How exact results are"),
      llvm::cl::init(Accuracy::Exact),
      llvm::cl::values(
          clEnumValN(Accuracy::Exact, "exact", "within the exactness table"),
          clEnumValN(Accuracy::Relaxed, "relaxed",
                     "weights are rounded anew, normalizations deferred"))};
  Option<bool> raise{
      *this, "raise",
      llvm::cl::desc("Recognise the ops of the dialect in linalg, arith and "
                     "math"),
      llvm::cl::init(true)};
};

/// CPUOptions as text.
struct CPUPipelineOptions : PassPipelineOptions<CPUPipelineOptions> {
  Option<std::string> symbolPrefix{
      *this, "symbol-prefix",
      llvm::cl::desc("What stands before the name of every C function")};
  Option<std::string> threads{
      *this, "threads",
      llvm::cl::desc("The threads that kernels use by themselves: pool or "
                     "openmp")};
  Option<bool> strided{
      *this, "strided",
      llvm::cl::desc("Also make entries for tensors with strides"),
      llvm::cl::init(false)};
  Option<bool> invoke{
      *this, "invoke",
      llvm::cl::desc("Also make entries that take an array of pointers"),
      llvm::cl::init(false)};
  Option<unsigned> rowBlock{
      *this, "row-block",
      llvm::cl::desc("The most rows of a block of linear layers and norms; "
                     "chosen by the caches if 0"),
      llvm::cl::init(0)};
};

/// LLVMOptions as text.
struct LLVMPipelineOptions : PassPipelineOptions<LLVMPipelineOptions> {
  Option<bool> debugInfo{*this, "debug-info",
                         llvm::cl::desc("Keep the lines of the source"),
                         llvm::cl::init(false)};
};

} // namespace

bool mlir::norm::arePassesRegistered() {
  // The last that registerPassesAndPipelines registers.
  return PassPipelineInfo::lookup("norm-llvm-pipeline");
}

void mlir::norm::registerPassesAndPipelines() {
  registerNormCPUPasses();
  registerNormGPUPasses();
  registerNormTransformsPasses();
  PassPipelineRegistration<GraphPipelineOptions>(
      "norm-graph-pipeline", "From named ops to fused norm.generic ops",
      [](OpPassManager &pm, const GraphPipelineOptions &text) {
        GraphOptions options;
        options.rounding = text.rounding;
        options.accuracy = text.accuracy;
        options.raise = text.raise;
        buildGraphPipeline(pm, options);
      });
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-cpu-pipeline", "From norm.generic to C functions on vectors",
      [](OpPassManager &pm, const CPUPipelineOptions &text) {
        CPUOptions options;
        options.symbolPrefix = text.symbolPrefix;
        options.threads = text.threads;
        options.strided = text.strided;
        options.invoke = text.invoke;
        options.rowBlock = text.rowBlock;
        buildCPUPipeline(pm, options);
      });
  PassPipelineRegistration<CPUPipelineOptions>(
      "norm-gpu-pipeline",
      "From norm.generic to kernels and C functions that launch them",
      [](OpPassManager &pm, const CPUPipelineOptions &text) {
        CPUOptions options;
        options.symbolPrefix = text.symbolPrefix;
        options.invoke = text.invoke;
        buildGPUPipeline(pm, options);
      });
  PassPipelineRegistration<>(
      "norm-kernel-pipeline", "From kernels to LLVM's dialect",
      [](OpPassManager &pm) { buildKernelPipeline(pm); });
  PassPipelineRegistration<LLVMPipelineOptions>(
      "norm-llvm-pipeline", "From vectors to LLVM's dialect",
      [](OpPassManager &pm, const LLVMPipelineOptions &text) {
        LLVMOptions options;
        options.debugInfo = text.debugInfo;
        buildLLVMPipeline(pm, options);
      });
}
