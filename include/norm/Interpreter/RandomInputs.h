//===- RandomInputs.h - Reproducible arguments ------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_RANDOMINPUTS_H
#define NORM_INTERPRETER_RANDOMINPUTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "norm/Interpreter/Value.h"

namespace mlir::norm {

/// What random arguments look like.
struct RandomOptions {
  /// The same seed gives the same values on every machine.
  uint64_t seed = 1;
  /// Of data: the mean and standard deviation of all rows.
  double mean = 0.0;
  double stddev = 1.0;
  /// Rows (all but the last dim) are shifted against each other by normal
  /// offsets of this standard deviation, so that no two rows have the same
  /// mean.
  double rowOffset = 0.5;
};

/// What an argument is used for, as far as that restricts its values.
enum class ArgumentRole {
  /// Normally distributed.
  Data,
  /// Normally distributed around 1: the scale of a normalization.
  Scale,
  /// Of mean 0 and standard deviation 1/sqrt(inputs): the weight of a linear
  /// layer, whose results then are of the size of its inputs.
  Weight,
  /// Between 0.25 and 2: what a square root or a logarithm is taken of.
  Positive,
};

/// The role of a function argument, from its uses.
ArgumentRole getArgumentRole(Value argument);

/// A random value. Argument `index` gets another stream of numbers than any
/// other. Integers are uniform in [-100, 100] or what of that the type holds;
/// indices in [0, 4).
InterpValue makeRandom(Type elementType, ArrayRef<int64_t> shape, bool isTensor,
                       ArgumentRole role, unsigned index,
                       const RandomOptions &options = {});

/// Random arguments of `function`. `dynamicSize` says how large a dynamic dim
/// of an argument is. Fails with an error on a type that the interpreter lacks.
FailureOr<SmallVector<InterpValue>> makeRandomArguments(
    func::FuncOp function,
    function_ref<int64_t(unsigned argument, unsigned dim)> dynamicSize,
    const RandomOptions &options = {});

} // namespace mlir::norm

#endif // NORM_INTERPRETER_RANDOMINPUTS_H
