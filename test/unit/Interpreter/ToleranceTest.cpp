//===- ToleranceTest.cpp - What is admissible and what is a mistake -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels written here in float, right and wrong ones, against the bounds.
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Tolerance.h"
#include "Testing.h"
#include "norm/Interpreter/Numerics.h"
#include "norm/Interpreter/RandomInputs.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

class ToleranceTest : public mlir::norm::testing::InterpreterTest {
protected:
  /// The results of `text` with their bounds.
  Reference refer(StringRef text, ArrayRef<InterpValue> arguments) {
    func::FuncOp function = parse(text);
    FailureOr<Reference> reference = failure();
    if (function)
      reference = interpretWithBounds(function, arguments);
    if (failed(reference)) {
      ADD_FAILURE() << messages;
      return {};
    }
    return *reference;
  }

  /// Whether `actual` is an admissible first result.
  bool admits(const Reference &reference, const InterpValue &actual) {
    return compare(reference.results[0], reference.bounds[0], actual).passed();
  }

  static double errorAt(const Reference &reference, int64_t i) {
    return reference.bounds[0].empty() ? 0 : reference.bounds[0][i];
  }

  InterpValue random(ArrayRef<int64_t> shape, double mean = 0,
                     double stddev = 1, unsigned index = 0, Type type = {}) {
    RandomOptions options;
    options.mean = mean;
    options.stddev = stddev;
    return makeRandom(type ? type : f32(), shape, true, ArgumentRole::Data,
                      index, options);
  }
};

/// How a layer norm is computed, in float.
enum class Scheme {
  TwoFloats,   // the mean as two floats, as the kernels keep it
  OneFloat,    // centred, the mean as one float
  MeanSquares, // E[x^2] - E[x]^2
  OffByOne,    // the statistics of the elements but the last
  NoEpsilon,
};

/// One row after the other, in the way of a vectorized kernel: lanes and a
/// tree.
std::vector<double> layerNorm(ArrayRef<double> x, int64_t length, float epsilon,
                              Scheme scheme) {
  auto sum = [](ArrayRef<float> values) {
    float lanes[16] = {};
    for (size_t i = 0; i < values.size(); ++i)
      lanes[i % 16] += values[i];
    for (int half = 8; half > 0; half /= 2)
      for (int i = 0; i < half; ++i)
        lanes[i] += lanes[i + half];
    return lanes[0];
  };
  std::vector<double> y(x.size());
  for (size_t begin = 0; begin < x.size(); begin += length) {
    std::vector<float> row(x.begin() + begin, x.begin() + begin + length);
    int64_t n = scheme == Scheme::OffByOne ? length - 1 : length;
    std::vector<float> used(row.begin(), row.begin() + n), squares;
    float mean = sum(used) / n, low = 0;
    std::vector<float> centered;
    for (float value : used)
      centered.push_back(value - mean);
    if (scheme == Scheme::TwoFloats)
      low = sum(centered) / n;
    for (float value : scheme == Scheme::MeanSquares ? used : centered)
      squares.push_back(value * value);
    float variance = sum(squares) / n;
    variance -= scheme == Scheme::MeanSquares ? mean * mean : low * low;
    float rstd =
        1 / std::sqrt(variance + (scheme == Scheme::NoEpsilon ? 0 : epsilon));
    for (int64_t i = 0; i < length; ++i)
      y[begin + i] = ((row[i] - mean) - low) * rstd;
  }
  return y;
}

const char *const kLayerNorm = R"(
  func.func @f(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
    %y = norm.layer_norm %x axes [1] : (tensor<?x?xf32>) -> tensor<?x?xf32>
    return %y : tensor<?x?xf32>
  })";

TEST_F(ToleranceTest, LayerNormAdmitsWhatTheTablePromises) {
  for (double mean : {0.0, 10.0, 1e3, 1e5}) {
    InterpValue x = random({16, 768}, mean);
    Reference reference = refer(kLayerNorm, {x});
    auto result = [&](Scheme scheme) {
      return tensor({16, 768}, layerNorm(x.getFloats(), 768, 1e-5f, scheme));
    };
    EXPECT_TRUE(admits(reference, result(Scheme::TwoFloats))) << mean;
    EXPECT_FALSE(admits(reference, result(Scheme::OffByOne))) << mean;
    if (mean >= 1e3) {
      EXPECT_FALSE(admits(reference, result(Scheme::OneFloat))) << mean;
      EXPECT_FALSE(admits(reference, result(Scheme::MeanSquares))) << mean;
    }
  }
}

