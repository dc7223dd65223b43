//===- YardstickInterleaved.cpp - Several rows at a time ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Vector512.h"

using namespace bench::avx512;

/// R rows at a time with U accumulators each; the statistics in one read,
/// shifted, the output in a second one that shares scale and shift. With Ahead
/// the rows to come are prefetched while these are written.
template <class E, int R, int U, bool Rms, bool NonTemporal, bool Ahead>
static void interleaved(const Rows &a) {
  using T = typename E::Element;
  constexpr int64_t block = U * E::step;
  const T *scale = static_cast<const T *>(a.scale);
  const T *shift = static_cast<const T *>(a.shift);
  const T *x = static_cast<const T *>(a.x);
  T *y = static_cast<T *>(a.y);
  const int64_t n = a.length, whole = n / block * block;
  for (int64_t row = 0; row < a.rows; row += R, x += R * n, y += R * n) {
    Vec sum[R][U], squares[R][U];
    RowMoments m[R];
    NORM_UNROLL for (int i = 0; i < R; ++i) {
      m[i].k = rowShift<E, Rms>(x + i * n);
      NORM_UNROLL for (int u = 0; u < U; ++u) sum[i][u] = squares[i][u] =
          zero();
    }
    NORM_ROLLED for (int64_t j = 0; j < whole; j += block)
        NORM_UNROLL for (int u = 0; u < U; ++u)
            NORM_UNROLL for (int i = 0; i < R; ++i) E::template statistics<Rms>(
                x + i * n + j + u * E::step, m[i].k, sum[i][u], squares[i][u]);
    NORM_ROLLED for (int64_t j = whole; j < n; j += E::step)
        NORM_UNROLL for (int i = 0; i < R; ++i) E::template statistics<Rms>(
            x + i * n + j, m[i].k, sum[i][0], squares[i][0]);
    NORM_UNROLL for (int i = 0; i < R; ++i) {
      NORM_UNROLL for (int u = 1; u < U; ++u) {
        sum[i][0] = add(sum[i][0], sum[i][u]);
        squares[i][0] = add(squares[i][0], squares[i][u]);
      }
      m[i] = moments<E, Rms>(x + i * n, n, m[i].k, sum[i][0], squares[i][0],
                             a.epsilon);
    }
    NORM_ROLLED for (int64_t j = 0; j < n; j += E::step) {
      Vec g[E::parts], b[E::parts];
      E::load(scale + j, g);
      if (!Rms)
        E::load(shift + j, b);
      NORM_UNROLL for (int i = 0; i < R; ++i) {
        if (Ahead)
          _mm_prefetch((const char *)(x + (i + R) * n + j), _MM_HINT_T1);
        finish<E, Rms, NonTemporal>(x + i * n + j, y + i * n + j, m[i].k,
                                    m[i].r, m[i].c, g, b);
      }
    }
  }
  if (NonTemporal)
    _mm_sfence();
}

template <class E, bool Rms> static RowPlan plan(int64_t rows, int64_t length) {
  const int64_t bytes =
      2 * rows * length * int64_t(sizeof(typename E::Element));
  RowKernel one = interleaved<E, 1, 4, Rms, false, false>;
  if (rows == 1)
    return {one, one, 1};
  if (bytes <= 512 << 10)
    return {interleaved<E, 4, 2, Rms, false, false>, one, 4};
  if (bytes <= 1 << 20)
    return {interleaved<E, 2, 2, Rms, false, true>, one, 2};
  return {interleaved<E, 1, 4, Rms, false, true>, one, 1};
}

RowPlan bench::avx512::planStreaming(bool bf16, bool rms) {
  if (bf16)
    return rms ? RowPlan{interleaved<BF16, 2, 2, true, true, true>,
                         interleaved<BF16, 1, 4, true, true, true>, 2}
               : RowPlan{interleaved<BF16, 2, 2, false, true, true>,
                         interleaved<BF16, 1, 4, false, true, true>, 2};
  return rms ? RowPlan{interleaved<F32, 2, 2, true, true, true>,
                       interleaved<F32, 1, 4, true, true, true>, 2}
             : RowPlan{interleaved<F32, 2, 2, false, true, true>,
                       interleaved<F32, 1, 4, false, true, true>, 2};
}

RowPlan bench::avx512::planInterleaved(bool bf16, bool rms, int64_t rows,
                                       int64_t length) {
  if (bf16)
    return rms ? plan<BF16, true>(rows, length)
               : plan<BF16, false>(rows, length);
  return rms ? plan<F32, true>(rows, length) : plan<F32, false>(rows, length);
}
