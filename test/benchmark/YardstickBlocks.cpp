//===- YardstickBlocks.cpp - Short rows, and bf16 rows, in blocks ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All rows of a block share one transposed reduction; blocks form a pipeline as
// single rows do in YardstickPipelined.cpp.
//
//===----------------------------------------------------------------------===//

#include "Vector512.h"

using namespace bench::avx512;

/// What is kept of a block of up to 16 rows: one lane a row.
struct alignas(64) BlockMoments {
  float k[16], r[16], c[16];
};

/// LayerNorm of rows of V vectors in blocks of B: one step sums block i + 2,
/// takes the centred squares of block i + 1 and writes block i.
template <int V, int B> static void shortLayerNorm(const Rows &a) {
  constexpr int64_t n = V * 16, block = B * n;
  const float *scale = static_cast<const float *>(a.scale);
  const float *shift = static_cast<const float *>(a.shift);
  const float *x = static_cast<const float *>(a.x);
  float *y = static_cast<float *>(a.y);
  const Vec inverse = splat(1.f / n);
  Vec v[B], low[B], g[V], b[V];
  NORM_UNROLL for (int j = 0; j < V; ++j) {
    g[j] = _mm512_loadu_ps(scale + j * 16);
    b[j] = _mm512_loadu_ps(shift + j * 16);
  }
  auto sums = [&](const float *p, BlockMoments &m) NORM_INLINE_LAMBDA {
    NORM_UNROLL for (int i = 0; i < B; ++i) {
      Vec even = _mm512_loadu_ps(p + i * n);
      Vec odd = _mm512_loadu_ps(p + i * n + 16);
      NORM_UNROLL for (int j = 2; j < V; j += 2) {
        even = add(even, _mm512_loadu_ps(p + i * n + j * 16));
        odd = add(odd, _mm512_loadu_ps(p + i * n + j * 16 + 16));
      }
      v[i] = add(even, odd);
    }
    _mm512_store_ps(m.k, mul(sumEach<B>(v), inverse));
  };
  auto squares = [&](const float *p, BlockMoments &m) NORM_INLINE_LAMBDA {
    NORM_UNROLL for (int i = 0; i < B; ++i) {
      Vec k = splat(m.k[laneOf<B>(i)]);
      low[i] = sub(_mm512_loadu_ps(p + i * n), k);
      v[i] = mul(low[i], low[i]);
      NORM_UNROLL for (int j = 1; j < V; ++j)
          F32::statistics<false>(p + i * n + j * 16, k, low[i], v[i]);
    }
    Vec mean = mul(sumEach<B>(low), inverse);
    Vec variance = fnma(mean, mean, mul(sumEach<B>(v), inverse));
    Vec r = reciprocalRoot(variance, a.epsilon);
    _mm512_store_ps(m.r, r);
    _mm512_store_ps(m.c, fnma(mean, r, zero()));
  };
  auto write = [&](const float *p, float *out,
                   const BlockMoments &m) NORM_INLINE_LAMBDA {
    NORM_UNROLL for (int i = 0; i < B; ++i) {
      constexpr auto lane = laneOf<B>;
      Vec k = splat(m.k[lane(i)]), r = splat(m.r[lane(i)]),
          c = splat(m.c[lane(i)]);
      NORM_UNROLL for (int j = 0; j < V; ++j) finish<F32, false, false>(
          p + i * n + j * 16, out + i * n + j * 16, k, r, c, &g[j], &b[j]);
    }
  };
  const int64_t blocks = a.rows / B;
  if (blocks == 0)
    return;
  BlockMoments ring[3];
  sums(x, ring[0]);
  squares(x, ring[0]);
  if (blocks > 1)
    sums(x + block, ring[1]);
  BlockMoments *first = &ring[0], *second = &ring[1], *third = &ring[2];
  NORM_ROLLED for (int64_t i = 0; i < blocks; ++i, x += block, y += block) {
    if (i + 1 < blocks)
      squares(x + block, *second);
    if (i + 2 < blocks)
      sums(x + 2 * block, *third);
    write(x, y, *first);
    BlockMoments *written = first;
    first = second;
    second = third;
    third = written;
  }
}

