//===- KernelReport.h - What --print-plan says of kernels -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_KERNELREPORT_H
#define NORM_LIB_DRIVER_KERNELREPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "norm/GPU/KernelModel.h"
#include <string>
#include <vector>

namespace mlir::norm {

/// A kernel of a module, and where its op is.
struct ReportedKernel {
  std::string name;
  Location loc;
  KernelWork work;
};

/// The kernels in `module`, which norm-gpu-lower-rows has made.
std::vector<ReportedKernel> collectKernels(ModuleOp module);

/// A line for each of `kernels`, of which `ptx` is the code: what ptxas makes
/// of it, if there is one, and what the model predicts on a GPU of the
/// architecture `arch`.
std::vector<std::string> reportKernels(ArrayRef<ReportedKernel> kernels,
                                       StringRef ptx, StringRef arch);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_KERNELREPORT_H
