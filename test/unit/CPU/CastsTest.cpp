//===- CastsTest.cpp - Conversions of narrow floats -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Jit.h"

#include "mlir/IR/BuiltinTypes.h"
#include "norm/CPU/Target.h"
#include "norm/Interpreter/Numerics.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

using namespace mlir;
using namespace mlir::norm;

namespace {
/// A narrow float, what is known of it, and what the passes take for the CPU.
struct Format {
  const char *name;
  const char *cpu;

  FloatType type(MLIRContext &context) const {
    std::string text = name;
    if (text == "bf16")
      return BFloat16Type::get(&context);
    if (text == "f16")
      return Float16Type::get(&context);
    if (text == "f8E5M2")
      return Float8E5M2Type::get(&context);
    return Float8E4M3FNType::get(&context);
  }

  friend void PrintTo(const Format &format, std::ostream *os) {
    *os << format.name << " on " << format.cpu;
  }
};
} // namespace

/// `body` with the types in lanes: $n narrow, $i its bits, $f f32, $d f64.
static std::string inLanes(std::string body, int lanes, const Format &format,
                           unsigned width) {
  std::pair<char, std::string> names[] = {{'n', format.name},
                                          {'i', "i" + std::to_string(width)},
                                          {'f', "f32"},
                                          {'d', "f64"}};
  for (auto &[letter, element] : names)
    for (size_t at;
         (at = body.find(std::string("$") + letter)) != std::string::npos;)
      body.replace(at, 2, Jit::type(lanes, element));
  return body;
}

static bool sameNumber(double a, double b) {
  return std::isnan(a) ? std::isnan(b)
                       : a == b && std::signbit(a) == std::signbit(b);
}

class Casts : public testing::TestWithParam<Format> {
protected:
  Casts()
      : type(GetParam().type(context)), width(type.getWidth()),
        flushes(takesSubnormalsForZero()) {}

  /// Compiles a conversion; `in` and `out` may be "bits".
  std::unique_ptr<Jit> compile(const char *body, int lanes, std::string in,
                               std::string out) {
    std::string bits = "i" + std::to_string(width);
    return std::make_unique<Jit>(inLanes(body, lanes, GetParam(), width), lanes,
                                 in == "bits" ? bits : in,
                                 out == "bits" ? bits : out, GetParam().cpu);
  }

  /// The value of what `result` holds at `index`.
  double decode(const std::vector<uint16_t> &result, size_t index) const {
    if (width == 16)
      return decodeFloat(type, result[index]);
    uint8_t byte;
    std::memcpy(&byte, reinterpret_cast<const char *>(result.data()) + index,
                1);
    return decodeFloat(type, byte);
  }

  MLIRContext context;
  FloatType type;
  unsigned width;
  /// Whether this CPU converts to the type by an instruction that takes
  /// subnormals for zero.
  bool flushes;

private:
  bool takesSubnormalsForZero() {
    std::string error;
    FailureOr<DictionaryAttr> attribute =
        makeCPUTargetAttr(&context, "", GetParam().cpu, "", error);
    return type.isBF16() &&
           CPUTarget::get(
               llvm::Triple(attribute->getAs<StringAttr>("triple").getValue()),
               attribute->getAs<StringAttr>("features").getValue())
               .hasBf16Convert;
  }
};

TEST_P(Casts, ExtendsEveryValue) {
  for (int lanes : {1, 8, 16}) {
    std::unique_ptr<Jit> jit = compile("%z = arith.bitcast %x0 : $i to $n "
                                       "%y = arith.extf %z : $n to $f",
                                       lanes, "bits", "f32");
    ASSERT_TRUE(jit->isValid());
    size_t count = size_t(1) << width;
    std::vector<uint16_t> words(count);
    std::vector<uint8_t> bytes(count);
    std::iota(words.begin(), words.end(), 0);
    std::iota(bytes.begin(), bytes.end(), 0);
    std::vector<float> result(count);
    jit->run(width == 16 ? static_cast<const void *>(words.data())
                         : bytes.data(),
             nullptr, result.data(), count);
    for (size_t i = 0; i < count; ++i)
      ASSERT_TRUE(sameNumber(result[i], decodeFloat(type, i)))
          << std::hex << i << ": " << result[i];
  }
}

