//===- Block.cpp - The threads of a block, one after the other ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Block.h"

#include <algorithm>
#include <climits>
#include <numeric>

using namespace mlir::norm;

/// The threads of a warp.
static constexpr int kWarp = 32;

void Block::runThread(void *data) {
  auto *block = static_cast<Block *>(data);
  block->kernel(block->arguments);
  block->giveWay(State::Done);
}

void Block::giveWay(State state) {
  Thread &self = *threads[current];
  self.state = state;
  self.fiber.giveWay();
}

void Block::fail(std::string message) {
  if (error.empty())
    error = std::move(message);
  giveWay(State::Done);
}

void Block::waitForBlock() { giveWay(State::AtBarrier); }

unsigned Block::exchange(uint32_t value) {
  Thread &self = *threads[current];
  // No thread is at its next but one exchange before this one has read.
  unsigned parity = self.numShuffles++ % 2;
  self.values[parity] = value;
  giveWay(State::AtShuffle);
  return parity;
}

int Block::getWarpBegin() const {
  return getRank() * numThreads + getThread() / kWarp * kWarp;
}

int Block::getWarpEnd() const {
  return std::min(getWarpBegin() + kWarp, (getRank() + 1) * numThreads);
}

bool Block::voteAny(uint32_t mask, bool value) {
  if (mask != ~0u)
    fail("a vote is not of a whole warp");
  unsigned parity = exchange(value);
  bool any = false;
  for (int i = getWarpBegin(); i < getWarpEnd(); ++i)
    any |= threads[i]->values[parity] != 0;
  return any;
}

uint32_t Block::shuffleXor(uint32_t mask, uint32_t value, int distance,
                           int clamp) {
  // As PTX says of shfl.sync.bfly with a clamp of 31: all lanes of the warp.
  constexpr int kAllLanes = 0x1f;
  if (mask != ~0u || clamp != kAllLanes)
    fail("a shuffle is not of a whole warp");
  int other = getWarpBegin() + ((current - getWarpBegin()) ^ distance);
  unsigned parity = exchange(value);
  if (other >= getWarpEnd())
    fail("a shuffle reads a lane that is not there");
  return threads[other]->values[parity];
}

ThreadTime Block::getTime() const {
  return {current, getRank(), numBarriers[getRank()],
          threads[current]->ordered};
}

void Block::accessShared(const char *address, size_t bytes, bool isWrite) {
  std::string problem = shared.access(address, bytes, isWrite, getTime());
  if (!problem.empty())
    fail(std::move(problem));
}

void Block::arrive(bool ordersMemory) {
  Thread &self = *threads[current];
  if (self.arrived != self.left)
    fail("thread " + std::to_string(current) +
         " comes to a cluster's barrier a second time before it has left it");
  ++self.arrived;
  self.ordersMemory = ordersMemory;
}

void Block::waitForCluster() {
  Thread &self = *threads[current];
  if (self.arrived == self.left)
    fail("thread " + std::to_string(current) +
         " waits at a cluster's barrier that it has not come to");
  giveWay(State::AtCluster);
}

char *Block::map(const char *address, int rank) {
  if (rank < 0 || rank >= static_cast<int>(numBarriers.size()))
    fail("a cluster has no block " + std::to_string(rank));
  char *mapped = shared.map(address, rank);
  if (!mapped)
    fail("thread " + std::to_string(current) + " leaves its shared memory");
  return mapped;
}

void Block::accessCluster(const char *address, size_t bytes, bool isWrite) {
  int rank = shared.findBlock(address, bytes);
  if (rank >= 0 && rank != getRank()) {
    if (threads[current]->left == 0)
      fail("thread " + std::to_string(current) +
           " uses the memory of a block that may not have started");
    for (int i = rank * numThreads; i < (rank + 1) * numThreads; ++i)
      if (threads[i]->state == State::Done)
        fail("thread " + std::to_string(current) +
             " uses the memory of a block that may have ended");
  }
  accessShared(address, bytes, isWrite);
}

