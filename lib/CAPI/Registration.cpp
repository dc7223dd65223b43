//===- Registration.cpp - Dialect and passes for MLIR's own C API ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm-c/Registration.h"

#include "mlir/CAPI/Registration.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Driver/Pipelines.h"
#include "llvm/Support/Threading.h"

using namespace mlir;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Norm, norm, norm::NormDialect)

void normRegisterDialects(MlirDialectRegistry registry) {
  norm::registerDialects(*unwrap(registry));
}

void normRegisterPasses() {
  static llvm::once_flag once;
  llvm::call_once(once, [] {
    if (!norm::arePassesRegistered())
      norm::registerPassesAndPipelines();
  });
}
