//===- LinkRuntime.cpp - The runtime's C in generated modules -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinkRuntime.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

static constexpr unsigned char kPool[] = {
#include "norm_runtime/Pool.inc"
};
static constexpr unsigned char kOpenMP[] = {
#include "norm_runtime/OpenMP.inc"
};
static constexpr unsigned char kCuda[] = {
#include "norm_runtime/Cuda.inc"
};
static constexpr unsigned char kX86Features[] = {
#include "norm_runtime/X86Features.inc"
};

namespace {
/// A file of lib/Runtime, what the functions that it has begin with, and what
/// needs them.
struct RuntimePart {
  StringRef prefix;
  ArrayRef<unsigned char> bitcode;
  StringRef users;
};
} // namespace

/// Whether `module` calls a function of `part`.
static bool needs(const Module &module, const RuntimePart &part) {
  return any_of(module, [&](const Function &function) {
    return function.isDeclaration() &&
           function.getName().starts_with(part.prefix);
  });
}

Error mlir::norm::linkRuntime(Module &module) {
  const RuntimePart parts[] = {
      {"norm_pool_", kPool, "threads are"},
      {"norm_openmp_", kOpenMP, "threads are"},
      {"norm_cuda_", kCuda, "kernels for GPUs are"},
      {"norm_x86_", kX86Features,
       "tile registers and code for several CPUs in one object are"}};
  for (const RuntimePart &part : parts) {
    if (!needs(module, part))
      continue;
    StringRef bytes(reinterpret_cast<const char *>(part.bitcode.data()),
                    part.bitcode.size());
    Expected<std::unique_ptr<Module>> runtime = parseBitcodeFile(
        MemoryBufferRef(bytes, "runtime"), module.getContext());
    if (!runtime)
      return runtime.takeError();
    const Triple &own = (*runtime)->getTargetTriple();
    const Triple &wanted = module.getTargetTriple();
    if (own.getArch() != wanted.getArch() || own.getOS() != wanted.getOS())
      return createStringError(
          part.users.str() +
          " for the system that this compiler was built for, " + own.str() +
          ", not " + wanted.str());
    // Vendors and the like may differ.
    (*runtime)->setTargetTriple(wanted);
    (*runtime)->setDataLayout(module.getDataLayout());
    // The flags are those of clang: of the code generator's defaults.
    if (NamedMDNode *flags = (*runtime)->getModuleFlagsMetadata())
      flags->eraseFromParent();
    if (NamedMDNode *ident = (*runtime)->getNamedMetadata("llvm.ident"))
      ident->eraseFromParent();
    if (Linker::linkModules(module, std::move(*runtime)))
      return createStringError("the runtime cannot be linked");
  }
  return Error::success();
}
