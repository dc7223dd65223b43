//===- Compile.cpp - A module to a file's contents ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Compile.h"

#include "CPUVersions.h"
#include "CompileDetail.h"
#include "ExternalSymbols.h"
#include "Link.h"
#include "LinkRuntime.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "norm/CPU/CInterface.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
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
      .Case(".ptx", EmitKind::PTX)
      .Case(".cubin", EmitKind::Cubin)
      .Case(".fatbin", EmitKind::FatBinary)
      .Default(std::nullopt);
}

/// The names that --emit takes.
static constexpr std::pair<StringLiteral, EmitKind> kEmitKinds[] = {
    {"mlir", EmitKind::MLIR},     {"mlir-vector", EmitKind::VectorMLIR},
    {"llvm", EmitKind::LLVM},     {"asm", EmitKind::Assembly},
    {"obj", EmitKind::Object},    {"lib", EmitKind::Library},
    {"shared", EmitKind::Shared}, {"ptx", EmitKind::PTX},
    {"cubin", EmitKind::Cubin},   {"fatbin", EmitKind::FatBinary},
};

bool mlir::norm::isKernelsAlone(EmitKind kind) {
  return llvm::is_contained(
      {EmitKind::PTX, EmitKind::Cubin, EmitKind::FatBinary}, kind);
}

std::optional<EmitKind> mlir::norm::parseEmitKind(StringRef name) {
  for (auto [kindName, kind] : kEmitKinds)
    if (name == kindName)
      return kind;
  return std::nullopt;
}

std::string mlir::norm::getEmitKindNames() {
  return llvm::join(llvm::make_first_range(kEmitKinds), ", ");
}

/// The entries of a plan; of several plans for one op, one after the other.
static void printPlan(Attribute plan, llvm::raw_ostream &os) {
  if (auto text = dyn_cast<StringAttr>(plan)) {
    os << text.getValue();
  } else if (auto entries = dyn_cast<DictionaryAttr>(plan)) {
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
  } else if (auto plans = dyn_cast<ArrayAttr>(plan)) {
    llvm::interleave(
        plans, os, [&](Attribute one) { printPlan(one, os); }, ", or ");
  } else {
    plan.print(os, /*elideType=*/true);
  }
}

std::string mlir::norm::describePlan(Operation *op, Attribute plan) {
  std::string line = describeLocation(op->getLoc());
  llvm::raw_string_ostream os(line);
  os << ": " << op->getName().getStringRef() << ": ";
  auto module = op->getParentOfType<ModuleOp>();
  if (module && module->hasAttr(kCPUVersionsAttrName))
    os << module->getAttrOfType<DictionaryAttr>(kCPUTargetAttrName)
              .getAs<StringAttr>("cpu")
              .getValue()
       << ": ";
  printPlan(plan, os);
  return line;
}

/// The targets that the names between the commas in `options` stand for.
static FailureOr<SmallVector<DictionaryAttr>>
getTargets(MLIRContext *context, const TargetOptions &options) {
  auto fail = [&](const Twine &message) -> LogicalResult {
    return emitError(UnknownLoc::get(context), message);
  };
  SmallVector<StringRef> names;
  StringRef(options.cpu).split(names, ',');
  SmallVector<DictionaryAttr> targets;
  for (StringRef name : names) {
    if (names.size() > 1 && name.empty())
      return fail("there is an empty name in the CPUs '" + options.cpu + "'");
    std::string error;
    FailureOr<DictionaryAttr> target = makeCPUTargetAttr(
        context, options.triple, name, options.features, error);
    if (failed(target))
      return fail(error);
    llvm::Triple triple(target->getAs<StringAttr>("triple").getValue());
    if (names.size() > 1 && triple.getArch() != llvm::Triple::x86_64)
      return fail("code for several CPUs in one object is for x86-64 only, not "
                  "for " +
                  triple.str());
    auto cpu = target->getAs<StringAttr>("cpu");
    for (DictionaryAttr other : targets)
      if (other.getAs<StringAttr>("cpu") == cpu)
        return fail("the CPU '" + cpu.getValue() + "' is named twice in '" +
                    options.cpu + "'");
    targets.push_back(*target);
  }
  return targets;
}

