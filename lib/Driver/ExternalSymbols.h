//===- ExternalSymbols.h - What kernels call from outside -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_EXTERNALSYMBOLS_H
#define NORM_LIB_DRIVER_EXTERNALSYMBOLS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class Module;
} // namespace llvm

namespace mlir::norm {

/// A function that `module` declares and that is in neither libc nor libm;
/// empty if there is none.
std::string findForeignDeclaration(const llvm::Module &module);

/// The same of an object file, which also has the calls that LLVM's back ends
/// make.
std::string findForeignSymbol(llvm::StringRef object);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_EXTERNALSYMBOLS_H
