//===- SharedMemory.cpp - Who has used which bytes since when -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Block.h"

#include <cstring>

using namespace mlir::norm;

void SharedMemory::add(char *begin, size_t bytes) {
  variables.push_back({begin, bytes, size});
  size += bytes;
}

void SharedMemory::reset(int numBlocks) {
  memories.resize(numBlocks);
  for (Memory &memory : memories) {
    // Floats are NaN, and indices far away.
    memory.contents.assign(size, static_cast<char>(0xFF));
    memory.bytes.assign(size, Byte());
  }
  for (Variable &variable : variables)
    std::memset(variable.begin, 0xFF, variable.bytes);
  entered = 0;
}

void SharedMemory::enter(int block) {
  if (block == entered)
    return;
  for (Variable &variable : variables) {
    std::memcpy(memories[entered].contents.data() + variable.offset,
                variable.begin, variable.bytes);
    std::memcpy(variable.begin,
                memories[block].contents.data() + variable.offset,
                variable.bytes);
  }
  entered = block;
}

bool SharedMemory::find(const char *address, size_t bytes, int &block,
                        size_t &offset) const {
  for (const Variable &variable : variables) {
    if (address >= variable.begin &&
        address + bytes <= variable.begin + variable.bytes) {
      block = entered;
      offset = variable.offset + (address - variable.begin);
      return true;
    }
    for (size_t i = 0; i < memories.size(); ++i) {
      const char *begin = memories[i].contents.data() + variable.offset;
      if (static_cast<int>(i) == entered || address < begin ||
          address + bytes > begin + variable.bytes)
        continue;
      block = static_cast<int>(i);
      offset = variable.offset + (address - begin);
      return true;
    }
  }
  return false;
}

int SharedMemory::findBlock(const char *address, size_t bytes) const {
  int block = 0;
  size_t offset = 0;
  return find(address, bytes, block, offset) ? block : -1;
}

char *SharedMemory::map(const char *address, int block) {
  for (Variable &variable : variables)
    if (address >= variable.begin && address < variable.begin + variable.bytes)
      return block == entered
                 ? variable.begin + (address - variable.begin)
                 : memories[block].contents.data() + variable.offset +
                       (address - variable.begin);
  return nullptr;
}

/// Whether a barrier lies between `before` and `now`.
static bool areOrdered(const ThreadTime &before, const ThreadTime &now) {
  return before.thread < 0 || before.clusterBarriers != now.clusterBarriers ||
         (before.block == now.block && before.barriers != now.barriers);
}

std::string SharedMemory::access(const char *address, size_t bytes,
                                 bool isWrite, const ThreadTime &time) {
  auto describe = [&](const ThreadTime &of) {
    std::string text = std::to_string(of.thread);
    return memories.size() == 1
               ? text
               : text + " (of block " + std::to_string(of.block) + ")";
  };
  int block = 0;
  size_t offset = 0;
  if (!find(address, bytes, block, offset))
    return "thread " + describe(time) + " leaves its shared memory";
  for (size_t i = 0; i < bytes; ++i) {
    Byte &byte = memories[block].bytes[offset + i];
    bool isWrittenByOther =
        byte.writer.thread != time.thread && !areOrdered(byte.writer, time);
    bool isReadByOther =
        (byte.reader.thread != time.thread || byte.isReadByMany) &&
        !areOrdered(byte.reader, time);
    if (isWrittenByOther || (isWrite && isReadByOther))
      return "threads " + describe(time) + " and " +
             describe(isWrittenByOther ? byte.writer : byte.reader) +
             " use shared memory with no barrier in between";
    if (isWrite) {
      byte.writer = time;
      continue;
    }
    if (byte.writer.thread < 0)
      return "thread " + describe(time) +
             " reads shared memory that nobody wrote";
    byte.isReadByMany =
        !areOrdered(byte.reader, time) &&
        (byte.isReadByMany || byte.reader.thread != time.thread);
    byte.reader = time;
  }
  return "";
}
