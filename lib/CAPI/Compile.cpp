//===- Compile.cpp - The compiler for C -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Compile.h"
#include "Options.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "norm/Driver/CHeader.h"
#include "norm/Driver/Frontend.h"
#include "norm/Driver/Pipelines.h"
#include "norm/Driver/Remarks.h"
#include "norm/Driver/Usage.h"
#include "norm/Driver/Weights.h"
#include "llvm/Config/llvm-config.h"

using namespace mlir;
using namespace mlir::norm;

/// What a compilation gave.
struct NormOutput {
  SmallVector<char, 0> data;
  std::string header;
  std::string plan;
};

const char *normVersion() { return NORM_VERSION; }
const char *normLLVMVersion() { return LLVM_VERSION_STRING; }

/// What C calls a severity.
static NormSeverity getSeverity(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return NORM_SEVERITY_ERROR;
  case DiagnosticSeverity::Warning:
    return NORM_SEVERITY_WARNING;
  case DiagnosticSeverity::Remark:
    return NORM_SEVERITY_REMARK;
  case DiagnosticSeverity::Note:
    return NORM_SEVERITY_NOTE;
  }
  return NORM_SEVERITY_ERROR;
}

/// Passes a diagnostic and its notes on.
static void report(const NormOptions &options, Diagnostic &diagnostic) {
  std::string message = diagnostic.str(), file;
  NormDiagnostic result = {getSeverity(diagnostic.getSeverity()),
                           message.c_str(), nullptr, 0, 0};
  LocationAttr location = diagnostic.getLocation();
  if (auto place = location.findInstanceOf<FileLineColLoc>()) {
    file = place.getFilename().str();
    result.file = file.c_str();
    result.line = place.getLine();
    result.column = place.getColumn();
  }
  options.report(result);
  for (Diagnostic &note : diagnostic.getNotes())
    report(options, note);
}

/// Compiles `text` in a context of its own.
static LogicalResult compileText(const NormOptions &options,
                                 const CompileOptions &compileOptions,
                                 StringRef text, EmitKind kind,
                                 NormOutput &output) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    report(options, diagnostic);
    return success();
  });
  if (options.remarks)
    emitRemarksAsDiagnostics(context);

  llvm::SourceMgr sourceMgr;
  OwningOpRef<ModuleOp> module =
      parseInput(llvm::MemoryBuffer::getMemBufferCopy(text, options.name),
                 sourceMgr, &context);
  if (!module || failed(checkCompilable(*module)) ||
      (!options.weights.empty() &&
       failed(bindWeights(*module, options.weights))) ||
      failed(attachTarget(*module, compileOptions.target)))
    return failure();
  CompileObserver observer;
  observer.onPlan = [&](Operation *op, Attribute plan) {
    output.plan += describePlan(op, plan) + "\n";
  };
  if (failed(compile(*module, kind, compileOptions, output.data, observer)))
    return failure();
  if (hasCFunctions(compileOptions, kind)) {
    llvm::raw_string_ostream os(output.header);
    printCHeader(*module, os);
  }
  return success();
}

NormResult normCompile(const NormOptions *options, const char *text,
                       size_t length, const char *emit, NormOutput **output) {
  const NormOptions defaults;
  if (!options)
    options = &defaults;
  if (output)
    *output = nullptr;
  if (!text || !emit || !output)
    return options->reportUsage(
        "normCompile: the text, what to emit or the output is a null pointer");
  std::optional<EmitKind> kind = parseEmitKind(emit);
  if (!kind)
    return options->reportUsage(std::string("--emit=") + emit +
                                " is unknown; there are " + getEmitKindNames());
  CompileOptions compileOptions = options->compile;
  if (compileOptions.target.cpu.empty())
    compileOptions.target.cpu = getDefaultCPU(compileOptions);
  if (std::string conflict =
          findConflict(compileOptions, *kind, /*wantsHeader=*/false);
      !conflict.empty())
    return options->reportUsage(conflict);

  auto result = std::make_unique<NormOutput>();
  if (failed(compileText(*options, compileOptions, StringRef(text, length),
                         *kind, *result)))
    return NORM_COMPILE_REFUSED;
  // Not counted: texts are strings of C.
  result->data.push_back('\0');
  *output = result.release();
  return NORM_COMPILE_OK;
}

const void *normOutputData(const NormOutput *output, size_t *size) {
  if (size)
    *size = output ? output->data.size() - 1 : 0;
  return output ? output->data.data() : nullptr;
}

const char *normOutputHeader(const NormOutput *output) {
  return output ? output->header.c_str() : nullptr;
}

const char *normOutputPlan(const NormOutput *output) {
  return output ? output->plan.c_str() : nullptr;
}

void normOutputDestroy(NormOutput *output) { delete output; }
