//===- Link.h - Archives and shared libraries -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_LINK_H
#define NORM_DRIVER_LINK_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mlir::norm {

/// Appends to `output` a static archive whose only member is `object`.
llvm::Error makeArchive(llvm::StringRef object,
                        llvm::SmallVectorImpl<char> &output);

/// Appends to `output` a shared library made of `object` by the system's C
/// compiler. One that has threads must not be unloaded.
llvm::Error makeSharedLibrary(llvm::StringRef object, bool hasThreads,
                              llvm::SmallVectorImpl<char> &output);

} // namespace mlir::norm

#endif // NORM_DRIVER_LINK_H
