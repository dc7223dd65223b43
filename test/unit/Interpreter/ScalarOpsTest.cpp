//===- ScalarOpsTest.cpp - arith, math, constants, calls, control flow ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Testing.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

class ScalarOps : public mlir::norm::testing::InterpreterTest {
protected:
  /// The result of `op` (text with %a, %b, %c) on f64 scalars.
  double floatOp(const std::string &op, double a, double b = 0, double c = 0) {
    auto results =
        run("func.func @f(%a: f64, %b: f64, %c: f64) -> f64 { %r = " + op +
                " : f64\n return %r : f64 }",
            {InterpValue::scalar(f64(), a), InterpValue::scalar(f64(), b),
             InterpValue::scalar(f64(), c)});
    return results.empty() ? NAN : results[0].getFloat();
  }
  /// The result of `op` (text with %a, %b) on i8 scalars, as i8.
  int64_t intOp(const std::string &op, int64_t a, int64_t b = 0,
                const std::string &result = "i8") {
    Type i8 = IntegerType::get(&context, 8);
    auto results =
        run("func.func @f(%a: i8, %b: i8) -> " + result + " { %r = " + op +
                " : i8\n return %r : " + result + " }",
            {InterpValue::scalarInt(i8, a), InterpValue::scalarInt(i8, b)});
    return results.empty() ? INT64_MIN : results[0].getInt();
  }
};

TEST_F(ScalarOps, FloatArithmetic) {
  EXPECT_EQ(floatOp("arith.addf %a, %b", 1.5, 2), 3.5);
  EXPECT_EQ(floatOp("arith.subf %a, %b", 1.5, 2), -0.5);
  EXPECT_EQ(floatOp("arith.mulf %a, %b", 1.5, 2), 3);
  EXPECT_EQ(floatOp("arith.divf %a, %b", 1.5, 2), 0.75);
  EXPECT_EQ(floatOp("arith.remf %a, %b", -5.5, 2), -1.5);
  EXPECT_EQ(floatOp("arith.negf %a", 1.5), -1.5);
  EXPECT_EQ(floatOp("math.fma %a, %b, %c", 2, 3, 4), 10);
  EXPECT_EQ(floatOp("math.copysign %a, %b", 2, -1), -2);
  EXPECT_EQ(floatOp("math.powf %a, %b", 2, 10), 1024);
  EXPECT_EQ(floatOp("math.clampf %a to [%b, %c]", 7, 1, 3), 3);
}

TEST_F(ScalarOps, MaximaAndNaN) {
  EXPECT_EQ(floatOp("arith.maximumf %a, %b", 1, 2), 2);
  EXPECT_TRUE(std::isnan(floatOp("arith.maximumf %a, %b", NAN, 2)));
  EXPECT_TRUE(std::isnan(floatOp("arith.minimumf %a, %b", 1, NAN)));
  EXPECT_EQ(floatOp("arith.maxnumf %a, %b", NAN, 2), 2);
  EXPECT_EQ(floatOp("arith.minnumf %a, %b", 1, NAN), 1);
  EXPECT_FALSE(std::signbit(floatOp("arith.maximumf %a, %b", -0.0, 0.0)));
  EXPECT_TRUE(std::signbit(floatOp("arith.minimumf %a, %b", 0.0, -0.0)));
}

TEST_F(ScalarOps, Functions) {
  EXPECT_DOUBLE_EQ(floatOp("math.exp %a", 1), M_E);
  EXPECT_EQ(floatOp("math.exp2 %a", 3), 8);
  EXPECT_DOUBLE_EQ(floatOp("math.expm1 %a", 1e-10), std::expm1(1e-10));
  EXPECT_EQ(floatOp("math.log %a", 1), 0);
  EXPECT_DOUBLE_EQ(floatOp("math.log1p %a", 1e-10), std::log1p(1e-10));
  EXPECT_EQ(floatOp("math.log2 %a", 8), 3);
  EXPECT_EQ(floatOp("math.sqrt %a", 9), 3);
  EXPECT_EQ(floatOp("math.rsqrt %a", 4), 0.5);
  EXPECT_DOUBLE_EQ(floatOp("math.tanh %a", 0.5), std::tanh(0.5));
  EXPECT_DOUBLE_EQ(floatOp("math.erf %a", 0.5), std::erf(0.5));
  EXPECT_DOUBLE_EQ(floatOp("math.sin %a", 0.5), std::sin(0.5));
  EXPECT_DOUBLE_EQ(floatOp("math.cos %a", 0.5), std::cos(0.5));
  EXPECT_EQ(floatOp("math.absf %a", -2), 2);
  EXPECT_EQ(floatOp("math.floor %a", -1.5), -2);
  EXPECT_EQ(floatOp("math.ceil %a", -1.5), -1);
  EXPECT_EQ(floatOp("math.trunc %a", -1.5), -1);
  EXPECT_EQ(floatOp("math.round %a", 2.5), 3);
  EXPECT_EQ(floatOp("math.roundeven %a", 2.5), 2);
}

