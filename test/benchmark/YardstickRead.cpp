//===- YardstickRead.cpp - Reading memory once ----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "YardstickKernels.h"

#include <immintrin.h>

int64_t bench::avx512::readBytes(const void *from, int64_t bytes) {
  auto *lines = static_cast<const __m512i *>(from);
  constexpr int unroll = 8;
  __m512i all[unroll] = {};
  for (int64_t i = 0; i < bytes / 64; i += unroll)
    for (int u = 0; u < unroll; ++u)
      all[u] = _mm512_or_si512(all[u], _mm512_loadu_si512(lines + i + u));
  for (int u = 1; u < unroll; ++u)
    all[0] = _mm512_or_si512(all[0], all[u]);
  return _mm512_reduce_or_epi64(all[0]);
}
