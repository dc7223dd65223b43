//===- CodeGen.h - From LLVM's dialect to machine code ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_CODEGEN_H
#define NORM_DRIVER_CODEGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "norm/Driver/Options.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace mlir::norm {

/// LLVM's view of the CPU that `module` names in `norm.cpu_target`. Errors are
/// diagnostics at the module.
std::unique_ptr<llvm::TargetMachine> createTargetMachine(ModuleOp module);

/// The same of a machine that these names say; `model` is how code refers to
/// addresses, none where the machine has but one way.
std::unique_ptr<llvm::TargetMachine>
createTargetMachine(ModuleOp module, llvm::StringRef triple,
                    llvm::StringRef cpu, llvm::StringRef features,
                    std::optional<llvm::Reloc::Model> model);

/// Makes diagnostics of `reporter` of what LLVM finds wrong in `context`, where
/// it would print by itself, and end the process after an error.
void reportDiagnostics(llvm::LLVMContext &context, MLIRContext *reporter);

/// Whether LLVM has found an error in `context` since then.
bool hasErrors(const llvm::LLVMContext &context);

/// Translates a module in LLVM's dialect and optimises it for `machine`. What
/// is not a public function becomes internal.
FailureOr<std::unique_ptr<llvm::Module>>
translateAndOptimize(ModuleOp module, llvm::TargetMachine &machine,
                     llvm::LLVMContext &context);

/// Optimises a module for `machine`.
llvm::Error optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

/// Appends assembly text or an object file to `output`.
LogicalResult emitMachineCode(llvm::Module &module,
                              llvm::TargetMachine &machine,
                              llvm::CodeGenFileType type,
                              SmallVectorImpl<char> &output);

} // namespace mlir::norm

#endif // NORM_DRIVER_CODEGEN_H