TEST_F(ScalarOps, Integers) {
  EXPECT_EQ(intOp("arith.addi %a, %b", 100, 100), -56);
  EXPECT_EQ(intOp("arith.subi %a, %b", -100, 100), 56);
  EXPECT_EQ(intOp("arith.muli %a, %b", 50, 3), -106);
  EXPECT_EQ(intOp("arith.divsi %a, %b", -7, 2), -3);
  EXPECT_EQ(intOp("arith.floordivsi %a, %b", -7, 2), -4);
  EXPECT_EQ(intOp("arith.ceildivsi %a, %b", 7, 2), 4);
  EXPECT_EQ(intOp("arith.divui %a, %b", -2, 2), 127);
  EXPECT_EQ(intOp("arith.remsi %a, %b", -7, 2), -1);
  EXPECT_EQ(intOp("arith.remui %a, %b", -1, 10), 5);
  EXPECT_EQ(intOp("arith.andi %a, %b", 12, 10), 8);
  EXPECT_EQ(intOp("arith.ori %a, %b", 12, 10), 14);
  EXPECT_EQ(intOp("arith.xori %a, %b", 12, 10), 6);
  EXPECT_EQ(intOp("arith.shli %a, %b", 1, 7), -128);
  EXPECT_EQ(intOp("arith.shrsi %a, %b", -8, 1), -4);
  EXPECT_EQ(intOp("arith.shrui %a, %b", -8, 1), 124);
  EXPECT_EQ(intOp("arith.maxsi %a, %b", -8, 1), 1);
  EXPECT_EQ(intOp("arith.maxui %a, %b", -8, 1), -8);
  EXPECT_EQ(intOp("arith.minui %a, %b", -8, 1), 1);
  EXPECT_EQ(intOp("math.absi %a", -8), 8);
  EXPECT_EQ(intOp("arith.cmpi slt, %a, %b", -8, 1, "i1"), 1);
  EXPECT_EQ(intOp("arith.cmpi ult, %a, %b", -8, 1, "i1"), 0);
}

TEST_F(ScalarOps, SignedOnBitIsMinusOne) {
  auto results = run(
      R"(
    func.func @f(%a: tensor<4xi1>, %b: tensor<4xi1>)
        -> (tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi8>) {
      %max = arith.maxsi %a, %b : tensor<4xi1>
      %min = arith.minsi %a, %b : tensor<4xi1>
      %umax = arith.maxui %a, %b : tensor<4xi1>
      %umin = arith.minui %a, %b : tensor<4xi1>
      %ext = arith.extsi %a : tensor<4xi1> to tensor<4xi8>
      return %max, %min, %umax, %umin, %ext
        : tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi8>
    })",
      {InterpValue::ints(IntegerType::get(&context, 1), {4}, {0, 0, 1, 1}),
       InterpValue::ints(IntegerType::get(&context, 1), {4}, {0, 1, 0, 1})});
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[0].getInts(), ArrayRef<int64_t>({0, 0, 0, 1}));
  EXPECT_EQ(results[1].getInts(), ArrayRef<int64_t>({0, 1, 1, 1}));
  EXPECT_EQ(results[2].getInts(), ArrayRef<int64_t>({0, 1, 1, 1}));
  EXPECT_EQ(results[3].getInts(), ArrayRef<int64_t>({0, 0, 0, 1}));
  EXPECT_EQ(results[4].getInts(), ArrayRef<int64_t>({0, 0, -1, -1}));
}

TEST_F(ScalarOps, OtherRoundingModesAreUnknown) {
  EXPECT_NE(runFails(R"(func.func @f(%x: f32) -> bf16 {
                          %y = arith.truncf %x toward_zero : f32 to bf16
                          return %y : bf16 })",
                     {InterpValue::scalar(f32(), 1)})
                .find("does not know 'arith.truncf'"),
            std::string::npos)
      << messages;
}

