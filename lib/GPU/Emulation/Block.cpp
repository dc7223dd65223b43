//===- Block.cpp - The threads of a block, one after the other ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Block.h"

#include <algorithm>
#include <cstring>
#include <numeric>

using namespace mlir::norm;

/// The threads of a warp.
static constexpr int kWarp = 32;

//===----------------------------------------------------------------------===//
// SharedMemory
//===----------------------------------------------------------------------===//

void SharedMemory::add(char *begin, size_t bytes) {
  variables.push_back({begin, std::vector<Byte>(bytes)});
}

void SharedMemory::reset() {
  for (Variable &variable : variables) {
    // Floats are NaN, and indices far away.
    std::memset(variable.begin, 0xFF, variable.bytes.size());
    std::fill(variable.bytes.begin(), variable.bytes.end(), Byte());
  }
}

std::string SharedMemory::access(const char *address, size_t bytes,
                                 bool isWrite, int thread, int barriers) {
  for (Variable &variable : variables) {
    if (address < variable.begin ||
        address + bytes > variable.begin + variable.bytes.size())
      continue;
    auto first = variable.bytes.begin() + (address - variable.begin);
    for (auto it = first; it != first + static_cast<ptrdiff_t>(bytes); ++it) {
      Byte &byte = *it;
      bool isWrittenByOther =
          byte.writer >= 0 && byte.writer != thread && byte.written == barriers;
      bool isReadByOther = byte.reader >= 0 && byte.read == barriers &&
                           (byte.reader != thread || byte.isReadByMany);
      if (isWrittenByOther || (isWrite && isReadByOther))
        return "threads " + std::to_string(thread) + " and " +
               std::to_string(isWrittenByOther ? byte.writer : byte.reader) +
               " use shared memory with no barrier in between";
      if (isWrite) {
        byte.writer = thread;
        byte.written = barriers;
        continue;
      }
      if (byte.writer < 0)
        return "thread " + std::to_string(thread) +
               " reads shared memory that nobody wrote";
      byte.isReadByMany = byte.reader >= 0 && byte.read == barriers &&
                          (byte.isReadByMany || byte.reader != thread);
      byte.reader = thread;
      byte.read = barriers;
    }
    return "";
  }
  return "thread " + std::to_string(thread) + " leaves its shared memory";
}

//===----------------------------------------------------------------------===//
// Block
//===----------------------------------------------------------------------===//

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

bool Block::voteAny(uint32_t mask, bool value) {
  if (mask != ~0u)
    fail("a vote is not of a whole warp");
  int begin = current / kWarp * kWarp;
  unsigned parity = exchange(value);
  bool any = false;
  for (int i = begin; i < std::min(begin + kWarp, numThreads); ++i)
    any |= threads[i]->values[parity] != 0;
  return any;
}

uint32_t Block::shuffleXor(uint32_t mask, uint32_t value, int distance,
                           int clamp) {
  // As PTX says of shfl.sync.bfly with a clamp of 31: all lanes of the warp.
  constexpr int kAllLanes = 0x1f;
  if (mask != ~0u || clamp != kAllLanes)
    fail("a shuffle is not of a whole warp");
  int other = current ^ distance;
  unsigned parity = exchange(value);
  if (other >= numThreads)
    fail("a shuffle reads a lane that is not there");
  return threads[other]->values[parity];
}

void Block::accessShared(const char *address, size_t bytes, bool isWrite) {
  std::string problem =
      shared.access(address, bytes, isWrite, current, numBarriers);
  if (!problem.empty())
    fail(std::move(problem));
}

bool Block::releaseWarps() {
  bool released = false;
  for (int begin = 0; begin < numThreads; begin += kWarp) {
    int end = std::min(begin + kWarp, numThreads), waiting = 0;
    for (int i = begin; i < end; ++i)
      waiting += threads[i]->state == State::AtShuffle;
    if (waiting != end - begin)
      continue;
    released = true;
    for (int i = begin; i < end; ++i)
      threads[i]->state = State::Ready;
  }
  return released;
}

bool Block::releaseBlock() {
  for (int i = 0; i < numThreads; ++i)
    if (threads[i]->state != State::AtBarrier)
      return false;
  for (int i = 0; i < numThreads; ++i)
    threads[i]->state = State::Ready;
  ++numBarriers;
  return true;
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
    std::stable_sort(order.begin(), order.end(),
                     [](int a, int b) { return a % kWarp < b % kWarp; });
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
                       int64_t newNumber, int count) {
  kernel = newKernel;
  arguments = newArguments;
  number = newNumber;
  numThreads = count;
  numBarriers = 0;
  error.clear();
  shared.reset();
  while (threads.size() < static_cast<size_t>(count))
    threads.push_back(std::make_unique<Thread>());
  for (int i = 0; i < count; ++i) {
    threads[i]->state = State::Ready;
    threads[i]->numShuffles = 0;
    threads[i]->fiber.start(runThread, this);
  }
  std::vector<int> order = chooseOrder(number, count);
  while (true) {
    bool progressed = false, isDone = true;
    for (int i : order) {
      if (threads[i]->state == State::Ready) {
        current = i;
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
    progressed |= releaseWarps();
    progressed |= releaseBlock();
    if (!progressed)
      return "threads wait at different barriers or shuffles";
  }
}
