//===- CompileGPU.cpp - A module to kernels for a GPU ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompileDetail.h"
#include "CudaTools.h"
#include "KernelReport.h"
#include "LinkRuntime.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "norm/Driver/CodeGen.h"
#include "norm/Driver/Pipelines.h"
#include "norm/GPU/Emulation.h"
#include "norm/GPU/Passes.h"
#include "norm/GPU/Target.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mlir::norm;

/// An error about no place in the input.
static InFlightDiagnostic emitGlobalError(ModuleOp module) {
  return emitError(UnknownLoc::get(module.getContext()));
}

/// LLVM's view of the GPU that `module` names.
static std::unique_ptr<llvm::TargetMachine>
createKernelMachine(ModuleOp module) {
  auto attribute = module->getAttrOfType<DictionaryAttr>(kGPUTargetAttrName);
  return createTargetMachine(
      module, kGPUTriple, attribute.getAs<StringAttr>("arch").getValue(),
      attribute.getAs<StringAttr>("features").getValue(), std::nullopt);
}

/// Keeps ptxas from unrolling loops: those that run are unrolled as planned,
/// and it spills registers for more. A kernel also has as many registers as
/// what it calls needs.
static void keepLoops(llvm::Module &module) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    llvm::DominatorTree dominators(function);
    llvm::LoopInfo loops(dominators);
    for (llvm::Loop *loop : loops.getLoopsInPreorder())
      loop->setLoopAlreadyUnrolled();
  }
}

/// The kernels of `module`, in LLVM's dialect, as optimised LLVM IR; null where
/// there are none.
static FailureOr<std::unique_ptr<llvm::Module>>
translateKernels(ModuleOp module, llvm::TargetMachine &machine,
                 llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> result;
  for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
    result = translateModuleToLLVMIR(kernels, context, kGPUModuleName);
    if (!result)
      return failure();
  }
  if (!result)
    result = std::make_unique<llvm::Module>(kGPUModuleName, context);
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  if (llvm::Error error = optimizeModule(*result, machine)) {
    emitGlobalError(module) << llvm::toString(std::move(error));
    return failure();
  }
  keepLoops(*result);
  return std::move(result);
}

/// Appends the PTX of `kernels`, which must call nothing.
static LogicalResult emitPTX(ModuleOp module, llvm::Module &kernels,
                             llvm::TargetMachine &machine,
                             SmallVectorImpl<char> &output) {
  for (const llvm::Function &function : kernels)
    if (function.isDeclaration() && !function.isIntrinsic())
      return emitGlobalError(module)
             << "the kernels would need '" << function.getName()
             << "', a function that is in no library";
  if (failed(emitMachineCode(kernels, machine,
                             llvm::CodeGenFileType::AssemblyFile, output)))
    return failure();
  return failure(hasErrors(kernels.getContext()));
}

/// Gives the launches of `host` the kernels' code.
static void addImage(llvm::Module &host, StringRef text) {
  llvm::GlobalVariable *declaration = host.getNamedGlobal(kGPUImageName);
  if (!declaration)
    return;
  auto *bytes = llvm::ConstantDataArray::getString(host.getContext(), text,
                                                   /*AddNull=*/true);
  auto *image =
      new llvm::GlobalVariable(host, bytes->getType(), /*isConstant=*/true,
                               llvm::GlobalValue::InternalLinkage, bytes);
  image->takeName(declaration);
  declaration->replaceAllUsesWith(image);
  declaration->eraseFromParent();
}

/// Appends an object, or a file around it, of the functions on the host and the
/// kernels.
static LogicalResult emitHost(ModuleOp module, llvm::Module &kernels,
                              llvm::TargetMachine &kernelMachine, EmitKind kind,
                              const CompileOptions &options,
                              TimingScope &timing,
                              const CompileObserver &observer,
                              SmallVectorImpl<char> &output) {
  bool isEmulated = options.gpu.device == Device::Emulated;
  SmallVector<char, 0> ptx;
  if (!isEmulated && failed(emitPTX(module, kernels, kernelMachine, ptx)))
    return failure();
  for (auto nested : llvm::to_vector(module.getOps<gpu::GPUModuleOp>()))
    nested.erase();
  if (failed(runPipeline(module, timing, observer, [&](OpPassManager &pm) {
        pm.addPass(createGPULowerLaunches());
        buildLLVMPipeline(pm, options.llvm);
      })))
    return failure();
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(module);
  if (!machine)
    return failure();
  auto host = translateAndOptimize(module, *machine, kernels.getContext());
  if (failed(host))
    return failure();
  auto fail = [&](llvm::Error error) -> LogicalResult {
    return emitGlobalError(module) << llvm::toString(std::move(error));
  };
  if (isEmulated) {
    std::unique_ptr<llvm::Module> emulated = llvm::CloneModule(kernels);
    if (llvm::Error error = makeEmulated(*emulated, *machine))
      return fail(std::move(error));
    if (llvm::Linker::linkModules(**host, std::move(emulated)))
      return emitGlobalError(module) << "the kernels cannot be linked";
  } else {
    addImage(**host, StringRef(ptx.data(), ptx.size()));
    if (llvm::Error error = linkRuntime(**host))
      return fail(std::move(error));
  }
  return emitFile(module, **host, kind, options, timing, observer, output);
}

