//===- PluginCode.cpp - What libNormPlugin.so registers -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Pipelines.h"

using namespace mlir;

/// Registers the dialect, and with it those that the pipelines make of it:
/// programs with plugins need not have all of them.
extern "C" void normPluginRegisterDialects(DialectRegistry *registry) {
  norm::registerDialects(*registry);
}

/// Registers every pass and pipeline.
extern "C" void normPluginRegisterPasses() {
  norm::registerPassesAndPipelines();
}