TEST_F(ToleranceTest, LayerNormBoundIsEightUnits) {
  InterpValue x = random({4, 768});
  Reference reference = refer(kLayerNorm, {x});
  for (int64_t i = 0; i < x.getNumElements(); ++i) {
    double y = std::fabs(reference.results[0].getFloats()[i]);
    double unit = std::ldexp(1.0, -23);
    EXPECT_LE(reference.bounds[0][i],
              unit * (8 * std::max(1.0, y) + 2 * y + 0.01));
    EXPECT_GE(reference.bounds[0][i], 8 * unit);
  }
}

TEST_F(ToleranceTest, AForgottenEpsilonShowsInSmallRows) {
  for (double stddev : {1e-2, 1e-3, 1e-5}) {
    InterpValue x = random({8, 64}, 0, stddev);
    Reference reference = refer(kLayerNorm, {x});
    EXPECT_TRUE(
        admits(reference, tensor({8, 64}, layerNorm(x.getFloats(), 64, 1e-5f,
                                                    Scheme::TwoFloats))));
    EXPECT_FALSE(
        admits(reference, tensor({8, 64}, layerNorm(x.getFloats(), 64, 1e-5f,
                                                    Scheme::NoEpsilon))));
  }
}

TEST_F(ToleranceTest, TheGenericFormHasNearlyTheSameBound) {
  StringRef text = R"(
    func.func @f(%x: tensor<?x768xf32>, %e: tensor<?x768xf32>) -> tensor<?x768xf32> {
      %a = norm.generic ins(%x : tensor<?x768xf32>) outs(%e : tensor<?x768xf32>)
          iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%xe: f32):
        %eps = arith.constant 1.0e-5 : f32
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
        norm.yield %h : f32
      }
      return %a : tensor<?x768xf32>
    })";
  for (double mean : {0.0, 1e3}) {
    InterpValue x = random({16, 768}, mean);
    Reference reference = refer(text, {x, x});
    auto result = [&](Scheme scheme) {
      return tensor({16, 768}, layerNorm(x.getFloats(), 768, 1e-5f, scheme));
    };
    EXPECT_TRUE(admits(reference, result(Scheme::TwoFloats)));
    EXPECT_FALSE(admits(reference, result(Scheme::OffByOne)));
    if (mean > 0) {
      EXPECT_FALSE(admits(reference, result(Scheme::OneFloat)));
    }
    for (int64_t i = 0; i < 768; ++i)
      EXPECT_LE(
          reference.bounds[0][i],
          std::ldexp(20.0, -23) *
              std::max(1.0, std::fabs(reference.results[0].getFloats()[i])));
  }
}

TEST_F(ToleranceTest, SixteenBitResultsMayBeOneUlpOff) {
  auto type = cast<FloatType>(bf16());
  InterpValue x = random({8, 256}, 1, 1, 0, bf16());
  Reference reference = refer(R"(
    func.func @f(%x: tensor<8x256xbf16>) -> tensor<8x256xbf16> {
      %y = norm.layer_norm %x axes [1] : (tensor<8x256xbf16>) -> tensor<8x256xbf16>
      return %y : tensor<8x256xbf16>
    })",
                              {x});
  std::vector<double> y =
      layerNorm(x.getFloats(), 256, 1e-5f, Scheme::TwoFloats);
  EXPECT_TRUE(admits(reference, InterpValue::floats(bf16(), {8, 256}, y)));
  // Toward zero instead of to nearest is off by one ulp, twice that by two.
  for (double &value : y)
    value = roundTo(type, value);
  std::vector<double> off = y;
  for (double &value : off)
    value += 2.1 * ulp(type, std::max(std::fabs(value), 1.0 / 32));
  EXPECT_FALSE(admits(reference, InterpValue::floats(bf16(), {8, 256}, off)));
}

