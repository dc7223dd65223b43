//===- Frontend.h - From a file to a checked module -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_FRONTEND_H
#define NORM_DRIVER_FRONTEND_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

namespace mlir::norm {

/// Reads `filename` ("-": stdin), MLIR text or bytecode, into `sourceMgr`,
/// whose diagnostics the caller shows, and parses and verifies it. Arguments of
/// functions that have no `norm.name` get the name that the text gives them, if
/// it is no number. All errors are diagnostics at the file.
OwningOpRef<ModuleOp> parseInputFile(StringRef filename,
                                     llvm::SourceMgr &sourceMgr,
                                     MLIRContext *context);

/// The same for what `input` holds; its name is that of the file.
OwningOpRef<ModuleOp> parseInput(std::unique_ptr<llvm::MemoryBuffer> input,
                                 llvm::SourceMgr &sourceMgr,
                                 MLIRContext *context);

/// Whether every public function of `module` is one that the pipelines
/// understand: it has a body, of types and dialects that they know, and no
/// tensor with more elements than an index counts. There must be one.
LogicalResult checkCompilable(ModuleOp module);

/// The function called `name`, or the only public one if that is empty. An
/// error at the module names the candidates.
FailureOr<func::FuncOp> selectFunction(ModuleOp module, StringRef name);

} // namespace mlir::norm

#endif // NORM_DRIVER_FRONTEND_H
