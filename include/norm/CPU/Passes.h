//===- Passes.h - Passes from norm.generic to CPU vectors -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_H
#define NORM_CPU_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/Pass.h"

namespace mlir::norm {

/// The attribute of a norm.generic in which norm-plan-rows says how it is
/// lowered.
constexpr llvm::StringLiteral kPlanAttrName = "norm.plan";

#define GEN_PASS_DECL
#include "norm/CPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "norm/CPU/Passes.h.inc"

} // namespace mlir::norm

#endif // NORM_CPU_PASSES_H
