//===- GenericTest.cpp - norm.generic in the interpreter ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Testing.h"
#include "norm/Interpreter/Numerics.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

using Generic = mlir::norm::testing::InterpreterTest;

TEST_F(Generic, LayerNormWrittenOutAgreesWithTheOp) {
  StringRef text = R"(
    func.func @f(%x: tensor<3x4xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>)
        -> (tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>,
            tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>) {
      %y, %m, %r = norm.layer_norm %x scale %g shift %b axes [1] epsilon 0.25
        : (tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>)
        -> (tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>)
      %e = tensor.empty() : tensor<3x4xf32>
      %f = tensor.empty() : tensor<3xf32>
      %a:3 = norm.generic
          ins(%x, %g, %b : tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>)
          outs(%e, %f, %f : tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>)
          iterators [parallel, reduction]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d1),
                (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
      ^bb0(%xe: f32, %ge: f32, %be: f32):
        %eps = arith.constant 0.25 : f32
        %one = arith.constant 1.0 : f32
        %c, %mean = norm.center %xe over [1] : f32
        %q = arith.mulf %c, %c : f32
        %s = norm.reduce add %q over [1] : f32
        %n = norm.extent over [1] : f32
        %v = arith.divf %s, %n : f32
        %ve = arith.addf %v, %eps : f32
        %std = math.sqrt %ve : f32
        %rstd = arith.divf %one, %std : f32
        %h = arith.mulf %c, %rstd : f32
        %hg = arith.mulf %h, %ge : f32
        %hb = arith.addf %hg, %be : f32
        norm.yield %hb, %mean, %rstd : f32, f32, f32
      }
      return %y, %m, %r, %a#0, %a#1, %a#2
        : tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>,
          tensor<3x4xf32>, tensor<3xf32>, tensor<3xf32>
    })";
  auto results =
      run(text, {tensor({3, 4}, {1, 2, 3, 5, -1, 0, 0.5, 7, 9, 9, 8, 1}),
                 tensor({4}, {1, -2, 3, 0.5}), tensor({4}, {0, 1, 2, 3})});
  ASSERT_EQ(results.size(), 6u);
  for (int i = 0; i < 3; ++i)
    expectEqual(results[i], results[i + 3]);
}

TEST_F(Generic, ReductionsOfBitsAreSigned) {
  auto results = run(R"(
    func.func @f(%x: tensor<3x2xi1>) -> (tensor<3xi1>, tensor<3xi1>, tensor<3xi1>, tensor<3xi1>) {
      %e = tensor.empty() : tensor<3xi1>
      %a:4 = norm.generic ins(%x : tensor<3x2xi1>)
          outs(%e, %e, %e, %e : tensor<3xi1>, tensor<3xi1>, tensor<3xi1>, tensor<3xi1>)
          iterators [parallel, reduction]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
      ^bb0(%v: i1):
        %max = norm.reduce max %v over [1] : i1
        %min = norm.reduce min %v over [1] : i1
        %sum = norm.reduce add %v over [1] : i1
        %product = norm.reduce mul %v over [1] : i1
        norm.yield %max, %min, %sum, %product : i1, i1, i1, i1
      }
      return %a#0, %a#1, %a#2, %a#3 : tensor<3xi1>, tensor<3xi1>, tensor<3xi1>, tensor<3xi1>
    })",
                     {InterpValue::ints(IntegerType::get(&context, 1), {3, 2},
                                        {0, 0, 0, 1, 1, 1})});
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].getInts(), ArrayRef<int64_t>({0, 0, 1}));
  EXPECT_EQ(results[1].getInts(), ArrayRef<int64_t>({0, 1, 1}));
  EXPECT_EQ(results[2].getInts(), ArrayRef<int64_t>({0, 1, 0}));
  EXPECT_EQ(results[3].getInts(), ArrayRef<int64_t>({0, 0, 1}));
}

