//===- ScalarEvaluator.h - arith and math, op by op -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_SCALAREVALUATOR_H
#define NORM_LIB_INTERPRETER_SCALAREVALUATOR_H

#include "Evaluator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {

/// Evaluates one op on lanes. Each family of ops is a function that says
/// whether it knows the op.
template <typename T> class ScalarEvaluator {
public:
  ScalarEvaluator(Operation *op, ArrayRef<const Lanes<T> *> operands,
                  size_t count)
      : op(op), operands(operands), count(count) {
    for (Type type : op->getResultTypes())
      results.push_back(Lanes<T>::ofType(getElementTypeOrSelf(type), count));
  }

  FailureOr<SmallVector<Lanes<T>>> run() {
    if (constants() || floatArithmetic() || floatFunctions() || predicates() ||
        casts() || intArithmetic() || intDivision())
      return std::move(results);
    return failure();
  }

private:
  Operation *op;
  ArrayRef<const Lanes<T> *> operands;
  size_t count;
  SmallVector<Lanes<T>> results;

  const std::vector<T> &floats(unsigned i) { return operands[i]->floats; }
  const std::vector<int64_t> &ints(unsigned i) { return operands[i]->ints; }
  Type resultType() { return results.front().type; }

  /// One loop a shape of signature: F is a float, I an integer.
  template <typename Fn> bool mapF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i]);
    return true;
  }
  template <typename Fn> bool mapFF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i], floats(1)[i]);
    return true;
  }
  template <typename Fn> bool mapFFF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(floats(0)[i], floats(1)[i], floats(2)[i]);
    return true;
  }
  template <typename Fn> bool mapFToI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(floats(0)[i]));
    return true;
  }
  template <typename Fn> bool mapFFToI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = fn(floats(0)[i], floats(1)[i]);
    return true;
  }
  template <typename Fn> bool mapI(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(ints(0)[i]));
    return true;
  }
  template <typename Fn> bool mapII(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].ints[i] = wrapInt(resultType(), fn(ints(0)[i], ints(1)[i]));
    return true;
  }
  /// Of signed numbers.
  template <typename Fn> bool mapSS(Fn fn) {
    Type type = resultType();
    return mapII([&](int64_t a, int64_t b) {
      return fn(signedInt(type, a), signedInt(type, b));
    });
  }
  template <typename Fn> bool mapIToF(Fn fn) {
    for (size_t i = 0; i < count; ++i)
      results[0].floats[i] = fn(ints(0)[i]);
    return true;
  }

  bool constants();
  bool floatArithmetic();
  bool floatFunctions();
  bool predicates();
  bool casts();
  bool intArithmetic();
  bool intDivision();
  bool compareFloats(arith::CmpFPredicate predicate);
  bool compareInts(arith::CmpIPredicate predicate);
  bool select();
};

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_SCALAREVALUATOR_H
