//===- NormOpsTest.cpp - Graph-level ops against numbers by hand ----------===//
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

using NormOps = mlir::norm::testing::InterpreterTest;

TEST_F(NormOps, LayerNorm) {
  // Rows 1 3 (mean 2, variance 1) and 0 4 (mean 2, variance 4).
  auto results = run(R"(
    func.func @f(%x: tensor<?x2xf32>, %g: tensor<2xf32>, %b: tensor<2xf32>)
        -> (tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>) {
      %y, %m, %r = norm.layer_norm %x scale %g shift %b axes [-1] epsilon 0.0
        : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>)
        -> (tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>)
      return %y, %m, %r : tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>
    })",
                     {tensor({2, 2}, {1, 3, 0, 4}), tensor({2}, {10, 20}),
                      tensor({2}, {100, 200})});
  ASSERT_EQ(results.size(), 3u);
  expectNear(results[0], {90, 220, 90, 220});
  expectNear(results[1], {2, 2});
  expectNear(results[2], {1, 0.5});
}

TEST_F(NormOps, LayerNormEpsilonCounts) {
  auto results = run(R"(
    func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %y = norm.layer_norm %x axes [1] epsilon 3.0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
      return %y : tensor<1x2xf32>
    })",
                     {tensor({1, 2}, {1, 3})});
  expectNear(results[0], {-0.5, 0.5});
}

/// What a mean of 1e5 standard deviations leaves of the bits of f64 is exact,
/// in ops of the graph and in row programs.
TEST_F(NormOps, LargeMeansOfF64) {
  auto results =
      run(R"(
    func.func @f(%x: tensor<1x3xf64>) -> (tensor<1x3xf64>, tensor<1x3xf64>) {
      %y = norm.layer_norm %x axes [1] epsilon 0.0 : (tensor<1x3xf64>) -> tensor<1x3xf64>
      %e = tensor.empty() : tensor<1x3xf64>
      %z = norm.generic ins(%x : tensor<1x3xf64>) outs(%e : tensor<1x3xf64>)
          iterators [parallel, reduction] maps [(r, i) -> (r, i), (r, i) -> (r, i)] {
      ^bb0(%v: f64):
        %c, %m = norm.center %v over [1] : f64
        norm.yield %c : f64
      }
      return %y, %z : tensor<1x3xf64>, tensor<1x3xf64>
    })",
          {InterpValue::floats(f64(), {1, 3}, {1e5, 1e5 + 1, 1e5 + 3})});
  ASSERT_EQ(results.size(), 2u);
  const int thirds[] = {-4, -1, 5};
  for (auto [i, third] : llvm::enumerate(thirds)) {
    EXPECT_DOUBLE_EQ(results[0].getFloats()[i], third / std::sqrt(14.0));
    EXPECT_DOUBLE_EQ(results[1].getFloats()[i], third / 3.0);
  }
}

TEST_F(NormOps, LayerNormOverOuterAndSeveralAxes) {
  // Over axis 0 each column by itself; scale has the shape of axis 0.
  auto results =
      run(R"(
    func.func @f(%x: tensor<2x3xf32>, %g: tensor<2xf32>) -> tensor<2x3xf32> {
      %y = norm.layer_norm %x scale %g axes [0] epsilon 0.0
        : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
      return %y : tensor<2x3xf32>
    })",
          {tensor({2, 3}, {0, 10, -2, 2, 20, -4}), tensor({2}, {1, 5})});
  expectNear(results[0], {-1, -1, 1, 5, 5, -5});

  // Over axes 0 and 2 of 2x1x2: the scale is indexed (axis 0, axis 2).
  results =
      run(R"(
    func.func @f(%x: tensor<2x1x2xf32>, %g: tensor<2x2xf32>) -> tensor<2x1x2xf32> {
      %y = norm.layer_norm %x scale %g axes [2, 0] epsilon 0.0
        : (tensor<2x1x2xf32>, tensor<2x2xf32>) -> tensor<2x1x2xf32>
      return %y : tensor<2x1x2xf32>
    })",
          {tensor({2, 1, 2}, {1, 1, 3, 3}), tensor({2, 2}, {1, 2, 3, 4})});
  expectNear(results[0], {-1, -2, 3, 4});
}

