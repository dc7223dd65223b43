//===- Options.cpp - Options by their names, for C ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"
#include <optional>

using llvm::StringRef;
using namespace mlir::norm;

NormOptions *normOptionsCreate() { return new NormOptions; }

void normOptionsDestroy(NormOptions *options) { delete options; }

NormResult normOptionsOnDiagnostic(NormOptions *options,
                                   NormDiagnosticCallback callback,
                                   void *context) {
  if (!options)
    return NORM_COMPILE_USAGE;
  options->callback = callback;
  options->context = context;
  return NORM_COMPILE_OK;
}

namespace {
/// Sets an option; returns what values it takes if it does not take this one.
using Setter = std::string (*)(NormOptions &options, StringRef value);
} // namespace

/// A setter of the string `member` of the compile options.
template <auto part, auto member>
static std::string setString(NormOptions &options, StringRef value) {
  options.compile.*part.*member = value.str();
  return "";
}

/// Reads a switch into `flag`.
static std::string setFlag(bool &flag, StringRef value) {
  auto on = llvm::StringSwitch<std::optional<bool>>(value)
                .Cases({"", "true"}, true)
                .Case("false", false)
                .Default(std::nullopt);
  if (!on)
    return "true and false";
  flag = *on;
  return "";
}

static std::string setTarget(NormOptions &options, StringRef value) {
  if (value != "cpu" && value != "nvptx")
    return "cpu and nvptx";
  options.compile.gpu.device = value == "cpu" ? Device::CPU : Device::CUDA;
  return "";
}

static std::string setRounding(NormOptions &options, StringRef value) {
  if (value != "excess" && value != "storage")
    return "excess and storage";
  options.compile.graph.rounding =
      value == "excess" ? Rounding::Excess : Rounding::Storage;
  return "";
}

static std::string setAccuracy(NormOptions &options, StringRef value) {
  if (value != "exact" && value != "relaxed")
    return "exact and relaxed";
  options.compile.graph.accuracy =
      value == "exact" ? Accuracy::Exact : Accuracy::Relaxed;
  return "";
}

static std::string setRowBlock(NormOptions &options, StringRef value) {
  unsigned rows = 0;
  if (!value.empty() && value.getAsInteger(10, rows))
    return "numbers of rows";
  options.compile.cpu.rowBlock = rows;
  return "";
}

/// The setter of the option `name`; null if there is none.
static Setter findSetter(StringRef name) {
  using CO = CompileOptions;
  return llvm::StringSwitch<Setter>(name)
      .Case("target", setTarget)
      .Case("gpu-arch", setString<&CO::gpu, &GPUOptions::arch>)
      .Case("mcpu", setString<&CO::target, &TargetOptions::cpu>)
      .Case("mattr", setString<&CO::target, &TargetOptions::features>)
      .Case("mtriple", setString<&CO::target, &TargetOptions::triple>)
      .Case("rounding", setRounding)
      .Case("accuracy", setAccuracy)
      .Case("raise",
            [](NormOptions &options, StringRef value) {
              return setFlag(options.compile.graph.raise, value);
            })
      .Case("threads", setString<&CO::cpu, &CPUOptions::threads>)
      .Case("row-block", setRowBlock)
      .Case("symbol-prefix", setString<&CO::cpu, &CPUOptions::symbolPrefix>)
      .Case("weights",
            [](NormOptions &options, StringRef value) -> std::string {
              options.weights = value.str();
              return "";
            })
      .Case("name",
            [](NormOptions &options, StringRef value) -> std::string {
              options.name = value.empty() ? kDefaultName : value.str();
              return "";
            })
      .Case("strided",
            [](NormOptions &options, StringRef value) {
              return setFlag(options.compile.cpu.strided, value);
            })
      .Case("g",
            [](NormOptions &options, StringRef value) {
              return setFlag(options.compile.llvm.debugInfo, value);
            })
      .Case("remarks",
            [](NormOptions &options, StringRef value) {
              return setFlag(options.remarks, value);
            })
      .Default(nullptr);
}

NormResult normOptionsSet(NormOptions *options, const char *name,
                          const char *value) {
  if (!options)
    return NORM_COMPILE_USAGE;
  if (!name || !value)
    return options->reportUsage(
        "normOptionsSet: the name or the value is a null pointer");
  Setter set = findSetter(name);
  if (!set)
    return options->reportUsage(std::string("there is no option '") + name +
                                "'");
  std::string choices = set(*options, value);
  if (!choices.empty())
    return options->reportUsage(std::string("--") + name + "=" + value +
                                " is unknown; there are " + choices);
  return NORM_COMPILE_OK;
}
