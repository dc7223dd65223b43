//===- norm-lsp-server.cpp - What editors ask about graphs ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's server of the Language Server Protocol, which knows the dialects that
// normc reads and those that the passes make of them.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "norm/Driver/Pipelines.h"

using namespace mlir;

int main(int argc, char **argv) {
  DialectRegistry registry;
  norm::registerDialects(registry);
  return failed(MlirLspServerMain(argc, argv, registry));
}