/// AVX512_BF16 takes subnormal numbers for zero.
TEST_F(ToleranceTest, SubnormalNumbersOfBF16MayBeLost) {
  // Whether 0 will do for x w + x w of `type`, and for x w rounded to it.
  auto admitsZero = [&](Type type, double x, double w) {
    std::string name = type.isF32() ? "f32" : type.isF16() ? "f16" : "bf16";
    std::string row = "tensor<1x2x" + name + ">";
    Reference reference = refer(
        "func.func @f(%x: " + row + ", %w: " + row + ") -> (tensor<1x1xf32>, " +
            row + ") {\n%y = norm.linear %x weight %w : (" + row + ", " + row +
            ") -> tensor<1x1xf32>\n%z = arith.mulf %x, %w : " + row +
            "\nreturn %y, %z : tensor<1x1xf32>, " + row + "\n}\n",
        {InterpValue::floats(type, {1, 2}, {x, x}),
         InterpValue::floats(type, {1, 2}, {w, w})});
    return std::pair(admits(reference, tensor({1, 1}, {0})),
                     compare(reference.results[1], reference.bounds[1],
                             InterpValue::floats(type, {1, 2}, {0, 0}))
                         .passed());
  };
  EXPECT_EQ(admitsZero(bf16(), 0x1p100, 0x1p-130), std::pair(true, false));
  EXPECT_EQ(admitsZero(bf16(), 0x1p-130, 0x1p100), std::pair(true, false));
  EXPECT_EQ(admitsZero(bf16(), 0x1p-64, 0x1p-64), std::pair(true, true));
  EXPECT_EQ(admitsZero(bf16(), 0x1p-60, 0x1p-60), std::pair(false, false));
  EXPECT_EQ(admitsZero(f32(), 0x1p100, 0x1p-130), std::pair(false, false));
  EXPECT_EQ(admitsZero(f16(), 0x1p-10, 0x1p-10), std::pair(false, false));
}

TEST_F(ToleranceTest, Linear) {
  int64_t rows = 8, inSize = 384, outSize = 96;
  InterpValue x = random({rows, inSize}, 0.5), b = random({outSize}, 0, 1, 2);
  InterpValue w =
      makeRandom(f32(), {outSize, inSize}, true, ArgumentRole::Weight, 1);
  Reference reference = refer(R"(
    func.func @f(%x: tensor<8x384xf32>, %w: tensor<96x384xf32>, %b: tensor<96xf32>) -> tensor<8x96xf32> {
      %y = norm.linear %x weight %w bias %b
        : (tensor<8x384xf32>, tensor<96x384xf32>, tensor<96xf32>) -> tensor<8x96xf32>
      return %y : tensor<8x96xf32>
    })",
                              {x, w, b});
  auto compute = [&](int64_t used, bool fromB) {
    std::vector<double> y(rows * outSize);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t o = 0; o < outSize; ++o) {
        float sum = fromB ? b.getFloats()[o] : 0;
        for (int64_t k = 0; k < used; ++k)
          sum += static_cast<float>(x.getFloats()[r * inSize + k]) *
                 static_cast<float>(w.getFloats()[o * inSize + k]);
        y[r * outSize + o] =
            fromB ? sum : sum + static_cast<float>(b.getFloats()[o]);
      }
    return tensor({rows, outSize}, y);
  };
  EXPECT_TRUE(admits(reference, compute(inSize, false)));
  EXPECT_TRUE(admits(reference, compute(inSize, true)));
  EXPECT_FALSE(admits(reference, compute(inSize - 1, false)));
}

TEST_F(ToleranceTest, ErrorsGoThroughAGraph) {
  // Without the roundings between the ops of a bf16 graph, as a fused kernel.
  StringRef text = R"(
    func.func @f(%x: tensor<16x64xTYPE>, %w: tensor<128x64xTYPE>, %v: tensor<64x128xTYPE>) -> tensor<16x64xTYPE> {
      %h = norm.linear %x weight %w : (tensor<16x64xTYPE>, tensor<128x64xTYPE>) -> tensor<16x128xTYPE>
      %g = norm.activation gelu_erf %h : (tensor<16x128xTYPE>) -> tensor<16x128xTYPE>
      %o = norm.linear %g weight %v : (tensor<16x128xTYPE>, tensor<64x128xTYPE>) -> tensor<16x64xTYPE>
      %r = arith.addf %o, %x : tensor<16x64xTYPE>
      %y = norm.layer_norm %r axes [1] : (tensor<16x64xTYPE>) -> tensor<16x64xTYPE>
      return %y : tensor<16x64xTYPE>
    })";
  auto instantiate = [&](StringRef type) {
    std::string result;
    for (StringRef rest = text; !rest.empty();) {
      auto [head, tail] = rest.split("TYPE");
      result += head.str() + (tail.empty() ? "" : type.str());
      rest = tail;
    }
    return result;
  };
  InterpValue x = random({16, 64}, 0, 1, 0, bf16());
  InterpValue w = makeRandom(bf16(), {128, 64}, true, ArgumentRole::Weight, 1);
  InterpValue v = makeRandom(bf16(), {64, 128}, true, ArgumentRole::Weight, 2);
  Reference reference = refer(instantiate("bf16"), {x, w, v});
  auto asF32 = [&](const InterpValue &value) {
    return InterpValue::floats(f32(), value.getShape(),
                               value.getFloats().vec());
  };
  auto exact = run(instantiate("f32"), {asF32(x), asF32(w), asF32(v)});
  EXPECT_TRUE(
      admits(reference, InterpValue::floats(bf16(), {16, 64},
                                            exact[0].getFloats().vec())));
  // The bound is still of use: a forgotten residual or a wrong activation
  // shows.
  std::string wrong = instantiate("f32");
  wrong.replace(wrong.find("gelu_erf"), 8, "relu");
  exact = run(wrong, {asF32(x), asF32(w), asF32(v)});
  EXPECT_FALSE(
      admits(reference, InterpValue::floats(bf16(), {16, 64},
                                            exact[0].getFloats().vec())));
}

