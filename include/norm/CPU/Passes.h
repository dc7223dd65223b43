//===- Passes.h - Passes from norm.generic to CPU vectors --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_H
#define NORM_CPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::norm {

#define GEN_PASS_DECL
#include "norm/CPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "norm/CPU/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_CPU_PASSES_H
