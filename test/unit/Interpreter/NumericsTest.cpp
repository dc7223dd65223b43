//===- NumericsTest.cpp - Rounding to and from storage types --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Numerics.h"

#include "mlir/IR/MLIRContext.h"
#include "norm/Interpreter/Value.h"
#include "llvm/ADT/APFloat.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace mlir::norm;

namespace {

class NumericsTest : public ::testing::Test {
protected:
  MLIRContext context;
  FloatType f64 = Float64Type::get(&context);
  FloatType f32 = Float32Type::get(&context);
  FloatType f16 = Float16Type::get(&context);
  FloatType bf16 = BFloat16Type::get(&context);
  FloatType e4m3 = Float8E4M3FNType::get(&context);
  FloatType e5m2 = Float8E5M2Type::get(&context);
};

/// LLVM's own conversion.
double convert(FloatType type, double value) {
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                 &losesInfo);
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return number.convertToDouble();
}

TEST_F(NumericsTest, RoundsAsAPFloatDoes) {
  std::mt19937_64 random(1);
  for (FloatType type : {f64, f32, f16, bf16}) {
    for (int i = 0; i < 20000; ++i) {
      // All exponents around those of the type, subnormals included.
      double value = std::ldexp(static_cast<double>(random()) / 1.8e19 - 0.5,
                                static_cast<int>(random() % 320) - 160);
      EXPECT_EQ(roundTo(type, value), convert(type, value)) << value;
    }
  }
}

TEST_F(NumericsTest, EveryNarrowValueSurvivesAndTiesGoToEven) {
  for (FloatType type : {f16, bf16, e4m3, e5m2}) {
    uint64_t count = uint64_t(1) << type.getWidth();
    for (uint64_t bits = 0; bits < count; ++bits) {
      double value = decodeFloat(type, bits);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(decodeFloat(type, encodeFloat(type, value))));
        continue;
      }
      if (!std::isinf(value) || !saturates(type)) {
        EXPECT_EQ(encodeFloat(type, value), bits);
      }
      // Halfway to the next value of the same sign: the even bits win.
      double next = bits + 1 < count ? decodeFloat(type, bits + 1) : NAN;
      if (std::isfinite(value) && std::isfinite(next) &&
          std::signbit(value) == std::signbit(next)) {
        double middle = (value + next) / 2;
        EXPECT_EQ(encodeFloat(type, middle), bits % 2 ? bits + 1 : bits);
      }
    }
  }
}

TEST_F(NumericsTest, OverflowSaturatesOnlyIn8Bits) {
  EXPECT_EQ(roundTo(f16, 65519.0), 65504.0);
  EXPECT_EQ(roundTo(f16, 65520.0), INFINITY);
  EXPECT_EQ(roundTo(f16, -1e6), -INFINITY);
  EXPECT_EQ(roundTo(bf16, 1e39), INFINITY);
  EXPECT_EQ(roundTo(e4m3, 1e6), 448.0);
  EXPECT_EQ(roundTo(e4m3, -464.0), -448.0);
  EXPECT_EQ(roundTo(e4m3, double(INFINITY)), 448.0);
  EXPECT_EQ(roundTo(e5m2, 60000.0), 57344.0);
  EXPECT_EQ(roundTo(e5m2, 1e6), 57344.0);
  EXPECT_EQ(roundTo(e5m2, -double(INFINITY)), -57344.0);
  EXPECT_TRUE(std::isnan(roundTo(e4m3, double(NAN))));
}

TEST_F(NumericsTest, Subnormals) {
  EXPECT_EQ(roundTo(f16, std::ldexp(1.0, -24)), std::ldexp(1.0, -24));
  EXPECT_EQ(roundTo(f16, std::ldexp(1.0, -25)), 0.0); // a tie, to even
  EXPECT_EQ(roundTo(f16, std::ldexp(1.5, -25)), std::ldexp(1.0, -24));
  EXPECT_EQ(roundTo(e4m3, std::ldexp(1.0, -9)), std::ldexp(1.0, -9));
  EXPECT_EQ(roundTo(e4m3, std::ldexp(1.0, -10)), 0.0);
  EXPECT_EQ(roundTo(f32, std::ldexp(1.0, -150)), 0.0);
  EXPECT_TRUE(std::signbit(roundTo(f16, -1e-30)));
}

TEST_F(NumericsTest, LongDoubleIsRoundedOnce) {
  // Half an ulp above 1 and a little: through double the little would be lost.
  long double tie = 1.0L + std::ldexp(1.0L, -8) + std::ldexp(1.0L, -60);
  EXPECT_EQ(roundTo(bf16, tie), 1.0L + std::ldexp(1.0L, -7));
  EXPECT_EQ(roundTo(bf16, static_cast<long double>(static_cast<double>(tie))),
            1.0L);
}

TEST_F(NumericsTest, Ulp) {
  EXPECT_EQ(ulp(f32, 1.0), std::ldexp(1.0, -23));
  EXPECT_EQ(ulp(f32, -3.9), std::ldexp(1.0, -22));
  EXPECT_EQ(ulp(bf16, 1.0), std::ldexp(1.0, -7));
  EXPECT_EQ(ulp(f16, 0.0), std::ldexp(1.0, -24));
  EXPECT_EQ(unitRoundoff(f32), std::ldexp(1.0, -24));
}

TEST_F(NumericsTest, Integers) {
  Type i1 = IntegerType::get(&context, 1), i8 = IntegerType::get(&context, 8);
  EXPECT_EQ(wrapInt(i1, -1), 1);
  EXPECT_EQ(wrapInt(i8, 200), -56);
  EXPECT_EQ(unsignedInt(i8, -56), 200u);
  EXPECT_EQ(getStorageBytes(i1), 1u);
  EXPECT_EQ(getStorageBytes(bf16), 2u);
  EXPECT_FALSE(isInterpretable(IntegerType::get(&context, 128)));
}

TEST_F(NumericsTest, Bytes) {
  for (Type type :
       {Type(f64), Type(f32), Type(f16), Type(bf16), Type(e4m3), Type(e5m2)}) {
    std::vector<double> data{0.5, -1.75, 0.0, 3.0};
    InterpValue value = InterpValue::floats(type, {2, 2}, data);
    std::vector<char> bytes = value.toBytes();
    EXPECT_EQ(bytes.size(), 4 * getStorageBytes(type));
    FailureOr<InterpValue> back = InterpValue::fromBytes(type, {2, 2}, bytes);
    ASSERT_TRUE(succeeded(back));
    EXPECT_EQ(back->getFloats().vec(), data);
    EXPECT_TRUE(failed(InterpValue::fromBytes(type, {2, 3}, bytes)));
  }
  InterpValue ints =
      InterpValue::ints(IntegerType::get(&context, 16), {2}, {-2, 300});
  EXPECT_EQ(ints.toBytes(),
            (std::vector<char>{'\xfe', '\xff', '\x2c', '\x01'}));
  // So many that they are decoded by a table.
  std::vector<char> bits;
  for (int i = 0; i < 2048; ++i)
    bits.insert(bits.end(), {'\x80', '\x3f'});
  FailureOr<InterpValue> ones = InterpValue::fromBytes(bf16, {2048}, bits);
  ASSERT_TRUE(succeeded(ones));
  EXPECT_EQ(ones->getFloats().back(), 1.0);
  EXPECT_EQ(ones->toBytes(), bits);
}

} // namespace