TEST_P(Casts, RoundsToNearestEven) {
  std::vector<float> x;
  for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 40009) {
    uint32_t pattern = bits;
    x.resize(x.size() + 1);
    std::memcpy(&x.back(), &pattern, 4);
  }
  // All ties and their neighbours.
  for (uint32_t i = 0; i + 1 < (1u << (width - 1)); ++i) {
    double a = decodeFloat(type, i), b = decodeFloat(type, i + 1);
    float tie = (a + b) / 2;
    if (std::isfinite(tie))
      for (float value : {tie, std::nextafter(tie, 0.0f),
                          std::nextafter(tie, INFINITY), -tie})
        x.push_back(value);
  }
  x.insert(x.end(), {INFINITY, -INFINITY, NAN, -NAN, 0.0f, -0.0f, 465.0f,
                     -1e30f, 65519.0f, 65520.0f});
  x.resize(x.size() / 32 * 32 + 32);
  std::vector<uint16_t> result(x.size());
  for (int lanes : {1, 4, 8, 16, 32}) {
    std::unique_ptr<Jit> jit = compile("%z = arith.truncf %x0 : $f to $n "
                                       "%y = arith.bitcast %z : $n to $i",
                                       lanes, "f32", "bits");
    ASSERT_TRUE(jit->isValid());
    jit->run(x.data(), nullptr, result.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      double expected = roundTo<double>(type, x[i]);
      if (flushes && std::fabs(x[i]) < 0x1p-126f)
        expected = std::copysign(0.0, x[i]);
      ASSERT_TRUE(sameNumber(decode(result, i), expected))
          << std::hexfloat << x[i] << " -> " << decode(result, i) << ", not "
          << expected << ", " << lanes << " lanes";
    }
  }
}

TEST_P(Casts, RoundsF64Once) {
  std::vector<double> x = {INFINITY, -INFINITY, NAN, 0.0, -0.0, 1e300, -1e-300};
  // Just off a tie, by less than f32 can tell.
  for (uint32_t i = 0; i + 1 < (1u << (width - 1)); i += width == 16 ? 7 : 1) {
    double a = decodeFloat(type, i), b = decodeFloat(type, i + 1);
    double tie = (a + b) / 2;
    if (std::isfinite(tie))
      for (double value : {tie, tie * (1 - 0x1p-40), tie * (1 + 0x1p-40),
                           -tie * (1 + 0x1p-52), a * (1 + 0x1p-30)})
        if (!flushes || std::fabs(value) > 0x1p-125)
          x.push_back(value);
  }
  x.resize(x.size() / 16 * 16 + 16);
  std::vector<uint16_t> result(x.size());
  for (int lanes : {1, 8}) {
    std::unique_ptr<Jit> jit = compile("%z = arith.truncf %x0 : $d to $n "
                                       "%y = arith.bitcast %z : $n to $i",
                                       lanes, "f64", "bits");
    ASSERT_TRUE(jit->isValid());
    jit->run(x.data(), nullptr, result.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      double expected = roundTo<double>(type, x[i]);
      if (flushes && std::fabs(x[i]) < 0x1p-126)
        expected = std::copysign(0.0, x[i]);
      ASSERT_TRUE(sameNumber(decode(result, i), expected))
          << std::hexfloat << x[i] << " -> " << decode(result, i) << ", not "
          << expected;
    }
  }
}

TEST_P(Casts, ComputesInF32) {
  std::unique_ptr<Jit> jit = compile("%z = arith.bitcast %x0 : $i to $n "
                                     "%s = arith.mulf %z, %z : $n "
                                     "%y = arith.bitcast %s : $n to $i",
                                     8, "bits", "bits");
  ASSERT_TRUE(jit->isValid());
  size_t count = size_t(1) << width;
  std::vector<uint16_t> x(count), y(count);
  for (size_t i = 0; i < count; ++i)
    if (width == 16)
      x[i] = i;
    else
      reinterpret_cast<uint8_t *>(x.data())[i] = i;
  jit->run(x.data(), nullptr, y.data(), count);
  for (size_t i = 0; i < count; ++i) {
    double value = decodeFloat(type, i);
    if (flushes && std::fabs(value * value) < 0x1p-125)
      continue;
    // An f32 product of narrow floats is exact but for underflow.
    ASSERT_TRUE(
        sameNumber(decode(y, i), roundTo<double>(type, float(value * value))))
        << value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, Casts,
    testing::Values(Format{"bf16", "native"}, Format{"bf16", "x86-64-v3"},
                    Format{"f16", "native"}, Format{"f16", "x86-64"},
                    Format{"f8E4M3FN", "native"}, Format{"f8E5M2", "native"}),
    [](const auto &info) {
      std::string cpu = info.param.cpu;
      cpu.erase(std::remove(cpu.begin(), cpu.end(), '-'), cpu.end());
      return std::string(info.param.name) + "_" + cpu;
    });
