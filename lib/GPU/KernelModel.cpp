//===- KernelModel.cpp - What a kernel costs, without a GPU ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/GPU/KernelModel.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Multiprocessors, bandwidth, caches and boost clocks: NVIDIA's data sheets
/// and architecture white papers of the GPUs. Threads, blocks and shared
/// memory: the table "Technical Specifications per Compute Capability" of the
/// CUDA C++ Programming Guide.
static const DeviceModel kDevices[] = {
    {"A100 80GB", 80, 108, 1.410e9, 2.039e12, 40e6, 2048, 32, 164 * 1024},
    {"A10", 86, 72, 1.695e9, 0.600e12, 6e6, 1536, 16, 100 * 1024},
    {"L40S", 89, 142, 2.520e9, 0.864e12, 96e6, 1536, 24, 100 * 1024},
    {"H200", 90, 132, 1.980e9, 4.800e12, 50e6, 2048, 32, 228 * 1024},
    {"B200", 100, 148, 1.965e9, 8.000e12, 126e6, 2048, 32, 228 * 1024},
    {"RTX PRO 6000", 120, 188, 2.617e9, 1.792e12, 128e6, 1536, 24, 100 * 1024},
};

/// Of the CUDA C++ Programming Guide and of the occupancy calculator that comes
/// with CUDA: registers of a multiprocessor, the steps in which a warp gets
/// them, the steps in which a block gets shared memory, and what the system
/// takes of it for each block.
static constexpr int64_t kRegisters = 64 * 1024, kRegisterStep = 256;
static constexpr int64_t kSharedStep = 128, kSharedOfSystem = 1024;
static constexpr int64_t kWarp = 32;

/// A device-to-device copy reaches so much of the bandwidth of the data sheet:
/// 3.02 of 3.35 TB/s are the best that QuACK's published chart shows of any
/// kernel on an H100.
static constexpr double kCopyFraction = 0.90;
/// Clocks from a load to its value in memory: 466 on an A100 and 479 on an H100
/// (Luo et al., "Benchmarking and Dissecting the Nvidia Hopper GPU
/// Architecture", 2024, without load), and about as many for what waits in
/// queues when memory is busy.
static constexpr double kLatencyClocks = 1000;
/// Clocks for a block to be started and its first address to be known, and
/// for the last values to be reduced and stored (assumed).
static constexpr double kBlockClocks = 500;
/// The instructions of warps that a multiprocessor issues in a clock.
static constexpr double kIssued = 4;
/// The bytes that a multiprocessor takes from the second-level cache in a clock
/// (NVIDIA's white papers of the A100 and H100).
static constexpr double kMultiprocessorBytes = 64;
/// From one kernel to the next in a stream (assumed: an empty kernel takes 2 to
/// 3 us by itself).
static constexpr double kLaunchSeconds = 1e-6;

/// What is moved where the number of rows is not known.
static constexpr int64_t kUnknownBytes = int64_t(256) << 20;

const DeviceModel &DeviceModel::get(unsigned computeCapability) {
  const DeviceModel *best = std::begin(kDevices);
  for (const DeviceModel &device : kDevices)
    if (device.computeCapability <= computeCapability)
      best = &device;
  return *best;
}

//===----------------------------------------------------------------------===//
// KernelWork
//===----------------------------------------------------------------------===//

template <typename Work, typename Visitor>
static void visitFields(Work &work, Visitor visit) {
  visit("rows", work.rows);
  visit("length", work.length);
  visit("read", work.readBytes);
  visit("written", work.writtenBytes);
  visit("common", work.commonBytes);
  visit("passes", work.passes);
  visit("early", work.earlyBytes);
  visit("threads", work.threads);
  visit("rows_per_block", work.rowsPerBlock);
  visit("blocks_per_row", work.blocksPerRow);
}

DictionaryAttr KernelWork::toAttr(MLIRContext *context) const {
  Builder builder(context);
  NamedAttrList fields;
  visitFields(*this, [&](StringRef name, int64_t value) {
    fields.set(name, builder.getI64IntegerAttr(value));
  });
  return fields.getDictionary(context);
}

FailureOr<KernelWork> KernelWork::fromAttr(Attribute attribute) {
  auto fields = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!fields)
    return failure();
  KernelWork work;
  bool isComplete = true;
  visitFields(work, [&](StringRef name, int64_t &value) {
    auto field = fields.getAs<IntegerAttr>(name);
    isComplete &= bool(field);
    if (field)
      value = field.getInt();
  });
  if (!isComplete || work.threads < 1 || work.rowsPerBlock < 1 ||
      work.blocksPerRow < 1)
    return failure();
  return work;
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

