//===- PluginCode.cpp - What libNormPlugin.so registers -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassRegistry.h"
#include "norm/Driver/Pipelines.h"

using namespace mlir;

/// Says that `what` is there already. Those of the program are other types with
/// the same names: MLIR ends a program that registers both.
static void reportPresent(StringRef what) {
  llvm::errs() << "NormPlugin: registers nothing: this program has norm's "
               << what << " already\n";
}

/// Registers the dialect, and with it those that the pipelines make of it:
/// programs with plugins need not have all of them.
extern "C" void normPluginRegisterDialects(DialectRegistry *registry) {
  if (registry->getDialectAllocator("norm"))
    return reportPresent("dialect");
  norm::registerDialects(*registry);
}

/// Registers every pass and pipeline.
extern "C" void normPluginRegisterPasses() {
  if (norm::arePassesRegistered())
    return reportPresent("passes");
  norm::registerPassesAndPipelines();
}
