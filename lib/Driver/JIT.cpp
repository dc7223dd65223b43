//===- JIT.cpp - Machine code in this process -----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/JIT.h"

#include "norm/CPU/Target.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <optional>
#include <utility>

using namespace llvm;
using namespace mlir::norm;

LinkedObject::LinkedObject(std::unique_ptr<orc::LLJIT> jit)
    : jit(std::move(jit)) {}

LinkedObject::~LinkedObject() = default;

Expected<std::unique_ptr<LinkedObject>>
LinkedObject::link(ArrayRef<char> object, ArrayRef<LinkedSymbol> symbols) {
  initializeTargets();
  Expected<std::unique_ptr<orc::LLJIT>> jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  orc::SymbolMap given;
  for (const LinkedSymbol &symbol : symbols)
    given[(*jit)->mangleAndIntern(symbol.first)] = {
        orc::ExecutorAddr::fromPtr(symbol.second),
        JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  if (!given.empty())
    if (Error error = (*jit)->getMainJITDylib().define(
            orc::absoluteSymbols(std::move(given))))
      return error;
  if (Error error = (*jit)->addObjectFile(MemoryBuffer::getMemBufferCopy(
          StringRef(object.data(), object.size()), "norm.o")))
    return error;
  return std::unique_ptr<LinkedObject>(new LinkedObject(std::move(*jit)));
}

Expected<void *> LinkedObject::lookup(StringRef name) {
  Expected<orc::ExecutorAddr> address = jit->lookup(name);
  if (!address)
    return address.takeError();
  return address->toPtr<void *>();
}

/// An int64_t, once for each number of a sequence.
template <size_t> using Word = int64_t;

template <size_t... I>
static int64_t callWith(void *function, ArrayRef<int64_t> words,
                        std::index_sequence<I...>) {
  return reinterpret_cast<int64_t (*)(Word<I>...)>(function)(words[I]...);
}

/// Calls with the first count that is that of `words`, if there is one.
template <size_t... Counts>
static std::optional<int64_t> dispatch(void *function, ArrayRef<int64_t> words,
                                       std::index_sequence<Counts...>) {
  std::optional<int64_t> result;
  (void)((words.size() == Counts &&
          (result =
               callWith(function, words, std::make_index_sequence<Counts>()),
           true)) ||
         ...);
  return result;
}

Expected<int64_t> mlir::norm::callWithWords(void *function,
                                            ArrayRef<int64_t> words) {
  std::optional<int64_t> result =
      dispatch(function, words, std::make_index_sequence<kMaxWords + 1>());
  if (!result)
    return createStringError("a function of " + Twine(words.size()) +
                             " parameters cannot be called; at most " +
                             Twine(kMaxWords) + " are possible");
  return *result;
}
