//===- KernelJit.cpp - Runs lowered functions in a test -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelJit.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Driver/CodeGen.h"
#include "norm/Driver/Pipelines.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/TargetParser/Host.h"
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::test;

MLIRContext &mlir::norm::test::getContext() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    registerDialects(registry);
    registerPassesAndPipelines();
    auto *context = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    context->loadAllAvailableDialects();
    return context;
  }();
  return *context;
}

GuardedBytes::GuardedBytes(size_t size) : count(size) {
  size_t page = sysconf(_SC_PAGESIZE);
  size_t inner = llvm::alignTo(std::max<size_t>(size, 1), page);
  total = inner + 2 * page;
  pages = static_cast<char *>(mmap(nullptr, total, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mprotect(pages, page, PROT_NONE);
  mprotect(pages + page + inner, page, PROT_NONE);
  begin = pages + page + inner - size;
}

GuardedBytes::GuardedBytes(const std::vector<char> &bytes)
    : GuardedBytes(bytes.size()) {
  std::memcpy(begin, bytes.data(), bytes.size());
}

GuardedBytes::~GuardedBytes() { munmap(pages, total); }

/// Asks for the tile registers, as the C functions of kernels do.
static void permitTiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  if (llvm::sys::getHostCPUFeatures().lookup("amx-bf16"))
    syscall(SYS_arch_prctl, kRequestPermission, kTileData);
#endif
}

JitModule::JitModule(const std::string &text, const std::string &cpu,
                     const std::string &pipeline) {
  permitTiles();
  compile(text, cpu, pipeline);
}

void JitModule::compile(const std::string &text, const std::string &cpu,
                        const std::string &pipeline) {
  MLIRContext &context = getContext();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module) << text;
  std::string error;
  FailureOr<DictionaryAttr> target =
      makeCPUTargetAttr(&context, "", cpu, "", error);
  ASSERT_TRUE(succeeded(target)) << error;
  (*module)->setAttr(kCPUTargetAttrName, *target);
  PassManager pm = PassManager::on<ModuleOp>(&context);
  // Functions that take descriptors, before the pipeline makes them take
  // addresses: those need static sizes.
  ASSERT_TRUE(succeeded(parsePassPipeline(pipeline, pm)));
  pm.addPass(createLowerCasts());
  pm.addPass(createConvertFuncToLLVMPass());
  buildLLVMPipeline(pm);
  ASSERT_TRUE(succeeded(pm.run(*module)));
  std::unique_ptr<llvm::TargetMachine> machine = createTargetMachine(*module);
  ASSERT_TRUE(machine);
  llvm::LLVMContext llvmContext;
  auto llvmModule = translateAndOptimize(*module, *machine, llvmContext);
  ASSERT_TRUE(succeeded(llvmModule));
  SmallVector<char> object;
  ASSERT_TRUE(succeeded(emitMachineCode(
      **llvmModule, *machine, llvm::CodeGenFileType::ObjectFile, object)));
  std::unique_ptr<llvm::orc::LLJIT> created =
      llvm::cantFail(llvm::orc::LLJITBuilder().create());
  llvm::cantFail(created->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
      StringRef(object.data(), object.size()))));
  jit = std::move(created);
}

void JitModule::call(const std::string &function,
                     const std::vector<MemRefArgument> &arguments) {
  ASSERT_TRUE(jit);
  // A descriptor: two pointers, an offset, the sizes, the strides.
  std::vector<std::vector<int64_t>> descriptors;
  std::vector<void *> pointers;
  for (const MemRefArgument &argument : arguments) {
    auto address = reinterpret_cast<int64_t>(argument.data);
    std::vector<int64_t> descriptor{address, address, 0};
    descriptor.insert(descriptor.end(), argument.shape.begin(),
                      argument.shape.end());
    std::vector<int64_t> strides(argument.shape.size(), 1);
    for (size_t i = strides.size(); i-- > 1;)
      strides[i - 1] = strides[i] * argument.shape[i];
    descriptor.insert(descriptor.end(), strides.begin(), strides.end());
    descriptors.push_back(descriptor);
  }
  for (std::vector<int64_t> &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  pointers.resize(4, nullptr);
  auto symbol = llvm::cantFail(jit->lookup("_mlir_ciface_" + function));
  // Arguments past those of the function are ignored by its convention.
  symbol.toPtr<void (*)(void *, void *, void *, void *)>()(
      pointers[0], pointers[1], pointers[2], pointers[3]);
}

std::vector<std::string> mlir::norm::test::getRunnableCPUs() {
  std::vector<std::string> cpus{"x86-64-v3"};
  auto features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("avx512vl") && features.lookup("avx512bw") &&
      features.lookup("avx512dq"))
    cpus.push_back("x86-64-v4");
  if (features.lookup("avx512bf16"))
    cpus.push_back("native");
  // Without the tiles that this machine has.
  if (features.lookup("amx-bf16"))
    cpus.push_back("cooperlake");
  return cpus;
}
