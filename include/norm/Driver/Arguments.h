//===- Arguments.h - Arguments of a function, from files or random --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_ARGUMENTS_H
#define NORM_DRIVER_ARGUMENTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "norm/Interpreter/RandomInputs.h"
#include "norm/Interpreter/Value.h"
#include <string>
#include <vector>

namespace mlir::norm {

/// How arguments are chosen.
struct ArgumentOptions {
  /// Arguments, by position or name, that are read from .npy files.
  std::vector<std::pair<std::string, std::string>> files;
  /// Sizes of dims of arguments by their names in C, `x_d0`. That of a static
  /// dim, or of one whose size follows from others, must be what it is anyway.
  std::vector<std::pair<std::string, int64_t>> sizes;
  /// That of all others.
  int64_t defaultSize = 128;
  /// Of what is not read.
  RandomOptions random;
};

/// What an argument or result is called: its `norm.name`, or `argN`; `y`,
/// or `yN` of several.
std::string getArgumentName(func::FuncOp function, unsigned index);
std::string getResultName(func::FuncOp function, unsigned index);

/// What the header calls the arguments, results and sizes of a function: the
/// same names where C has them.
struct CNamesOf {
  explicit CNamesOf(func::FuncOp function);
  SmallVector<std::string> arguments, results;
  /// Of each dim of each argument; empty for static ones.
  SmallVector<SmallVector<std::string>> sizes;
};

/// The argument or result that `text` means: a position, a name or the name in
/// C.
std::optional<unsigned> findArgument(func::FuncOp function, StringRef text);
std::optional<unsigned> findResult(func::FuncOp function, StringRef text);

/// Arguments of `function`, which norm-record-signature has seen. What does not
/// fit is an error at the function.
FailureOr<SmallVector<InterpValue>>
makeArguments(func::FuncOp function, const ArgumentOptions &options);

/// The values of the symbols that `sizes` are over, given the shapes: of a
/// symbol, the first dim that is just it. Symbols that no dim is are -1.
SmallVector<int64_t> solveSymbols(ArrayRef<AffineMap> sizes,
                                  ArrayRef<ArrayRef<int64_t>> shapes);

/// `sizes` at the values of the symbols.
SmallVector<int64_t> evaluateSizes(AffineMap sizes, ArrayRef<int64_t> symbols);

} // namespace mlir::norm

#endif // NORM_DRIVER_ARGUMENTS_H
