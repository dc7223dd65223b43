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
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

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
        "asm, obj, lib (static archive), shared, ptx (of --target=nvptx). By "
        "default what the extension of OUT says: .mlir .ll .s .o .a .so "
        ".ptx"),
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
  else if (getCPUName().empty() || getCPUName() == "native")
    session.note("compiling for this machine's CPU, " +
                 getCPUNames(session.getModule()) + " (--mcpu=native)");
}

/// The options structs that the command line describes.
static CompileOptions makeOptions() {
  // What runs on the host launches kernels and no more.
  CompileOptions options = getCommonOptions(
      isForGPU() ? "" : (triple.empty() ? "native" : "generic"));
  options.cpu.symbolPrefix = symbolPrefix;
  options.cpu.strided = strided;
  options.llvm.debugInfo = debugInfo;
  options.target.triple = triple;
  return options;
}

/// Whether C functions may have names that begin with `prefix`.
static bool isNamePrefix(StringRef prefix) {
  return llvm::all_of(prefix,
                      [](char c) { return c == '_' || llvm::isAlnum(c); }) &&
         (prefix.empty() || !llvm::isDigit(prefix.front()));
}

/// Whether the host's linker makes libraries for --mtriple.
static bool isLinkedHere() {
  llvm::Triple wanted(llvm::Triple::normalize(triple));
  llvm::Triple host(llvm::sys::getProcessTriple());
  return triple.empty() ||
         (wanted.getArch() == host.getArch() && wanted.getOS() == host.getOS());
}

/// Whether the options go together with a GPU, or without.
static bool checkGPU(Session &session, EmitKind kind) {
  if (!isForGPU()) {
    if (kind == EmitKind::PTX)
      session.error("PTX is for a GPU: --target=nvptx");
    return kind != EmitKind::PTX;
  }
  if (kind == EmitKind::Assembly)
    session.error("--target=nvptx: the assembly of a GPU is PTX, --emit=ptx");
  else if (strided)
    session.error("--strided is for kernels on CPUs");
  else if (getCPUName().contains(','))
    session.error("--mcpu=" + getCPUName() +
                  ": what launches kernels is for one CPU");
  else if (!headerFile.empty() &&
           (kind == EmitKind::PTX || kind == EmitKind::LLVM))
    session.error("--header: kernels alone have no C functions; write an "
                  "object, .o");
  else
    return true;
  return false;
}

/// Whether the combination of options means something; chooses what to write.
static std::optional<EmitKind> checkUsage(Session &session) {
  if (!checkTarget(session, {"cpu", "nvptx"}) ||
      !checkThreads(session, /*withOpenMP=*/true))
    return std::nullopt;
  if (outputFile.empty()) {
    session.error("-o OUT is missing");
    return std::nullopt;
  }
  if (!checkOutput(session, "-o", outputFile) ||
      !checkOutput(session, "--header", headerFile))
    return std::nullopt;
  if (!isNamePrefix(symbolPrefix)) {
    session.error("--symbol-prefix: no name in C begins with '" + symbolPrefix +
                  "'");
    return std::nullopt;
  }
  std::optional<EmitKind> kind = chooseEmitKind(session);
  if (kind && !checkGPU(session, *kind))
    return std::nullopt;
  bool isMLIR =
      kind && (*kind == EmitKind::MLIR || *kind == EmitKind::VectorMLIR);
  if (isMLIR && getCPUName().contains(',')) {
    session.error("--mcpu=" + getCPUName() +
                  ": MLIR is for one CPU, several are for machine code");
    return std::nullopt;
  }
  if (kind == EmitKind::Shared && !isLinkedHere()) {
    session.error("this machine links no shared library for '" + triple +
                  "'; write an object, .o");
    return std::nullopt;
  }
  if (!kind || headerFile.empty())
    return kind;
  if (*kind == EmitKind::MLIR) {
    session.error("--header: a graph has no C functions");
    return std::nullopt;
  }
  if (areSameFile(outputFile, headerFile)) {
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
  if (wantsPlan())
    observer.onPlan = [&](Operation *op, Attribute plan) {
      session.clearProgress();
      planStream << describePlan(op, plan) << '\n';
    };
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