TEST_F(Generic, ReductionsOfEveryKindAndType) {
  auto results = run(R"(
    func.func @f(%x: tensor<2x3xf32>, %i: tensor<2x3xi8>)
        -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xi8>, tensor<2xi8>) {
      %e = tensor.empty() : tensor<2xf32>
      %f = tensor.empty() : tensor<2xi8>
      %a:6 = norm.generic ins(%x, %i : tensor<2x3xf32>, tensor<2x3xi8>)
          outs(%e, %e, %e, %e, %f, %f : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xi8>, tensor<2xi8>)
          iterators [parallel, reduction]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0),
                (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
      ^bb0(%v: f32, %w: i8):
        %0 = norm.reduce add %v over [1] : f32
        %1 = norm.reduce mul %v over [1] : f32
        %2 = norm.reduce max %v over [1] : f32
        %3 = norm.reduce min %v over [1] : f32
        %4 = norm.reduce max %w over [1] : i8
        %5 = norm.reduce add %w over [1] : i8
        norm.yield %0, %1, %2, %3, %4, %5 : f32, f32, f32, f32, i8, i8
      }
      return %a#0, %a#1, %a#2, %a#3, %a#4, %a#5 : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xi8>, tensor<2xi8>
    })",
                     {tensor({2, 3}, {1, -2, 5, NAN, 1, 2}),
                      InterpValue::ints(IntegerType::get(&context, 8), {2, 3},
                                        {100, 27, 1, -5, -7, -6})});
  ASSERT_EQ(results.size(), 6u);
  EXPECT_EQ(results[0].getFloats()[0], 4);
  EXPECT_EQ(results[1].getFloats()[0], -10);
  EXPECT_EQ(results[2].getFloats()[0], 5);
  EXPECT_EQ(results[3].getFloats()[0], -2);
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(std::isnan(results[i].getFloats()[1]));
  expectNear(results[4], {100, -5});
  expectNear(results[5], {-128, -18});
}

TEST_F(Generic, ReductionOfAUniformValueCountsTheElements) {
  auto results =
      run(R"(
    func.func @f(%x: tensor<2x3xf32>, %p: tensor<2xf32>) -> tensor<2xf32> {
      %e = tensor.empty() : tensor<2xf32>
      %a = norm.generic ins(%x, %p : tensor<2x3xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>)
          iterators [parallel, reduction]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
      ^bb0(%v: f32, %w: f32):
        %0 = norm.reduce add %w over [1] : f32
        %c, %m = norm.center %w over [1] : f32
        %s = arith.addf %0, %c : f32
        norm.yield %s : f32
      }
      return %a : tensor<2xf32>
    })",
          {tensor({2, 3}, {1, 2, 3, 4, 5, 6}), tensor({2}, {10, 20})});
  expectNear(results[0], {30, 60});
}

TEST_F(Generic, SubsetsOfTheReductionDimsAndTransposedMaps) {
  // Sum over d2, then the maximum of the sums over d1; written transposed.
  auto results = run(R"(
    func.func @f(%x: tensor<2x2x2xf32>) -> (tensor<2x2xf32>, tensor<2xf32>) {
      %e = tensor.empty() : tensor<2x2xf32>
      %f = tensor.empty() : tensor<2xf32>
      %a:2 = norm.generic ins(%x : tensor<2x2x2xf32>) outs(%e, %f : tensor<2x2xf32>, tensor<2xf32>)
          iterators [parallel, reduction, reduction]
          maps [(d0, d1, d2) -> (d2, d0, d1), (d0, d1, d2) -> (d1, d0), (d0, d1, d2) -> (d0)] {
      ^bb0(%v: f32):
        %s = norm.reduce add %v over [2] : f32
        %m = norm.reduce max %s over [1] : f32
        norm.yield %s, %m : f32, f32
      }
      return %a#0, %a#1 : tensor<2x2xf32>, tensor<2xf32>
    })",
                     {tensor({2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40})});
  // x(d2, d0, d1); s(d0, d1) = 11 22 / 33 44, stored as (d1, d0).
  expectNear(results[0], {11, 33, 22, 44});
  expectNear(results[1], {22, 44});
}

TEST_F(Generic, CastsRoundAsWrittenOtherOpsDoNot) {
  auto results = run(R"(
    func.func @f(%x: tensor<1xf32>) -> (tensor<1xf32>, tensor<1xf32>) {
      %e = tensor.empty() : tensor<1xf32>
      %a:2 = norm.generic ins(%x : tensor<1xf32>) outs(%e, %e : tensor<1xf32>, tensor<1xf32>)
          iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0), (d0) -> (d0)] {
      ^bb0(%v: f32):
        %k = arith.constant 16777216.0 : f32
        %s = arith.addf %v, %k : f32
        %d = arith.subf %s, %k : f32
        %t = arith.truncf %v : f32 to bf16
        %u = arith.extf %t : bf16 to f32
        norm.yield %d, %u : f32, f32
      }
      return %a#0, %a#1 : tensor<1xf32>, tensor<1xf32>
    })",
                     {tensor({1}, {1.00390625})});
  // In f32 the sum with 2^24 would lose the fraction.
  EXPECT_EQ(results[0].getFloat(), 1.00390625);
  EXPECT_EQ(results[1].getFloat(), 1.0);
}