LogicalResult mlir::norm::attachTarget(ModuleOp module,
                                       const TargetOptions &options) {
  FailureOr<SmallVector<DictionaryAttr>> targets =
      getTargets(module.getContext(), options);
  if (failed(targets))
    return failure();
  module->setAttr(kCPUTargetAttrName, targets->front());
  module->removeAttr(kCPUVersionsAttrName);
  if (targets->size() > 1) {
    SmallVector<Attribute> versions(targets->begin(), targets->end());
    module->setAttr(kCPUVersionsAttrName,
                    ArrayAttr::get(module.getContext(), versions));
  }
  return success();
}

std::string mlir::norm::getCPUNames(ModuleOp module) {
  auto getName = [](Attribute target) {
    return cast<DictionaryAttr>(target).getAs<StringAttr>("cpu").str();
  };
  if (auto versions = module->getAttrOfType<ArrayAttr>(kCPUVersionsAttrName))
    return llvm::join(llvm::map_range(versions, getName), ",");
  return getName(module->getAttr(kCPUTargetAttrName));
}

namespace {

/// What a plan says of a kernel's workspace.
static std::string describeBytes(const CFunction &function) {
  if (function.constant)
    return std::to_string(*function.constant) + " bytes";
  if (function.most)
    return "at most " + std::to_string(*function.most) + " bytes";
  return "as many bytes as " + function.name + " returns";
}

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
    if (observer.onPlan &&
        llvm::is_contained({"norm-plan-rows", "norm-gpu-plan-rows"},
                           pass->getArgument()))
      op->walk([&](Operation *nested) {
        if (Attribute plan = nested->getAttr(kPlanAttrName))
          observer.onPlan(nested, plan);
      });
    if (observer.onPlan && pass->getArgument() == "norm-c-abi")
      reportWorkspaces(op);
  }

private:
  void reportWorkspaces(Operation *module) {
    for (auto function : module->getRegion(0).getOps<func::FuncOp>()) {
      std::optional<CFunction> description = CFunction::get(function);
      if (!description || description->kind != CFunctionKind::Workspace)
        continue;
      Builder builder(function.getContext());
      observer.onPlan(function,
                      builder.getDictionaryAttr(builder.getNamedAttr(
                          "workspace",
                          builder.getStringAttr(describeBytes(*description)))));
    }
  }

  const CompileObserver &observer;
};

} // namespace

void mlir::norm::printModule(ModuleOp module, SmallVectorImpl<char> &output) {
  llvm::raw_svector_ostream os(output);
  module.print(os);
  os << '\n';
}

TimingScope mlir::norm::beginPhase(StringRef phase, TimingScope &timing,
                                   const CompileObserver &observer) {
  if (observer.onPhase)
    observer.onPhase(phase);
  return timing.nest(phase);
}

LogicalResult
mlir::norm::runPipeline(ModuleOp module, TimingScope &timing,
                        const CompileObserver &observer,
                        function_ref<void(OpPassManager &)> build) {
  TimingScope passes = timing.nest("Passes");
  PassManager pm(module.getContext());
  pm.enableTiming(passes);
  pm.addInstrumentation(std::make_unique<Observer>(observer));
  build(pm);
  return pm.run(module);
}

/// Runs the passes for one CPU.
static LogicalResult runPasses(ModuleOp module, EmitKind kind,
                               const CompileOptions &options,
                               TimingScope &timing,
                               const CompileObserver &observer) {
  return runPipeline(module, timing, observer, [&](OpPassManager &pm) {
    buildGraphPipeline(pm, options.graph);
    if (kind != EmitKind::MLIR)
      buildCPUPipeline(pm, options.cpu);
    if (kind != EmitKind::MLIR && kind != EmitKind::VectorMLIR)
      buildLLVMPipeline(pm, options.llvm);
  });
}

/// Runs the passes on `module` and translates it.
static FailureOr<std::unique_ptr<llvm::Module>>
compileForOneCPU(ModuleOp module, EmitKind kind, const CompileOptions &options,
                 llvm::LLVMContext &context, TimingScope &timing,
                 const CompileObserver &observer) {
  if (failed(runPasses(module, kind, options, timing, observer)))
    return failure();
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(module);
  if (!machine)
    return failure();
  TimingScope optimizing = beginPhase("LLVM IR", timing, observer);
  return translateAndOptimize(module, *machine, context);
}

