//===- CHeader.h - The C header of a compiled module ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_CHEADER_H
#define NORM_DRIVER_CHEADER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::norm {

/// Prints the header of the C functions that norm-c-abi made in `module`, which
/// may have been lowered further: C11 and C++, documented, and beside any
/// number of others in one program.
void printCHeader(ModuleOp module, llvm::raw_ostream &os);

} // namespace mlir::norm

#endif // NORM_DRIVER_CHEADER_H
