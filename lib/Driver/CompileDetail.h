//===- CompileDetail.h - What compilations share, CPU or GPU ----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_COMPILEDETAIL_H
#define NORM_LIB_DRIVER_COMPILEDETAIL_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "norm/Driver/Compile.h"
#include "llvm/IR/Module.h"

namespace mlir::norm {

/// Appends the text of `module`.
void printModule(ModuleOp module, SmallVectorImpl<char> &output);

/// A phase that both the timing and the observer know.
TimingScope beginPhase(StringRef phase, TimingScope &timing,
                       const CompileObserver &observer);

/// Runs the passes that `build` adds.
LogicalResult runPipeline(ModuleOp module, TimingScope &timing,
                          const CompileObserver &observer,
                          function_ref<void(OpPassManager &)> build);

/// Appends the machine code of `llvmModule` for the CPU of `module`, or a file
/// around it.
LogicalResult emitFile(ModuleOp module, llvm::Module &llvmModule, EmitKind kind,
                       const CompileOptions &options, TimingScope &timing,
                       const CompileObserver &observer,
                       SmallVectorImpl<char> &output);

/// Does what norm::compile does, for a GPU.
LogicalResult compileForGPU(ModuleOp module, EmitKind kind,
                            const CompileOptions &options,
                            SmallVectorImpl<char> &output, TimingScope &timing,
                            const CompileObserver &observer);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_COMPILEDETAIL_H
