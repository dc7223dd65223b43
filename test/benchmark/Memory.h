//===- Memory.h - Memory for what is timed ----------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_MEMORY_H
#define NORM_BENCHMARK_MEMORY_H

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <sys/mman.h>

namespace bench {

/// Memory for one contender: null if `bytes` is 0. On huge pages where there
/// are some, as the buffers of all contenders: where small pages happen to lie
/// makes a difference of up to 1.4 times between runs of the same code.
inline std::shared_ptr<void> allocateOwn(size_t bytes) {
  if (bytes == 0)
    return nullptr;
  constexpr size_t huge = size_t(2) << 20;
  const size_t alignment = bytes < huge ? 64 : huge;
  const size_t size = (bytes + alignment - 1) / alignment * alignment;
  std::shared_ptr<void> memory(std::aligned_alloc(alignment, size), std::free);
  if (!memory)
    std::abort();
  madvise(memory.get(), size, MADV_HUGEPAGE);
  return memory;
}

} // namespace bench

#endif // NORM_BENCHMARK_MEMORY_H
