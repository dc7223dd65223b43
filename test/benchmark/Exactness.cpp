//===- Exactness.cpp - How exact LayerNorm comes out ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exactness.h"
#include "Problem.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace bench;

namespace {

/// How far the elements of a result are from the exact ones.
struct Errors {
  /// In units of 2^-23, absolute: what the issue of f32 is measured in.
  double units = 0;
  /// In units in the last place at max(|y|, 1/64), where rows have deviation 1.
  double ulps = 0;
  int64_t elements = 0;
  int64_t correctlyRounded = 0;
};

} // namespace

static std::vector<double> exactLayerNorm(const Problem &problem) {
  const Case &c = problem.getCase();
  std::vector<double> y(c.elements());
  for (int64_t row = 0; row < c.rows; ++row) {
    auto x = [&](int64_t j) -> long double {
      return readElement(c.type, problem.getData().x, row * c.length + j);
    };
    const long double n = c.length;
    long double mean = 0, variance = 0;
    for (int64_t j = 0; j < c.length; ++j)
      mean += x(j);
    mean /= n;
    for (int64_t j = 0; j < c.length; ++j)
      variance += (x(j) - mean) * (x(j) - mean);
    long double deviation = std::sqrt(variance / n + (long double)epsilon);
    for (int64_t j = 0; j < c.length; ++j)
      y[row * c.length + j] = double((x(j) - mean) / deviation);
  }
  return y;
}

static Errors compare(const Problem &problem,
                      const std::vector<double> &exact) {
  const Case &c = problem.getCase();
  Errors errors;
  errors.elements = c.elements();
  for (int64_t i = 0; i < c.elements(); ++i) {
    double actual = readElement(c.type, problem.getData().y, i);
    double error = std::fabs(actual - exact[i]);
    if (std::isnan(actual))
      error = HUGE_VAL;
    errors.units = std::max(errors.units, std::ldexp(error, 23));
    // Distance of the result from the correctly rounded one, in its ulps.
    double rounded = roundTo(c.type, exact[i]);
    errors.correctlyRounded += actual == rounded;
    double ulp = spacing(c.type, std::max(std::fabs(exact[i]), 1.0 / 64));
    errors.ulps = std::max(errors.ulps, std::fabs(actual - rounded) / ulp);
  }
  return errors;
}

/// Coarse: elements are values of f16, as data often is that was stored so
/// once. What they are subtracted from or summed to is then rounded in one
/// direction.
static void report(Type type, const char *typeName, int64_t length,
                   double ratio, const std::vector<Contender> &contenders,
                   bool coarse = false) {
  const int64_t rows = std::clamp<int64_t>((1 << 20) / length, 16, 256);
  Case c = {};
  c.name = std::string("ln_") + typeName + "_exactness";
  c.op = Op::LayerNorm;
  c.type = type;
  c.rows = rows;
  c.length = length;
  c.groups = 1;
  Problem problem(c, ratio, /*plain=*/true);
  for (int64_t i = 0; coarse && i < c.elements(); ++i) {
    double value = readElement(type, problem.getData().x, i);
    writeElement(type, problem.getData().x, i, roundTo(Type::F16, value));
  }
  std::vector<double> exact = exactLayerNorm(problem);
  for (const Contender &contender : contenders) {
    problem.clearOutput();
    Runner run = contender.make(problem.getCase(), problem.getData());
    if (!run)
      continue;
    run();
    Errors e = compare(problem, exact);
    std::printf(
        "{\"contender\": \"%s\", \"type\": \"%s\", \"length\": %lld, "
        "\"ratio\": %g, \"coarse\": %s, \"units\": %.6g, \"ulps\": %.6g, "
        "\"elements\": %lld, \"correctly_rounded\": %lld}\n",
        contender.name.c_str(), typeName, (long long)length, ratio,
        coarse ? "true" : "false", std::min(e.units, 1e30),
        std::min(e.ulps, 1e30), (long long)e.elements,
        (long long)e.correctlyRounded);
  }
  std::fflush(stdout);
}

void bench::reportExactness() {
  std::vector<Contender> contenders = yardsticks();
  for (Contender &library : libraries())
    contenders.push_back(library);
  for (Contender &kernel : compiledKernels())
    contenders.push_back(kernel);
  for (int64_t length : {64, 256, 768, 1024, 4096, 8192, 16384, 65536})
    for (double ratio : {0.0, 10.0, 1e3, 1e5})
      report(Type::F32, "f32", length, ratio, contenders);
  for (int64_t length : {1024, 8192, 65536})
    for (double ratio : {0.0, 10.0})
      report(Type::F32, "f32", length, ratio, contenders, /*coarse=*/true);
  for (int64_t length : {64, 768, 4096, 8192})
    for (double ratio : {0.0, 1.0, 10.0}) {
      report(Type::BF16, "bf16", length, ratio, contenders);
      report(Type::F16, "f16", length, ratio, contenders);
    }
}
