//===- YardstickKernels.h - The hand-written row kernels --------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions here are compiled with AVX-512; call them only where the CPU
// has it (and AVX512_BF16 for bf16).
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_YARDSTICKKERNELS_H
#define NORM_BENCHMARK_YARDSTICKKERNELS_H

#include <stdint.h>

namespace bench::avx512 {

/// What a row kernel computes: rows of length elements, one after another.
struct Rows {
  const void *x;
  const void *scale;
  const void *shift;
  void *y;
  int64_t rows;
  int64_t length;
  float epsilon;
};
using RowKernel = void (*)(const Rows &);

/// A kernel for a multiple of `block` rows, and one for those that remain.
struct RowPlan {
  RowKernel main;
  RowKernel rest;
  int64_t block;
};

/// f32 rows of 64 or 128 elements in blocks; no kernel for other lengths.
RowPlan planShort(bool rms, int64_t length);
/// bf16 rows, a multiple of four of them.
RowKernel bf16Rows4(bool rms);

/// Several rows at a time, each read twice.
RowPlan planInterleaved(bool bf16, bool rms, int64_t rows, int64_t length);
/// Two rows at a time, stored past the caches. The rows must lie at multiples
/// of 64 bytes.
RowPlan planStreaming(bool bf16, bool rms);
/// The end of one row in one loop with the beginning of a later one; short rows
/// in blocks, long ones in groups.
RowPlan planPipelined(bool bf16, bool rms, int64_t rows, int64_t length,
                      int64_t cacheBytes);
/// Whether the kernels take rows of this length.
inline bool takesLength(bool bf16, int64_t length) {
  return length % (bf16 ? 32 : 16) == 0;
}

/// Group norm and inference batch norm in f32. With group norm, mean and
/// variance are not read.
struct Channels {
  const float *x;
  const float *scale;
  const float *shift;
  const float *mean;
  const float *variance;
  float *y;
  int64_t batch;
  int64_t channels;
  int64_t spatial;
  int64_t groups;
  float epsilon;
  bool channelsLast;
  bool nonTemporal;
};
constexpr int64_t maxChannels = 4096;
void groupNorm(const Channels &);
void batchNorm(const Channels &);
/// Whether the two above take these sizes.
inline bool takesChannels(int64_t channels, int64_t spatial, bool last) {
  return channels <= maxChannels && (last ? channels : spatial) % 16 == 0;
}

/// Copies bytes, a multiple of 256, past the caches or through them.
void copyBytes(const void *from, void *to, int64_t bytes, bool nonTemporal);

/// The bitwise or of the 64-byte lines of `bytes`, a multiple of 512: reading
/// them as fast as it goes.
int64_t readBytes(const void *from, int64_t bytes);

} // namespace bench::avx512

#endif // NORM_BENCHMARK_YARDSTICKKERNELS_H
