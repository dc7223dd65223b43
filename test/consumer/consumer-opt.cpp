//===- consumer-opt.cpp - The opt of another compiler ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FastTanh.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "norm/CPU/Passes.h"
#include "norm/Driver/Pipelines.h"

using namespace mlir;

/// From named ops to LLVM's dialect, with a pass of our own in between.
static void buildPipeline(OpPassManager &pm) {
  norm::AttachCPUTargetOptions target;
  target.cpu = "x86-64-v3";
  pm.addPass(norm::createAttachCPUTarget(target));
  norm::GraphOptions graph;
  graph.rounding = norm::Rounding::Storage;
  norm::buildGraphPipeline(pm, graph);
  pm.addPass(consumer::createFastTanh());
  norm::CPUOptions cpu;
  cpu.symbolPrefix = "consumer_";
  norm::buildCPUPipeline(pm, cpu);
  norm::buildLLVMPipeline(pm);
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  norm::registerDialects(registry);
  norm::registerPassesAndPipelines();
  registerPass(consumer::createFastTanh);
  PassPipelineRegistration<>("consumer-pipeline",
                             "From named ops to LLVM's dialect", buildPipeline);
  return asMainReturnCode(
      MlirOptMain(argc, argv, "The opt of another compiler\n", registry));
}