int64_t mlir::norm::estimateRegisters(const KernelWork &work) {
  // Addresses and sums, what is loaded, and the same as f32.
  constexpr int64_t kOthers = 24, kMost = 255;
  int64_t elements =
      llvm::divideCeil(work.length * work.rowsPerBlock, work.threads);
  int64_t loaded = llvm::divideCeil(work.earlyBytes, int64_t(4));
  int64_t kept = work.passes == 1 && work.blocksPerRow == 1 ? elements : loaded;
  int64_t most =
      std::min(kMost, kRegisters / std::max<int64_t>(1, work.threads));
  return std::min(most, int64_t(llvm::alignTo(kOthers + loaded / 2 + kept, 8)));
}

int64_t mlir::norm::getBlocksPerMultiprocessor(const KernelWork &work,
                                               const KernelResources &resources,
                                               const DeviceModel &device) {
  int64_t warps = llvm::divideCeil(work.threads, kWarp);
  int64_t blocks =
      std::min(device.maxBlocks, device.maxThreads / (warps * kWarp));
  int64_t ofWarp = llvm::alignTo(
      std::max<int64_t>(1, resources.registers) * kWarp, kRegisterStep);
  blocks = std::min(blocks, kRegisters / ofWarp / warps);
  int64_t shared =
      llvm::alignTo(resources.sharedBytes, kSharedStep) + kSharedOfSystem;
  return std::min(blocks, device.sharedBytes / shared);
}

KernelPrediction mlir::norm::predict(const KernelWork &work,
                                     const KernelResources &resources,
                                     const DeviceModel &device) {
  KernelPrediction result;
  int64_t rowBytes = work.readBytes + work.writtenBytes;
  result.rows = work.rows;
  if (ShapedType::isDynamic(result.rows))
    result.rows =
        std::max<int64_t>(1, kUnknownBytes / std::max<int64_t>(1, rowBytes));
  result.blocks =
      llvm::divideCeil(result.rows, work.rowsPerBlock) * work.blocksPerRow;
  int64_t perMultiprocessor =
      getBlocksPerMultiprocessor(work, resources, device);
  result.blocksPerMultiprocessor = perMultiprocessor;
  result.occupancy = static_cast<double>(perMultiprocessor * work.threads) /
                     static_cast<double>(device.maxThreads);
  if (perMultiprocessor == 0 || result.blocks == 0)
    return result;

  // What is read again comes from the cache if all rows that are at work at the
  // same time fit in half of it.
  double rows = static_cast<double>(result.rows);
  double atOnce = static_cast<double>(std::min<int64_t>(
      result.blocks, perMultiprocessor * device.multiprocessors));
  double rowsAtOnce = atOnce * static_cast<double>(work.rowsPerBlock) /
                      static_cast<double>(work.blocksPerRow);
  bool isCached =
      rowsAtOnce * static_cast<double>(work.readBytes) <= device.cacheBytes / 2;
  double reads = isCached ? 1.0 : static_cast<double>(work.passes);
  result.bytes = rows * (static_cast<double>(work.readBytes) * reads +
                         static_cast<double>(work.writtenBytes)) +
                 static_cast<double>(work.commonBytes);

  // Few multiprocessors cannot draw all that memory gives.
  double used = std::min<double>(static_cast<double>(device.multiprocessors),
                                 static_cast<double>(result.blocks));
  double bandwidth = std::min(device.bandwidth * kCopyFraction,
                              used * kMultiprocessorBytes * device.clock);
  double memory = result.bytes / bandwidth;

  // The blocks that are there at a time wait for memory once for what every
  // thread asks for together.
  double waves = std::ceil(static_cast<double>(result.blocks) / atOnce);
  double read =
      static_cast<double>(work.readBytes * work.passes * work.rowsPerBlock) /
      static_cast<double>(work.blocksPerRow);
  double asked =
      static_cast<double>(std::max<int64_t>(1, work.earlyBytes) * work.threads);
  double waits = std::max(1.0, std::ceil(read / asked));
  double latency =
      waves * (waits * kLatencyClocks + kBlockClocks) / device.clock;

  // Instructions in loops are not known: a kernel with loops is judged by its
  // bytes.
  double warps = static_cast<double>(llvm::divideCeil(work.threads, kWarp));
  double issue = static_cast<double>(result.blocks) * warps *
                 static_cast<double>(resources.instructions) /
                 (used * kIssued * device.clock);

  result.seconds = std::max({memory, latency, issue});
  if (result.seconds == latency)
    result.limit = "latency";
  else if (result.seconds == issue)
    result.limit = "instructions";
  result.seconds += kLaunchSeconds;
  result.fraction = result.bytes / result.seconds / device.bandwidth;
  return result;
}
