//===- Block.h - The threads of a block, one after the other ----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_EMULATION_BLOCK_H
#define NORM_LIB_GPU_EMULATION_BLOCK_H

#include "Fiber.h"
#include "llvm/ADT/DenseMap.h"
#include <cstdint>
#include <string>

namespace mlir::norm {

/// Shared memory, and which threads have used each byte of it since when.
class SharedMemory {
public:
  /// Adds a variable. Bytes at other addresses are not shared memory.
  void add(char *begin, size_t bytes);
  /// Makes all bytes unknown.
  void reset();

  /// Notes an access by `thread` after `barriers` barriers. Says what is wrong
  /// with it: memory that is not shared or not written, or that another thread
  /// uses, with no barrier in between.
  std::string access(const char *address, size_t bytes, bool isWrite,
                     int thread, int barriers);

private:
  /// Who wrote and who read a byte last, and after how many barriers.
  struct Byte {
    int writer = -1;
    int written = 0;
    int reader = -1;
    int read = 0;
    /// Whether several threads have read it since the last barrier.
    bool isReadByMany = false;
  };
  struct Variable {
    char *begin;
    std::vector<Byte> bytes;
  };
  std::vector<Variable> variables;
};

/// Runs the threads of blocks, each of which gives way where it has to wait for
/// others. In which order they run differs from block to block.
class Block {
public:
  /// Runs block `number`: `threads` times `kernel` on `arguments`. Says what is
  /// wrong.
  std::string run(void (*kernel)(void **), void **arguments, int64_t number,
                  int threads);

  SharedMemory &getSharedMemory() { return shared; }

  // What a thread calls.
  int getThread() const { return current; }
  int getNumThreads() const { return numThreads; }
  int64_t getNumber() const { return number; }
  void waitForBlock();
  bool voteAny(uint32_t mask, bool value);
  uint32_t shuffleXor(uint32_t mask, uint32_t value, int distance, int clamp);
  void accessShared(const char *address, size_t bytes, bool isWrite);
  /// Ends the run: this thread does not go on.
  void fail(std::string message);

private:
  enum class State { Ready, AtBarrier, AtShuffle, Done };
  struct Thread {
    Fiber fiber;
    State state = State::Ready;
    /// What it gives in the shuffles of even and odd number.
    uint32_t values[2] = {0, 0};
    unsigned numShuffles = 0;
  };

  static void runThread(void *block);
  void giveWay(State state);
  /// Gives `value` to the other threads of the warp and waits for them; which
  /// of a thread's values they read.
  unsigned exchange(uint32_t value);
  bool releaseWarps();
  bool releaseBlock();

  SharedMemory shared;
  std::vector<std::unique_ptr<Thread>> threads;
  void (*kernel)(void **) = nullptr;
  void **arguments = nullptr;
  int64_t number = 0;
  int numThreads = 0;
  int current = 0;
  int numBarriers = 0;
  std::string error;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EMULATION_BLOCK_H
