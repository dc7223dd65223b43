//===- CPUVersions.h - One object for several CPUs --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_CPUVERSIONS_H
#define NORM_LIB_DRIVER_CPUVERSIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include <cstdint>
#include <memory>

namespace mlir::norm {

/// Module attribute: the CPUs that the object is for, where there are several;
/// dictionaries as in `norm.cpu_target`.
constexpr llvm::StringLiteral kCPUVersionsAttrName = "norm.cpu_versions";

/// What was made of a module for one of several CPUs.
struct CPUVersion {
  DictionaryAttr target;
  /// In LLVM's dialect, with descriptions of its C functions.
  ModuleOp module;
  std::unique_ptr<llvm::Module> llvmModule;
};

/// Puts all versions, which live in one context, into one module. Every C
/// function calls that of the best CPU whose features this machine has: the one
/// with the most of them, the first of those with as many. Where a constant
/// that the descriptions state differs, that of the first version loses it.
FailureOr<std::unique_ptr<llvm::Module>>
mergeVersions(MutableArrayRef<CPUVersion> versions);

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_CPUVERSIONS_H
