//===- ToleranceRules.h - The rows of the exactness table -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each rule is a row of the table in norm/Interpreter/Tolerance.h.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_TOLERANCERULES_H
#define NORM_LIB_INTERPRETER_TOLERANCERULES_H

#include "Evaluator.h"
#include "norm/Interpreter/Tolerance.h"

namespace mlir::norm {

/// One op that was interpreted, with the admissible errors of its operands.
struct OpErrors {
  Operation *op;
  ArrayRef<InterpValue> operands;
  ArrayRef<ErrorBound> errors;
  ArrayRef<InterpValue> results;
  Environment environment;
};

/// The admissible errors of the results, without what storing them adds.
using Bounds = SmallVector<ErrorBound>;

FailureOr<Bounds> boundElementwise(const OpErrors &op);
FailureOr<Bounds> boundMovement(const OpErrors &op);
FailureOr<Bounds> boundLinalg(const OpErrors &op);
FailureOr<Bounds> boundNorm(const OpErrors &op);
FailureOr<Bounds> boundLinear(const OpErrors &op);
FailureOr<Bounds> boundSoftmax(const OpErrors &op);
FailureOr<Bounds> boundGeneric(const OpErrors &op);

/// The unit of a kernel that computes values of `type`: 2^-23, or 2^-52 for
/// f64.
double computeEpsilon(Type type);

/// units(N) of the table.
double sumUnits(int64_t count);
/// What is smaller the instructions of AVX512_BF16 take for zero.
constexpr double kSmallestNormalBF16 = 0x1p-126;

/// What an op of arith or math adds to its result `value`, computed in a type
/// whose unit is `epsilon`.
double ownError(Operation *op, double epsilon, double value);

/// Element `i` of a bound, which may be empty.
inline double errorAt(const ErrorBound &bound, int64_t i) {
  return bound.empty() ? 0.0 : bound[i];
}

/// An optional operand with its errors.
struct Parameter {
  const InterpValue *value = nullptr;
  const ErrorBound *errors = nullptr;

  static Parameter find(const OpErrors &op, Value operand) {
    for (unsigned i = 0; operand && i < op.op->getNumOperands(); ++i)
      if (op.op->getOperand(i) == operand)
        return {&op.operands[i], &op.errors[i]};
    return {};
  }
  double at(int64_t i, double absent) const {
    return value ? value->getFloats()[i] : absent;
  }
  double errorAt(int64_t i) const {
    return value ? norm::errorAt(*errors, i) : 0.0;
  }
};

/// |perturbed - base|, where NaN and infinite bases must be met exactly and a
/// NaN in place of a number is infinitely far.
double distance(double base, double perturbed);

/// What the errors of the operands of a scalar op become, by evaluating it at
/// both ends. An operand without error has an empty bound.
template <typename T>
ErrorBound perturbScalarOp(Operation *op, ArrayRef<const Lanes<T> *> operands,
                           ArrayRef<const ErrorBound *> errors,
                           const Lanes<T> &result);

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_TOLERANCERULES_H