TEST_F(ScalarOps, CastsAndComparisonsOnTensors) {
  auto results = run(R"(
    func.func @f(%x: tensor<4xf32>) -> (tensor<4xi8>, tensor<4xf32>, tensor<4xbf16>, tensor<4xi32>) {
      %z = arith.constant dense<0.0> : tensor<4xf32>
      %i = arith.fptosi %x : tensor<4xf32> to tensor<4xi8>
      %c = arith.cmpf olt, %x, %z : tensor<4xf32>
      %n = arith.negf %x : tensor<4xf32>
      %s = arith.select %c, %n, %x : tensor<4xi1>, tensor<4xf32>
      %t = arith.truncf %x : tensor<4xf32> to tensor<4xbf16>
      %e = arith.extui %i : tensor<4xi8> to tensor<4xi32>
      return %i, %s, %t, %e : tensor<4xi8>, tensor<4xf32>, tensor<4xbf16>, tensor<4xi32>
    })",
                     {tensor({4}, {-1.75, 2.5, 300, -0.001})});
  ASSERT_EQ(results.size(), 4u);
  expectNear(results[0], {-1, 2, 127, 0});
  expectNear(results[1], {1.75, 2.5, 300, 0.001});
  expectNear(results[2], {-1.75, 2.5, 300, -0.00099945068359375}, 0);
  expectNear(results[3], {255, 2, 127, 0});
}

TEST_F(ScalarOps, GraphOpsRoundEveryResult) {
  // 1 + 2^-24 is lost in f32, so that the difference is 0.
  auto results = run(R"(
    func.func @f(%x: tensor<1xf32>, %y: tensor<1xf32>) -> tensor<1xf32> {
      %s = arith.addf %x, %y : tensor<1xf32>
      %d = arith.subf %s, %x : tensor<1xf32>
      return %d : tensor<1xf32>
    })",
                     {tensor({1}, {1}), tensor({1}, {std::ldexp(1.0, -24)})});
  EXPECT_EQ(results[0].getFloat(), 0.0);
}

TEST_F(ScalarOps, Constants) {
  auto results = run(R"(
    func.func @f() -> (tensor<2xf16>, tensor<2x2xf32>, tensor<2xi1>, tensor<2xf32>, tensor<3xf8E5M2>) {
      %a = arith.constant dense<[0.1, -2.0]> : tensor<2xf16>
      %b = arith.constant dense<7.0> : tensor<2x2xf32>
      %c = arith.constant dense<[true, false]> : tensor<2xi1>
      %d = arith.constant dense_resource<blob> : tensor<2xf32>
      %e = arith.constant dense<[1.0, 1.5, 0.25]> : tensor<3xf8E5M2>
      return %a, %b, %c, %d, %e : tensor<2xf16>, tensor<2x2xf32>, tensor<2xi1>, tensor<2xf32>, tensor<3xf8E5M2>
    }
    {-# dialect_resources: { builtin: { blob: "0x040000000000803F000000C0" } } #-})",
                     {});
  ASSERT_EQ(results.size(), 5u);
  expectNear(results[0], {0.0999755859375, -2}, 0);
  expectNear(results[1], {7, 7, 7, 7}, 0);
  expectNear(results[2], {1, 0}, 0);
  expectNear(results[3], {1, -2}, 0);
  expectNear(results[4], {1, 1.5, 0.25}, 0);
}

TEST_F(ScalarOps, CallsLoopsAndBranches) {
  auto results = run(R"(
    func.func @f(%n: index) -> (index, tensor<1xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %init = arith.constant dense<1.0> : tensor<1xf32>
      %sum, %t = scf.for %i = %c0 to %n step %c1 iter_args(%s = %c0, %v = %init) -> (index, tensor<1xf32>) {
        %r = arith.remui %i, %c2 : index
        %odd = arith.cmpi eq, %r, %c1 : index
        %next = scf.if %odd -> index {
          %k = affine.apply affine_map<(a)[b] -> (a + 10 * b)>(%s)[%i]
          scf.yield %k : index
        } else {
          scf.yield %s : index
        }
        %w = func.call @twice(%v) : (tensor<1xf32>) -> tensor<1xf32>
        scf.yield %next, %w : index, tensor<1xf32>
      }
      return %sum, %t : index, tensor<1xf32>
    }
    func.func private @twice(%x: tensor<1xf32>) -> tensor<1xf32> {
      %y = arith.addf %x, %x : tensor<1xf32>
      return %y : tensor<1xf32>
    })",
                     {InterpValue::scalarInt(IndexType::get(&context), 6)});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].getInt(), 90); // 10 * (1 + 3 + 5)
  EXPECT_EQ(results[1].getFloat(), 64);
}

TEST_F(ScalarOps, UnknownOpsAndEndlessRecursionAreErrors) {
  EXPECT_NE(runFails(R"(func.func @f(%x: f32) -> vector<2xf32> {
                          %y = vector.broadcast %x : f32 to vector<2xf32>
                          return %y : vector<2xf32> })",
                     {InterpValue::scalar(f32(), 0)})
                .find("does not know 'vector.broadcast'"),
            std::string::npos)
      << messages;
  messages.clear();
  EXPECT_NE(runFails("func.func @f() { func.call @f() : () -> () return }", {})
                .find("nested calls"),
            std::string::npos);
}

} // namespace
