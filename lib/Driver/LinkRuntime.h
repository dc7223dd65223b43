//===- LinkRuntime.h - The runtime's C in generated modules -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_LINKRUNTIME_H
#define NORM_LIB_DRIVER_LINKRUNTIME_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace mlir::norm {

/// Adds to `module` the parts of the runtime that it calls. They are for the
/// architecture and system that the compiler itself was built for; an error
/// says so for others.
llvm::Error linkRuntime(llvm::Module &module);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_LINKRUNTIME_H
