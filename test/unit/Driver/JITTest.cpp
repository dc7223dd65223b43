//===- JITTest.cpp - Calls of machine code --------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/JIT.h"

#include "gtest/gtest.h"
#include <vector>

using namespace mlir::norm;

static int64_t getNine() { return 9; }
static int64_t subtract(int64_t a, int64_t b) { return a - b; }

TEST(CallWithWordsTest, PassesTheWordsInOrder) {
  auto nine = callWithWords(reinterpret_cast<void *>(&getNine), {});
  ASSERT_TRUE(static_cast<bool>(nine));
  EXPECT_EQ(*nine, 9);
  auto difference = callWithWords(reinterpret_cast<void *>(&subtract), {7, 4});
  ASSERT_TRUE(static_cast<bool>(difference));
  EXPECT_EQ(*difference, 3);
}

TEST(CallWithWordsTest, RefusesTooManyWords) {
  std::vector<int64_t> words(kMaxWords + 1);
  auto result = callWithWords(reinterpret_cast<void *>(&getNine), words);
  ASSERT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "a function of 33 parameters cannot be called; at most 32 are "
            "possible");
}
