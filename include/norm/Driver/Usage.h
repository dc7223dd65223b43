//===- Usage.h - Which options go together ----------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_USAGE_H
#define NORM_DRIVER_USAGE_H

#include "norm/Driver/Compile.h"
#include "norm/Driver/Options.h"
#include <string>

namespace mlir::norm {

/// The CPU that is meant where none is named: this machine's for kernels that
/// run here, a generic one for another system, and a generic one for what
/// launches kernels on a GPU and does no more.
std::string getDefaultCPU(const CompileOptions &options);

/// Whether what a compilation gives as a file of kind `kind` has C functions,
/// of which there is a header.
bool hasCFunctions(const CompileOptions &options, EmitKind kind);

/// Why these options mean nothing or not together, in terms of the command
/// line; empty if they do. Of the CPU the name is looked at, no more.
std::string findConflict(const CompileOptions &options);

/// The same, also of options and what a compilation is to give: a file of kind
/// `kind` and, if `wantsHeader`, the C header.
std::string findConflict(const CompileOptions &options, EmitKind kind,
                         bool wantsHeader);

} // namespace mlir::norm

#endif // NORM_DRIVER_USAGE_H
