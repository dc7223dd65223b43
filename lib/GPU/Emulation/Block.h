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

/// Where a thread is, as far as that orders what it does with shared memory.
struct ThreadTime {
  /// In its cluster, and that of its block.
  int thread = -1;
  int block = 0;
  /// The barriers of its block, and those of the cluster that order memory.
  int barriers = 0;
  int clusterBarriers = 0;
};

/// The shared memory of the blocks of a cluster, and which threads have used
/// each byte of it since when. The code knows one place for it: that of the
/// block whose threads run.
class SharedMemory {
public:
  /// Adds a variable. Bytes at other addresses are not shared memory.
  void add(char *begin, size_t bytes);
  /// Makes all bytes of `numBlocks` blocks unknown.
  void reset(int numBlocks);
  /// Lets the threads of `block` run from now on.
  void enter(int block);
  /// The address that `address`, of the block whose threads run, has in
  /// `block`, as long as they do; null if it is not shared memory.
  char *map(const char *address, int block);

  /// Notes an access. Says what is wrong with it: memory that is not shared or
  /// not written, or that another thread uses, with no barrier in between.
  std::string access(const char *address, size_t bytes, bool isWrite,
                     const ThreadTime &time);
  /// The block whose memory `address` is; -1 if it is none.
  int findBlock(const char *address, size_t bytes) const;

private:
  /// Who wrote and who read a byte last.
  struct Byte {
    ThreadTime writer;
    ThreadTime reader;
    /// Whether several threads have read it since the last barrier.
    bool isReadByMany = false;
  };
  struct Variable {
    char *begin;
    size_t bytes;
    /// In the memory of a block.
    size_t offset;
  };
  struct Memory {
    std::vector<Byte> bytes;
    /// What it holds while another block's threads run.
    std::vector<char> contents;
  };
  /// Where `address` is in the memory of which block.
  bool find(const char *address, size_t bytes, int &block,
            size_t &offset) const;

  std::vector<Variable> variables;
  std::vector<Memory> memories;
  size_t size = 0;
  int entered = 0;
};

/// Runs the threads of a block, or of a cluster of blocks, each of which gives
/// way where it has to wait for others. In which order they run differs from
/// cluster to cluster.
class Block {
public:
  /// Runs `numBlocks` blocks from `number` on: `threads` times `kernel` on
  /// `arguments` each. Says what is wrong.
  std::string run(void (*kernel)(void **), void **arguments, int64_t number,
                  int threads, int numBlocks);

  SharedMemory &getSharedMemory() { return shared; }

  // What a thread calls.
  int getThread() const { return current % numThreads; }
  int getNumThreads() const { return numThreads; }
  int64_t getNumber() const { return number + getRank(); }
  void waitForBlock();
  bool voteAny(uint32_t mask, bool value);
  uint32_t shuffleXor(uint32_t mask, uint32_t value, int distance, int clamp);
  void accessShared(const char *address, size_t bytes, bool isWrite);
  /// Clusters: a barrier in two parts, and the memory of other blocks.
  void arrive(bool ordersMemory);
  void waitForCluster();
  char *map(const char *address, int rank);
  void accessCluster(const char *address, size_t bytes, bool isWrite);
  /// Ends the run: this thread does not go on.
  void fail(std::string message);

private:
  enum class State { Ready, AtBarrier, AtShuffle, AtCluster, Done };
  struct Thread {
    Fiber fiber;
    State state = State::Ready;
    /// What it gives in the shuffles of even and odd number.
    uint32_t values[2] = {0, 0};
    unsigned numShuffles = 0;
    /// Barriers of the cluster: those that it came to, those that it has left,
    /// and of these the ones that order memory.
    int arrived = 0, left = 0, ordered = 0;
    bool ordersMemory = false;
  };

  static void runThread(void *block);
  /// The number of the current thread's block in the cluster.
  int getRank() const { return current / numThreads; }
  /// The first thread of the current one's warp, and the one behind the last.
  int getWarpBegin() const;
  int getWarpEnd() const;
  ThreadTime getTime() const;
  void giveWay(State state);
  /// Gives `value` to the other threads of the warp and waits for them; which
  /// of a thread's values they read.
  unsigned exchange(uint32_t value);
  /// Lets those go on for whom nobody has to be waited any more.
  bool releaseWarps(int begin);
  bool releaseBlock(int rank);
  bool releaseCluster();

  SharedMemory shared;
  std::vector<std::unique_ptr<Thread>> threads;
  void (*kernel)(void **) = nullptr;
  void **arguments = nullptr;
  int64_t number = 0;
  int numThreads = 0;
  int current = 0;
  /// Those of each block.
  std::vector<int> numBarriers;
  std::string error;
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EMULATION_BLOCK_H
