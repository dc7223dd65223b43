//===- Kernel.cpp - A kernel in this process ------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Kernel.h"

#include "norm/GPU/Emulation.h"
#include "llvm/Support/Alignment.h"
#include <cstring>
#include <limits>
#include <new>

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

// The bytes on each side are also the alignment, that of a cache line.
static constexpr char kGuard = 0x5A;

std::unique_ptr<GuardedBuffer> GuardedBuffer::allocate(size_t bytes) {
  if (bytes > static_cast<size_t>(std::numeric_limits<int64_t>::max()))
    return nullptr;
  char *memory = new (std::nothrow) char[bytes + 3 * kGuardBytes]();
  if (!memory)
    return nullptr;
  return std::unique_ptr<GuardedBuffer>(new GuardedBuffer(memory, bytes));
}

GuardedBuffer::GuardedBuffer(char *memory, size_t bytes)
    : memory(memory), bytes(bytes) {
  begin = reinterpret_cast<char *>(
      llvm::alignAddr(memory + kGuardBytes, llvm::Align(kGuardBytes)));
  std::memset(begin - kGuardBytes, kGuard, kGuardBytes);
  std::memset(begin + bytes, kGuard, kGuardBytes);
}

bool GuardedBuffer::isIntact() const {
  for (size_t i = 0; i < kGuardBytes; ++i)
    if (begin[bytes + i] != kGuard || *(begin - 1 - i) != kGuard)
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

/// An error about no place in the input.
static InFlightDiagnostic emitGlobalError(MLIRContext *context) {
  return emitError(UnknownLoc::get(context));
}

const CFunction *Kernel::find(CFunctionKind kind, StringRef name) const {
  for (const CFunction &function : functions)
    if (function.kind == kind && function.kernel == kernel->name &&
        (name.empty() || function.name == name))
      return &function;
  return nullptr;
}

LogicalResult Kernel::link(ModuleOp module, ArrayRef<char> contents,
                           StringRef function) {
  objectSize = contents.size();
  for (Operation &op : *module.getBody())
    if (std::optional<CFunction> description = CFunction::get(&op))
      functions.push_back(std::move(*description));
  for (const CFunction &candidate : functions)
    if (candidate.kind == CFunctionKind::Kernel && candidate.source == function)
      kernel = &candidate;
  if (!kernel)
    return module.emitError("no C function was made of '") << function << "'";
  // Kernels for a real GPU are launched by what the object itself has.
  ArrayRef<LinkedSymbol> symbols;
  if (isEmulated)
    symbols = getEmulationSymbols();
  auto linked = LinkedObject::link(contents, symbols);
  if (!linked)
    return emitGlobalError(module.getContext())
           << "cannot link the kernel: " << llvm::toString(linked.takeError());
  object = std::move(*linked);
  return success();
}

Kernel::~Kernel() {
  if (!hasThreads)
    return;
  // Its threads never end: neither may the code that they are in.
  static auto *kept = new std::vector<std::unique_ptr<LinkedObject>>();
  kept->push_back(std::move(object));
}

FailureOr<std::unique_ptr<Kernel>>
Kernel::compile(ModuleOp module, StringRef function, CompileOptions options,
                const CompileObserver &observer) {
  options.cpu.invoke = true;
  // Any name will do: `main` and those of the C library are taken here.
  options.cpu.symbolPrefix = "norm_run_";
  SmallVector<char, 0> contents;
  if (failed(
          norm::compile(module, EmitKind::Object, options, contents, observer)))
    return failure();
  auto result = std::make_unique<Kernel>();
  result->hasThreads = !options.cpu.threads.empty();
  result->isEmulated = options.gpu.device == Device::Emulated;
  if (failed(result->link(module, contents, function)))
    return failure();
  return result;
}
