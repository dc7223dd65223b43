//===- Run.h - A function of a file, run, verified and timed ----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_RUN_H
#define NORM_DRIVER_RUN_H

#include "norm/Driver/Arguments.h"
#include "norm/Driver/Compile.h"
#include "norm/Interpreter/Tolerance.h"
#include "norm/Support/CudaDevice.h"
#include <optional>
#include <string>
#include <vector>

namespace mlir::norm {

/// What to do with a function.
struct RunOptions {
  /// The function's name; may be empty if there is only one.
  std::string entry;
  ArgumentOptions arguments;
  CompileOptions compile;
  /// Whether the results are those of the interpreter.
  bool interpret = false;
  /// Whether to compare the results with the interpreter's.
  bool verify = false;
  /// Multiplies the errors that are admissible.
  double slack = 1;
  /// Whether to measure the time of a call.
  bool bench = false;
  /// Whether to ask what is expected of kernels for a GPU, which takes time.
  bool plan = false;
  /// The GPU that runs kernels for one.
  CudaDevice *device = nullptr;
  /// Is told what is being done.
  PhaseCallback onPhase;
};

/// How a result compares with the interpreter's.
struct ResultCheck {
  bool passed = true;
  double maxError = 0;
  /// The largest error in multiples of what is admissible.
  double maxRatio = 0;
  /// The first and the worst element that are wrong.
  std::string description;
  /// Elements of which almost anything is admissible, and what to say of them
  /// if that makes the comparison say little.
  int64_t numLoose = 0;
  std::string looseness;
};

/// Times of one call.
struct Timing {
  double medianSeconds = 0;
  double bytesPerSecond = 0;
};

/// What came of it.
struct RunReport {
  std::string function;
  /// The CPU that the function was compiled for; empty if interpreted.
  std::string cpu;
  SmallVector<std::string> argumentNames;
  SmallVector<InterpValue> arguments;
  SmallVector<std::string> resultNames;
  SmallVector<InterpValue> results;
  /// One for each result, if verified.
  std::vector<ResultCheck> checks;
  std::optional<Timing> timing;
  std::vector<std::string> plan;
  int64_t objectBytes = 0;
  int64_t workspaceBytes = 0;
  /// The parameter that the kernel wrote outside of; empty if all is well.
  std::string overrun;

  /// Whether all that was verified is right.
  bool passed() const;
};

/// Runs a function of a checked module. Errors are diagnostics.
FailureOr<RunReport> run(ModuleOp module, const RunOptions &options);

} // namespace mlir::norm

#endif // NORM_DRIVER_RUN_H