bool Block::releaseWarps(int begin) {
  bool released = false;
  for (int end = begin + numThreads; begin < end; begin += kWarp) {
    int warpEnd = std::min(begin + kWarp, end), waiting = 0;
    for (int i = begin; i < warpEnd; ++i)
      waiting += threads[i]->state == State::AtShuffle;
    if (waiting != warpEnd - begin)
      continue;
    released = true;
    for (int i = begin; i < warpEnd; ++i)
      threads[i]->state = State::Ready;
  }
  return released;
}

bool Block::releaseBlock(int rank) {
  int begin = rank * numThreads;
  for (int i = begin; i < begin + numThreads; ++i)
    if (threads[i]->state != State::AtBarrier)
      return false;
  for (int i = begin; i < begin + numThreads; ++i)
    threads[i]->state = State::Ready;
  ++numBarriers[rank];
  return true;
}

bool Block::releaseCluster() {
  // All that have not ended come to the same barriers.
  int arrived = INT_MAX;
  auto count = numBarriers.size() * static_cast<size_t>(numThreads);
  for (size_t i = 0; i < count; ++i)
    if (threads[i]->state != State::Done)
      arrived = std::min(arrived, threads[i]->arrived);
  bool released = false;
  for (size_t i = 0; i < count; ++i) {
    Thread &thread = *threads[i];
    if (thread.state != State::AtCluster || thread.left >= arrived)
      continue;
    ++thread.left;
    thread.ordered += thread.ordersMemory;
    thread.state = State::Ready;
    released = true;
  }
  return released;
}

/// An order of `count` threads, another one for another `number`.
static std::vector<int> chooseOrder(int64_t number, int count) {
  std::vector<int> order(count);
  std::iota(order.begin(), order.end(), 0);
  switch (number % 4) {
  case 1:
    std::reverse(order.begin(), order.end());
    break;
  case 2:
    // Lane 0 of all warps, then lane 1, ...
    std::sort(order.begin(), order.end(), [](int a, int b) {
      return std::pair(a % kWarp, a) < std::pair(b % kWarp, b);
    });
    break;
  case 3:
    std::rotate(order.begin(), order.begin() + count / 3, order.end());
    break;
  default:
    break;
  }
  return order;
}

std::string Block::run(void (*newKernel)(void **), void **newArguments,
                       int64_t newNumber, int count, int numBlocks) {
  kernel = newKernel;
  arguments = newArguments;
  number = newNumber;
  numThreads = count;
  numBarriers.assign(numBlocks, 0);
  error.clear();
  shared.reset(numBlocks);
  int all = count * numBlocks;
  while (threads.size() < static_cast<size_t>(all))
    threads.push_back(std::make_unique<Thread>());
  for (int i = 0; i < all; ++i) {
    Thread &thread = *threads[i];
    thread.state = State::Ready;
    thread.numShuffles = 0;
    thread.arrived = thread.left = thread.ordered = 0;
    thread.fiber.start(runThread, this);
  }
  std::vector<int> order = chooseOrder(number / numBlocks, all);
  while (true) {
    bool progressed = false, isDone = true;
    for (int i : order) {
      if (threads[i]->state == State::Ready) {
        current = i;
        shared.enter(getRank());
        threads[i]->fiber.resume();
        progressed = true;
        if (threads[i]->fiber.isOverflown())
          return "thread " + std::to_string(i) +
                 " needs more stack than the emulation has";
        if (!error.empty())
          return error;
      }
      isDone &= threads[i]->state == State::Done;
    }
    if (isDone)
      return "";
    for (int rank = 0; rank < numBlocks; ++rank) {
      progressed |= releaseWarps(rank * count);
      progressed |= releaseBlock(rank);
    }
    progressed |= releaseCluster();
    if (!progressed)
      return "threads wait at different barriers or shuffles";
  }
}
