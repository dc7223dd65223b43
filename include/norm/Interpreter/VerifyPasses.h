//===- VerifyPasses.h - Interpreting before and after each pass -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_VERIFYPASSES_H
#define NORM_INTERPRETER_VERIFYPASSES_H

#include "mlir/Pass/PassManager.h"
#include "norm/Interpreter/Interpreter.h"

namespace mlir::norm {

/// How passes are verified.
struct PassVerificationOptions {
  /// What cannot be interpreted is an error rather than a remark.
  bool strict = false;
  uint64_t seed = 1;
};

/// Makes `pm` interpret every function on tensors before and after each pass on
/// the same random data, of several sizes of its dynamic dims and several
/// scales. Where the results differ by more than twice what the tolerance of
/// the function before the pass admits, an error at the function names the
/// pass, the first and the worst element, and the pass fails. Turns
/// multithreading off.
void addPassVerification(PassManager &pm,
                         const PassVerificationOptions &options = {});

/// What differs between two functions on the same random data; the empty string
/// if nothing does. Fails, with the reason in `reason`, if they cannot be run.
FailureOr<std::string> findDifference(func::FuncOp before, func::FuncOp after,
                                      uint64_t seed, std::string &reason);

} // namespace mlir::norm

#endif // NORM_INTERPRETER_VERIFYPASSES_H
