//===- CommonOptions.cpp - Options of normc and norm-run ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommonOptions.h"

#include "norm/Driver/OutputFiles.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::norm;
namespace cl = llvm::cl;

static cl::OptionCategory category("Compilation options");

static cl::opt<std::string> inputFile(cl::Positional, cl::Required,
                                      cl::desc("FILE"), cl::cat(category));
static cl::opt<std::string>
    targetName("target",
               cl::desc("The machine that kernels are for: cpu (default), or "
                        "nvptx, a GPU of NVIDIA, of normc; norm-run runs these "
                        "on the first GPU of this machine, gpu, or without "
                        "one, gpu-emulated"),
               cl::value_desc("NAME"), cl::init("cpu"), cl::cat(category));
static cl::opt<std::string>
    gpuArch("gpu-arch",
            cl::desc("The GPU to compile for: sm_80 (default), sm_90, sm_100 "
                     "and others that LLVM knows; several for a fatbin"),
            cl::value_desc("ARCH[,ARCH...]"), cl::cat(category));
static cl::opt<std::string> cpuName(
    "mcpu",
    cl::desc("The CPU to compile for: a name that LLVM knows, or native, which "
             "is the default where kernels are for this system. Of several, "
             "the best that a machine supports is chosen at run time"),
    cl::value_desc("CPU[,CPU...]"), cl::cat(category));
static cl::opt<std::string>
    features("mattr", cl::desc("CPU features to add or take away"),
             cl::value_desc("+a,-b"), cl::cat(category));
static cl::opt<std::string> weightsFile(
    "weights",
    cl::desc("Take arguments that have a norm.weight from a .npz or "
             ".safetensors file, as constants"),
    cl::value_desc("FILE"), cl::cat(category));
static cl::opt<Rounding>
    rounding("rounding",
             cl::desc("Where values are rounded to their storage type"),
             cl::init(Rounding::Excess),
             cl::values(clEnumValN(Rounding::Excess, "excess",
                                   "only where they are stored (default)"),
                        clEnumValN(Rounding::Storage, "storage",
                                   "after every op, as frameworks do")),
             cl::cat(category));
static cl::opt<Accuracy> accuracy(
    "accuracy", cl::desc("What may be done to constant weights"),
    cl::init(Accuracy::Exact),
    cl::values(clEnumValN(Accuracy::Exact, "exact",
                          "what keeps results as exact (default)"),
               clEnumValN(Accuracy::Relaxed, "relaxed",
                          "also what rounds them anew, or loses digits where "
                          "means are large")),
    cl::cat(category));
static cl::opt<bool>
    raiseOps("raise",
             cl::desc("Recognise norms, linear layers and activations that are "
                      "written in linalg, arith and math (default)"),
             cl::init(true), cl::cat(category));
static cl::opt<unsigned> rowBlock(
    "row-block",
    cl::desc("The most rows that go through linear layers and norms next to "
             "them together (as many as caches hold); no bit depends on it"),
    cl::value_desc("N"), cl::cat(category));
static cl::opt<bool>
    printPlan("print-plan",
              cl::desc("Print how each fused op is compiled, a line an op"),
              cl::cat(category));
static cl::opt<bool>
    remarks("remarks", cl::desc("Say what was fused, and what was not and why"),
            cl::cat(category));
static cl::opt<bool> timing("timing",
                            cl::desc("Report on stderr what takes how long"),
                            cl::cat(category));

/// The option --threads. LLVM's libraries have one of that name: ours may be
/// there when theirs is gone.
static StringRef getThreads() {
  static cl::opt<std::string> threads(
      "threads",
      cl::desc("Let kernels use threads by themselves: pool (of their own, "
               "default), or openmp (the program's)"),
      cl::value_desc("KIND"), cl::ValueOptional, cl::cat(category));
  if (threads.getNumOccurrences() > 0 && threads.empty())
    return "pool";
  return threads.getValue();
}

void mlir::norm::keepOptions(cl::OptionCategory &toolCategory) {
  auto isKept = [&](cl::Option *option) {
    // --help and its like are in a category that only has a name.
    return llvm::any_of(option->Categories, [&](cl::OptionCategory *other) {
      return other == &category || other == &toolCategory ||
             other->getName() == "Generic Options";
    });
  };
  llvm::SetVector<cl::Option *> others;
  for (auto &entry : cl::getRegisteredOptions())
    if (!isKept(entry.second))
      others.insert(entry.second);
  for (cl::Option *option : others)
    option->removeArgument();
  (void)getThreads();
}

bool mlir::norm::checkTarget(Session &session, ArrayRef<StringRef> targets) {
  if (!llvm::is_contained(targets, StringRef(targetName))) {
    session.error("--target=" + targetName + " is unknown; there are " +
                  llvm::join(targets, ", "));
    return false;
  }
  return true;
}

bool mlir::norm::isForGPU() { return targetName != "cpu"; }

bool mlir::norm::checkOutput(Session &session, StringRef option,
                             StringRef filename) {
  for (StringRef input : {StringRef(inputFile), StringRef(weightsFile)})
    if (!input.empty() && !filename.empty() && areSameFile(input, filename)) {
      session.error(option + " names '" + filename + "', which is read");
      return false;
    }
  return true;
}

bool mlir::norm::loadInput(Session &session) {
  if (remarks)
    session.showRemarks();
  return session.load(inputFile) &&
         (weightsFile.empty() || session.bindWeights(weightsFile));
}

StringRef mlir::norm::getCPUName() { return cpuName; }

bool mlir::norm::wantsPlan() { return printPlan; }

CompileOptions mlir::norm::getCommonOptions() {
  CompileOptions options;
  options.graph.rounding = rounding;
  options.graph.accuracy = accuracy;
  options.graph.raise = raiseOps;
  options.target.cpu = cpuName;
  options.target.features = features;
  options.cpu.threads = getThreads().str();
  options.cpu.rowBlock = rowBlock;
  options.timing = timing;
  options.gpu.arch = gpuArch;
  if (targetName == "gpu-emulated")
    options.gpu.device = Device::Emulated;
  else if (targetName != "cpu")
    options.gpu.device = Device::CUDA;
  return options;
}
