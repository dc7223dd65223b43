//===- Session.h - One input file in a context of its own -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_SESSION_H
#define NORM_DRIVER_SESSION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"
#include "norm/Driver/Progress.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>
#include <string>

namespace mlir::norm {

/// What a tool that works on one file needs: the context, the module, and
/// diagnostics on stderr that show the line they are about; those about no file
/// name the tool. Memory that runs out is such an error, with exit status 1.
class Session {
public:
  explicit Session(StringRef toolName);
  ~Session();

  MLIRContext &getContext() { return context; }
  ModuleOp getModule() { return *module; }

  /// Parses and checks a file; false after a diagnostic.
  bool load(StringRef filename);

  /// Makes constants of the arguments that `filename`, a .npz or .safetensors
  /// file, has; false after a diagnostic.
  bool bindWeights(StringRef filename);

  /// What to call at the start of everything that may take long: after a few
  /// seconds it is shown, if stderr is a terminal.
  PhaseCallback getPhaseCallback();
  /// Removes what is shown of that; the second also shows nothing from then on.
  void clearProgress() { progress.clear(); }
  void finishProgress() { progress.stop(); }

  /// Shows what passes remark: what was fused and what was not.
  void showRemarks();

  /// Shows an error that is about no place in the file.
  void error(const Twine &message);
  /// Shows a warning, or how things are, likewise.
  void warning(const Twine &message);
  void note(const Twine &message);

private:
  std::string toolName;
  MLIRContext context;
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler sourceHandler;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
  /// Of its own: the clock runs beside what prints to llvm::errs().
  llvm::raw_fd_ostream terminal;
  Progress progress;
  /// Diagnostics of all kinds take the place of the line.
  ScopedDiagnosticHandler clearsProgress;
};

} // namespace mlir::norm

#endif // NORM_DRIVER_SESSION_H