TEST_F(NormOps, RmsNormAndScaleForms) {
  // rms(3, 4, 0, 0) = 2.5.
  auto results = run(R"(
    func.func @f(%x: tensor<1x4xf32>, %g: tensor<4xf32>)
        -> (tensor<1x4xf32>, tensor<1xf32>) {
      %y, %r = norm.rms_norm %x scale %g axes [1] epsilon 0.0 {scale_offset = 1.0}
        : (tensor<1x4xf32>, tensor<4xf32>) -> (tensor<1x4xf32>, tensor<1xf32>)
      return %y, %r : tensor<1x4xf32>, tensor<1xf32>
    })",
                     {tensor({1, 4}, {3, 4, 0, 0}), tensor({4}, {0, 1, 2, 3})});
  expectNear(results[0], {1.2, 3.2, 0, 0});
  expectNear(results[1], {0.4});
}

TEST_F(NormOps, CastBeforeScaleRoundsTwice) {
  // bf16 x = 1, 3: x / rms = 0.447..., 1.341...; rounded to bf16 before the
  // scale.
  StringRef text = R"(
    func.func @f(%x: tensor<1x2xbf16>, %g: tensor<2xf32>) -> tensor<1x2xbf16> {
      %y = norm.rms_norm %x scale %g axes [1] epsilon 0.0 CAST
        : (tensor<1x2xbf16>, tensor<2xf32>) -> tensor<1x2xbf16>
      return %y : tensor<1x2xbf16>
    })";
  InterpValue x = InterpValue::floats(bf16(), {1, 2}, {1, 3});
  InterpValue g = tensor({2}, {1.01, 1.01});
  auto type = cast<FloatType>(bf16());
  for (bool cast : {false, true}) {
    std::string source = text.str();
    source.replace(source.find("CAST"), 4, cast ? "{cast_before_scale}" : "");
    auto results = run(source, {x, g});
    double scale = g.getFloats()[0];
    for (int i = 0; i < 2; ++i) {
      double normalized = x.getFloats()[i] / std::sqrt(5.0);
      if (cast)
        normalized = roundTo(type, normalized);
      EXPECT_EQ(results[0].getFloats()[i], roundTo(type, normalized * scale));
    }
  }
}

TEST_F(NormOps, GroupNorm) {
  // 1 sample, 4 channels in 2 groups, 1 spatial dim of 2.
  auto results = run(R"(
    func.func @f(%x: tensor<1x4x2xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<1x4x2xf32> {
      %y = norm.group_norm %x scale %g shift %b groups 2 channel_axis 1 epsilon 0.0
        : (tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x2xf32>
      return %y : tensor<1x4x2xf32>
    })",
                     {tensor({1, 4, 2}, {1, 3, 1, 3, 0, 0, 8, 8}),
                      tensor({4}, {1, 2, 3, 4}), tensor({4}, {0, 0, 0, 100})});
  expectNear(results[0], {-1, 1, -2, 2, -3, -3, 104, 104});
}

TEST_F(NormOps, GroupNormChannelsLast) {
  // The same numbers with the channels last.
  auto results = run(
      R"(
    func.func @f(%x: tensor<1x2x4xf32>, %g: tensor<4xf32>) -> tensor<1x2x4xf32> {
      %y = norm.group_norm %x scale %g groups 2 channel_axis -1 epsilon 0.0
        : (tensor<1x2x4xf32>, tensor<4xf32>) -> tensor<1x2x4xf32>
      return %y : tensor<1x2x4xf32>
    })",
      {tensor({1, 2, 4}, {1, 1, 0, 8, 3, 3, 0, 8}), tensor({4}, {1, 2, 3, 4})});
  expectNear(results[0], {-1, -2, -3, 4, 1, 2, -3, 4});
}

TEST_F(NormOps, InstanceNorm) {
  auto results =
      run(R"(
    func.func @f(%x: tensor<2x2x2xf32>, %b: tensor<2xf32>) -> tensor<2x2x2xf32> {
      %y = norm.instance_norm %x shift %b channel_axis 1 epsilon 0.0
        : (tensor<2x2x2xf32>, tensor<2xf32>) -> tensor<2x2x2xf32>
      return %y : tensor<2x2x2xf32>
    })",
          {tensor({2, 2, 2}, {1, 3, 10, 0, 5, 7, 2, 4}), tensor({2}, {0, 10})});
  expectNear(results[0], {-1, 1, 11, 9, -1, 1, 9, 11});
}

