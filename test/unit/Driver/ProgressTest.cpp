//===- ProgressTest.cpp - What takes long, on a terminal ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/Progress.h"

#include "gtest/gtest.h"

using mlir::norm::Progress;

TEST(ProgressTest, SaysNothingOfWhatIsShort) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("normc", os);
  progress.setPhase("machine code");
  progress.update(0);
  progress.update(1);
  progress.stop();
  EXPECT_EQ(text, "");
}

TEST(ProgressTest, ReplacesItsLine) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("normc", os);
  progress.update(4);
  EXPECT_EQ(text, "") << "nothing is being done yet";
  progress.setPhase("norm-fuse");
  progress.update(5);
  progress.setPhase("machine code");
  progress.update(6);
  EXPECT_EQ(text, "\r\x1b[Knormc: 5 s: norm-fuse"
                  "\r\x1b[Knormc: 6 s: machine code");
}

TEST(ProgressTest, MakesRoomForOthers) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("norm-run", os);
  progress.setPhase("measuring");
  progress.update(3);
  text.clear();
  progress.clear();
  progress.clear();
  EXPECT_EQ(text, "\r\x1b[K") << "the line is removed once";
  progress.update(4);
  EXPECT_EQ(text, "\r\x1b[K\r\x1b[Knorm-run: 4 s: measuring");
}

TEST(ProgressTest, LeavesNothingBehind) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("normc", os);
  progress.setPhase("LLVM IR");
  progress.update(3);
  progress.stop();
  progress.update(4);
  progress.stop();
  EXPECT_EQ(text, "\r\x1b[Knormc: 3 s: LLVM IR\r\x1b[K");
}

/// Tests run without a terminal: nothing is printed, whatever it takes.
TEST(ProgressTest, StopsItsClock) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Progress progress("normc", os);
  progress.setPhase("LLVM IR");
  progress.startOnTerminal();
  progress.stop();
  EXPECT_EQ(text, "");
}
