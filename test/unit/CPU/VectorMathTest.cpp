//===- VectorMathTest.cpp - Accuracy of the inline functions --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit.h"

#include "gtest/gtest.h"
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {
/// A function, its reference in f64 and the bound on its error.
struct Function {
  const char *name;
  double (*reference)(double);
  double ulps;

  /// How GoogleTest names the parameter.
  friend void PrintTo(const Function &function, std::ostream *os) {
    *os << function.name;
  }
};
} // namespace

static float fromBits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

static uint32_t toBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

/// |got - expected| in units of f32's last place at `expected`; an infinite f32
/// counts as 2^128.
static double errorInUlps(float got, double expected) {
  if (std::isnan(got) || std::isnan(expected))
    return std::isnan(got) && std::isnan(expected) ? 0 : INFINITY;
  auto finite = [](double x) {
    return std::isinf(x) || std::fabs(x) > 0x1p128 ? std::copysign(0x1p128, x)
                                                   : x;
  };
  double value = finite(got), exact = finite(expected);
  if (exact == 0)
    return value == 0 && std::signbit(got) == std::signbit(expected) ? 0
                                                                     : INFINITY;
  int exponent = std::min(std::max(std::ilogb(exact), -126), 127);
  return std::fabs(value - exact) / std::ldexp(1.0, exponent - 23);
}

/// Every `stride`-th f32 bit pattern from 0, a multiple of 16 of them, and the
/// special ones.
static std::vector<float> sweep(uint32_t stride) {
  std::vector<float> values;
  for (float special :
       {0.0f, 0x1p-149f, 0x1p-126f, 0x1.fffffcp-127f, 1.0f, 0x1.fffffep-1f,
        0x1.000002p0f, 0x1.fffffep127f, INFINITY, NAN})
    for (float value : {special, -special})
      values.push_back(value);
  for (uint64_t bits = 0; bits <= UINT32_MAX; bits += stride)
    values.push_back(fromBits(bits));
  values.resize((values.size() + 15) / 16 * 16);
  return values;
}

/// The stride of the sweeps: a prime, so that mantissas differ between binades.
/// NORM_TEST_STRIDE=1 tries every f32.
static uint32_t strideOfSweep() {
  const char *text = std::getenv("NORM_TEST_STRIDE");
  return text ? std::atoi(text) : 1009;
}

static std::string unary(const char *name, int lanes) {
  return "%y = math." + std::string(name) + " %x0 : " + Jit::type(lanes, "f32");
}

class VectorMath : public testing::TestWithParam<Function> {};

TEST_P(VectorMath, IsAccurate) {
  Function function = GetParam();
  // Twice: AVX-512 has its own scaling by powers of two.
  for (const char *cpu : {"native", "x86-64-v3"}) {
    Jit jit(unary(function.name, 16), 16, "f32", "f32", cpu);
    ASSERT_TRUE(jit.isValid());
    std::vector<float> x = sweep(strideOfSweep());
    std::vector<float> y(x.size());
    jit.run(x.data(), nullptr, y.data(), x.size());
    double worst = 0;
    float where = 0, what = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      double error = errorInUlps(y[i], function.reference(x[i]));
      if (error > worst) {
        worst = error;
        where = x[i];
        what = y[i];
      }
    }
    EXPECT_LE(worst, function.ulps)
        << "at " << where << " (" << std::hexfloat << where << "): " << what;
    RecordProperty(std::string("ulps_") + cpu, std::to_string(worst));
    if (std::getenv("NORM_TEST_STRIDE"))
      std::cout << function.name << " " << cpu << ": " << worst << " ulp at "
                << std::hexfloat << where << std::defaultfloat << "\n";
  }
}

TEST_P(VectorMath, HasTheSameBitsInEveryWidth) {
  Function function = GetParam();
  std::vector<float> x = sweep(100003);
  std::vector<float> wide(x.size()), narrow(x.size());
  Jit vector(unary(function.name, 16), 16, "f32", "f32");
  ASSERT_TRUE(vector.isValid());
  vector.run(x.data(), nullptr, wide.data(), x.size());
  for (int lanes : {1, 4, 8}) {
    Jit jit(unary(function.name, lanes), lanes, "f32", "f32");
    ASSERT_TRUE(jit.isValid());
    jit.run(x.data(), nullptr, narrow.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      if (std::isnan(wide[i]) && std::isnan(narrow[i]))
        continue;
      ASSERT_EQ(toBits(wide[i]), toBits(narrow[i])) << x[i] << " " << lanes;
    }
  }
}

static double rsqrt(double x) { return 1 / std::sqrt(x); }

