//===- CommonOptions.h - Options of normc and norm-run ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TOOLS_COMMONOPTIONS_H
#define NORM_TOOLS_COMMONOPTIONS_H

#include "norm/Driver/Options.h"
#include "norm/Driver/Session.h"
#include "llvm/Support/CommandLine.h"

namespace mlir::norm {

/// Makes options that are neither common nor in `category` unknown: LLVM's
/// libraries have some that mean nothing here, as --threads.
void keepOptions(llvm::cl::OptionCategory &category);

/// Refuses, as `session`, a --target that is none of `targets`.
bool checkTarget(Session &session, ArrayRef<StringRef> targets);
/// Whether --target is a GPU.
bool isForGPU();

/// Refuses an output file, named by `option`, that is the input or the weights.
bool checkOutput(Session &session, StringRef option, StringRef filename);

/// Reads the input file and the weights; false after a diagnostic.
bool loadInput(Session &session);

/// The value of --mcpu; empty if it is not given.
StringRef getCPUName();
/// Whether --print-plan is given.
bool wantsPlan();

/// What the options say; the CPU is empty if --mcpu is not given.
CompileOptions getCommonOptions();

} // namespace mlir::norm

#endif // NORM_TOOLS_COMMONOPTIONS_H
