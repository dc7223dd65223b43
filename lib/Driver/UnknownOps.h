//===- UnknownOps.h - What ops that are none may stand for ------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_UNKNOWNOPS_H
#define NORM_LIB_DRIVER_UNKNOWNOPS_H

#include "mlir/Support/LLVM.h"
#include <string>

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace mlir::norm {

/// What to write instead of the op in a parser's `message` that the norm
/// dialect has no such op; the empty string for other messages, and where
/// nothing comes near.
std::string suggestOp(StringRef message, MLIRContext &context);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_UNKNOWNOPS_H
