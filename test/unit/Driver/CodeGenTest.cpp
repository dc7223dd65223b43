//===- CodeGenTest.cpp - Tests of what LLVM reports -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/CodeGen.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

// By itself LLVM would print the error and end the process.
TEST(CodeGen, reportsWhatLLVMFinds) {
  MLIRContext reporter;
  std::string messages;
  ScopedDiagnosticHandler handler(&reporter, [&](Diagnostic &diagnostic) {
    messages += diagnostic.str() + ";";
    return success();
  });
  llvm::LLVMContext context;
  reportDiagnostics(context, &reporter);
  context.diagnose(llvm::DiagnosticInfoGeneric("suspicious", llvm::DS_Warning));
  EXPECT_FALSE(hasErrors(context));
  context.emitError("no such register");
  EXPECT_TRUE(hasErrors(context));
  EXPECT_EQ(messages, "suspicious;no such register;");
}