INSTANTIATE_TEST_SUITE_P(
    Functions, VectorMath,
    testing::Values(
        Function{"exp", std::exp, 1}, Function{"exp2", std::exp2, 1},
        Function{"expm1", std::expm1, 1.5}, Function{"tanh", std::tanh, 1.5},
        Function{"erf", std::erf, 1.5}, Function{"log", std::log, 1.5},
        Function{"log2", std::log2, 1.5}, Function{"log10", std::log10, 2},
        Function{"log1p", std::log1p, 1.5}, Function{"rsqrt", rsqrt, 1.5},
        Function{"sin", std::sin, 1}, Function{"cos", std::cos, 1},
        Function{"atan", std::atan, 1}),
    [](const auto &info) { return std::string(info.param.name); });

TEST(VectorMathPow, IsAccurate) {
  Jit jit("%y = math.powf %x0, %x1 : vector<16xf32>", 16, "f32", "f32",
          "native", 2);
  ASSERT_TRUE(jit.isValid());
  std::vector<float> bases = sweep(20000003), x, y, result;
  std::vector<float> exponents = {0.0f,   -0.0f,    1.0f,      -1.0f,   2.0f,
                                  3.0f,   -3.0f,    0.5f,      -0.5f,   1e-3f,
                                  17.0f,  31.7f,    16777215., 0x1p24f, 1e30f,
                                  -1e30f, INFINITY, -INFINITY, NAN,     -7.25f};
  for (float exponent : exponents)
    for (float base : bases) {
      x.push_back(base);
      y.push_back(exponent);
    }
  for (int i = 0; i < 65536; ++i) {
    // Results all over the range of f32.
    x.push_back(std::exp2(std::fmod(i * 0.7548777f, 8.0f) - 4));
    y.push_back(std::fmod(i * 0.5698403f, 60.0f) - 30);
  }
  result.resize(x.size());
  jit.run(x.data(), y.data(), result.data(), x.size());
  for (size_t i = 0; i < x.size(); ++i)
    ASSERT_LE(errorInUlps(result[i], std::pow(double(x[i]), double(y[i]))), 1)
        << x[i] << " ^ " << y[i] << " = " << result[i];
}

TEST(VectorMathPow, IntegerPowersArePowers) {
  Jit jit("%k = arith.constant dense<-3> : vector<8xi32> "
          "%y = math.fpowi %x0, %k : vector<8xf32>, vector<8xi32>",
          8, "f32", "f32");
  ASSERT_TRUE(jit.isValid());
  std::vector<float> x = {2, -2, 0.5, 3, INFINITY, -0.0f, 1e-20f, -1}, y(8);
  jit.run(x.data(), nullptr, y.data(), 8);
  for (int i = 0; i < 8; ++i)
    EXPECT_LE(errorInUlps(y[i], std::pow(double(x[i]), -3)), 1) << x[i];
}

TEST(VectorMathF64, CallsTheLibrary) {
  Jit jit("%y = math.erf %x0 : vector<4xf64>", 4, "f64", "f64");
  ASSERT_TRUE(jit.isValid());
  double x[4] = {-0.5, 0, 1.25, 3}, y[4];
  jit.run(x, nullptr, y, 4);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(y[i], std::erf(x[i]));
}

TEST(Reductions, PropagateNaN) {
  struct Case {
    float a, b, maximum, minimum;
  };
  std::vector<Case> cases = {{1, 2, 2, 1},
                             {NAN, 2, NAN, NAN},
                             {2, NAN, NAN, NAN},
                             {-INFINITY, 3, 3, -INFINITY}};
  for (const char *name : {"maximumf", "minimumf"}) {
    bool isMaximum = name == std::string("maximumf");
    Jit jit("%y = arith." + std::string(name) + " %x0, %x1 : f32", 1, "f32",
            "f32", "native", 2);
    ASSERT_TRUE(jit.isValid());
    for (const Case &c : cases) {
      float got, expected = isMaximum ? c.maximum : c.minimum;
      jit.run(&c.a, &c.b, &got, 1);
      EXPECT_TRUE(std::isnan(expected) ? std::isnan(got) : got == expected)
          << name << " " << c.a << " " << c.b;
    }
  }
}

TEST(Reductions, SeeEveryLane) {
  // Eleven lanes: no power of two.
  for (int position = 0; position < 11; ++position)
    for (float peak : {50.0f, NAN}) {
      Jit jit("%m = vector.reduction <maximumf>, %x0 : vector<11xf32> into f32 "
              "%y = vector.broadcast %m : f32 to vector<11xf32>",
              11, "f32", "f32");
      ASSERT_TRUE(jit.isValid());
      float x[11], y[11];
      for (int i = 0; i < 11; ++i)
        x[i] = i == position ? peak : -i;
      jit.run(x, nullptr, y, 11);
      EXPECT_TRUE(std::isnan(peak) ? std::isnan(y[0]) : y[0] == peak);
    }
}
