//===- YardstickChannels.cpp - Group norm, batch norm and a copy ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vector512.h"

using namespace bench::avx512;

/// Scale and shift a channel, once they are known.
struct ChannelFactors {
  alignas(64) float scale[maxChannels];
  alignas(64) float shift[maxChannels];
};

static float scalarRoot(float variance, float epsilon) {
  return 1.f / __builtin_sqrtf(variance + epsilon);
}

/// y = x * scale + shift with one scale and shift for n elements.
template <bool NonTemporal>
static void scaleRun(const float *x, float *y, int64_t n, float scale,
                     float shift) {
  Vec s = splat(scale), t = splat(shift);
  for (int64_t j = 0; j < n; j += 16) {
    Vec v = fma(_mm512_loadu_ps(x + j), s, t);
    F32::store<NonTemporal>(y + j, &v);
  }
}

/// The same with a scale and shift of its own for every element.
template <bool NonTemporal>
static void scaleEach(const float *x, float *y, int64_t n,
                      const ChannelFactors &f) {
  for (int64_t j = 0; j < n; j += 16) {
    Vec v = fma(_mm512_loadu_ps(x + j), _mm512_load_ps(f.scale + j),
                _mm512_load_ps(f.shift + j));
    F32::store<NonTemporal>(y + j, &v);
  }
}

/// Applies the factors to one sample.
template <bool NonTemporal>
static void applyFactors(const Channels &a, const float *x, float *y,
                         const ChannelFactors &f) {
  if (a.channelsLast)
    for (int64_t p = 0; p < a.spatial; ++p)
      scaleEach<NonTemporal>(x + p * a.channels, y + p * a.channels, a.channels,
                             f);
  else
    for (int64_t c = 0; c < a.channels; ++c)
      scaleRun<NonTemporal>(x + c * a.spatial, y + c * a.spatial, a.spatial,
                            f.scale[c], f.shift[c]);
}

void bench::avx512::batchNorm(const Channels &a) {
  ChannelFactors f;
  for (int64_t c = 0; c < a.channels; ++c) {
    f.scale[c] = a.scale[c] * scalarRoot(a.variance[c], a.epsilon);
    f.shift[c] = a.shift[c] - a.mean[c] * f.scale[c];
  }
  const int64_t sample = a.channels * a.spatial;
  for (int64_t b = 0; b < a.batch; ++b)
    if (a.nonTemporal)
      applyFactors<true>(a, a.x + b * sample, a.y + b * sample, f);
    else
      applyFactors<false>(a, a.x + b * sample, a.y + b * sample, f);
  if (a.nonTemporal)
    _mm_sfence();
}

/// Sum and sum of squares of x - k for every channel of a channels-last sample.
static void channelSums(const Channels &a, const float *x, float k,
                        ChannelFactors &sums) {
  constexpr int width = 4;
  Vec shift = splat(k);
  for (int64_t c = 0; c < a.channels; c += 16 * width) {
    const int64_t rest = (a.channels - c) / 16;
    const int vectors = rest < width ? int(rest) : width;
    Vec s[width], q[width];
    NORM_UNROLL for (int v = 0; v < width; ++v) s[v] = q[v] = zero();
    if (vectors == width)
      NORM_ROLLED for (int64_t p = 0; p < a.spatial; ++p)
          NORM_UNROLL for (int v = 0; v < width; ++v) F32::statistics<false>(
              x + p * a.channels + c + v * 16, shift, s[v], q[v]);
    else
      for (int v = 0; v < vectors; ++v)
        for (int64_t p = 0; p < a.spatial; ++p)
          F32::statistics<false>(x + p * a.channels + c + v * 16, shift, s[v],
                                 q[v]);
    for (int v = 0; v < vectors; ++v) {
      _mm512_store_ps(sums.scale + c + v * 16, s[v]);
      _mm512_store_ps(sums.shift + c + v * 16, q[v]);
    }
  }
}

/// Sum and sum of squares of x - k for n contiguous elements.
static void runSums(const float *x, int64_t n, float k, float &sum,
                    float &squares) {
  Vec shift = splat(k), s[4], q[4];
  NORM_UNROLL for (int u = 0; u < 4; ++u) s[u] = q[u] = zero();
  const int64_t whole = n / 64 * 64;
  NORM_ROLLED for (int64_t j = 0; j < whole; j += 64)
      NORM_UNROLL for (int u = 0; u < 4; ++u)
          F32::statistics<false>(x + j + u * 16, shift, s[u], q[u]);
  for (int64_t j = whole; j < n; j += 16)
    F32::statistics<false>(x + j, shift, s[0], q[0]);
  sum = lane0(sumLanes(add(add(s[0], s[1]), add(s[2], s[3]))));
  squares = lane0(sumLanes(add(add(q[0], q[1]), add(q[2], q[3]))));
}

void bench::avx512::groupNorm(const Channels &a) {
  const int64_t perGroup = a.channels / a.groups;
  const int64_t sample = a.channels * a.spatial;
  const float inverse = 1.f / float(perGroup * a.spatial);
  ChannelFactors f, sums;
  for (int64_t b = 0; b < a.batch; ++b) {
    const float *x = a.x + b * sample;
    float *y = a.y + b * sample;
    if (a.channelsLast)
      channelSums(a, x, x[0], sums);
    for (int64_t g = 0; g < a.groups; ++g) {
      const int64_t first = g * perGroup, last = first + perGroup;
      const float *run = x + first * a.spatial;
      float k = a.channelsLast ? x[0] : run[0], sum = 0, squares = 0;
      if (a.channelsLast)
        for (int64_t c = first; c < last; ++c) {
          sum += sums.scale[c];
          squares += sums.shift[c];
        }
      else
        runSums(run, perGroup * a.spatial, k, sum, squares);
      const float low = sum * inverse;
      const float r = scalarRoot(squares * inverse - low * low, a.epsilon);
      for (int64_t c = first; c < last; ++c) {
        f.scale[c] = a.scale[c] * r;
        f.shift[c] = a.shift[c] - (k + low) * f.scale[c];
        if (!a.channelsLast) // while the group is in the cache
          scaleRun<false>(x + c * a.spatial, y + c * a.spatial, a.spatial,
                          f.scale[c], f.shift[c]);
      }
    }
    if (a.channelsLast)
      applyFactors<false>(a, x, y, f);
  }
}

template <bool NonTemporal>
static void copyBlocks(const char *from, char *to, int64_t bytes) {
  NORM_ROLLED for (int64_t i = 0; i < bytes; i += 256)
      NORM_UNROLL for (int u = 0; u < 256; u += 64) {
    __m512i v = _mm512_loadu_si512(from + i + u);
    if (NonTemporal)
      _mm512_stream_si512((__m512i *)(to + i + u), v);
    else
      _mm512_storeu_si512(to + i + u, v);
  }
  if (NonTemporal)
    _mm_sfence();
}

void bench::avx512::copyBytes(const void *from, void *to, int64_t bytes,
                              bool nonTemporal) {
  const char *f = static_cast<const char *>(from);
  char *t = static_cast<char *>(to);
  if (nonTemporal)
    copyBlocks<true>(f, t, bytes);
  else
    copyBlocks<false>(f, t, bytes);
}
