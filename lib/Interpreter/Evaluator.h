//===- Evaluator.h - The parts of the interpreter ---------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every evaluate… function computes the results of one op from the values of
// its operands, or emits an error at the op. Values from outside that a body
// captures come from the environment. Arithmetic is done in T: double, and
// long double for ops in which an f64 occurs.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_EVALUATOR_H
#define NORM_LIB_INTERPRETER_EVALUATOR_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Interpreter/Numerics.h"
#include "norm/Interpreter/Value.h"

namespace mlir::norm {

using InterpValues = SmallVector<InterpValue>;

/// What is around an op: finds the value of an SSA value that is defined there.
class Environment {
public:
  template <typename Fn, typename = std::enable_if_t<
                             !std::is_same_v<std::decay_t<Fn>, Environment>>>
  Environment(Fn &&lookup, bool checksAssertions = true)
      : lookup(std::forward<Fn>(lookup)), checksAssertions(checksAssertions) {}

  const InterpValue *operator()(Value value) const { return lookup(value); }

  /// Whether an assertion in a body that does not hold is an error. Where
  /// errors are bounded, bodies are evaluated of other values than they are
  /// given.
  bool checks() const { return checksAssertions; }

  /// The same, but that results of `op`, an op of a body, are `factor` times
  /// what they are.
  Environment scaling(Operation *op, double factor) const {
    Environment result = *this;
    result.scaledOp = op;
    result.factor = factor;
    return result;
  }
  double getFactor(Operation *op) const { return op == scaledOp ? factor : 1; }

private:
  function_ref<const InterpValue *(Value)> lookup;
  bool checksAssertions;
  Operation *scaledOp = nullptr;
  double factor = 1;
};

/// Many scalars of one type: a value of a body, for many elements at once.
/// Floats are not rounded to the type.
template <typename T> struct Lanes {
  Type type;
  std::vector<T> floats;
  std::vector<int64_t> ints;

  bool isFloat() const { return isa<FloatType>(type); }
  size_t size() const { return isFloat() ? floats.size() : ints.size(); }

  static Lanes ofFloats(Type type, size_t count) {
    return {type, std::vector<T>(count), {}};
  }
  static Lanes ofInts(Type type, size_t count) {
    return {type, {}, std::vector<int64_t>(count)};
  }
  static Lanes ofType(Type type, size_t count) {
    return isa<FloatType>(type) ? ofFloats(type, count) : ofInts(type, count);
  }
  /// All elements of `value`, as lanes of `type`, to which they widen exactly.
  static Lanes of(const InterpValue &value, Type type);
  /// The elements of `value` at `indices`.
  static Lanes gather(const InterpValue &value, Type type,
                      ArrayRef<int64_t> indices);
  /// These lanes, picked at `indices`.
  Lanes picked(ArrayRef<int64_t> indices) const;
  /// Each rounded to `elementType`, as a tensor.
  InterpValue toTensor(Type elementType, ArrayRef<int64_t> shape) const;
};

/// Whether an f64 occurs in `op` or its body, so that double is not wider than
/// what is computed.
bool needsLongDouble(Operation *op);

/// One op of arith or math on scalars or elementwise on tensors, for `count`
/// lanes. Floats stay as computed; only casts round, as they say. Fails without
/// a message on an unknown op.
template <typename T>
FailureOr<SmallVector<Lanes<T>>>
evaluateScalarOp(Operation *op, ArrayRef<const Lanes<T> *> operands,
                 size_t count);

/// An error that `op` read what no one has written.
LogicalResult requireInitialized(Operation *op, ArrayRef<InterpValue> values);

/// The shape of a result of `op`: its type's, which must be static.
FailureOr<SmallVector<int64_t>> getStaticShape(Operation *op, Type type);

/// exp(x - max) / sum exp(x - max) along one dim.
FailureOr<InterpValues> evaluateSoftmax(linalg::SoftmaxOp op,
                                        const InterpValue &input);

/// arith and math ops on whole values; each float result is rounded.
FailureOr<InterpValues> evaluateElementwise(Operation *op,
                                            ArrayRef<InterpValue> operands);
/// What the verifier of a graph-level op cannot see in dynamic types.
LogicalResult verifyNormSizes(Operation *op, ArrayRef<InterpValue> operands);
/// The graph-level ops of the norm dialect.
FailureOr<InterpValues> evaluateNorm(Operation *op,
                                     ArrayRef<InterpValue> operands);
FailureOr<InterpValues> evaluateGeneric(GenericOp op,
                                        ArrayRef<InterpValue> operands,
                                        Environment environment);
/// Ops of the tensor dialect.
FailureOr<InterpValues> evaluateTensor(Operation *op,
                                       ArrayRef<InterpValue> operands,
                                       Environment environment);
/// Ops of the linalg dialect.
FailureOr<InterpValues> evaluateLinalg(Operation *op,
                                       ArrayRef<InterpValue> operands,
                                       Environment environment);

/// affine.apply, affine.min and affine.max, which tiling makes.
FailureOr<InterpValues> evaluateAffine(Operation *op,
                                       ArrayRef<InterpValue> operands);

/// Where in a packed weight of the shape `packed` input feature `k` of output
/// feature `o` is.
inline int64_t placeInPanels(ArrayRef<int64_t> packed, int64_t k, int64_t o) {
  int64_t width = packed[2], pair = packed.size() == 4 ? 2 : 1;
  return ((o / width * packed[1] + k / pair) * width + o % width) * pair +
         k % pair;
}

/// Any of the above, by dialect.
FailureOr<InterpValues> evaluateOp(Operation *op,
                                   ArrayRef<InterpValue> operands,
                                   Environment environment);

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_EVALUATOR_H
