//===- ExpressionTest.cpp - Expressions that are equal are one ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../../lib/Dialect/Norm/Transforms/Raise/Statistic.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm::raise;

namespace {

class ExpressionTest : public ::testing::Test {
protected:
  ExpressionTest() : expressions(&context), builder(&context) {
    f32 = builder.getF32Type();
    auto location = builder.getUnknownLoc();
    x = block.addArgument(RankedTensorType::get({4, 16}, f32), location);
    z = block.addArgument(RankedTensorType::get({4, 16}, f32), location);
  }

  Expr at(Value value, unsigned row, unsigned column) {
    return expressions.load(value,
                            {expressions.dim(row), expressions.dim(column)});
  }
  AffineExpr size(int64_t number) {
    return builder.getAffineConstantExpr(number);
  }
  Expr add(Expr a, Expr b, double weight = 1) {
    return expressions.sum(f32, {{a, 1}, {b, weight}});
  }
  Expr multiply(Expr a, Expr b, double exponent = 1) {
    return expressions.product(f32, {{a, 1}, {b, exponent}});
  }
  /// The mean of `expr` over dim 1, of 16 elements.
  Expr mean(Expr expr) {
    return expressions.scaled(expressions.reduce(f32, expr, {1}, {size(16)}),
                              1.0 / 16);
  }
  Statistic analyze(Expr variance) {
    Expr base = expressions.sum(f32, {{variance, 1}}, 1e-5);
    return analyzeStatistic(expressions, base, -0.5);
  }

  MLIRContext context;
  ExpressionContext expressions;
  Builder builder;
  Block block;
  Type f32;
  Value x, z;
};

TEST_F(ExpressionTest, OrderAndAssociationDoNotMatter) {
  Expr a = at(x, 0, 1), b = at(z, 0, 1), c = at(x, 1, 0);
  EXPECT_EQ(add(a, add(b, c)), add(add(c, a), b));
  EXPECT_EQ(multiply(a, multiply(b, c)), multiply(multiply(c, b), a));
  EXPECT_EQ(add(a, a), expressions.scaled(a, 2));
  EXPECT_EQ(add(a, a, -1), expressions.constant(f32, 0));
  EXPECT_NE(add(a, b), add(a, b, -1));
}

TEST_F(ExpressionTest, QuotientsAndRootsArePowers) {
  Expr a = at(x, 0, 1), b = at(z, 0, 1);
  Expr root = expressions.power(f32, b, 0.5);
  EXPECT_EQ(multiply(a, root, -1),
            multiply(a, expressions.power(f32, b, -0.5)));
  EXPECT_EQ(multiply(root, root), b);
  // The root of a square is not what was squared.
  EXPECT_NE(expressions.power(f32, multiply(a, a), 0.5), a);
}

TEST_F(ExpressionTest, MultiplesOfSumsAreOneFactor) {
  Expr a = at(x, 0, 1), b = at(z, 0, 1);
  Expr whole = expressions.sum(f32, {{a, 1}}, 1);
  Expr half = expressions.sum(f32, {{a, 0.5}}, 0.5);
  EXPECT_EQ(multiply(b, half),
            expressions.product(f32, {{b, 1}, {whole, 1}}, 0.5));
}

TEST_F(ExpressionTest, NamesOfBoundDimsDoNotMatter) {
  Expr byColumn = expressions.reduce(f32, at(x, 0, 1), {1}, {size(16)});
  Expr other = expressions.reduce(f32, at(x, 0, 5), {5}, {size(16)});
  EXPECT_EQ(byColumn, other);
  Expr inSteps = expressions.reduce(f32, byColumn, {0}, {size(4)});
  Expr atOnce =
      expressions.reduce(f32, at(x, 0, 1), {1, 0}, {size(16), size(4)});
  EXPECT_EQ(inSteps, atOnce);
  EXPECT_EQ(atOnce->dims, 0u);
}

TEST_F(ExpressionTest, SumOverReshapedDimIsSumOverDims) {
  // x as one row of 64 elements.
  AffineExpr flat = expressions.dim(0);
  Expr element = expressions.load(x, {flat.floorDiv(16), flat % 16});
  EXPECT_EQ(expressions.reduce(f32, element, {0}, {size(64)}),
            expressions.reduce(f32, at(x, 0, 1), {0, 1}, {size(4), size(16)}));
}

TEST_F(ExpressionTest, DimOverWhichNothingVariesCounts) {
  Expr element = expressions.load(x, {expressions.dim(0), size(0)});
  EXPECT_EQ(expressions.reduce(f32, element, {1}, {size(16)}),
            expressions.scaled(element, 16));
}

TEST_F(ExpressionTest, SubstitutionDoesNotCapture) {
  Expr sum = expressions.reduce(f32, at(x, 0, 1), {1}, {size(16)});
  SmallVector<AffineExpr> rename(64);
  rename[0] = expressions.dim(sum->bound.front());
  EXPECT_EQ(expressions.substitute(sum, rename), nullptr);
  rename[0] = expressions.dim(1);
  EXPECT_EQ(expressions.substitute(sum, rename),
            expressions.reduce(f32, at(x, 1, 0), {0}, {size(16)}));
}

TEST_F(ExpressionTest, IndicesComeBackFromReshapes) {
  auto sizes = [](unsigned dim) -> int64_t { return dim == 0 ? 4 : 16; };
  AffineExpr row = expressions.dim(0), column = expressions.dim(1);
  AffineExpr flat = row * 16 + column;
  EXPECT_EQ(simplifyIndex(flat.floorDiv(16), sizes), row);
  EXPECT_EQ(simplifyIndex(flat % 16, sizes), column);
  EXPECT_EQ(simplifyIndex(row.floorDiv(2) * 2 + row % 2, sizes), row);
  EXPECT_EQ(simplifyIndex((column.floorDiv(2) % 4) * 2 + column % 2, sizes),
            column % 8);
  // Channels of 20 elements in groups of 3.
  auto image = [](unsigned dim) -> int64_t { return dim == 0 ? 6 : 20; };
  AffineExpr element = row * 20 + column;
  EXPECT_EQ(simplifyIndex(element.floorDiv(60), image), row.floorDiv(3));
  EXPECT_EQ(simplifyIndex((element % 60).floorDiv(20), image), row % 3);
  // Of a dim of unknown size nothing is known.
  auto unknown = [](unsigned) -> int64_t { return 0; };
  EXPECT_NE(simplifyIndex(flat.floorDiv(16), unknown), row);
}

TEST_F(ExpressionTest, VariancesInTwoForms) {
  Expr a = at(x, 0, 1);
  Expr centered = add(a, mean(a), -1);
  Statistic ofDifferences = analyze(mean(multiply(centered, centered)));
  EXPECT_EQ(ofDifferences.refusal, "");
  EXPECT_EQ(ofDifferences.form, Statistic::Form::Variance);
  Statistic ofSquares =
      analyze(add(mean(multiply(a, a)), multiply(mean(a), mean(a)), -1));
  EXPECT_EQ(ofSquares.refusal, "");
  EXPECT_EQ(ofSquares.form, Statistic::Form::Variance);
  EXPECT_EQ(ofSquares.sum, ofDifferences.sum);
}

TEST_F(ExpressionTest, MeanOfAnotherRow) {
  Expr a = at(x, 0, 1), b = at(z, 0, 1);
  Statistic statistic =
      analyze(add(mean(multiply(a, a)), multiply(mean(b), mean(b)), -1));
  EXPECT_EQ(statistic.refusal, "the mean is that of another row");
}

} // namespace