/// Runs the passes on `module` for the GPU `arch`, as far as `kind` needs. The
/// kernels that they make are added to `made`.
static LogicalResult runPasses(ModuleOp module, EmitKind kind, StringRef arch,
                               const CompileOptions &options,
                               TimingScope &timing,
                               const CompileObserver &observer,
                               std::vector<ReportedKernel> &made) {
  std::string error;
  auto target = makeGPUTargetAttr(module.getContext(), arch, error);
  if (failed(target))
    return emitGlobalError(module) << error;
  module->setAttr(kGPUTargetAttrName, *target);
  GraphOptions graph = options.graph;
  graph.packLinear = false;
  if (failed(runPipeline(module, timing, observer, [&](OpPassManager &pm) {
        buildGraphPipeline(pm, graph);
        if (kind != EmitKind::MLIR)
          buildGPUPipeline(pm, options.cpu);
      })))
    return failure();
  if (kind == EmitKind::MLIR || kind == EmitKind::VectorMLIR)
    return success();
  made = collectKernels(module);
  return runPipeline(module, timing, observer, buildKernelPipeline);
}

/// Tells the observer what is expected of the kernels `made`.
static LogicalResult reportMade(ModuleOp module, ArrayRef<ReportedKernel> made,
                                const llvm::Module &kernels,
                                llvm::TargetMachine &machine, StringRef arch,
                                const CompileObserver &observer) {
  if (!observer.onKernel || made.empty())
    return success();
  // What writes machine code changes what it is given.
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(kernels);
  SmallVector<char, 0> ptx;
  if (failed(emitPTX(module, *copy, machine, ptx)))
    return failure();
  for (const std::string &line :
       reportKernels(made, StringRef(ptx.data(), ptx.size()), arch))
    observer.onKernel(line);
  return success();
}

/// Fills `image`, whose architecture is set.
static LogicalResult makeImage(ModuleOp module, llvm::Module &kernels,
                               llvm::TargetMachine &machine,
                               TimingScope &timing,
                               const CompileObserver &observer,
                               KernelImage &image) {
  if (failed(emitPTX(module, kernels, machine, image.ptx)))
    return failure();
  TimingScope assembling = beginPhase("ptxas", timing, observer);
  if (llvm::Error error = assemble(image))
    return emitGlobalError(module) << llvm::toString(std::move(error));
  return success();
}

/// Appends a fat binary for all of `archs`.
static LogicalResult emitFatBinary(ModuleOp module, ArrayRef<StringRef> archs,
                                   const CompileOptions &options,
                                   TimingScope &timing,
                                   const CompileObserver &observer,
                                   SmallVectorImpl<char> &output) {
  for (auto [i, arch] : llvm::enumerate(archs))
    if (llvm::is_contained(archs.take_front(i), arch))
      return emitGlobalError(module)
             << "the GPU '" << arch << "' is named twice";
  std::vector<KernelImage> images;
  for (StringRef arch : archs) {
    OwningOpRef<ModuleOp> copy = module.clone();
    std::vector<ReportedKernel> made;
    if (failed(runPasses(*copy, EmitKind::FatBinary, arch, options, timing,
                         observer, made)))
      return failure();
    std::unique_ptr<llvm::TargetMachine> machine = createKernelMachine(*copy);
    if (!machine)
      return failure();
    llvm::LLVMContext context;
    auto kernels = translateKernels(*copy, *machine, context);
    images.emplace_back();
    images.back().arch = arch.str();
    if (failed(kernels) ||
        failed(reportMade(*copy, made, **kernels, *machine, arch, observer)) ||
        failed(makeImage(*copy, **kernels, *machine, timing, observer,
                         images.back())))
      return failure();
  }
  if (llvm::Error error = makeFatBinary(images, output))
    return emitGlobalError(module) << llvm::toString(std::move(error));
  return success();
}

LogicalResult mlir::norm::compileForGPU(ModuleOp module, EmitKind kind,
                                        const CompileOptions &options,
                                        SmallVectorImpl<char> &output,
                                        TimingScope &timing,
                                        const CompileObserver &observer) {
  std::string arch = options.gpu.getArch();
  SmallVector<StringRef> archs;
  StringRef(arch).split(archs, ',');
  if (kind == EmitKind::FatBinary)
    return emitFatBinary(module, archs, options, timing, observer, output);
  std::vector<ReportedKernel> made;
  if (failed(runPasses(module, kind, arch, options, timing, observer, made)))
    return failure();
  if (kind == EmitKind::MLIR || kind == EmitKind::VectorMLIR) {
    printModule(module, output);
    return success();
  }
  std::unique_ptr<llvm::TargetMachine> machine = createKernelMachine(module);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  reportDiagnostics(context, module.getContext());
  TimingScope optimizing = beginPhase("LLVM IR", timing, observer);
  auto kernels = translateKernels(module, *machine, context);
  optimizing.stop();
  if (failed(kernels) ||
      failed(reportMade(module, made, **kernels, *machine, arch, observer)))
    return failure();
  if (kind == EmitKind::LLVM) {
    llvm::raw_svector_ostream os(output);
    (*kernels)->print(os, nullptr);
    return success();
  }
  if (kind == EmitKind::PTX)
    return emitPTX(module, **kernels, *machine, output);
  if (kind == EmitKind::Cubin) {
    KernelImage image;
    image.arch = arch;
    LogicalResult result =
        makeImage(module, **kernels, *machine, timing, observer, image);
    llvm::append_range(output, image.cubin);
    return result;
  }
  return emitHost(module, **kernels, *machine, kind, options, timing, observer,
                  output);
}
