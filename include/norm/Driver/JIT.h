//===- JIT.h - Machine code in this process ---------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_JIT_H
#define NORM_DRIVER_JIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <utility>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace mlir::norm {

/// A function of this process that an object may call by a name.
using LinkedSymbol = std::pair<llvm::StringRef, void *>;

/// An object file, linked into this process. The object is the one that a file
/// would hold: nothing is compiled differently to be run here.
class LinkedObject {
public:
  static llvm::Expected<std::unique_ptr<LinkedObject>>
  link(llvm::ArrayRef<char> object, llvm::ArrayRef<LinkedSymbol> symbols = {});
  ~LinkedObject();

  /// The address of a symbol of the object.
  llvm::Expected<void *> lookup(llvm::StringRef name);

private:
  explicit LinkedObject(std::unique_ptr<llvm::orc::LLJIT> jit);
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// Calls a C function whose parameters are all pointers or int64_t. More than
/// kMaxWords of them are an error.
llvm::Expected<int64_t> callWithWords(void *function,
                                      llvm::ArrayRef<int64_t> words);

/// The number of parameters that `callWithWords` takes.
constexpr size_t kMaxWords = 32;

} // namespace mlir::norm

#endif // NORM_DRIVER_JIT_H
