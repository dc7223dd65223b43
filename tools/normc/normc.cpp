//===- normc.cpp - The norm-mlir compiler ---------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommonOptions.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Driver/CHeader.h"
#include "norm/Driver/Compile.h"
#include "norm/Driver/OutputFiles.h"
#include "norm/Driver/Session.h"
#include "norm/Driver/Usage.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;
using namespace mlir::norm;
namespace cl = llvm::cl;

/// Exit statuses.
enum { kDone = 0, kRefused = 1, kUsage = 2 };

static cl::OptionCategory category("normc options");

static cl::opt<std::string>
    outputFile("o", cl::desc("Write to OUT; '-' is the standard output"),
               cl::value_desc("OUT"), cl::cat(category));
static cl::opt<std::string>
    headerFile("header", cl::desc("Also write the C header of the kernels"),
               cl::value_desc("OUT.h"), cl::cat(category));
static cl::opt<std::string> emitName(
    "emit",
    cl::desc(
        "What to write: mlir (the graph after fusion), mlir-vector, llvm, "
        "asm, obj, lib (static archive), shared; of --target=nvptx also ptx, "
        "cubin and fatbin, these by ptxas and fatbinary of a CUDA toolkit. By "
        "default what the extension of OUT says: .mlir .ll .s .o .a .so "
        ".ptx .cubin .fatbin"),
    cl::value_desc("KIND"), cl::cat(category));
static cl::opt<std::string>
    triple("mtriple", cl::desc("The system to compile for (that of the host)"),
           cl::value_desc("TRIPLE"), cl::cat(category));
static cl::opt<std::string>
    symbolPrefix("symbol-prefix",
                 cl::desc("Stands before the name of every C function"),
                 cl::value_desc("P"), cl::cat(category));
static cl::opt<bool>
    strided("strided", cl::desc("Also make functions for tensors with strides"),
            cl::cat(category));
static cl::opt<bool> debugInfo("g",
                               cl::desc("Keep the lines of FILE for debuggers "
                                        "and profilers"),
                               cl::cat(category));
/// What `--emit` or the name of the output asks for; says why there is nothing.
static std::optional<EmitKind> chooseEmitKind(Session &session) {
  if (emitName.empty()) {
    std::optional<EmitKind> kind = getEmitKind(outputFile);
    if (!kind)
      session.error("the name '" + outputFile +
                    "' does not say what to write; use --emit");
    return kind;
  }
  std::optional<EmitKind> kind = parseEmitKind(emitName);
  if (!kind)
    session.error("--emit=" + emitName + " is unknown; there are " +
                  getEmitKindNames());
  return kind;
}

/// Says for which CPU code is generated, and what it lacks.
static void announceTarget(Session &session) {
  if (isForGPU())
    return;
  auto target =
      session.getModule()->getAttrOfType<DictionaryAttr>(kCPUTargetAttrName);
  std::string system = target.getAs<StringAttr>("triple").str();
  if (getCPUName().empty() && !triple.empty())
    session.warning("compiling for a generic CPU of " + system +
                    "; name yours by --mcpu for faster code");
  else if (getCPUName().empty())
    session.note("compiling for this machine's CPU, " +
                 getCPUNames(session.getModule()) + " (--mcpu=native)");
}

/// The options structs that the command line describes.
static CompileOptions makeOptions() {
  CompileOptions options = getCommonOptions();
  options.cpu.symbolPrefix = symbolPrefix;
  options.cpu.strided = strided;
  options.llvm.debugInfo = debugInfo;
  options.target.triple = triple;
  if (options.target.cpu.empty())
    options.target.cpu = getDefaultCPU(options);
  return options;
}

/// Whether the combination of options means something; chooses what to write.
static std::optional<EmitKind> checkUsage(Session &session) {
  if (!checkTarget(session, {"cpu", "nvptx"}))
    return std::nullopt;
  if (outputFile.empty()) {
    session.error("-o OUT is missing");
    return std::nullopt;
  }
  if (!checkOutput(session, "-o", outputFile) ||
      !checkOutput(session, "--header", headerFile))
    return std::nullopt;
  std::optional<EmitKind> kind = chooseEmitKind(session);
  if (!kind)
    return std::nullopt;
  if (std::string conflict =
          findConflict(makeOptions(), *kind, !headerFile.empty());
      !conflict.empty()) {
    session.error(conflict);
    return std::nullopt;
  }
  if (!headerFile.empty() && areSameFile(outputFile, headerFile)) {
    session.error("-o and --header name the same file, '" + outputFile + "'");
    return std::nullopt;
  }
  return kind;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  keepOptions(category);
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "The norm-mlir compiler: a normalization graph in MLIR to an object "
          "file with a C interface\n\n"
          "  normc FILE -o kernels.o --header kernels.h --mcpu=x86-64-v4\n\n"
          "Exit status: 0 done, 1 the input was refused, 2 usage\n",
          &llvm::errs()))
    return kUsage;

  Session session("normc");
  std::optional<EmitKind> kind = checkUsage(session);
  if (!kind)
    return kUsage;
  if (!loadInput(session))
    return kRefused;
  CompileOptions options = makeOptions();
  if (failed(attachTarget(session.getModule(), options.target)))
    return kRefused;
  announceTarget(session);
  // The plan is no part of what goes to the standard output.
  llvm::raw_ostream &planStream =
      outputFile == "-" || headerFile == "-" ? llvm::errs() : llvm::outs();
  CompileObserver observer;
  observer.onPhase = session.getPhaseCallback();
  if (wantsPlan()) {
    observer.onKernel = [&](StringRef line) {
      session.clearProgress();
      planStream << line << '\n';
    };
    observer.onPlan = [&](Operation *op, Attribute plan) {
      observer.onKernel(describePlan(op, plan));
    };
  }
  SmallVector<char, 0> contents;
  if (failed(compile(session.getModule(), *kind, options, contents, observer)))
    return kRefused;

  OutputFiles files;
  if (!headerFile.empty()) {
    std::string header;
    llvm::raw_string_ostream os(header);
    printCHeader(session.getModule(), os);
    files.add(headerFile, header);
  }
  files.add(outputFile, StringRef(contents.data(), contents.size()),
            *kind == EmitKind::Shared);
  if (llvm::Error error = files.commit()) {
    session.error(llvm::toString(std::move(error)));
    return kRefused;
  }
  return kDone;
}
