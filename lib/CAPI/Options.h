//===- Options.h - What the opaque struct of C holds ------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CAPI_OPTIONS_H
#define NORM_LIB_CAPI_OPTIONS_H

#include "norm-c/Norm.h"
#include "norm/Driver/Options.h"
#include <string>

/// What a text is called if it has no name.
inline constexpr const char *kDefaultName = "input.mlir";

/// What a caller has set.
struct NormOptions {
  NormOptions() { compile.target.cpu.clear(); }

  /// The CPU is empty as long as none is named.
  mlir::norm::CompileOptions compile;
  bool remarks = false;
  /// A file, or nothing.
  std::string weights;
  /// What the text is called.
  std::string name = kDefaultName;

  NormDiagnosticCallback callback = nullptr;
  void *context = nullptr;

  /// Tells the caller a diagnostic, if it wants to know.
  void report(const NormDiagnostic &diagnostic) const {
    if (callback)
      callback(context, &diagnostic);
  }

  /// Tells the caller that a call means nothing.
  NormResult reportUsage(const std::string &message) const {
    report({NORM_SEVERITY_ERROR, message.c_str(), nullptr, 0, 0});
    return NORM_COMPILE_USAGE;
  }
};

#endif // NORM_LIB_CAPI_OPTIONS_H
