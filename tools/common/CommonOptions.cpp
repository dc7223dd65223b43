//===- CommonOptions.cpp - Options of normc and norm-run ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommonOptions.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::norm;
namespace cl = llvm::cl;

static cl::OptionCategory category("Compilation options");

static cl::opt<std::string> inputFile(cl::Positional, cl::Required,
                                      cl::desc("FILE"), cl::cat(category));
static cl::opt<std::string>
    targetName("target",
               cl::desc("The machine that kernels are for: cpu (default)"),
               cl::value_desc("NAME"), cl::init("cpu"), cl::cat(category));
static cl::opt<std::string> cpuName(
    "mcpu",
    cl::desc("The CPU to compile for: a name that LLVM knows, or native, which "
             "is the default where kernels are for this system"),
    cl::value_desc("CPU"), cl::cat(category));
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
}

bool mlir::norm::checkTarget(Session &session, StringRef noGPU) {
  if (targetName == "cpu")
    return true;
  if (llvm::is_contained({"nvptx", "gpu", "gpu-emulated"}, targetName))
    session.error("--target=" + targetName + ": " + noGPU);
  else
    session.error("--target=" + targetName + " is unknown; there is cpu");
  return false;
}

bool mlir::norm::loadInput(Session &session) {
  if (remarks)
    session.showRemarks();
  return session.load(inputFile) &&
         (weightsFile.empty() || session.bindWeights(weightsFile));
}

StringRef mlir::norm::getCPUName() { return cpuName; }

bool mlir::norm::wantsPlan() { return printPlan; }

CompileOptions mlir::norm::getCommonOptions(StringRef defaultCPU) {
  CompileOptions options;
  options.graph.rounding = rounding;
  options.target.cpu = cpuName.empty() ? defaultCPU.str() : cpuName;
  options.target.features = features;
  options.timing = timing;
  return options;
}
