//===- SizeAnalysisTest.cpp - Symbolic sizes ------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {
class SizeAnalysisTest : public ::testing::Test {
protected:
  SizeAnalysisTest() : context(makeRegistry()) {
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      messages += diagnostic.str() + "\n";
      return success();
    });
  }

  /// Analyses the only function of `text`.
  FailureOr<SizeAnalysis> analyse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << messages;
    if (!module)
      return failure();
    function = *module->getOps<func::FuncOp>().begin();
    return SizeAnalysis::compute(function);
  }

  Value result(unsigned i) {
    return function.getBody().front().getTerminator()->getOperand(i);
  }
  AffineExpr symbol(unsigned i) { return getAffineSymbolExpr(i, &context); }
  AffineExpr constant(int64_t value) {
    return getAffineConstantExpr(value, &context);
  }

  MLIRContext context;
  std::string messages;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;

private:
  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registerAllDialects(registry);
    registry.insert<NormDialect>();
    return registry;
  }
};
} // namespace

TEST_F(SizeAnalysisTest, LinearRelatesThreeOperands) {
  auto sizes = analyse(R"(
    func.func @f(%x: tensor<?x?x?xf32>, %w: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x?x?xf32> {
      %y = norm.linear %x weight %w bias %b : (tensor<?x?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?x?xf32>
      return %y : tensor<?x?x?xf32>
    })");
  ASSERT_TRUE(succeeded(sizes));
  EXPECT_EQ(sizes->getNumArgumentSymbols(), 4u);
  Value x = function.getArgument(0), w = function.getArgument(1);
  EXPECT_TRUE(sizes->areEqual(w, 1, x, 2));
  EXPECT_TRUE(sizes->areEqual(function.getArgument(2), 0, w, 0));
  EXPECT_TRUE(sizes->areEqual(result(0), 2, w, 0));
  EXPECT_FALSE(sizes->areEqual(x, 0, x, 1));
  EXPECT_EQ(sizes->getSize(result(0), 1), symbol(1));
}

TEST_F(SizeAnalysisTest, StaticSizesWin) {
  auto sizes = analyse(R"(
    func.func @f(%x: tensor<?x4xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
      %c = tensor.cast %x : tensor<?x4xf32> to tensor<?x?xf32>
      %s = arith.addf %c, %y : tensor<?x?xf32>
      return %s : tensor<?x?xf32>
    })");
  ASSERT_TRUE(succeeded(sizes));
  EXPECT_EQ(sizes->getNumArgumentSymbols(), 1u);
  EXPECT_EQ(sizes->getSize(function.getArgument(1), 1), constant(4));
  EXPECT_EQ(sizes->getSize(result(0), 0), symbol(0));
}

TEST_F(SizeAnalysisTest, SplittingAndJoiningGivesTheSizeBack) {
  auto sizes = analyse(R"(
    func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> {
      %c0 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %n = tensor.dim %x, %c0 : tensor<?xf32>
      %m = arith.divui %n, %c8 : index
      %e = tensor.expand_shape %x [[0, 1]] output_shape [%m, 8] : tensor<?xf32> into tensor<?x8xf32>
      %c = tensor.collapse_shape %e [[0, 1]] : tensor<?x8xf32> into tensor<?xf32>
      %s = arith.addf %c, %x : tensor<?xf32>
      return %s : tensor<?xf32>
    })");
  ASSERT_TRUE(succeeded(sizes));
  EXPECT_EQ(sizes->getSize(result(0), 0), symbol(0));
  ASSERT_EQ(sizes->getConstraints().size(), 1u);
  EXPECT_EQ(sizes->getConstraints().front(), symbol(0) % 8);
}

TEST_F(SizeAnalysisTest, DataDependentSizesFollowFromNothing) {
  auto sizes = analyse(R"(
    func.func @f(%x: tensor<8xf32>, %n: index, %y: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
      %s = tensor.extract_slice %x[0] [%n] [1] : tensor<8xf32> to tensor<?xf32>
      return %s, %y : tensor<?xf32>, tensor<?xf32>
    })");
  ASSERT_TRUE(succeeded(sizes));
  EXPECT_FALSE(sizes->followsFromArguments(sizes->getSize(result(0), 0)));
  EXPECT_EQ(sizes->getSizes(result(0)), std::nullopt);
  EXPECT_TRUE(sizes->followsFromArguments(sizes->getSize(result(1), 0)));
}

TEST_F(SizeAnalysisTest, ContradictionsAreDiagnosed) {
  auto sizes = analyse(R"(
    func.func @f(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
      %a = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
      %b = tensor.cast %y : tensor<?xf32> to tensor<5xf32>
      %s = arith.addf %x, %y : tensor<?xf32>
      return %s : tensor<?xf32>
    })");
  EXPECT_TRUE(failed(sizes));
  EXPECT_NE(messages.find("needs two sizes to be equal that are"),
            std::string::npos)
      << messages;
}

// %u, of size 2c, and %w, of size 5d, are equal; c is 3b, and b the size of %w.
TEST_F(SizeAnalysisTest, DefinitionsDoNotGoInCircles) {
  auto sizes = analyse(R"(
    func.func @f(%y: tensor<?x2xf32>, %z: tensor<?x3xf32>, %v: tensor<?x5xf32>) -> tensor<?xf32> {
      %u = tensor.collapse_shape %y [[0, 1]] : tensor<?x2xf32> into tensor<?xf32>
      %t = tensor.collapse_shape %z [[0, 1]] : tensor<?x3xf32> into tensor<?xf32>
      %w = tensor.collapse_shape %v [[0, 1]] : tensor<?x5xf32> into tensor<?xf32>
      %a = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%y, %t : tensor<?x2xf32>, tensor<?xf32>) outs(%y : tensor<?x2xf32>) {
      ^bb0(%p: f32, %q: f32, %o: f32):
        linalg.yield %q : f32
      } -> tensor<?x2xf32>
      %b = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%z, %w : tensor<?x3xf32>, tensor<?xf32>) outs(%z : tensor<?x3xf32>) {
      ^bb0(%p: f32, %q: f32, %o: f32):
        linalg.yield %q : f32
      } -> tensor<?x3xf32>
      %s = arith.addf %w, %u : tensor<?xf32>
      return %s : tensor<?xf32>
    })");
  ASSERT_TRUE(succeeded(sizes)) << messages;
  EXPECT_TRUE(sizes->areEqual(result(0), 0, result(0), 0));
}
