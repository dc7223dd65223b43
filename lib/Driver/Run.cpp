//===- Run.cpp - A function of a file, run, verified and timed ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Run.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "norm/Driver/Frontend.h"
#include "norm/Driver/Kernel.h"
#include <chrono>

using namespace mlir;
using namespace mlir::norm;

bool RunReport::passed() const {
  return overrun.empty() &&
         llvm::all_of(checks, [](const auto &check) { return check.passed; });
}

/// Makes every other function private, so that none of them is compiled.
static void keepOnly(ModuleOp module, StringRef name) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.getName() != name)
      function.setPrivate();
}

/// Records the sizes of arguments and results that the compiler finds, as
/// norm-record-signature does, but of types that C lacks, too.
static LogicalResult recordSizes(func::FuncOp function) {
  FailureOr<SizeAnalysis> sizes = SizeAnalysis::compute(function);
  if (failed(sizes))
    return failure();
  auto get = [&](Value value) {
    std::optional<AffineMap> map = isa<RankedTensorType>(value.getType())
                                       ? sizes->getSizes(value)
                                       : std::nullopt;
    return map ? AffineMapAttr::get(*map) : AffineMapAttr();
  };
  for (BlockArgument argument : function.getArguments())
    if (AffineMapAttr map = get(argument))
      function.setArgAttr(argument.getArgNumber(), kSizesAttrName, map);
  Operation *terminator = function.getBody().back().getTerminator();
  for (auto [i, value] : llvm::enumerate(terminator->getOperands()))
    if (AffineMapAttr map = get(value))
      function.setResultAttr(i, kSizesAttrName, map);
  return success();
}

/// Arguments of `name` in `module`. The sizes that must be equal are those that
/// the compiler finds.
static FailureOr<SmallVector<InterpValue>>
chooseArguments(ModuleOp module, StringRef name,
                const ArgumentOptions &options) {
  OwningOpRef<ModuleOp> copy = module.clone();
  PassManager pm(module.getContext());
  pm.addPass(createInlinerPass());
  pm.addNestedPass<func::FuncOp>(createGuardElements());
  if (failed(pm.run(*copy)))
    return failure();
  auto function = copy->lookupSymbol<func::FuncOp>(name);
  if (failed(recordSizes(function)))
    return failure();
  return makeArguments(function, options);
}

/// The median of the time of a call. The clock, of this machine or of the GPU,
/// is read around so many calls that reading it does not count.
static FailureOr<Timing> measure(KernelCall &call, bool onDevice) {
  using Clock = std::chrono::steady_clock;
  constexpr double kSecondsARound = 2e-3;
  constexpr unsigned kRounds = 31;
  auto timeCalls = [&](int64_t count) -> FailureOr<double> {
    if (onDevice)
      return call.timeOnDevice(count);
    Clock::time_point begin = Clock::now();
    for (int64_t i = 0; i < count; ++i)
      call.run();
    return std::chrono::duration<double>(Clock::now() - begin).count() /
           static_cast<double>(count);
  };
  constexpr int64_t kMostCalls = int64_t(1) << 24;
  int64_t count = 1;
  while (count < kMostCalls) {
    FailureOr<double> seconds = timeCalls(count);
    if (failed(seconds))
      return failure();
    if (*seconds * static_cast<double>(count) >= kSecondsARound)
      break;
    count *= 2;
  }
  std::vector<double> times;
  for (unsigned round = 0; round < kRounds; ++round) {
    FailureOr<double> seconds = timeCalls(count);
    if (failed(seconds))
      return failure();
    times.push_back(*seconds);
  }
  llvm::sort(times);
  Timing timing;
  timing.medianSeconds = times[kRounds / 2];
  timing.bytesPerSecond =
      static_cast<double>(call.getBytes()) / timing.medianSeconds;
  return timing;
}

/// Says what is being done from now on.
static void begin(const RunOptions &options, StringRef phase) {
  if (options.onPhase)
    options.onPhase(phase);
}

