//===- GenericEvaluator.h - Row programs, one body value at a time --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_GENERICEVALUATOR_H
#define NORM_LIB_INTERPRETER_GENERICEVALUATOR_H

#include "Evaluator.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {

/// Evaluates the body of a `norm.generic` value by value, each for all elements
/// of the dims that it varies over, in row-major order of those dims. To bound
/// the memory the iteration space is cut along one parallel dim into windows.
template <typename T> class GenericEvaluator {
public:
  using Dims = llvm::SmallBitVector;

  GenericEvaluator(GenericOp op, ArrayRef<InterpValue> operands,
                   Environment environment)
      : op(op), operands(operands), environment(environment), varying(op) {}
  virtual ~GenericEvaluator() = default;

  /// The op's results.
  FailureOr<InterpValues> run();

protected:
  GenericOp op;
  ArrayRef<InterpValue> operands;
  Environment environment;
  VaryingDims varying;
  /// The sizes of the dims, and of those within the window.
  SmallVector<int64_t> sizes, windowSizes;

  /// Called for every op of the body when its results are known, before the
  /// values that it used for the last time are dropped.
  virtual LogicalResult afterOp(Operation *nested) { return success(); }
  /// Called before the body is evaluated for another window.
  virtual LogicalResult beforeWindow() { return success(); }
  /// Called after a window, when `values` still has what is yielded.
  virtual LogicalResult afterWindow() { return success(); }

  /// The value of an SSA value that the body uses; null with an error if
  /// unknown.
  const Lanes<T> *get(Value value);
  /// `lanes`, which vary over `from`, for every element of `to`.
  Lanes<T> broadcast(const Lanes<T> &lanes, const Dims &from, const Dims &to);
  /// `lanes`, which vary over `from`, with the dims `reduced` innermost, and
  /// the number of elements of those.
  std::pair<Lanes<T>, int64_t> asRows(const Lanes<T> &lanes, const Dims &from,
                                      const Dims &reduced);
  /// Where the elements of operand `i` of this window are in it.
  std::vector<int64_t> operandIndices(unsigned i, const Dims &dims);
  /// The number of elements that the dims have in this window.
  int64_t count(const Dims &dims);

private:
  DenseMap<Value, std::unique_ptr<Lanes<T>>> values;
  DenseMap<Value, unsigned> remainingUses;
  int windowDim = -1;
  int64_t windowBegin = 0;

  LogicalResult inferSizes();
  void chooseWindowDim(int64_t &windowSize);
  void set(Value value, Lanes<T> lanes) {
    values[value] = std::make_unique<Lanes<T>>(std::move(lanes));
  }
  LogicalResult runWindow(MutableArrayRef<Lanes<T>> outputs);
  LogicalResult evaluate(Operation *nested);
  LogicalResult reduce(ReduceOp reduce);
  LogicalResult center(CenterOp center);
  void dropUnused(Operation *nested);
};

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_GENERICEVALUATOR_H
