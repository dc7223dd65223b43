//===- Remarks.h - What passes remark, as diagnostics -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_REMARKS_H
#define NORM_DRIVER_REMARKS_H

namespace mlir {
class MLIRContext;
} // namespace mlir

namespace mlir::norm {

/// Makes diagnostics of what the passes of the project remark from now on:
/// "remark: norm-fuse: what was done".
void emitRemarksAsDiagnostics(MLIRContext &context);

} // namespace mlir::norm

#endif // NORM_DRIVER_REMARKS_H
