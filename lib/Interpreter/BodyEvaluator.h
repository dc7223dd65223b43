//===- BodyEvaluator.h - Blocks of scalar ops -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_BODYEVALUATOR_H
#define NORM_LIB_INTERPRETER_BODYEVALUATOR_H

#include "Evaluator.h"

namespace mlir::norm {

/// Evaluates the body of a linalg or tensor op, a block of scalar ops, for many
/// lanes at once.
template <typename T> class BodyEvaluator {
public:
  /// `environment` has what the block captures.
  BodyEvaluator(Block &block, Environment environment)
      : block(block), environment(environment) {}

  /// What the block's terminator takes, for `count` lanes. `arguments` are the
  /// block arguments; `indices` what `linalg.index d` is, if anything.
  FailureOr<SmallVector<Lanes<T>>> run(ArrayRef<Lanes<T>> arguments,
                                       size_t count,
                                       ArrayRef<std::vector<int64_t>> indices);

private:
  Block &block;
  Environment environment;
  DenseMap<Value, std::unique_ptr<Lanes<T>>> values;

  const Lanes<T> *get(Operation *user, Value value, size_t count);
  FailureOr<Lanes<T>> extract(Operation *op, size_t count);
};

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_BODYEVALUATOR_H