TEST_F(ToleranceTest, SoftmaxInFloat) {
  InterpValue x = random({8, 100}, 0, 3);
  Reference reference = refer(R"(
    func.func @f(%x: tensor<8x100xf32>) -> tensor<8x100xf32> {
      %e = tensor.empty() : tensor<8x100xf32>
      %a = norm.generic ins(%x : tensor<8x100xf32>) outs(%e : tensor<8x100xf32>)
          iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%v: f32):
        %m = norm.reduce max %v over [1] : f32
        %d = arith.subf %v, %m : f32
        %p = math.exp %d : f32
        %s = norm.reduce add %p over [1] : f32
        %q = arith.divf %p, %s : f32
        norm.yield %q : f32
      }
      return %a : tensor<8x100xf32>
    })",
                              {x});
  auto softmax = [&](int64_t used) {
    std::vector<double> y;
    for (int64_t r = 0; r < 8; ++r) {
      float top = -INFINITY, sum = 0;
      for (int64_t j = 0; j < 100; ++j)
        top = std::fmax(top, static_cast<float>(x.getFloats()[r * 100 + j]));
      std::vector<float> p;
      for (int64_t j = 0; j < 100; ++j)
        p.push_back(
            std::exp(static_cast<float>(x.getFloats()[r * 100 + j]) - top));
      for (int64_t j = 0; j < used; ++j)
        sum += p[j];
      for (float value : p)
        y.push_back(value / sum);
    }
    return tensor({8, 100}, y);
  };
  EXPECT_TRUE(admits(reference, softmax(100)));
  EXPECT_FALSE(admits(reference, softmax(99)));
}

TEST_F(ToleranceTest, RoundingToIntegersMayFlipOnlyNearTies) {
  // x * x in f32 may be off in the last place; 2.25 * 2.25 = 5.0625 is far from
  // a tie, 1.5811388 squared is within a unit of 2.5.
  Reference reference = refer(R"(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xi8> {
      %e = tensor.empty() : tensor<2xi8>
      %a = norm.generic ins(%x : tensor<2xf32>) outs(%e : tensor<2xi8>)
          iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
      ^bb0(%v: f32):
        %q = arith.mulf %v, %v : f32
        %r = math.roundeven %q : f32
        %i = arith.fptosi %r : f32 to i8
        norm.yield %i : i8
      }
      return %a : tensor<2xi8>
    })",
                              {tensor({2}, {2.25, 1.5811388})});
  EXPECT_EQ(errorAt(reference, 0), 0);
  EXPECT_EQ(errorAt(reference, 1), 1);
}

TEST_F(ToleranceTest, ErrorsMoveWithTheElements) {
  Reference reference =
      refer(R"(
    func.func @f(%x: tensor<2x2xf32>, %z: tensor<2x2xf32>) -> tensor<6xf32> {
      %s = arith.addf %x, %z : tensor<2x2xf32>
      %zero = arith.constant -1.0 : f32
      %row = tensor.extract_slice %s[1, 0] [1, 2] [1, 1] : tensor<2x2xf32> to tensor<2xf32>
      %c = tensor.concat dim(0) %row, %row : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
      %p = tensor.pad %c low[1] high[1] {
      ^bb0(%i: index):
        tensor.yield %zero : f32
      } : tensor<4xf32> to tensor<6xf32>
      return %p : tensor<6xf32>
    })",
            {tensor({2, 2}, {1, 2, 3, 4}), tensor({2, 2}, {0, 0, 0, 0})});
  double unit = std::ldexp(1.0, -23);
  std::vector<double> expected{0, 3, 4, 3, 4, 0};
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(errorAt(reference, i), expected[i] * unit) << i;
}

