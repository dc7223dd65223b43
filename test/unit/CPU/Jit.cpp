//===- Jit.cpp - Runs lowered lane code on the host -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "norm/CPU/Passes.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;

/// The kernel's text.
static std::string kernel(const std::string &body, int lanes,
                          const std::string &in, const std::string &out,
                          int inputs) {
  std::string inType = Jit::type(lanes, in), outType = Jit::type(lanes, out);
  std::string text = "func.func @kernel(%p0: !llvm.ptr, %p1: !llvm.ptr, %q: "
                     "!llvm.ptr, %n: i64) {\n"
                     "  %zero = arith.constant 0 : i64\n"
                     "  %step = arith.constant " +
                     std::to_string(lanes) +
                     " : i64\n"
                     "  scf.for %i = %zero to %n step %step : i64 {\n";
  for (int i = 0; i < inputs; ++i) {
    std::string k = std::to_string(i);
    text += "    %a" + k + " = llvm.getelementptr %p" + k +
            "[%i] : (!llvm.ptr, i64) -> !llvm.ptr, " + in + "\n    %x" + k +
            " = llvm.load %a" + k + " {alignment = 1 : i64} : !llvm.ptr -> " +
            inType + "\n";
  }
  return text + "    " + body +
         "\n    %b = llvm.getelementptr %q[%i] : (!llvm.ptr, i64) -> "
         "!llvm.ptr, " +
         out + "\n    llvm.store %y, %b {alignment = 1 : i64} : " + outType +
         ", !llvm.ptr\n  }\n  return\n}\n";
}

Jit::Jit(const std::string &body, int lanes, const std::string &in,
         const std::string &out, const std::string &cpu, int inputs) {
  static bool once = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    registerAllPasses();
    norm::registerNormCPUPasses();
    return true;
  }();
  (void)once;
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllToLLVMIRTranslations(registry);
  context =
      std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      kernel(body, lanes, in, out, inputs), context.get());
  if (!module)
    return;
  PassManager pm(context.get());
  if (failed(parsePassPipeline("norm-attach-cpu-target{cpu=" + cpu +
                                   "},norm-lower-math,norm-lower-casts,"
                                   "convert-scf-to-cf,convert-vector-to-llvm,"
                                   "convert-math-to-llvm,convert-arith-to-llvm,"
                                   "convert-cf-to-llvm,convert-func-to-llvm,"
                                   "reconcile-unrealized-casts",
                               pm)) ||
      failed(pm.run(*module)))
    return;
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::Default;
  llvm::Expected<std::unique_ptr<ExecutionEngine>> created =
      ExecutionEngine::create(*module, options);
  if (!created) {
    llvm::errs() << toString(created.takeError()) << "\n";
    return;
  }
  engine = std::move(*created);
  llvm::Expected<void *> address = engine->lookup("kernel");
  if (!address) {
    llvm::errs() << toString(address.takeError()) << "\n";
    return;
  }
  function = reinterpret_cast<decltype(function)>(*address);
}

Jit::~Jit() = default;
