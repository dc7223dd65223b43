//===- Problem.cpp - A case with its data and its answer ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Problem.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <sys/mman.h>

using namespace bench;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

/// Bits of the significand, the hidden one included, and the least exponent.
struct Format {
  int precision;
  int leastExponent;
};
static Format formatOf(Type type) {
  switch (type) {
  case Type::F32:
    return {24, -126};
  case Type::BF16:
    return {8, -126};
  case Type::F16:
    return {11, -14};
  }
  return {};
}

double bench::spacing(Type type, long double magnitude) {
  Format format = formatOf(type);
  int exponent = magnitude == 0
                     ? format.leastExponent
                     : std::max(std::ilogb(magnitude), format.leastExponent);
  return std::ldexp(1.0, exponent - format.precision + 1);
}

double bench::roundTo(Type type, long double value) {
  long double unit = spacing(type, value);
  return double(std::nearbyint(value / unit) * unit);
}

double bench::readElement(Type type, const void *data, int64_t index) {
  if (type == Type::F32)
    return static_cast<const float *>(data)[index];
  uint16_t bits = static_cast<const uint16_t *>(data)[index];
  if (type == Type::BF16) {
    uint32_t wide = uint32_t(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof(value));
    return value;
  }
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude =
      exponent == 31  ? (fraction ? std::numeric_limits<double>::quiet_NaN()
                                  : std::numeric_limits<double>::infinity())
      : exponent == 0 ? std::ldexp(fraction, -24)
                      : std::ldexp(1024 + fraction, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

void bench::writeElement(Type type, void *data, int64_t index, double value) {
  float single = float(value);
  if (type == Type::F32) {
    static_cast<float *>(data)[index] = single;
    return;
  }
  uint16_t &bits = static_cast<uint16_t *>(data)[index];
  if (type == Type::BF16) {
    uint32_t wide;
    std::memcpy(&wide, &single, sizeof(wide));
    bits = uint16_t(wide >> 16);
    return;
  }
  double magnitude = std::fabs(value);
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (magnitude < std::ldexp(1.0, -14)) {
    bits = uint16_t(sign | uint16_t(std::ldexp(magnitude, 24)));
    return;
  }
  int exponent = std::ilogb(magnitude);
  auto fraction = uint16_t(std::ldexp(magnitude, 10 - exponent)) & 1023;
  bits = uint16_t(sign | (exponent + 15) << 10 | fraction);
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

void *Problem::allocate(size_t bytes) {
  // Successive buffers begin at different places of a page, as they do in a
  // program that does not align them to pages.
  constexpr size_t page = 4096, huge = size_t(2) << 20;
  size_t offset = buffers.size() * 576 % page;
  const size_t alignment = bytes < huge ? page : huge;
  size_t size = (bytes + offset + page + alignment) / alignment * alignment;
  // What a kernel prefetches beyond the end is readable in practice; nothing
  // is loaded there.
  void *memory = std::aligned_alloc(alignment, size);
  if (!memory)
    std::abort();
  madvise(memory, size, MADV_HUGEPAGE);
  buffers.emplace_back(memory, std::free);
  return static_cast<char *>(memory) + offset;
}

void *Problem::vector(Type type, int64_t size, double low, double high,
                      float *&asF32) {
  std::mt19937_64 random(buffers.size());
  std::uniform_real_distribution<double> uniform(low, high);
  asF32 = static_cast<float *>(allocate(size * sizeof(float)));
  void *values = allocate(size * (type == Type::F32 ? 4 : 2));
  for (int64_t i = 0; i < size; ++i) {
    double value = low == high ? low : roundTo(type, uniform(random));
    asF32[i] = float(value);
    writeElement(type, values, i, value);
  }
  return values;
}

/// Normally distributed elements; a long tensor repeats them.
void *Problem::normal(double mean, int64_t size, double deviation) {
  const Type type = theCase.type;
  const int64_t element = int64_t(theCase.elementBytes());
  std::mt19937_64 random(17 + buffers.size());
  std::normal_distribution<double> distribution(mean, deviation);
  void *values = allocate(size * element);
  const int64_t period = std::min<int64_t>(size, (1 << 20) + 4003);
  for (int64_t i = 0; i < period; ++i)
    writeElement(type, values, i, roundTo(type, distribution(random)));
  char *base = static_cast<char *>(values);
  for (int64_t i = period; i < size; i += period)
    std::memcpy(base + i * element, base, std::min(period, size - i) * element);
  return values;
}

/// What only layer ops read. Sums over the inputs of a layer have a deviation
/// of about 1.
void Problem::allocateLayers() {
  const Case &c = theCase;
  const int64_t element = int64_t(c.elementBytes());
  const int64_t size = c.length * c.features;
  const bool back = c.op == Op::MLP || c.op == Op::FeedForward;
  float *unused;
  data.weight = normal(0, size, 1 / std::sqrt(double(c.length)));
  data.bias = vector(c.type, c.features, -1, 1, unused);
  if (c.numWeights() > 1)
    data.weight2 =
        normal(0, size, 1 / std::sqrt(double(back ? c.features : c.length)));
  if (c.numWeights() > 2)
    data.weight3 = normal(0, size, 1 / std::sqrt(double(c.features)));
  data.bias2 = vector(c.type, c.length, -1, 1, unused);
  data.hidden = allocate(c.rows * c.features * element);
  data.hidden2 = allocate(c.rows * c.features * element);
  if (c.op == Op::LinearNorm)
    data.residual = normal(0, c.rows * c.features);
}

Problem::Problem(const Case &c, double mean, bool plain) : theCase(c) {
  const Type type = c.type;
  const int64_t element = int64_t(c.elementBytes());
  data.x = normal(mean, c.elements());
  data.y = allocate(c.outputElements() * element);
  if (c.op == Op::ResidualLayerNorm) {
    data.residual = normal(0, c.elements());
    data.sum = allocate(c.elements() * element);
  }
  if (c.isLayer())
    allocateLayers();
  data.scale = vector(type, c.scaleSize(), plain ? 1 : 0.5, plain ? 1 : 1.5,
                      data.scaleF32);
  data.shift = vector(type, c.scaleSize(), plain ? 0 : -0.5, plain ? 0 : 0.5,
                      data.shiftF32);
  float *unused;
  if (c.op == Op::BatchNorm) {
    vector(Type::F32, c.channels, -1, 1, data.mean);
    vector(Type::F32, c.channels, 0.5, 2, data.variance);
  }
  if (c.op == Op::SimpleModel) {
    data.weight = vector(type, c.length * c.length, -1, 1, unused);
    data.bias = vector(type, c.length, -1, 1, unused);
  }
  clearOutput();
}

void Problem::clearOutput() {
  const Case &c = theCase;
  // A NaN of every type.
  std::memset(data.y, 0xff, c.outputElements() * c.elementBytes());
  if (data.sum)
    std::memset(data.sum, 0xff, c.elements() * c.elementBytes());
}

//===----------------------------------------------------------------------===//
// Checking
//===----------------------------------------------------------------------===//

std::string Problem::compare(int64_t index, double expected) const {
  double actual = readElement(theCase.type, data.y, index);
  double tolerance =
      theCase.type == Type::F32
          ? 1e-5 * (1 + std::fabs(expected))
          : spacing(theCase.type, std::max(std::fabs(expected), 1.0 / 64));
  if (std::fabs(actual - expected) <= tolerance)
    return {};
  return "y[" + std::to_string(index) + "] is " + std::to_string(actual) +
         ", expected " + std::to_string(expected);
}

std::string Problem::checkRow(int64_t row) const {
  const Case &c = theCase;
  const int64_t n = c.length, first = row * n;
  std::vector<double> x(n);
  double mean = 0, squares = 0, most = -HUGE_VAL, exponentials = 0;
  for (int64_t j = 0; j < n; ++j) {
    x[j] = readElement(c.type, data.x, first + j);
    if (c.op == Op::ResidualLayerNorm)
      x[j] += readElement(c.type, data.residual, first + j);
    mean += x[j] / double(n);
    most = std::max(most, x[j]);
  }
  if (c.op == Op::RMSNorm)
    mean = 0;
  for (double value : x) {
    squares += (value - mean) * (value - mean);
    exponentials += std::exp(value - most);
  }
  const double r = 1 / std::sqrt(squares / double(n) + double(epsilon));
  for (int64_t j = 0; j < n; ++j) {
    double expected = (x[j] - mean) * r * data.scaleF32[j];
    if (c.op == Op::Softmax)
      expected = std::exp(x[j] - most) / exponentials;
    else if (c.op != Op::RMSNorm)
      expected += data.shiftF32[j];
    if (std::string wrong = compare(first + j, expected); !wrong.empty())
      return wrong;
  }
  return {};
}

std::string Problem::checkSimpleModelRow(int64_t row) const {
  std::vector<double> expected = computeLayerRow(theCase, data, row);
  for (int64_t o = 0; o < theCase.length; ++o)
    if (std::string wrong = compare(row * theCase.length + o, expected[o]);
        !wrong.empty())
      return wrong;
  return {};
}

std::string Problem::checkChannels() const {
  const Case &c = theCase;
  const int64_t perGroup = c.channels / c.groups;
  auto at = [&](int64_t b, int64_t channel, int64_t p) {
    return c.channelsLast ? (b * c.spatial + p) * c.channels + channel
                          : (b * c.channels + channel) * c.spatial + p;
  };
  for (int64_t b = 0; b < c.batch; ++b)
    for (int64_t g = 0; g < c.groups; ++g) {
      double mean = 0, squares = 0;
      const double count = double(perGroup * c.spatial);
      auto each = [&](auto &&function) {
        for (int64_t ch = g * perGroup; ch < (g + 1) * perGroup; ++ch)
          for (int64_t p = 0; p < c.spatial; ++p)
            function(ch, at(b, ch, p),
                     readElement(c.type, data.x, at(b, ch, p)));
      };
      each([&](int64_t, int64_t, double x) { mean += x / count; });
      each([&](int64_t, int64_t, double x) {
        squares += (x - mean) * (x - mean);
      });
      std::string wrong;
      each([&](int64_t ch, int64_t index, double x) {
        double m = mean, v = squares / count;
        if (c.op == Op::BatchNorm) {
          m = data.mean[ch];
          v = data.variance[ch];
        }
        double expected =
            (x - m) / std::sqrt(v + double(epsilon)) * data.scaleF32[ch] +
            data.shiftF32[ch];
        if (wrong.empty())
          wrong = compare(index, expected);
      });
      if (!wrong.empty())
        return wrong;
    }
  return {};
}

/// Some rows: one takes as many steps as there are weights.
std::string Problem::checkLayers() const {
  const Case &c = theCase;
  std::vector<int64_t> rows = {0, c.rows / 3, c.rows - 1};
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  const double tolerance = c.type == Type::F32 ? 1e-4 : 2e-2;
  for (int64_t row : rows) {
    std::vector<double> &expected = expectedRows[row];
    if (expected.empty())
      expected = computeLayerRow(c, data, row);
    for (int64_t j = 0; j < c.outputs(); ++j) {
      const int64_t index = row * c.outputs() + j;
      double actual = readElement(c.type, data.y, index);
      double error = std::fabs(actual - expected[j]);
      if (!(error <= tolerance * (1 + std::fabs(expected[j]))))
        return "y[" + std::to_string(index) + "] is " + std::to_string(actual) +
               ", expected " + std::to_string(expected[j]);
    }
  }
  return {};
}

std::string Problem::check() const {
  const Case &c = theCase;
  if (c.isLayer())
    return checkLayers();
  if (!c.isRowOp())
    return checkChannels();
  const int64_t fullyChecked = 1 << 20, ends = 8;
  const int64_t stride = std::max<int64_t>(1, c.elements() / fullyChecked) | 1;
  for (int64_t row = 0; row < c.rows; ++row) {
    if (row >= ends && row < c.rows - ends && row % stride != 0)
      continue;
    std::string wrong =
        c.op == Op::SimpleModel ? checkSimpleModelRow(row) : checkRow(row);
    if (!wrong.empty())
      return wrong;
  }
  return {};
}
