//===- LayerReference.cpp - Linear layers and norms in f64 ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Problem.h"

#include <cmath>

using namespace bench;

using Row = std::vector<double>;

/// x W + b; a null bias adds nothing.
static Row linear(Type type, const Row &x, const void *weight, const void *bias,
                  int64_t outputs) {
  Row y(outputs);
  for (int64_t o = 0; o < outputs; ++o) {
    double sum = bias ? readElement(type, bias, o) : 0;
    for (size_t i = 0; i < x.size(); ++i)
      sum +=
          x[i] * readElement(type, weight, o * int64_t(x.size()) + int64_t(i));
    y[o] = sum;
  }
  return y;
}

static Row norm(const Row &x, const Data &data, bool centred) {
  double mean = 0, squares = 0;
  for (double value : x)
    mean += centred ? value / double(x.size()) : 0;
  for (double value : x)
    squares += (value - mean) * (value - mean);
  double r = 1 / std::sqrt(squares / double(x.size()) + double(epsilon));
  Row y;
  for (size_t i = 0; i < x.size(); ++i)
    y.push_back((x[i] - mean) * r * double(data.scaleF32[i]) +
                (centred ? double(data.shiftF32[i]) : 0));
  return y;
}

static Row gelu(Row x) {
  for (double &value : x)
    value *= 0.5 * std::erfc(-value / std::sqrt(2.0));
  return x;
}

static void add(Row &x, const Row &y) {
  for (size_t i = 0; i < x.size(); ++i)
    x[i] += y[i];
}

static Row read(Type type, const void *data, int64_t row, int64_t size) {
  Row x;
  for (int64_t i = 0; i < size; ++i)
    x.push_back(readElement(type, data, row * size + i));
  return x;
}

std::vector<double> bench::computeLayerRow(const Case &c, const Data &d,
                                           int64_t row) {
  const Row x = read(c.type, d.x, row, c.length);
  auto first = [&](const Row &input, const void *bias) {
    return linear(c.type, input, d.weight, bias, c.features);
  };
  auto second = [&](const Row &input) {
    return linear(c.type, input, d.weight2, d.bias2, c.length);
  };
  switch (c.op) {
  case Op::LinearNorm: {
    Row sum = first(x, d.bias);
    add(sum, read(c.type, d.residual, row, c.features));
    return norm(sum, d, true);
  }
  case Op::NormLinear:
    return gelu(first(norm(x, d, true), d.bias));
  case Op::RMSLinear:
    return first(norm(x, d, false), nullptr);
  case Op::MLP: {
    Row y = second(gelu(first(norm(x, d, true), d.bias)));
    add(y, x);
    return y;
  }
  case Op::SwiGLU: {
    const Row h = norm(x, d, false);
    Row gate = first(h, nullptr);
    const Row up = linear(c.type, h, d.weight2, nullptr, c.features);
    for (size_t i = 0; i < gate.size(); ++i)
      gate[i] *= up[i] / (1 + std::exp(-gate[i]));
    Row y = linear(c.type, gate, d.weight3, nullptr, c.length);
    add(y, x);
    return y;
  }
  case Op::FeedForward: {
    Row sum = second(gelu(first(x, d.bias)));
    add(sum, x);
    return norm(sum, d, true);
  }
  case Op::SimpleModel:
    return norm(linear(c.type, x, d.weight, d.bias, c.length), d, true);
  default:
    return first(x, d.bias);
  }
}
