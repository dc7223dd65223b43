//===- KernelModelTest.cpp - What the model of kernels says ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/GPU/KernelModel.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Rows of 4096 elements of 16 bits, each on a block of 128 threads.
KernelWork makeWork() {
  KernelWork work;
  work.rows = 16384;
  work.length = 4096;
  work.readBytes = work.writtenBytes = 8192;
  work.earlyBytes = 64;
  work.threads = 128;
  return work;
}

int64_t getBlocks(int64_t threads, int64_t registers, int64_t shared,
                  unsigned computeCapability) {
  KernelWork work;
  work.threads = threads;
  KernelResources resources;
  resources.registers = registers;
  resources.sharedBytes = shared;
  return getBlocksPerMultiprocessor(work, resources,
                                    DeviceModel::get(computeCapability));
}

// As the occupancy calculator of CUDA says.
TEST(KernelModelTest, BlocksPerMultiprocessor) {
  EXPECT_EQ(getBlocks(128, 32, 0, 80), 16);
  EXPECT_EQ(getBlocks(128, 64, 0, 80), 8);
  // 65 registers are 72.
  EXPECT_EQ(getBlocks(128, 65, 0, 80), 7);
  EXPECT_EQ(getBlocks(1024, 64, 0, 90), 1);
  EXPECT_EQ(getBlocks(1024, 65, 0, 90), 0);
  // Warps are whole, and blocks are at most 32, or 16.
  EXPECT_EQ(getBlocks(33, 16, 0, 80), 32);
  EXPECT_EQ(getBlocks(32, 16, 0, 86), 16);
  EXPECT_EQ(getBlocks(512, 32, 0, 89), 3);
  // Each block takes 1 KiB more than it asks for.
  EXPECT_EQ(getBlocks(128, 32, 48 * 1024, 80), 3);
  EXPECT_EQ(getBlocks(128, 32, 48 * 1024, 90), 4);
}

TEST(KernelModelTest, Devices) {
  EXPECT_EQ(DeviceModel::get(90).name, "H200");
  EXPECT_EQ(DeviceModel::get(103).name, "B200");
  EXPECT_EQ(DeviceModel::get(0).name, "A100 80GB");
}

TEST(KernelModelTest, ManyRowsTakeTheBandwidth) {
  KernelResources resources;
  resources.registers = 64;
  KernelPrediction prediction =
      predict(makeWork(), resources, DeviceModel::get(90));
  EXPECT_EQ(prediction.blocks, 16384);
  EXPECT_EQ(prediction.bytes, 268435456.0);
  EXPECT_EQ(prediction.occupancy, 0.5);
  EXPECT_EQ(prediction.limit, "memory");
  EXPECT_NEAR(prediction.fraction, 0.88, 0.02);
}

TEST(KernelModelTest, LittleInFlightWaits) {
  KernelWork work = makeWork();
  work.earlyBytes = 2;
  KernelResources resources;
  resources.registers = 64;
  KernelPrediction prediction = predict(work, resources, DeviceModel::get(90));
  EXPECT_EQ(prediction.limit, "latency");
  EXPECT_LT(prediction.fraction, 0.5);
}

TEST(KernelModelTest, ManyInstructionsTakeTheTime) {
  KernelResources resources;
  resources.registers = 64;
  resources.instructions = 20000;
  EXPECT_EQ(predict(makeWork(), resources, DeviceModel::get(90)).limit,
            "instructions");
}

TEST(KernelModelTest, LongRowsAreReadAgain) {
  KernelWork work = makeWork();
  work.passes = 3;
  KernelResources resources;
  resources.registers = 64;
  const DeviceModel &device = DeviceModel::get(90);
  // 8 blocks of 132 multiprocessors have 8.6 MB, which the cache holds.
  EXPECT_EQ(predict(work, resources, device).bytes, 16384.0 * 16384);
  work.readBytes = 1 << 20;
  EXPECT_EQ(predict(work, resources, device).bytes,
            16384.0 * (3 * (1 << 20) + 8192));
}

TEST(KernelModelTest, UnknownRowsMoveAsMuch) {
  KernelWork work = makeWork();
  work.rows = ShapedType::kDynamic;
  KernelResources resources;
  resources.registers = 64;
  EXPECT_EQ(predict(work, resources, DeviceModel::get(90)).rows, 16384);
}

TEST(KernelModelTest, NothingToDo) {
  KernelWork work = makeWork();
  work.rows = 0;
  KernelResources resources;
  resources.registers = 64;
  EXPECT_EQ(predict(work, resources, DeviceModel::get(90)).seconds, 0);
}

TEST(KernelModelTest, Attribute) {
  MLIRContext context;
  KernelWork work = makeWork();
  FailureOr<KernelWork> read = KernelWork::fromAttr(work.toAttr(&context));
  ASSERT_TRUE(succeeded(read));
  EXPECT_EQ(read->rows, work.rows);
  EXPECT_EQ(read->earlyBytes, work.earlyBytes);
  EXPECT_EQ(read->threads, work.threads);
  EXPECT_TRUE(failed(KernelWork::fromAttr({})));
  work.threads = 0;
  EXPECT_TRUE(failed(KernelWork::fromAttr(work.toAttr(&context))));
}

} // namespace