TEST_F(ToleranceTest, ErrorsGoThroughCallsLoopsAndLinalg) {
  Reference reference = refer(R"(
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c3 = arith.constant 3 : index
      %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%v = %x) -> tensor<4xf32> {
        %w = func.call @square(%v) : (tensor<4xf32>) -> tensor<4xf32>
        scf.yield %w : tensor<4xf32>
      }
      return %y : tensor<4xf32>
    }
    func.func private @square(%x: tensor<4xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %y = linalg.mul ins(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    })",
                              {tensor({4}, {1, 2, -1, 0.5})});
  expectNear(reference.results[0], {1, 256, 1, 1.0 / 256});
  // One unit for each squaring, doubled by those after it: 1 + 2 + 4, to first
  // order.
  for (int i = 0; i < 4; ++i) {
    double units = errorAt(reference, i) /
                   (reference.results[0].getFloats()[i] * std::ldexp(1.0, -23));
    EXPECT_NEAR(units, 7, 0.01);
  }
}

TEST_F(ToleranceTest, CompareAndDescribe) {
  InterpValue a = tensor({2, 2}, {1, 2, NAN, INFINITY});
  ErrorBound bound(4, 0.5);
  EXPECT_TRUE(
      compare(a, bound, tensor({2, 2}, {1.5, 2, NAN, INFINITY})).passed());
  EXPECT_FALSE(compare(a, bound, tensor({2, 2}, {1, 2, 0, INFINITY})).passed());
  EXPECT_FALSE(compare(a, bound, tensor({2, 2}, {1, 2, NAN, 1e30})).passed());
  EXPECT_FALSE(compare(a, bound, tensor({4}, {1, 2, NAN, INFINITY})).passed());
  InterpValue wrong = tensor({2, 2}, {1.75, 4, NAN, INFINITY});
  Comparison result = compare(a, bound, wrong);
  EXPECT_EQ(result.numBad, 2);
  EXPECT_EQ(result.first, 0);
  EXPECT_EQ(result.worst, 1);
  EXPECT_EQ(result.maxError, 2);
  EXPECT_EQ(result.maxRatio, 4);
  EXPECT_EQ(
      describe(result, a, bound, wrong),
      "2 of 4 elements differ; first element [0, 0]: expected 1, got 1.75, "
      "off by 0.75 where 0.5 is admissible; worst element [0, 1]: expected "
      "2, got 4, off by 2 where 0.5 is admissible");
  EXPECT_EQ(describe(compare(a, bound, a), a, bound, a), "");
}

TEST_F(ToleranceTest, ElementsOfWhichAnythingIsAdmissible) {
  // Their root mean square is 5, of the finite ones.
  InterpValue a = tensor({1, 4}, {1, 7, -5, INFINITY});
  Comparison firm = compare(a, {5, 7, 5, NAN}, a);
  EXPECT_EQ(firm.numLoose, 0);
  EXPECT_EQ(firm.medianBound, 1);
  EXPECT_EQ(describeLooseness(firm, a), "");
  Comparison loose = compare(a, {5.5, 7, 6, 0}, a);
  EXPECT_TRUE(loose.passed());
  EXPECT_EQ(loose.numLoose, 2);
  EXPECT_EQ(describeLooseness(loose, a),
            "what is admissible exceeds the size of the result in 2 of 4 "
            "elements; at the median it is 1.1 times as large");
  EXPECT_EQ(compare(a, {5.5, 7, 6, 0}, a, /*slack=*/0.5).numLoose, 0);
  EXPECT_EQ(compare(a, {INFINITY, 0, NAN, 0}, a).numLoose, 2);
  EXPECT_EQ(compare(a, {NAN, 0, NAN, 0}, a).medianBound, INFINITY);
  // Squares that no f64 holds.
  InterpValue large =
      InterpValue::floats(Float64Type::get(&context), {2}, {1e200, 7e200});
  EXPECT_EQ(compare(large, {2e200, 8e200}, large).numLoose, 1);
  // What must be exact, what is zero, and what has no elements.
  EXPECT_EQ(compare(a, {}, a).numLoose, 0);
  InterpValue zeros = tensor({2}, {0, 0}), none = tensor({0}, {});
  EXPECT_EQ(compare(zeros, {1, 1}, zeros).numLoose, 0);
  EXPECT_EQ(describeLooseness(compare(none, {}, none), none), "");
}