/// Compiles `module` once for each CPU that it names; what is made for the
/// first one is left of it.
static FailureOr<std::unique_ptr<llvm::Module>>
compileForCPUs(ModuleOp module, EmitKind kind, const CompileOptions &options,
               llvm::LLVMContext &context, TimingScope &timing,
               const CompileObserver &observer) {
  auto targets = module->getAttrOfType<ArrayAttr>(kCPUVersionsAttrName);
  if (!targets)
    return compileForOneCPU(module, kind, options, context, timing, observer);
  SmallVector<OwningOpRef<ModuleOp>> copies;
  for (unsigned i = 1; i < targets.size(); ++i)
    copies.push_back(module.clone());
  SmallVector<CPUVersion> versions;
  for (auto [i, attribute] : llvm::enumerate(targets)) {
    CPUVersion version;
    version.target = cast<DictionaryAttr>(attribute);
    version.module = i == 0 ? module : *copies[i - 1];
    version.module->setAttr(kCPUTargetAttrName, version.target);
    TimingScope scope =
        timing.nest(version.target.getAs<StringAttr>("cpu").getValue().str());
    auto llvmModule = compileForOneCPU(version.module, kind, options, context,
                                       scope, observer);
    if (failed(llvmModule))
      return failure();
    version.llvmModule = std::move(*llvmModule);
    versions.push_back(std::move(version));
  }
  return mergeVersions(versions);
}

/// Refuses kernels that call `function`, unless that is empty.
static LogicalResult refuseForeign(ModuleOp module, StringRef function) {
  if (function.empty())
    return success();
  return emitError(UnknownLoc::get(module.getContext()))
         << "the kernels would need '" << function
         << "', which is in neither libc nor libm";
}

LogicalResult mlir::norm::emitFile(ModuleOp module, llvm::Module &llvmModule,
                                   EmitKind kind, const CompileOptions &options,
                                   TimingScope &timing,
                                   const CompileObserver &observer,
                                   SmallVectorImpl<char> &output) {
  bool hasThreads = !options.cpu.threads.empty();
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(module);
  TimingScope emitting = beginPhase("machine code", timing, observer);
  SmallVector<char, 0> object;
  bool isAssembly = kind == EmitKind::Assembly;
  if (failed(emitMachineCode(llvmModule, *machine,
                             isAssembly ? llvm::CodeGenFileType::AssemblyFile
                                        : llvm::CodeGenFileType::ObjectFile,
                             object)))
    return module.emitError("LLVM emits no such file for ")
           << machine->getTargetTriple().str();
  if (hasErrors(llvmModule.getContext()))
    return failure();
  emitting.stop();
  StringRef contents(object.data(), object.size());
  // What starts threads, chooses a version or talks to a GPU calls more than
  // kernels do.
  bool isPlain = !hasThreads && !options.gpu.isGPU() &&
                 !module->hasAttr(kCPUVersionsAttrName);
  if (isPlain && !isAssembly &&
      failed(refuseForeign(module, findForeignSymbol(contents))))
    return failure();
  llvm::Error error = llvm::Error::success();
  if (kind == EmitKind::Library) {
    error = makeArchive(contents, output);
  } else if (kind == EmitKind::Shared) {
    TimingScope linking = beginPhase("linking", timing, observer);
    error = makeSharedLibrary(contents, hasThreads, output);
  } else {
    llvm::append_range(output, contents);
  }
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
  if (options.gpu.isGPU())
    return compileForGPU(module, kind, options, output, timing, observer);
  if (isKernelsAlone(kind))
    return emitError(UnknownLoc::get(module.getContext()),
                     "PTX is for a GPU, but the kernels are for a CPU");
  if (kind == EmitKind::MLIR || kind == EmitKind::VectorMLIR) {
    if (module->hasAttr(kCPUVersionsAttrName))
      return emitError(UnknownLoc::get(module.getContext()),
                       "IR of MLIR is for one CPU, but several are named");
    if (failed(runPasses(module, kind, options, timing, observer)))
      return failure();
    printModule(module, output);
    return success();
  }
  llvm::LLVMContext context;
  reportDiagnostics(context, module.getContext());
  auto llvmModule =
      compileForCPUs(module, kind, options, context, timing, observer);
  if (failed(llvmModule))
    return failure();
  if (llvm::Error error = linkRuntime(**llvmModule))
    return emitError(UnknownLoc::get(module.getContext()),
                     llvm::toString(std::move(error)));
  if (kind == EmitKind::LLVM) {
    llvm::raw_svector_ostream os(output);
    (*llvmModule)->print(os, nullptr);
    return success();
  }
  return emitFile(module, **llvmModule, kind, options, timing, observer,
                  output);
}
