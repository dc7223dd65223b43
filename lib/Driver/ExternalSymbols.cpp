//===- ExternalSymbols.cpp - What kernels call from outside ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExternalSymbols.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ObjectFile.h"

using namespace llvm;

/// Whether every C library has `name`. No kernel takes memory from the heap or
/// writes to a file, so those functions are not among them.
static bool isInCLibrary(StringRef name) {
  static const StringSet<> memory = {"memcmp", "memcpy", "memmove", "memset"};
  // Each of these has a twin for floats, with an f at the end.
  static const StringSet<> math = {
      "acos",  "acosh",     "asin",      "asinh",    "atan",      "atan2",
      "atanh", "cbrt",      "ceil",      "copysign", "cos",       "cosh",
      "erf",   "erfc",      "exp",       "exp10",    "exp2",      "expm1",
      "fabs",  "fdim",      "floor",     "fma",      "fmax",      "fmin",
      "fmod",  "frexp",     "hypot",     "ldexp",    "log",       "log10",
      "log1p", "log2",      "logb",      "modf",     "nearbyint", "pow",
      "rint",  "remainder", "roundeven", "round",    "scalbn",    "sin",
      "sinh",  "sincos",    "sqrt",      "tan",      "tanh",      "tgamma",
      "trunc", "lgamma",
  };
  return memory.contains(name) || math.contains(name) ||
         (name.consume_back("f") && math.contains(name));
}

std::string mlir::norm::findForeignDeclaration(const Module &module) {
  for (const Function &function : module)
    if (function.isDeclaration() && !function.isIntrinsic() &&
        !function.use_empty() && !isInCLibrary(function.getName()))
      return function.getName().str();
  return "";
}

std::string mlir::norm::findForeignSymbol(StringRef contents) {
  Expected<std::unique_ptr<object::ObjectFile>> object =
      object::ObjectFile::createObjectFile(
          MemoryBufferRef(contents, "kernels"));
  if (!object) {
    consumeError(object.takeError());
    return "";
  }
  // Elsewhere the symbols of the system's own run time come and go.
  if (!(*object)->isELF() && !(*object)->isMachO())
    return "";
  for (const object::SymbolRef &symbol : (*object)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    Expected<StringRef> name = symbol.getName();
    if (!flags || !name) {
      consumeError(flags.takeError());
      consumeError(name.takeError());
      continue;
    }
    // Position-independent code of ELF names its table of addresses.
    if (!(*flags & object::SymbolRef::SF_Undefined) || name->empty() ||
        *name == "_GLOBAL_OFFSET_TABLE_")
      continue;
    StringRef plain = *name;
    if ((*object)->isMachO())
      plain.consume_front("_");
    if (!isInCLibrary(plain))
      return plain.str();
  }
  return "";
}