TEST_F(NormOps, BatchNorm) {
  auto results =
      run(R"(
    func.func @f(%x: tensor<2x2xf32>, %g: tensor<2xf32>, %b: tensor<2xf32>,
                 %m: tensor<2xf32>, %v: tensor<2xf32>) -> tensor<2x2xf32> {
      %y = norm.batch_norm %x scale %g shift %b mean %m variance %v channel_axis 1 epsilon 1.0
        : (tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
        -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })",
          {tensor({2, 2}, {5, 6, 7, 8}), tensor({2}, {2, 3}),
           tensor({2}, {1, -1}), tensor({2}, {1, 2}), tensor({2}, {3, 15})});
  expectNear(results[0], {5, 2, 7, 3.5});
}

TEST_F(NormOps, BatchNormTraining) {
  auto results = run(R"(
    func.func @f(%x: tensor<2x2x2xf32>) -> (tensor<2x2x2xf32>, tensor<2xf32>, tensor<2xf32>) {
      %y, %m, %v = norm.batch_norm_training %x channel_axis 1 epsilon 0.0
        : (tensor<2x2x2xf32>) -> (tensor<2x2x2xf32>, tensor<2xf32>, tensor<2xf32>)
      return %y, %m, %v : tensor<2x2x2xf32>, tensor<2xf32>, tensor<2xf32>
    })",
                     {tensor({2, 2, 2}, {1, 3, 0, 0, 1, 3, 8, 8})});
  expectNear(results[0], {-1, 1, -1, -1, -1, 1, 1, 1});
  expectNear(results[1], {2, 4});
  expectNear(results[2], {1, 16});
}

TEST_F(NormOps, L2Norm) {
  auto results = run(R"(
    func.func @f(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
      %y = norm.l2_norm %x axes [1] epsilon 0.5 : (tensor<3x2xf32>) -> tensor<3x2xf32>
      return %y : tensor<3x2xf32>
    })",
                     {tensor({3, 2}, {3, 4, 0.1, 0, 0, 0})});
  expectNear(results[0], {0.6, 0.8, 0.2, 0, 0, 0});
}

TEST_F(NormOps, LinearInBothLayouts) {
  auto results = run(
      R"(
    func.func @f(%x: tensor<2x3xf32>, %w: tensor<2x3xf32>, %v: tensor<3x2xf32>, %b: tensor<2xf32>)
        -> (tensor<2x2xf32>, tensor<2x2xf32>) {
      %y = norm.linear %x weight %w bias %b
        : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x2xf32>
      %z = norm.linear %x weight %v layout in_out
        : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
      return %y, %z : tensor<2x2xf32>, tensor<2x2xf32>
    })",
      {tensor({2, 3}, {1, 2, 3, 4, 5, 6}), tensor({2, 3}, {1, 0, 0, 1, 1, 1}),
       tensor({3, 2}, {1, 1, 0, 1, 0, 1}), tensor({2}, {10, 20})});
  expectNear(results[0], {11, 26, 14, 35});
  expectNear(results[1], {1, 6, 4, 15});
}

TEST_F(NormOps, LinearAddsTheBiasBeforeItsOneRounding) {
  // 1 + 2^-8 (a tie of bf16) + 2^-8: rounding first would give 1 + 0.
  auto results = run(R"(
    func.func @f(%x: tensor<1x2xbf16>, %w: tensor<1x2xbf16>, %b: tensor<1xbf16>) -> tensor<1x1xbf16> {
      %y = norm.linear %x weight %w bias %b
        : (tensor<1x2xbf16>, tensor<1x2xbf16>, tensor<1xbf16>) -> tensor<1x1xbf16>
      return %y : tensor<1x1xbf16>
    })",
                     {InterpValue::floats(bf16(), {1, 2}, {1, 1.0 / 256}),
                      InterpValue::floats(bf16(), {1, 2}, {1, 1}),
                      InterpValue::floats(bf16(), {1}, {1.0 / 256})});
  EXPECT_EQ(results[0].getFloat(), 1.0 + 1.0 / 128);
}

