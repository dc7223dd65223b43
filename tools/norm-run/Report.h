//===- Report.h - What norm-run says of a run -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TOOLS_NORM_RUN_REPORT_H
#define NORM_TOOLS_NORM_RUN_REPORT_H

#include "norm/Driver/Run.h"
#include "norm/Driver/Session.h"
#include "norm/Support/TensorFile.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::norm {

/// The .npy file that a result goes to.
struct ResultFile {
  unsigned result;
  DType type;
  std::string path;
};

/// Finds the results of the function `entry` that `files` names, by position or
/// name, before anything runs; false after an error.
bool findResults(Session &session, StringRef entry,
                 ArrayRef<std::pair<std::string, std::string>> files,
                 std::vector<ResultFile> &results);

/// Writes all of these files, or none; false after an error.
bool writeResults(Session &session, const RunReport &report,
                  ArrayRef<ResultFile> files);

/// The report for people.
void printText(const RunReport &report, bool withPlan, llvm::raw_ostream &os);

/// The report for programs.
void printJSON(const RunReport &report, llvm::raw_ostream &os);

/// Warns of results of which almost anything passes for right.
void warnOfLooseness(Session &session, const RunReport &report);

/// Says which elements are wrong.
void printMismatch(Session &session, const RunReport &report);

} // namespace mlir::norm

#endif // NORM_TOOLS_NORM_RUN_REPORT_H