TEST_F(ToleranceTest, RandomArgumentsAreReproducible) {
  func::FuncOp function = parse(R"(
    func.func @f(%x: tensor<?x8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>, %i: tensor<4xi8>) -> tensor<?x8xf32> {
      %y = norm.batch_norm %x mean %m variance %v channel_axis 1
        : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    })");
  auto size = [](unsigned, unsigned) -> int64_t { return 3; };
  auto first = makeRandomArguments(function, size);
  auto second = makeRandomArguments(function, size);
  RandomOptions other;
  other.seed = 2;
  auto third = makeRandomArguments(function, size, other);
  ASSERT_TRUE(succeeded(first) && succeeded(second) && succeeded(third));
  for (int i = 0; i < 4; ++i)
    expectEqual((*first)[i], (*second)[i]);
  EXPECT_EQ((*first)[0].getShape(), ArrayRef<int64_t>({3, 8}));
  EXPECT_NE((*first)[0].getFloats()[0], (*third)[0].getFloats()[0]);
  EXPECT_NE((*first)[0].getFloats()[0], (*first)[1].getFloats()[0]);
  for (double value : (*first)[2].getFloats())
    EXPECT_GT(value, 0.2);
  // The same numbers on every machine.
  EXPECT_FLOAT_EQ((*first)[0].getFloats()[0], 1.9311748);
}

TEST_F(ToleranceTest, UndefinedResultsMayBeAnything) {
  Reference cast = refer(R"(
    func.func @f(%x: tensor<5xf32>) -> (tensor<5xi8>, tensor<5xf32>) {
      %i = arith.fptoui %x : tensor<5xf32> to tensor<5xi8>
      %r = arith.uitofp %i : tensor<5xi8> to tensor<5xf32>
      return %i, %r : tensor<5xi8>, tensor<5xf32>
    })",
                         {tensor({5}, {-1, -0.5, 255.5, 256, NAN})});
  ASSERT_EQ(cast.bounds.size(), 2u);
  EXPECT_EQ(cast.bounds[0], ErrorBound({INFINITY, 0, 0, INFINITY, INFINITY}));
  EXPECT_EQ(cast.bounds[1][0], INFINITY);
  EXPECT_LT(cast.bounds[1][2], 1);

  Type i8 = IntegerType::get(&context, 8);
  Reference division = refer(R"(
    func.func @f(%a: tensor<4xi8>, %b: tensor<4xi8>) -> (tensor<4xi8>, tensor<4xi8>, tensor<4xi8>) {
      %q = arith.divsi %a, %b : tensor<4xi8>
      %u = arith.remui %a, %b : tensor<4xi8>
      %s = arith.shli %a, %b : tensor<4xi8>
      return %q, %u, %s : tensor<4xi8>, tensor<4xi8>, tensor<4xi8>
    })",
                             {InterpValue::ints(i8, {4}, {7, 7, -128, 7}),
                              InterpValue::ints(i8, {4}, {2, 0, -1, 8})});
  ASSERT_EQ(division.bounds.size(), 3u);
  EXPECT_EQ(division.bounds[0], ErrorBound({0, INFINITY, INFINITY, 0}));
  EXPECT_EQ(division.bounds[1], ErrorBound({0, INFINITY, 0, 0}));
  EXPECT_EQ(division.bounds[2], ErrorBound({0, 0, INFINITY, INFINITY}));
}

TEST_F(ToleranceTest, GelusMayCancelButNotMore) {
  Reference gelu = refer(R"(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = norm.activation gelu_erf %x : (tensor<2xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })",
                         {tensor({2}, {-9, -4})});
  double eps = std::ldexp(1.0, -23);
  EXPECT_NEAR(errorAt(gelu, 0) / eps, 9 / 4.0, 1e-3);
  EXPECT_NEAR(errorAt(gelu, 1) / eps, 1, 1e-2);
}

} // namespace
