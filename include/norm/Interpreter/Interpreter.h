//===- Interpreter.h - The reference interpreter ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function on tensors means, computed from the formulas of its ops: the
// oracle for every pass and every kernel. It knows no pass.
//
// Arithmetic is done in double, and in long double where f64 occurs. A value is
// rounded where an op says so and nowhere else: every result of an op on
// tensors or of an op outside a body is rounded once to its element type;
// inside the body of a norm.generic or of a linalg op only casts round, and
// what is yielded is rounded once to the element type of the output. Sums of a
// linalg op are rounded once at the end. Conversions to the 8-bit floats
// saturate.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_INTERPRETER_H
#define NORM_INTERPRETER_INTERPRETER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "norm/Interpreter/Value.h"

namespace mlir::norm {

/// Is told of every op that is interpreted outside the bodies of structured
/// ops.
class InterpreterObserver {
public:
  virtual ~InterpreterObserver() = default;
  /// `lookup` finds the value of what the op's body captures, null if unknown.
  virtual LogicalResult
  afterOp(Operation *op, ArrayRef<InterpValue> operands,
          ArrayRef<InterpValue> results,
          function_ref<const InterpValue *(Value)> lookup) = 0;
  /// The values of `from` become those of `to`: calls, branches and loops pass
  /// them on.
  virtual void onTransfer(ValueRange from, ValueRange to) {}
};

/// The results of `function` for `arguments`. What the interpreter does not
/// know, sizes that do not fit and reads of uninitialised elements are errors
/// at their ops.
FailureOr<SmallVector<InterpValue>>
interpret(func::FuncOp function, ArrayRef<InterpValue> arguments,
          InterpreterObserver *observer = nullptr);

} // namespace mlir::norm

#endif // NORM_INTERPRETER_INTERPRETER_H
