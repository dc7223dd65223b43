//===- Check.cpp - Whether kernels compute what they should ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bench.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace norm_bench;
using mlir::norm::CudaDevice;
using mlir::norm::DeviceAddress;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

float norm_bench::getNumber(int64_t tensor, int64_t index) {
  // A multiplicative hash of the place: from -1 to 1, around 0.25.
  constexpr uint64_t kPeriod = 1048573;
  uint64_t hash = static_cast<uint64_t>(index) % kPeriod + 1;
  hash = (hash * 0x9E3779B97F4A7C15u) ^ static_cast<uint64_t>(tensor) << 17;
  hash ^= hash >> 31;
  hash *= 0xBF58476D1CE4E5B9u;
  double unit = static_cast<double>(hash >> 40) * 0x1p-24;
  return static_cast<float>(2 * unit - 0.75);
}

void norm_bench::store(Type type, float value, char *to) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  if (type == Type::F32) {
    std::memcpy(to, &bits, sizeof(bits));
    return;
  }
  // Rounded to nearest even; no number here is NaN.
  auto half = static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  std::memcpy(to, &half, sizeof(half));
}

float norm_bench::load(Type type, const char *from) {
  uint32_t bits = 0;
  if (type == Type::F8) {
    auto byte = static_cast<unsigned char>(*from);
    int exponent = byte >> 3 & 15, fraction = byte & 7;
    if ((byte & 0x7f) == 0x7f)
      return NAN;
    float value = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -9)
                                : std::ldexp(1 + fraction / 8.0f, exponent - 7);
    return byte & 0x80 ? -value : value;
  }
  if (type == Type::F32) {
    std::memcpy(&bits, from, sizeof(bits));
  } else {
    uint16_t half;
    std::memcpy(&half, from, sizeof(half));
    bits = static_cast<uint32_t>(half) << 16;
  }
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// What getNumber is once it has been stored.
static double getStored(Type type, int64_t tensor, int64_t index) {
  char bytes[4];
  store(type, getNumber(tensor, index), bytes);
  return load(type, bytes);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

namespace {
/// A row of a kernel, in f64.
class Row {
public:
  Row(CudaDevice &device, const Kernel &kernel, int64_t rows,
      const Buffers &buffers, int64_t number)
      : device(device), op(kernel.op), buffers(buffers), number(number),
        tensors(getTensors(kernel, rows)),
        length(kernel.isGroup() ? kernel.channels / 32 * kernel.length
                                : kernel.length),
        perScale(kernel.isGroup() ? kernel.length : 1),
        firstScale(kernel.isGroup() ? number % 32 * (kernel.channels / 32)
                                    : 0) {}

  /// The largest error in multiples of what is admissible.
  double findError();

private:
  double input(int64_t tensor, int64_t i) const {
    return getStored(tensors[tensor].type, tensor, number * length + i);
  }
  double scale(int64_t tensor, int64_t i) const {
    return getStored(tensors[tensor].type, tensor, firstScale + i / perScale);
  }
  bool read(int64_t tensor, int64_t begin, int64_t count);
  void compute();

  CudaDevice &device;
  std::string op;
  const Buffers &buffers;
  int64_t number;
  std::vector<Tensor> tensors;
  int64_t length, perScale, firstScale;
  /// What is normalized, and what should come of it.
  std::vector<double> inputs, results;
  /// What did.
  std::vector<double> values;
};
} // namespace

bool Row::read(int64_t tensor, int64_t begin, int64_t count) {
  Type type = tensors[tensor].type;
  std::vector<char> bytes(count * getBytes(type));
  auto address =
      reinterpret_cast<DeviceAddress>(buffers.tensors[tensor].address);
  if (!device.download(bytes.data(), address + begin * getBytes(type),
                       bytes.size()))
    return false;
  values.clear();
  for (int64_t i = 0; i < count; ++i)
    values.push_back(load(type, bytes.data() + i * getBytes(type)));
  return true;
}

void Row::compute() {
  double mean = 0, squares = 0;
  for (int64_t i = 0; i < length; ++i) {
    inputs.push_back(input(0, i) + (op == "addrms" ? input(1, i) : 0));
    mean += inputs.back() / static_cast<double>(length);
  }
  bool hasMean = op == "layer" || op == "group";
  if (!hasMean)
    mean = 0;
  for (double x : inputs)
    squares += (x - mean) * (x - mean);
  double rstd = 1 / std::sqrt(squares / static_cast<double>(length) + 1e-5);
  int64_t firstShared = op == "addrms" ? 2 : 1;
  for (int64_t i = 0; i < length; ++i)
    results.push_back((inputs[i] - mean) * rstd * scale(firstShared, i) +
                      (hasMean ? scale(firstShared + 1, i) : 0));
}

double Row::findError() {
  compute();
  double worst = 0;
  auto compare = [&](int64_t tensor, const std::vector<double> &expected,
                     double factor, double relative, double absolute) {
    if (!read(tensor, number * static_cast<int64_t>(expected.size()),
              static_cast<int64_t>(expected.size())))
      return false;
    for (size_t i = 0; i < expected.size(); ++i) {
      double error = std::fabs(values[i] * factor - expected[i]) /
                     (relative * std::fabs(expected[i]) + absolute);
      // A NaN is wrong.
      worst = error <= worst ? worst : std::isnan(error) ? INFINITY : error;
    }
    return true;
  };
  bool isShort = tensors[0].type == Type::BF16;
  double relative = isShort ? 0x1p-8 : 1e-5;
  if (op == "rmsfp8") {
    double largest = 0;
    for (double result : results)
      largest = std::max(largest, std::fabs(result));
    double step = largest / 448;
    // Half a unit in the last of four digits, or of the smallest numbers.
    return compare(3, {step}, 1, 1e-5, 1e-30) &&
                   compare(2, results, step, 0x1p-4 + 1e-4, step * 0x1p-10)
               ? worst
               : -1;
  }
  bool isRead = op == "addrms"
                    ? compare(3, results, 1, relative, 1e-5) &&
                          compare(4, inputs, 1, relative, 1e-6)
                    : compare(static_cast<int64_t>(tensors.size()) - 1, results,
                              1, relative, 1e-5);
  return isRead ? worst : -1;
}

double norm_bench::findError(CudaDevice &device, const Kernel &kernel,
                             int64_t rows, const Buffers &buffers) {
  constexpr int64_t kGroups = 32;
  if (kernel.op == std::string("empty"))
    return 0;
  if (kernel.isGroup())
    rows = kernel.batch * kGroups;
  double worst = 0;
  std::vector<int64_t> numbers{0, 1, rows / 2, rows - 1};
  for (int64_t number : numbers) {
    if (number >= rows)
      continue;
    double error = Row(device, kernel, rows, buffers, number).findError();
    if (error < 0)
      return error;
    worst = std::max(worst, error);
  }
  return worst;
}
