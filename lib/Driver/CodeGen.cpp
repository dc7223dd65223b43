//===- CodeGen.cpp - From LLVM's dialect to machine code ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/CodeGen.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"

using namespace mlir;
using namespace mlir::norm;

std::unique_ptr<llvm::TargetMachine>
mlir::norm::createTargetMachine(ModuleOp module, StringRef tripleName,
                                StringRef cpu, StringRef features,
                                std::optional<llvm::Reloc::Model> model) {
  initializeTargets();
  std::string error;
  llvm::Triple triple(tripleName);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    module.emitError(error);
    return nullptr;
  }
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, features, llvm::TargetOptions(), model, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
  if (!machine)
    module.emitError("LLVM generates no code for ") << triple.str();
  return machine;
}

std::unique_ptr<llvm::TargetMachine>
mlir::norm::createTargetMachine(ModuleOp module) {
  auto attribute = module->getAttrOfType<DictionaryAttr>(kCPUTargetAttrName);
  if (!attribute) {
    module.emitError("no CPU is attached to the module");
    return nullptr;
  }
  auto get = [&](StringRef key) {
    return attribute.getAs<StringAttr>(key).getValue();
  };
  return createTargetMachine(module, get("triple"), get("cpu"), get("features"),
                             llvm::Reloc::PIC_);
}

namespace {

/// Tells MLIR what LLVM finds.
class Reporter : public llvm::DiagnosticHandler {
public:
  explicit Reporter(MLIRContext *context) : context(context) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    std::string message;
    llvm::raw_string_ostream os(message);
    llvm::DiagnosticPrinterRawOStream printer(os);
    info.print(printer);
    Location loc = UnknownLoc::get(context);
    switch (info.getSeverity()) {
    case llvm::DS_Error:
      emitError(loc, message);
      break;
    case llvm::DS_Warning:
      emitWarning(loc, message);
      break;
    // What LLVM's passes did to code that they made themselves.
    case llvm::DS_Remark:
    case llvm::DS_Note:
      break;
    }
    return true;
  }

private:
  MLIRContext *context;
};

} // namespace

void mlir::norm::reportDiagnostics(llvm::LLVMContext &context,
                                   MLIRContext *reporter) {
  context.setDiagnosticHandler(std::make_unique<Reporter>(reporter));
}

bool mlir::norm::hasErrors(const llvm::LLVMContext &context) {
  return context.getDiagHandlerPtr()->HasErrors;
}

/// LLVM's printers emit the elements of a float array one by one, but bytes all
/// at once; nothing reads the type of a global's initial value.
static void storeAsBytes(llvm::GlobalVariable &global) {
  constexpr unsigned kWorthwhile = 4096;
  auto *data = dyn_cast_or_null<llvm::ConstantDataSequential>(
      global.hasInitializer() ? global.getInitializer() : nullptr);
  if (!data || data->getRawDataValues().size() < kWorthwhile ||
      data->getElementByteSize() == 1)
    return;
  auto *bytes = llvm::ConstantDataArray::getString(
      global.getContext(), data->getRawDataValues(), /*AddNull=*/false);
  auto *replacement = new llvm::GlobalVariable(
      *global.getParent(), bytes->getType(), global.isConstant(),
      global.getLinkage(), bytes, "", &global);
  replacement->copyAttributesFrom(&global);
  replacement->takeName(&global);
  global.replaceAllUsesWith(replacement);
  global.eraseFromParent();
}

/// Only public functions are seen from outside. All are for one CPU, also when
/// another program reads the IR.
static void setAttributes(ModuleOp source, llvm::Module &module,
                          llvm::TargetMachine &machine) {
  for (auto function : source.getOps<LLVM::LLVMFuncOp>()) {
    llvm::Function *result = module.getFunction(function.getName());
    if (!result || result->isDeclaration())
      continue;
    if (SymbolTable::getSymbolVisibility(function) ==
        SymbolTable::Visibility::Private)
      result->setLinkage(llvm::GlobalValue::InternalLinkage);
    result->addFnAttr("target-cpu", machine.getTargetCPU());
    result->addFnAttr("target-features", machine.getTargetFeatureString());
    result->setDoesNotThrow();
  }
}

/// Of LLVM's O3 what earns its time on code whose loops are vectorized and
/// unrolled as they are to stay: less than half of it.
static constexpr llvm::StringLiteral kPasses =
    "function(lower-expect,sroa,early-cse<memssa>,simplifycfg,"
    "instcombine<no-verify-fixpoint>),"
    "cgscc(inline),globaldce,"
    "function(early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,"
    "loop-mssa(loop-rotate,licm),gvn,loop(indvars),"
    "instcombine<no-verify-fixpoint>,simplifycfg)";

llvm::Error mlir::norm::optimizeModule(llvm::Module &module,
                                       llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  if (llvm::Error error = builder.parsePassPipeline(passes, kPasses))
    return error;
  passes.run(module, modules);
  return llvm::Error::success();
}

FailureOr<std::unique_ptr<llvm::Module>>
mlir::norm::translateAndOptimize(ModuleOp module, llvm::TargetMachine &machine,
                                 llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> result =
      translateModuleToLLVMIR(module, context, "norm");
  if (!result)
    return failure();
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  for (llvm::GlobalVariable &global :
       llvm::make_early_inc_range(result->globals()))
    storeAsBytes(global);
  setAttributes(module, *result, machine);
  if (llvm::Error error = optimizeModule(*result, machine))
    return module.emitError(llvm::toString(std::move(error)));
  return std::move(result);
}

LogicalResult mlir::norm::emitMachineCode(llvm::Module &module,
                                          llvm::TargetMachine &machine,
                                          llvm::CodeGenFileType type,
                                          SmallVectorImpl<char> &output) {
  llvm::raw_svector_ostream os(output);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr, type))
    return failure();
  passes.run(module);
  return success();
}
