//===- Compile.cpp - A module to a file's contents ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Compile.h"

#include "Link.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Driver/CodeGen.h"
#include "norm/Driver/Pipelines.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::norm;

std::optional<EmitKind> mlir::norm::getEmitKind(StringRef filename) {
  return llvm::StringSwitch<std::optional<EmitKind>>(
             llvm::sys::path::extension(filename))
      .Case(".mlir", EmitKind::MLIR)
      .Case(".ll", EmitKind::LLVM)
      .Case(".s", EmitKind::Assembly)
      .Case(".o", EmitKind::Object)
      .Case(".a", EmitKind::Library)
      .Case(".so", EmitKind::Shared)
      .Default(std::nullopt);
}

/// The names that --emit takes.
static constexpr std::pair<StringLiteral, EmitKind> kEmitKinds[] = {
    {"mlir", EmitKind::MLIR},     {"mlir-vector", EmitKind::VectorMLIR},
    {"llvm", EmitKind::LLVM},     {"asm", EmitKind::Assembly},
    {"obj", EmitKind::Object},    {"lib", EmitKind::Library},
    {"shared", EmitKind::Shared},
};

std::optional<EmitKind> mlir::norm::parseEmitKind(StringRef name) {
  for (auto [kindName, kind] : kEmitKinds)
    if (name == kindName)
      return kind;
  return std::nullopt;
}

std::string mlir::norm::getEmitKindNames() {
  return llvm::join(llvm::make_first_range(kEmitKinds), ", ");
}

std::string mlir::norm::describePlan(Operation *op, Attribute plan) {
  std::string line;
  llvm::raw_string_ostream os(line);
  // Where a fused op came from is a list of places; the first says enough.
  Location loc = op->getLoc();
  while (auto fused = dyn_cast<FusedLoc>(loc))
    loc = fused.getLocations().front();
  os << loc << ": " << op->getName().getStringRef() << ": ";
  if (auto text = dyn_cast<StringAttr>(plan)) {
    os << text.getValue();
    return line;
  }
  if (auto entries = dyn_cast<DictionaryAttr>(plan)) {
    llvm::interleave(
        entries, os,
        [&](NamedAttribute entry) {
          os << entry.getName().getValue() << '=';
          if (auto text = dyn_cast<StringAttr>(entry.getValue()))
            os << text.getValue();
          else
            entry.getValue().print(os, /*elideType=*/true);
        },
        " ");
    return line;
  }
  plan.print(os, /*elideType=*/true);
  return line;
}

LogicalResult mlir::norm::attachTarget(ModuleOp module,
                                       const TargetOptions &options) {
  std::string error;
  FailureOr<DictionaryAttr> attribute =
      makeCPUTargetAttr(module.getContext(), options.triple, options.cpu,
                        options.features, error);
  if (failed(attribute))
    return emitError(UnknownLoc::get(module.getContext()), error);
  module->setAttr(kCPUTargetAttrName, *attribute);
  return success();
}

namespace {

/// Names the pass that runs, and reads the plans between the pass that makes
/// them and the one that carries them out.
class Observer : public PassInstrumentation {
public:
  explicit Observer(const CompileObserver &observer) : observer(observer) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    if (observer.onPhase && !pass->getArgument().empty())
      observer.onPhase(pass->getArgument());
  }

  void runAfterPass(Pass *pass, Operation *op) override {
    if (observer.onPlan && pass->getArgument() == "norm-plan-rows")
      op->walk([&](Operation *nested) {
        if (Attribute plan = nested->getAttr(kPlanAttrName))
          observer.onPlan(nested, plan);
      });
  }

private:
  const CompileObserver &observer;
};

} // namespace

/// Appends the text of `module`.
static void print(ModuleOp module, SmallVectorImpl<char> &output) {
  llvm::raw_svector_ostream os(output);
  module.print(os);
  os << '\n';
}

/// Appends what LLVM makes of a module in its dialect.
static LogicalResult emitThroughLLVM(ModuleOp module, EmitKind kind,
                                     TimingScope &timing,
                                     const CompileObserver &observer,
                                     SmallVectorImpl<char> &output) {
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(module);
  if (!machine)
    return failure();
  auto begin = [&](StringRef phase) {
    if (observer.onPhase)
      observer.onPhase(phase);
  };
  begin("LLVM IR");
  TimingScope optimizing = timing.nest("LLVM IR");
  FailureOr<LLVMModule> llvmModule = translateAndOptimize(module, *machine);
  if (failed(llvmModule))
    return failure();
  optimizing.stop();
  if (kind == EmitKind::LLVM) {
    llvm::raw_svector_ostream os(output);
    llvmModule->module->print(os, nullptr);
    return success();
  }
  begin("machine code");
  TimingScope emitting = timing.nest("Machine code");
  SmallVector<char, 0> object;
  bool isAssembly = kind == EmitKind::Assembly;
  if (failed(emitMachineCode(*llvmModule->module, *machine,
                             isAssembly ? llvm::CodeGenFileType::AssemblyFile
                                        : llvm::CodeGenFileType::ObjectFile,
                             object)))
    return module.emitError("LLVM emits no such file for ")
           << machine->getTargetTriple().str();
  emitting.stop();
  StringRef contents(object.data(), object.size());
  llvm::Error error = llvm::Error::success();
  if (kind == EmitKind::Shared)
    begin("linking");
  if (kind == EmitKind::Library)
    error = makeArchive(contents, output);
  else if (kind == EmitKind::Shared)
    error = makeSharedLibrary(contents, output);
  else
    llvm::append_range(output, contents);
  if (error)
    return emitError(UnknownLoc::get(module.getContext()),
                     llvm::toString(std::move(error)));
  return success();
}

LogicalResult mlir::norm::compile(ModuleOp module, EmitKind kind,
                                  const CompileOptions &options,
                                  SmallVectorImpl<char> &output,
                                  const CompileObserver &observer) {
  DefaultTimingManager timingManager;
  timingManager.setEnabled(options.timing);
  TimingScope timing = timingManager.getRootScope();

  TimingScope passes = timing.nest("Passes");
  PassManager pm(module.getContext());
  pm.enableTiming(passes);
  pm.addInstrumentation(std::make_unique<Observer>(observer));
  buildGraphPipeline(pm, options.graph);
  if (kind != EmitKind::MLIR)
    buildCPUPipeline(pm, options.cpu);
  if (kind != EmitKind::MLIR && kind != EmitKind::VectorMLIR)
    buildLLVMPipeline(pm, options.llvm);
  if (failed(pm.run(module)))
    return failure();
  passes.stop();
  if (kind == EmitKind::MLIR || kind == EmitKind::VectorMLIR) {
    print(module, output);
    return success();
  }
  return emitThroughLLVM(module, kind, timing, observer, output);
}