/// RMSNorm of rows of V vectors, four at a time: one loop takes the squares of
/// block i + 2 and writes block i, while block i + 1 is reduced.
template <int V> static void shortRmsNorm(const Rows &a) {
  constexpr int64_t n = V * 16, block = 4 * n;
  const float *scale = static_cast<const float *>(a.scale);
  const float *x = static_cast<const float *>(a.x);
  float *y = static_cast<float *>(a.y);
  const Vec inverse = splat(1.f / n);
  const int64_t blocks = a.rows / 4;
  Vec squares[4];
  BlockMoments now, next;
  auto take = [&](const float *row, int i) NORM_INLINE_LAMBDA {
    Vec s[4] = {zero(), zero(), zero(), zero()}, unused;
    NORM_UNROLL for (int j = 0; j < V; ++j)
        F32::statistics<true>(row + j * 16, unused, unused, s[j % 4]);
    squares[i] = add(add(s[0], s[1]), add(s[2], s[3]));
  };
  auto read = [&](const float *p) NORM_INLINE_LAMBDA {
    NORM_UNROLL for (int i = 0; i < 4; ++i) take(p + i * n, i);
  };
  auto reduce = [&](BlockMoments &m) NORM_INLINE_LAMBDA {
    _mm512_store_ps(
        m.r, reciprocalRoot(mul(sumEach<4>(squares), inverse), a.epsilon));
  };
  auto write = [&](int i, int j) NORM_INLINE_LAMBDA {
    const int64_t at = i * n + j * 16;
    finishAt<F32, true, false>(x + at, y + at, zero(), splat(now.r[i]), zero(),
                               scale + j * 16, scale);
  };
  if (blocks == 0)
    return;
  read(x);
  reduce(now);
  if (blocks > 1)
    read(x + block);
  NORM_ROLLED for (int64_t b = 0; b < blocks; ++b, x += block, y += block) {
    reduce(next);
    if (b + 2 < blocks)
      NORM_UNROLL for (int i = 0; i < 4; ++i) {
        NORM_UNROLL for (int j = 0; j < V; ++j) write(i, j);
        take(x + 2 * block + i * n, i);
      }
    else
      NORM_UNROLL for (int i = 0; i < 4; ++i)
          NORM_UNROLL for (int j = 0; j < V; ++j) write(i, j);
    now = next;
  }
}

RowPlan bench::avx512::planShort(bool rms, int64_t length) {
  if (length == 64)
    return rms ? RowPlan{shortRmsNorm<4>, nullptr, 4}
               : RowPlan{shortLayerNorm<4, 16>, nullptr, 16};
  if (length == 128)
    return rms ? RowPlan{shortRmsNorm<8>, nullptr, 4}
               : RowPlan{shortLayerNorm<8, 8>, nullptr, 8};
  return {nullptr, nullptr, 1};
}

/// A number that a lambda takes as a constant.
template <int N> struct Width {
  static constexpr int value = N;
};

/// bf16, four rows and U vectors of each at a time, which share the conversion
/// of scale and shift; the statistics of the next four rows in the same loop.
template <bool Rms> static void bf16FourRows(const Rows &a) {
  constexpr int R = 4, U = 2;
  constexpr int64_t step = BF16::step;
  const uint16_t *scale = static_cast<const uint16_t *>(a.scale);
  const uint16_t *shift = static_cast<const uint16_t *>(a.shift);
  const uint16_t *x = static_cast<const uint16_t *>(a.x);
  uint16_t *y = static_cast<uint16_t *>(a.y);
  const int64_t n = a.length, whole = n / (U * step) * (U * step);
  const Vec inverse = splat(1.f / n);
  Vec sum[R], squares[R], r[R], c[R];
  auto begin = [&]() NORM_INLINE_LAMBDA {
    NORM_UNROLL for (int i = 0; i < R; ++i) sum[i] = squares[i] = zero();
  };
  auto take = [&](const uint16_t *p, int i) NORM_INLINE_LAMBDA {
    BF16::statistics<Rms>(p, zero(), sum[i], squares[i]);
  };
  auto reduce = [&]() NORM_INLINE_LAMBDA {
    Vec mean = Rms ? zero() : mul(sumEach<R>(sum), inverse);
    Vec variance = fnma(mean, mean, mul(sumEach<R>(squares), inverse));
    Vec all = reciprocalRoot(variance, a.epsilon);
    Vec allC = fnma(mean, all, zero());
    alignas(64) float lanes[2][16];
    _mm512_store_ps(lanes[0], all);
    _mm512_store_ps(lanes[1], allC);
    NORM_UNROLL for (int i = 0; i < R; ++i) {
      r[i] = splat(lanes[0][i]);
      c[i] = Rms ? zero() : splat(lanes[1][i]);
    }
  };
  auto columns = [&](int64_t j, auto width, bool more) NORM_INLINE_LAMBDA {
    constexpr int W = decltype(width)::value;
    Vec g[W][2], b[W][2];
    NORM_UNROLL for (int u = 0; u < W; ++u) {
      BF16::load(scale + j + u * step, g[u]);
      if (!Rms)
        BF16::load(shift + j + u * step, b[u]);
    }
    NORM_UNROLL for (int i = 0; i < R; ++i)
        NORM_UNROLL for (int u = 0; u < W; ++u) {
      const int64_t at = i * n + j + u * step;
      finish<BF16, Rms, false>(x + at, y + at, zero(), r[i], c[i], g[u], b[u]);
      if (more)
        take(x + R * n + at, i);
    }
  };
  auto block = [&](bool more) NORM_INLINE_LAMBDA {
    NORM_ROLLED for (int64_t j = 0; j < whole; j += U * step)
        columns(j, Width<U>(), more);
    NORM_ROLLED for (int64_t j = whole; j < n; j += step)
        columns(j, Width<1>(), more);
  };
  begin();
  NORM_ROLLED for (int64_t j = 0; j < n; j += step)
      NORM_UNROLL for (int i = 0; i < R; ++i) take(x + i * n + j, i);
  reduce();
  for (int64_t row = 0; row + R < a.rows; row += R, x += R * n, y += R * n) {
    begin();
    block(true);
    reduce();
  }
  block(false);
}

RowKernel bench::avx512::bf16Rows4(bool rms) {
  return rms ? bf16FourRows<true> : bf16FourRows<false>;
}