TEST_F(NormOps, Activations) {
  // The formulas of the op's description, computed elsewhere, at -2, -0.5,
  // 0, 1.5.
  std::vector<double> x{-2, -0.5, 0, 1.5};
  std::pair<const char *, std::vector<double>> cases[] = {
      {"relu", {0, 0, 0, 1.5}},
      {"gelu_erf", {-0.045500263896, -0.154268769363, 0, 1.399789198097}},
      {"gelu_tanh", {-0.045402305912, -0.154285990175, 0, 1.39957157698}},
      {"silu", {-0.238405844044, -0.188770334399, 0, 1.22636171429}},
      {"sigmoid", {0.119202922022, 0.377540668798, 0.5, 0.817574476194}},
      {"tanh", {-0.964027580076, -0.46211715726, 0, 0.905148253645}},
      {"quick_gelu", {-0.064341376856, -0.149611563394, 0, 1.391662198447}},
      {"softplus",
       {0.126928011043, 0.47407698418, 0.69314718056, 1.701413277983}},
      {"leaky_relu", {-0.02, -0.005, 0, 1.5}},
      {"elu", {-0.864664716763, -0.393469340287, 0, 1.5}},
      {"hardswish", {-0.333333333333, -0.208333333333, 0, 1.125}},
      {"mish", {-0.252501482696, -0.220743774652, 0, 1.403378266396}},
  };
  for (auto &[kind, expected] : cases) {
    std::string text =
        std::string("func.func @f(%x: tensor<4xf64>) -> tensor<4xf64> {") +
        "%y = norm.activation " + kind +
        " %x : (tensor<4xf64>) -> tensor<4xf64>\n" +
        "return %y : tensor<4xf64> }";
    SCOPED_TRACE(kind);
    auto results = run(text, {InterpValue::floats(f64(), {4}, x)});
    ASSERT_EQ(results.size(), 1u);
    expectNear(results[0], expected, 1e-11);
    EXPECT_TRUE(std::isnan(
        run(text, {InterpValue::floats(f64(), {4}, {NAN, 0, 0, 0})})[0]
            .getFloat()));
  }
}

TEST_F(NormOps, ZeroRowsAndZeroVariance) {
  StringRef text = R"(
    func.func @f(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
      %y = norm.layer_norm %x axes [1] epsilon 0.0 : (tensor<?x3xf32>) -> tensor<?x3xf32>
      return %y : tensor<?x3xf32>
    })";
  EXPECT_EQ(run(text, {tensor({0, 3}, {})})[0].getNumElements(), 0);
  // 0 / 0, as IEEE says; a NaN row harms no other.
  auto results = run(text, {tensor({3, 3}, {1, 1, 1, NAN, 0, 0, -1, 0, 1})});
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE(std::isnan(results[0].getFloats()[i]));
  EXPECT_NEAR(results[0].getFloats()[8], std::sqrt(1.5), 1e-6);
}

TEST_F(NormOps, F64IsComputedWider) {
  // mean/std of 1e12: double loses all but a few digits of the variance.
  auto results =
      run(R"(
    func.func @f(%x: tensor<1x3xf64>) -> tensor<1x3xf64> {
      %y = norm.layer_norm %x axes [1] epsilon 0.0 : (tensor<1x3xf64>) -> tensor<1x3xf64>
      return %y : tensor<1x3xf64>
    })",
          {InterpValue::floats(f64(), {1, 3}, {1e15, 1e15 + 1, 1e15 + 3})});
  // Of 0, 1, 3: mean 4/3, variance 14/9.
  double std = std::sqrt(14.0 / 9);
  expectNear(results[0], {-4.0 / 3 / std, -1.0 / 3 / std, 5.0 / 3 / std}, 1e-4);
}

TEST_F(NormOps, DiagnosticsNameTheOp) {
  std::string message =
      runFails(R"(
    func.func @f(%x: tensor<2x?xf32>, %g: tensor<?xf32>) -> tensor<2x?xf32> {
      %y = norm.layer_norm %x scale %g axes [1]
        : (tensor<2x?xf32>, tensor<?xf32>) -> tensor<2x?xf32>
      return %y : tensor<2x?xf32>
    })",
               {tensor({2, 2}, {1, 2, 3, 4}), tensor({3}, {1, 2, 3})});
  EXPECT_NE(message.find("tensor<3xf32>"), std::string::npos) << message;
  EXPECT_NE(message.find("tensor<2x2xf32>"), std::string::npos) << message;

  message = runFails("func.func @f(%x: tensor<2xf32>) { return }",
                     {tensor({3}, {1, 2, 3})});
  EXPECT_NE(message.find("argument 0 of type 'tensor<2xf32>'"),
            std::string::npos)
      << message;
}

} // namespace
