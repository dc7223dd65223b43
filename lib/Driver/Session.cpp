//===- Session.cpp - One input file in a context of its own ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Session.h"

#include "norm/Driver/Frontend.h"
#include "norm/Driver/Pipelines.h"
#include "norm/Driver/Remarks.h"
#include "norm/Driver/Weights.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/WithColor.h"
#include <cstring>
#include <unistd.h>

using namespace mlir;
using namespace mlir::norm;

/// The dialects of the pipelines.
static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registerDialects(registry);
  return registry;
}

/// Ends the tool `name` as after any other error. Nothing can be allocated
/// here.
static void exitWithoutMemory(void *name, const char *, bool) {
  const char *parts[] = {static_cast<const char *>(name),
                         ": error: out of memory\n"};
  for (const char *part : parts)
    (void)!write(STDERR_FILENO, part, std::strlen(part));
  _exit(1);
}

Session::Session(StringRef toolName)
    : toolName(toolName),
      // A file has few functions: threads would cost more than they save.
      context(makeRegistry(), MLIRContext::Threading::DISABLED),
      sourceHandler(sourceMgr, &context),
      handler(&context,
              [this](Diagnostic &diagnostic) {
                if (!isa<UnknownLoc>(diagnostic.getLocation()))
                  return failure();
                if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
                  error(diagnostic.str());
                else if (diagnostic.getSeverity() ==
                         DiagnosticSeverity::Warning)
                  warning(diagnostic.str());
                else
                  note(diagnostic.str());
                return success();
              }),
      terminal(STDERR_FILENO, /*shouldClose=*/false, /*unbuffered=*/true),
      progress(toolName, terminal),
      clearsProgress(&context, [this](Diagnostic &) {
        progress.clear();
        return failure();
      }) {
  // The line of the file says more than the op in generic form.
  context.printOpOnDiagnostic(false);
  progress.startOnTerminal();
  llvm::install_bad_alloc_error_handler(exitWithoutMemory,
                                        this->toolName.data());
}

Session::~Session() { llvm::remove_bad_alloc_error_handler(); }

bool Session::load(StringRef filename) {
  progress.setPhase("reading the graph");
  module = parseInputFile(filename, sourceMgr, &context);
  return module && succeeded(checkCompilable(*module));
}

bool Session::bindWeights(StringRef filename) {
  progress.setPhase("reading weights");
  return succeeded(norm::bindWeights(*module, filename));
}

void Session::showRemarks() { emitRemarksAsDiagnostics(context); }

PhaseCallback Session::getPhaseCallback() {
  return [this](StringRef phase) { progress.setPhase(phase); };
}

void Session::error(const Twine &message) {
  progress.clear();
  llvm::WithColor::error(llvm::errs(), toolName) << message << '\n';
}

void Session::warning(const Twine &message) {
  progress.clear();
  llvm::WithColor::warning(llvm::errs(), toolName) << message << '\n';
}

void Session::note(const Twine &message) {
  progress.clear();
  llvm::WithColor::note(llvm::errs(), toolName) << message << '\n';
}
