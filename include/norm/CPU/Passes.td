//===- Passes.td - Passes from norm.generic to CPU vectors -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_TD
#define NORM_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // NORM_CPU_PASSES_TD
