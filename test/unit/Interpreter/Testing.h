//===- Testing.h - Running MLIR text in a unit test -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_UNITTESTS_INTERPRETER_TESTING_H
#define NORM_UNITTESTS_INTERPRETER_TESTING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Interpreter/Interpreter.h"
#include "gtest/gtest.h"

namespace mlir::norm::testing {

/// A context with all dialects, and the diagnostics that were emitted in it.
class InterpreterTest : public ::testing::Test {
protected:
  InterpreterTest() : context(makeRegistry()) {
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      messages += diagnostic.str() + "\n";
      return success();
    });
  }

  MLIRContext context;
  std::string messages;
  OwningOpRef<ModuleOp> module;

  Type f16() { return Float16Type::get(&context); }
  Type bf16() { return BFloat16Type::get(&context); }
  Type f32() { return Float32Type::get(&context); }
  Type f64() { return Float64Type::get(&context); }

  InterpValue tensor(ArrayRef<int64_t> shape, std::vector<double> data) {
    return InterpValue::floats(f32(), shape, std::move(data));
  }

  /// Parses `text`; its first function.
  func::FuncOp parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module) {
      ADD_FAILURE() << messages;
      return {};
    }
    return *module->getOps<func::FuncOp>().begin();
  }

  /// The results of the first function of `text`.
  SmallVector<InterpValue> run(StringRef text,
                               ArrayRef<InterpValue> arguments) {
    func::FuncOp function = parse(text);
    if (!function)
      return {};
    FailureOr<SmallVector<InterpValue>> results =
        interpret(function, arguments);
    if (failed(results)) {
      ADD_FAILURE() << messages;
      return {};
    }
    return *results;
  }

  /// The messages of a run of `text` that must fail.
  std::string runFails(StringRef text, ArrayRef<InterpValue> arguments) {
    func::FuncOp function = parse(text);
    if (function)
      EXPECT_TRUE(failed(interpret(function, arguments)));
    return messages;
  }

  static void expectNear(const InterpValue &value, ArrayRef<double> expected,
                         double tolerance = 1e-6) {
    ASSERT_EQ(value.getNumElements(), static_cast<int64_t>(expected.size()));
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(value.getElement(i), expected[i], tolerance)
          << "element " << i;
  }
  static void expectEqual(const InterpValue &a, const InterpValue &b) {
    ASSERT_EQ(a.getType(), b.getType());
    for (int64_t i = 0; i < a.getNumElements(); ++i)
      EXPECT_EQ(a.getElement(i), b.getElement(i)) << "element " << i;
  }

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerAllDialects(registry);
    registry.insert<NormDialect>();
    return registry;
  }
};

} // namespace mlir::norm::testing

#endif // NORM_UNITTESTS_INTERPRETER_TESTING_H