/// Compiles and calls the function; fills in the report.
static LogicalResult runCompiled(func::FuncOp function,
                                 const RunOptions &options, RunReport &report) {
  auto module = function->getParentOfType<ModuleOp>();
  OwningOpRef<ModuleOp> copy = module.clone();
  keepOnly(*copy, report.function);
  if (failed(attachTarget(*copy, options.compile.target)))
    return failure();
  report.cpu = getCPUNames(*copy);
  CompileObserver observer;
  observer.onPhase = options.onPhase;
  observer.onPlan = [&](Operation *op, Attribute plan) {
    report.plan.push_back(describePlan(op, plan));
  };
  if (options.plan)
    observer.onKernel = [&](StringRef line) {
      report.plan.push_back(line.str());
    };
  auto kernel =
      Kernel::compile(*copy, report.function, options.compile, observer);
  if (failed(kernel))
    return failure();
  begin(options, "packing weights");
  auto call = KernelCall::prepare(**kernel, module.getContext(),
                                  report.arguments, options.device);
  if (failed(call))
    return failure();
  begin(options, "running");
  if (int32_t status = (*call)->run())
    return emitError(UnknownLoc::get(module.getContext()))
           << "the kernel refuses its arguments: "
           << (*call)->describeStatus(status);
  report.results = (*call)->getResults(function.getResultTypes());
  report.overrun = (*call)->findOverrun();
  report.objectBytes = static_cast<int64_t>((*kernel)->getObjectSize());
  report.workspaceBytes = (*call)->getWorkspaceBytes();
  begin(options, "measuring");
  if (!options.bench)
    return success();
  FailureOr<Timing> timing = measure(**call, options.device != nullptr);
  if (failed(timing))
    return failure();
  report.timing = *timing;
  return success();
}

/// Compares the results with the interpreter's.
static LogicalResult verify(func::FuncOp function, const RunOptions &options,
                            RunReport &report) {
  begin(options, "interpreting");
  FailureOr<Reference> reference =
      interpretWithBounds(function, report.arguments);
  if (failed(reference))
    return failure();
  for (auto [i, expected] : llvm::enumerate(reference->results)) {
    const ErrorBound &bound = reference->bounds[i];
    Comparison comparison =
        compare(expected, bound, report.results[i], options.slack);
    ResultCheck check;
    check.passed = comparison.passed();
    check.maxError = comparison.maxError;
    check.maxRatio = comparison.maxRatio;
    check.numLoose = comparison.numLoose;
    check.looseness = describeLooseness(comparison, expected);
    if (!check.passed)
      check.description = describe(comparison, expected, bound,
                                   report.results[i], options.slack);
    report.checks.push_back(std::move(check));
  }
  return success();
}

FailureOr<RunReport> mlir::norm::run(ModuleOp module,
                                     const RunOptions &options) {
  FailureOr<func::FuncOp> function = selectFunction(module, options.entry);
  if (failed(function))
    return failure();
  RunReport report;
  report.function = function->getName().str();
  for (unsigned i = 0, e = function->getNumArguments(); i < e; ++i)
    report.argumentNames.push_back(getArgumentName(*function, i));
  for (unsigned i = 0, e = function->getNumResults(); i < e; ++i)
    report.resultNames.push_back(getResultName(*function, i));

  begin(options, "choosing arguments");
  auto arguments = chooseArguments(module, report.function, options.arguments);
  if (failed(arguments))
    return failure();
  report.arguments = std::move(*arguments);
  if (options.interpret) {
    begin(options, "interpreting");
    auto results = interpret(*function, report.arguments);
    if (failed(results))
      return failure();
    report.results = std::move(*results);
    return report;
  }
  if (failed(runCompiled(*function, options, report)) ||
      (options.verify && failed(verify(*function, options, report))))
    return failure();
  return report;
}
