//===- ConstantFloatsTest.cpp - New constants are rounded once ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Dialect/Norm/Transforms/ConstantFloats.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

class NewFloatsTest : public ::testing::Test {
protected:
  NewFloatsTest() : builder(&context) {}

  /// `value` as an element of type `type`.
  double round(Type type, long double value) {
    NewFloats floats(RankedTensorType::get({1}, type));
    return floats.set(0, value);
  }

  MLIRContext context;
  Builder builder;
};

// 1 + half a unit of the type and a bit that double does not have: up, where
// rounding to double first would make it a tie, which goes down.
TEST_F(NewFloatsTest, RoundsOnce) {
  long double bit = std::ldexp(1.0L, -62);
  struct {
    Type type;
    int digits;
  } cases[] = {{builder.getF16Type(), 10}, {builder.getBF16Type(), 7}};
  for (auto [type, digits] : cases) {
    double unit = std::ldexp(1.0, -digits);
    long double tie = 1 + unit / 2;
    EXPECT_EQ(round(type, tie), 1);
    EXPECT_EQ(round(type, tie + bit), 1 + unit);
    EXPECT_EQ(round(type, tie - bit), 1);
    EXPECT_EQ(round(type, tie + unit), 1 + 2 * unit);
    EXPECT_EQ(round(type, tie + unit - bit), 1 + unit);
    EXPECT_EQ(round(type, -(tie + bit)), -(1 + unit));
    EXPECT_EQ(round(type, -(tie + unit - bit)), -(1 + unit));
  }
}

TEST_F(NewFloatsTest, KeepsSpecialValues) {
  for (Type type : {Type(builder.getF16Type()), Type(builder.getBF16Type()),
                    Type(builder.getF32Type())}) {
    EXPECT_EQ(round(type, INFINITY), INFINITY);
    EXPECT_TRUE(std::isnan(round(type, NAN)));
    EXPECT_EQ(round(type, 0.0L), 0);
    EXPECT_EQ(round(type, std::ldexp(1.0L, 200)), INFINITY);
    EXPECT_EQ(round(type, std::ldexp(1.0L, -300)), 0);
  }
}

TEST_F(NewFloatsTest, LargeOnesAreResources) {
  NewFloats small(RankedTensorType::get({8}, builder.getF32Type()));
  EXPECT_TRUE(isa<DenseElementsAttr>(small.getAttr()));
  NewFloats large(RankedTensorType::get({64, 64}, builder.getF32Type()));
  large.set(4095, 0.5L);
  auto resource = dyn_cast<DenseResourceElementsAttr>(large.getAttr());
  ASSERT_TRUE(resource);
  ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
  ASSERT_EQ(data.size(), 4096u * 4);
  float last;
  std::memcpy(&last, data.data() + 4095 * 4, sizeof(last));
  EXPECT_EQ(last, 0.5f);
}

} // namespace
