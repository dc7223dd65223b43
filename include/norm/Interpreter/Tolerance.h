//===- Tolerance.h - How far a kernel may be from the reference -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The project's exactness table, and how it composes over a graph.
//
// Beside the value of every element the admissible error of that element is
// computed: what the errors of the operands become (to first order, the worst
// case), and what the op itself may add. Here `acc` is the type in which a
// kernel computes (f32; f64 where the elements are f64), one *unit* is
// eps = 2^-23 (2^-52), N is the number of elements of a row, and
// units(N) = 8 for N <= 8192, 20 for N <= 65536, 20 sqrt(N / 65536) above.
// clang-format off
//
// | op                                                 | what the op itself may add                                                  |
// | -------------------------------------------------- | --------------------------------------------------------------------------- |
// | layer, group, instance norm, batch norm (training) | units(N) eps max(1, abs(n)) abs(scale) + 2 eps (abs(y) + abs(shift)) (*)    |
// | rms norm, l2 norm                                  | units(N) eps abs(n) abs(scale) + 2 eps (abs(y) + abs(shift))                |
// | their statistics                                   | units(N) eps times the value; for a mean units(N) eps std + 2 eps abs(mean) |
// | batch norm (inference)                             | 4 eps (abs(x) + abs(mean)) rstd abs(scale) + 4 eps (abs(y) + abs(shift))    |
// | linear                                             | 2 sqrt(K) eps/2 sum abs(x w) + 2 eps (abs(y) + abs(bias))                   |
// | activation                                         | 4 eps abs(y); eps abs(x) / 4 more for the GELUs: their terms cancel         |
// | linalg.softmax                                     | (8 + 2 abs(x - max) + units(N) / 2) eps y and what the sum adds             |
// | arith add, sub, mul, div, sqrt, fma                | eps abs(y)                                                                  |
// | other math functions                               | 4 eps abs(y), 4 eps max(abs(y), 1/4) for sin and cos                        |
// | max, min, select, casts, integers, movement        | nothing                                                                     |
// | norm.reduce add                                    | units(N) / 4 eps sum abs(v); mul: N eps abs(v)                              |
// | norm.center                                        | eps (abs(c) + the row's mean of abs(c)) units(N) / 4 + 1e-5 eps abs(mean)   |
// | a result of 16 or 8 bits                           | one ulp at max(abs(y), rms / 64) more, rms over the last dim                |
// | bf16 below 2^-126                                  | abs(y), for linears abs(x w) of each such x or w, and K 2^-126              |
//
// clang-format on
//
// (*) n is the normalized value; where abs(mean) rstd / 1e5 is above 1, times
// that.
//
// The last line stands for AVX512_BF16, whose instructions take subnormal
// numbers for zero, the one before it for the roundings to a storage type,
// which a fused kernel may leave out and which may fall to the other side.
// Errors of a linear layer's inputs are taken as independent: 4 sqrt(sum w^2
// e^2). What an error does in an elementwise op is found by evaluating the op
// at x - e and x + e, which also tells when it can flip a comparison, a
// rounding to an integer or a cast.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_TOLERANCE_H
#define NORM_INTERPRETER_TOLERANCE_H

#include "norm/Interpreter/Interpreter.h"

namespace mlir::norm {

/// The admissible error of every element of a value; empty if it must be exact.
using ErrorBound = std::vector<double>;

/// Follows an interpretation and computes the admissible errors of all values.
class Tolerance : public InterpreterObserver {
public:
  LogicalResult
  afterOp(Operation *op, ArrayRef<InterpValue> operands,
          ArrayRef<InterpValue> results,
          function_ref<const InterpValue *(Value)> lookup) override;
  void onTransfer(ValueRange from, ValueRange to) override;

  /// The admissible error of a value that was computed.
  const ErrorBound &get(Value value) const;

private:
  DenseMap<Value, ErrorBound> bounds;
};

/// What a function is expected to give.
struct Reference {
  SmallVector<InterpValue> results;
  SmallVector<ErrorBound> bounds;
};

/// The results of `function` with their admissible errors.
FailureOr<Reference> interpretWithBounds(func::FuncOp function,
                                         ArrayRef<InterpValue> arguments);

/// How one result compares with its reference.
struct Comparison {
  /// Elements that are further off than is admissible.
  int64_t numBad = 0;
  /// The first of those, and that which is off by the largest multiple of what
  /// is admissible (of all elements if none is bad); -1 if there are no
  /// elements.
  int64_t first = -1;
  int64_t worst = -1;
  /// Over all elements: the largest error, and the largest in multiples of what
  /// is admissible.
  double maxError = 0;
  double maxRatio = 0;
  /// Elements of which almost anything is admissible: more than their size and
  /// the root mean square of the result.
  int64_t numLoose = 0;
  /// Half of the elements admit no more than this multiple of that.
  double medianBound = 0;
  /// Set if types or shapes differ, which makes the rest meaningless.
  bool differentType = false;

  bool passed() const { return numBad == 0 && !differentType; }
};

/// Compares `actual` with `expected`; `slack` multiplies what is admissible.
/// NaN equals NaN; infinities must be the same.
Comparison compare(const InterpValue &expected, const ErrorBound &bound,
                   const InterpValue &actual, double slack = 1.0);

/// "what is admissible exceeds ..." if `comparison` says little of `expected`:
/// if more than one element in a hundred is loose; else the empty string.
std::string describeLooseness(const Comparison &comparison,
                              const InterpValue &expected);

/// "element [0, 3]: expected 1.0, got 1.5, off by 0.5 where 1e-06 is
/// admissible" for the first and the worst element; the empty string if all is
/// well.
std::string describe(const Comparison &comparison, const InterpValue &expected,
                     const ErrorBound &bound, const InterpValue &actual,
                     double slack = 1.0);

} // namespace mlir::norm

#endif // NORM_INTERPRETER_TOLERANCE_H