TEST_F(Generic, YieldRoundsOnceAndFp8Saturates) {
  auto results = run(R"(
    func.func @f(%x: tensor<4xf32>) -> (tensor<4xf8E4M3FN>, tensor<4xbf16>, tensor<4xi8>) {
      %e = tensor.empty() : tensor<4xf8E4M3FN>
      %f = tensor.empty() : tensor<4xbf16>
      %g = tensor.empty() : tensor<4xi8>
      %a:3 = norm.generic ins(%x : tensor<4xf32>)
          outs(%e, %f, %g : tensor<4xf8E4M3FN>, tensor<4xbf16>, tensor<4xi8>)
          iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0), (d0) -> (d0), (d0) -> (d0)] {
      ^bb0(%v: f32):
        %r = math.roundeven %v : f32
        %i = arith.fptosi %r : f32 to i8
        norm.yield %v, %v, %i : f32, f32, i8
      }
      return %a#0, %a#1, %a#2 : tensor<4xf8E4M3FN>, tensor<4xbf16>, tensor<4xi8>
    })",
                     {tensor({4}, {1000, 0.3, -2.5, 1.005859375})});
  ASSERT_EQ(results.size(), 3u);
  expectNear(results[0], {448, 0.3125, -2.5, 1}, 0);
  expectNear(results[1], {1000, 0.30078125, -2.5, 1.0078125}, 0);
  // 1000 is out of range, which arith leaves open; here it saturates.
  expectNear(results[2], {127, 0, -2, 1}, 0);
}

TEST_F(Generic, IndexExtentCaptureAndWideArguments) {
  auto results = run(R"(
    func.func @f(%x: tensor<2x3xbf16>, %k: f32) -> (tensor<2x3xf32>, tensor<2x3xindex>) {
      %e = tensor.empty() : tensor<2x3xf32>
      %f = tensor.empty() : tensor<2x3xindex>
      %a:2 = norm.generic ins(%x : tensor<2x3xbf16>) outs(%e, %f : tensor<2x3xf32>, tensor<2x3xindex>)
          iterators [parallel, parallel]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%v: f32):
        %n = norm.extent over [0, 1] : f32
        %s = arith.addf %v, %k : f32
        %t = arith.addf %s, %n : f32
        %i = norm.index 0 : index
        %j = norm.index 1 : index
        %c = arith.constant 10 : index
        %p = arith.muli %i, %c : index
        %q = arith.addi %p, %j : index
        norm.yield %t, %q : f32, index
      }
      return %a#0, %a#1 : tensor<2x3xf32>, tensor<2x3xindex>
    })",
                     {InterpValue::floats(bf16(), {2, 3}, {0, 1, 2, 3, 4, 5}),
                      InterpValue::scalar(f32(), 100)});
  expectNear(results[0], {106, 107, 108, 109, 110, 111});
  expectNear(results[1], {0, 1, 2, 10, 11, 12});
}

TEST_F(Generic, ManyElementsAreEvaluatedInWindows) {
  // More than a window of elements; the mean and position of each row are
  // known.
  int64_t rows = 700, length = 1000;
  std::vector<double> data;
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < length; ++j)
      data.push_back(r + (j % 2 ? 1 : -1));
  auto results = run(R"(
    func.func @f(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %d0 = tensor.dim %x, %c0 : tensor<?x?xf32>
      %d1 = tensor.dim %x, %c1 : tensor<?x?xf32>
      %e = tensor.empty(%d0, %d1) : tensor<?x?xf32>
      %a = norm.generic ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
          iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%v: f32):
        %c, %m = norm.center %v over [1] : f32
        %i = norm.index 0 : index
        %i32 = arith.index_cast %i : index to i32
        %if = arith.sitofp %i32 : i32 to f32
        %z = arith.subf %m, %if : f32
        %s = arith.addf %z, %c : f32
        norm.yield %s : f32
      }
      return %a : tensor<?x?xf32>
    })",
                     {tensor({rows, length}, data)});
  for (int64_t i = 0; i < rows * length; ++i)
    ASSERT_EQ(results[0].getFloats()[i], i % 2 ? 1 : -1) << i;
}

TEST_F(Generic, UninitialisedInputsAreAnError) {
  std::string message = runFails(R"(
    func.func @f() -> tensor<2xf32> {
      %e = tensor.empty() : tensor<2xf32>
      %a = norm.generic ins(%e : tensor<2xf32>) outs(%e : tensor<2xf32>)
          iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
      ^bb0(%v: f32):
        norm.yield %v : f32
      }
      return %a : tensor<2xf32>
    })",
                                 {});
  EXPECT_NE(message.find("reads uninitialised elements of operand 0"),
            std::string::npos)
      << message;
}

} // namespace
