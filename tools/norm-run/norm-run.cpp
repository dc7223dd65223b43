//===- norm-run.cpp - Run, verify and time a normalization graph ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommonOptions.h"
#include "Report.h"
#include "norm/Driver/OutputFiles.h"
#include "norm/Driver/Run.h"
#include "norm/Driver/Session.h"
#include "norm/Driver/Usage.h"
#include "norm/GPU/Target.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;
namespace cl = llvm::cl;

/// Exit statuses.
enum { kDone = 0, kRefused = 1, kUsage = 2, kMismatch = 3, kNoDevice = 4 };

static cl::OptionCategory category("norm-run options");

static cl::opt<std::string>
    entry("entry", cl::desc("The function to run, if there are several"),
          cl::value_desc("F"), cl::cat(category));
static cl::list<std::string>
    files("arg",
          cl::desc("Read argument I, a position or a name, from a .npy file"),
          cl::value_desc("I=FILE"), cl::cat(category));
static cl::list<std::string>
    sizes("size",
          cl::desc("The size of a dynamic dim by its name in C: --size x_d0=7 "
                   "for dim 0 of x. All others are 128"),
          cl::value_desc("d=N"), cl::cat(category));
static cl::opt<uint64_t> seed("seed",
                              cl::desc("Choose other random arguments (1)"),
                              cl::value_desc("N"), cl::init(1),
                              cl::cat(category));
static cl::list<std::string>
    outputs("out", cl::desc("Write result I, a position or a name, as .npy"),
            cl::value_desc("I=FILE"), cl::cat(category));
static cl::opt<bool>
    interpretOnly("interpret",
                  cl::desc("Run the reference interpreter; compile nothing"),
                  cl::cat(category));
static cl::opt<bool>
    verify("verify",
           cl::desc("Compare with the reference interpreter; exit status 3 if "
                    "an element is further off than the table of docs/ admits"),
           cl::cat(category));
static cl::opt<double>
    slack("slack",
          cl::desc("With --verify: multiply the admissible errors by X (1)"),
          cl::value_desc("X"), cl::init(1), cl::cat(category));
static cl::opt<bool> bench("bench",
                           cl::desc("Measure the median time of a call"),
                           cl::cat(category));
static cl::opt<bool> json("json", cl::desc("Report as JSON on stdout"),
                          cl::cat(category));

/// Splits the values of an option at their first '='.
static bool
splitPairs(Session &session, const cl::list<std::string> &values,
           std::vector<std::pair<std::string, std::string>> &pairs) {
  for (StringRef value : values) {
    auto [name, rest] = value.split('=');
    if (name.empty() || rest.empty()) {
      session.error("--" + values.ArgStr + " takes " + values.ValueStr +
                    ", not '" + value + "'");
      return false;
    }
    pairs.emplace_back(name, rest);
  }
  return true;
}

/// Reads the pairs of --size.
static bool readSizes(Session &session, ArgumentOptions &options) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (!splitPairs(session, sizes, pairs))
    return false;
  for (const auto &[name, text] : pairs) {
    int64_t size;
    if (StringRef(text).getAsInteger(10, size) || size < 0) {
      session.error("--size " + name + ": '" + text + "' is no size");
      return false;
    }
    options.sizes.emplace_back(name, size);
  }
  return true;
}

/// Whether results go to different files, of which none is read.
static bool
checkOutputs(Session &session,
             ArrayRef<std::pair<std::string, std::string>> outputFiles) {
  for (auto [i, output] : llvm::enumerate(outputFiles)) {
    if (!checkOutput(session, "--out", output.second))
      return false;
    for (const auto &other : outputFiles.take_front(i))
      if (areSameFile(output.second, other.second)) {
        session.error("--out " + other.first + " and --out " + output.first +
                      " name the same file, '" + output.second + "'");
        return false;
      }
  }
  return true;
}

/// Whether the combination of options means something.
static bool checkUsage(Session &session) {
  if (!checkTarget(session, {"cpu", "gpu", "gpu-emulated"}))
    return false;
  CompileOptions options = getCommonOptions();
  if (options.cpu.threads == "openmp") {
    session.error(
        "--threads=openmp is for programs with OpenMP; there is pool");
    return false;
  }
  if (std::string conflict = findConflict(options); !conflict.empty()) {
    session.error(conflict);
    return false;
  }
  if (!(slack > 0) || std::isinf(slack.getValue())) {
    session.error("--slack takes a number above 0");
    return false;
  }
  if (bench && options.gpu.device == Device::Emulated) {
    session.error("--bench: the time that the emulation of a GPU takes means "
                  "nothing");
    return false;
  }
  if (interpretOnly && (verify || bench)) {
    session.error("--interpret compiles nothing that could be verified or "
                  "timed");
    return false;
  }
  return true;
}

/// The GPU of --target=gpu; null, after a diagnostic, if there is none.
static std::unique_ptr<CudaDevice> openDevice(Session &session) {
  std::string why;
  std::unique_ptr<CudaDevice> device = CudaDevice::open(why);
  if (!device) {
    session.error("--target=gpu: " + why);
    return nullptr;
  }
  if (device->getComputeCapability() < kOldestGPU) {
    session.error("--target=gpu: kernels are for sm_" + Twine(kOldestGPU) +
                  " and newer GPUs; '" + device->getName() + "' is sm_" +
                  Twine(device->getComputeCapability()));
    return nullptr;
  }
  return device;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  keepOptions(category);
  if (!cl::ParseCommandLineOptions(
          argc, argv,
          "Runs, verifies and times a normalization graph on this machine\n\n"
          "  norm-run FILE --size x_d0=512 --verify --bench\n\n"
          "Arguments that are not read from files are random. Exit status: 0 "
          "done, 1 the\ninput was refused, 2 usage, 3 the results are wrong, 4 "
          "there is no GPU for\n--target=gpu\n",
          &llvm::errs()))
    return kUsage;

  Session session("norm-run");
  RunOptions options;
  std::vector<std::pair<std::string, std::string>> outputFiles;
  if (!checkUsage(session) ||
      !splitPairs(session, files, options.arguments.files) ||
      !readSizes(session, options.arguments) ||
      !splitPairs(session, outputs, outputFiles) ||
      !checkOutputs(session, outputFiles))
    return kUsage;
  options.entry = entry;
  options.arguments.random.seed = seed;
  options.compile = getCommonOptions();
  if (options.compile.target.cpu.empty())
    options.compile.target.cpu = "native";
  options.interpret = interpretOnly;
  options.verify = verify;
  options.slack = slack;
  options.bench = bench;
  options.plan = wantsPlan();
  options.onPhase = session.getPhaseCallback();
  std::unique_ptr<CudaDevice> device;
  if (options.compile.gpu.device == Device::CUDA && !interpretOnly) {
    device = openDevice(session);
    if (!device)
      return kNoDevice;
    options.device = device.get();
    if (options.compile.gpu.arch.empty())
      options.compile.gpu.arch = chooseGPUArch(device->getComputeCapability());
  }

  std::vector<ResultFile> resultFiles;
  if (!loadInput(session) ||
      !findResults(session, entry, outputFiles, resultFiles))
    return kRefused;
  FailureOr<RunReport> report = run(session.getModule(), options);
  if (failed(report) || !writeResults(session, *report, resultFiles))
    return kRefused;
  session.finishProgress();
  if (json)
    printJSON(*report, llvm::outs());
  else
    printText(*report, wantsPlan(), llvm::outs());
  warnOfLooseness(session, *report);
  if (!report->passed()) {
    printMismatch(session, *report);
    return kMismatch;
  }
  return kDone;
}
