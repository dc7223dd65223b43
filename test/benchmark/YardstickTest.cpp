//===- YardstickTest.cpp - The hand-written kernels compute the norms -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A yardstick that leaves work out would make every comparison wrong.
//
//===----------------------------------------------------------------------===//

#include "Problem.h"

#include "gtest/gtest.h"
#include <cmath>

using namespace bench;

/// Runs every hand-written kernel that takes the case; returns how many did.
static int checkAll(const Case &c) {
  Problem problem(c);
  int ran = 0;
  for (const Contender &contender : yardsticks()) {
    problem.clearOutput();
    Runner run = contender.make(problem.getCase(), problem.getData());
    if (!run)
      continue;
    run();
    EXPECT_EQ(problem.check(), "")
        << contender.name << " " << c.rows << "x" << c.length;
    ++ran;
  }
  return ran;
}

static bool canRun(Type type) {
  return __builtin_cpu_supports("avx512vl") &&
         (type == Type::F32 || __builtin_cpu_supports("avx512bf16"));
}

static Case rowCase(Op op, Type type, int64_t rows, int64_t length) {
  Case c = {};
  c.name = "rows";
  c.op = op;
  c.type = type;
  c.rows = rows;
  c.length = length;
  c.groups = 1;
  return c;
}

// One row and row counts beside every block size; lengths that are and that are
// not a multiple of the unrolled step, short ones, and ones taken in groups.
TEST(Yardstick, Rows) {
  for (Type type : {Type::F32, Type::BF16})
    for (Op op : {Op::LayerNorm, Op::RMSNorm})
      for (int64_t rows : {1, 2, 3, 4, 7, 17, 37})
        for (int64_t length : {32, 64, 96, 128, 768, 1568, 3200, 4160})
          if (canRun(type))
            EXPECT_EQ(checkAll(rowCase(op, type, rows, length)), 2);
}

TEST(Yardstick, RowsPastTheCaches) {
  const int64_t length = 4096;
  for (auto [op, type] : {std::pair(Op::LayerNorm, Type::F32),
                          std::pair(Op::RMSNorm, Type::BF16)}) {
    Case c = rowCase(op, type, 1, length);
    c.rows = int64_t(lastLevelCacheBytes() / c.bytes() / 4 + 1) | 1;
    if (canRun(type))
      EXPECT_EQ(checkAll(c), 3);
  }
}

// A first vector far from the rest makes the shift a bad one: the row is read
// again.
TEST(Yardstick, OutlierAtTheBeginning) {
  if (!canRun(Type::F32))
    GTEST_SKIP() << "this CPU lacks AVX-512";
  Problem problem(rowCase(Op::LayerNorm, Type::F32, 5, 768));
  auto *x = static_cast<float *>(problem.getData().x);
  for (int64_t row = 0; row < 5; ++row)
    for (int64_t j = 0; j < 16; ++j)
      x[row * 768 + j] = 1e4f + float(j);
  for (const Contender &contender : yardsticks()) {
    problem.clearOutput();
    Runner run = contender.make(problem.getCase(), problem.getData());
    if (!run)
      continue;
    run();
    EXPECT_EQ(problem.check(), "") << contender.name;
  }
}

TEST(Yardstick, Channels) {
  for (Op op : {Op::GroupNorm, Op::BatchNorm})
    for (bool last : {false, true}) {
      Case c = {};
      c.name = "channels";
      c.op = op;
      c.type = Type::F32;
      c.batch = 2;
      c.channels = 96;
      c.spatial = 48;
      c.groups = 4;
      c.channelsLast = last;
      if (op == Op::BatchNorm)
        c.groups = 1;
      if (canRun(Type::F32))
        EXPECT_GE(checkAll(c), 1);
    }
}

TEST(Yardstick, SimpleModel) {
  EXPECT_EQ(checkAll(rowCase(Op::SimpleModel, Type::F32, 3, 5)), 1);
}

TEST(Problem, CheckFindsAWrongElement) {
  Problem problem(rowCase(Op::SimpleModel, Type::F32, 3, 5));
  EXPECT_NE(problem.check(), ""); // y is still NaN
  for (const Contender &contender : yardsticks())
    if (Runner run = contender.make(problem.getCase(), problem.getData()))
      run();
  EXPECT_EQ(problem.check(), "");
  static_cast<float *>(problem.getData().y)[14] += 1e-3f;
  EXPECT_NE(problem.check(), "");
}

TEST(Problem, RoundsToNearestEven) {
  EXPECT_EQ(roundTo(Type::BF16, 1 + 0x1p-8L), 1);
  EXPECT_EQ(roundTo(Type::BF16, 1 + 3 * 0x1p-8L), 1 + 0x1p-6);
  EXPECT_EQ(roundTo(Type::F16, 0x1p-24L * 1.5L), 0x1p-23);
  EXPECT_EQ(roundTo(Type::F32, 1 + 0x1p-24L), 1);
  for (double value : {1.0, -1.5, 0x1p-14, 0x1p-24, 65504.0, -0x1.8p-20}) {
    uint16_t half;
    writeElement(Type::F16, &half, 0, value);
    EXPECT_EQ(readElement(Type::F16, &half, 0), value);
  }
}
