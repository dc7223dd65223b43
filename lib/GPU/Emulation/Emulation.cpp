//===- Emulation.cpp - Launches on this machine ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/GPU/Emulation.h"

#include "Block.h"
#include "EmulatedImage.h"
#include "Float8.h"
#include "norm/Support/Status.h"
#include <cmath>
#include <cstring>

using namespace mlir::norm;

namespace {
/// What launches of a thread of this program have in common.
struct Machine {
  std::vector<DeviceMemory> memory;
  std::string error;
  Block *block = nullptr;
  /// What the kernel that runs belongs to.
  const EmulatedImage *image = nullptr;
};
} // namespace

static thread_local Machine machine;

void mlir::norm::setDeviceMemory(std::vector<DeviceMemory> memory) {
  machine.memory = std::move(memory);
}

std::string mlir::norm::getEmulationError() { return machine.error; }

//===----------------------------------------------------------------------===//
// What kernels call
//===----------------------------------------------------------------------===//

static int32_t getThread() { return machine.block->getThread(); }
static int32_t getNumThreads() { return machine.block->getNumThreads(); }
static int32_t getBlock() {
  return static_cast<int32_t>(machine.block->getNumber());
}
static void barrier(int32_t) { machine.block->waitForBlock(); }

static int32_t shuffleInt(int32_t mask, int32_t value, int32_t distance,
                          int32_t clamp) {
  return static_cast<int32_t>(
      machine.block->shuffleXor(mask, value, distance, clamp));
}

/// An i1 in LLVM IR has one bit that means something.
static int32_t voteAny(int32_t mask, int32_t value) {
  return machine.block->voteAny(mask, value & 1);
}

static void syncWarp(int32_t mask) { machine.block->voteAny(mask, false); }

static void arriveAtCluster() { machine.block->arrive(true); }
static void arriveRelaxed() { machine.block->arrive(false); }
static void waitForCluster() { machine.block->waitForCluster(); }
static char *mapToCluster(const char *address, int32_t rank) {
  return machine.block->map(address, rank);
}
static void accessCluster(const char *address, int64_t bytes, int32_t isWrite) {
  machine.block->accessCluster(address, bytes, isWrite);
}

static float shuffleFloat(int32_t mask, float value, int32_t distance,
                          int32_t clamp) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  bits = machine.block->shuffleXor(mask, bits, distance, clamp);
  std::memcpy(&value, &bits, sizeof(bits));
  return value;
}

static void accessShared(const char *address, int64_t bytes, int32_t isWrite) {
  machine.block->accessShared(address, bytes, isWrite);
}

static void accessGlobal(const char *address, int64_t bytes, int32_t isWrite) {
  auto fail = [&](const char *what) {
    machine.block->fail("thread " + std::to_string(machine.block->getThread()) +
                        " of block " +
                        std::to_string(machine.block->getNumber()) +
                        (isWrite ? " writes " : " reads ") + what);
  };
  auto isIn = [&](const char *begin, int64_t size) {
    return address >= begin && address + bytes <= begin + size;
  };
  for (int64_t i = 0; i < machine.image->numConstants; ++i) {
    const EmulatedVariable &constant = machine.image->constants[i];
    if (isIn(constant.begin, constant.bytes))
      return isWrite ? fail("a constant") : void();
  }
  if (machine.memory.empty())
    return;
  for (auto [begin, size] : machine.memory)
    if (isIn(begin, static_cast<int64_t>(size)))
      return;
  fail("outside of the tensors");
}

/// The bits of a bf16, rounded to nearest even, in the low half of a float:
/// where x86 expects a bf16 that a function returns.
static float truncateBF16(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  if (std::isnan(value))
    bits = (bits | 0x00400000) >> 16;
  else
    bits = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  std::memcpy(&value, &bits, sizeof(bits));
  return value;
}

/// The same of an f64: first to odd, so that nothing is rounded twice.
static float truncateBF16FromDouble(double value) {
  float narrow = static_cast<float>(value);
  if (!std::isnan(value) && static_cast<double>(narrow) != value) {
    uint32_t bits;
    std::memcpy(&bits, &narrow, sizeof(bits));
    bool isAway = std::fabs(static_cast<double>(narrow)) > std::fabs(value);
    bits = (isAway ? bits - 1 : bits) | 1;
    std::memcpy(&narrow, &bits, sizeof(bits));
  }
  return truncateBF16(narrow);
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

namespace {
/// struct norm_launch of lib/Runtime.
struct Launch {
  void *stream;
  int32_t status;
};
} // namespace

static void launchKernel(Launch *launch, const EmulatedImage *image,
                         const char *name, int64_t grid, int32_t threads,
                         void **arguments) {
  if (launch->status != 0)
    return;
  machine.error.clear();
  auto fail = [&](std::string message) {
    machine.error = std::string("kernel ") + name + ": " + std::move(message);
    launch->status = encodeStatus(Status::DeviceError, 0);
  };
  const EmulatedKernel *kernel = nullptr;
  for (int64_t i = 0; i < image->numKernels; ++i)
    if (std::strcmp(image->kernels[i].name, name) == 0)
      kernel = &image->kernels[i];
  if (!kernel)
    return fail("is not there");
  Block block;
  for (int64_t i = 0; i < image->numShared; ++i)
    block.getSharedMemory().add(image->shared[i].begin, image->shared[i].bytes);
  machine.block = &block;
  machine.image = image;
  if (grid % kernel->cluster != 0)
    return fail("the grid is no multiple of a cluster");
  for (int64_t number = 0; number < grid; number += kernel->cluster) {
    std::string error = block.run(kernel->entry, arguments, number, threads,
                                  static_cast<int>(kernel->cluster));
    if (!error.empty()) {
      fail("block " + std::to_string(number) + ": " + error);
      break;
    }
  }
  machine.block = nullptr;
  machine.image = nullptr;
}

template <typename Function> static void *address(Function *function) {
  return reinterpret_cast<void *>(function);
}

llvm::ArrayRef<std::pair<llvm::StringRef, void *>>
mlir::norm::getEmulationSymbols() {
  static const std::pair<llvm::StringRef, void *> symbols[] = {
      {"norm_cuda_launch", address(launchKernel)},
      {"norm_emu_thread", address(getThread)},
      {"norm_emu_num_threads", address(getNumThreads)},
      {"norm_emu_block", address(getBlock)},
      {"norm_emu_barrier", address(barrier)},
      {"norm_emu_shuffle_i32", address(shuffleInt)},
      {"norm_emu_shuffle_f32", address(shuffleFloat)},
      {"norm_emu_vote_any", address(voteAny)},
      {"norm_emu_sync_warp", address(syncWarp)},
      {"norm_emu_cluster_arrive", address(arriveAtCluster)},
      {"norm_emu_cluster_arrive_relaxed", address(arriveRelaxed)},
      {"norm_emu_cluster_wait", address(waitForCluster)},
      {"norm_emu_map", address(mapToCluster)},
      {"norm_emu_access_cluster", address(accessCluster)},
      {"norm_emu_to_e4m3x2", address(toE4M3Pair)},
      {"norm_emu_to_e5m2x2", address(toE5M2Pair)},
      {"norm_emu_from_e4m3x2", address(fromE4M3Pair)},
      {"norm_emu_from_e5m2x2", address(fromE5M2Pair)},
      {"norm_emu_access_shared", address(accessShared)},
      {"norm_emu_access_global", address(accessGlobal)},
      {"__truncsfbf2", address(truncateBF16)},
      {"__truncdfbf2", address(truncateBF16FromDouble)},
  };
  return symbols;
}
