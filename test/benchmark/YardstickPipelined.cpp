//===- YardstickPipelined.cpp - Rows in a software pipeline ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows are written one after another: one ascending stream of stores. The loop
// that writes a row also takes the statistics of a later one, so that reads,
// stores and arithmetic overlap.
//
//===----------------------------------------------------------------------===//

#include "Vector512.h"

using namespace bench::avx512;

/// Accumulators of the row that is being read.
template <class E, bool Rms> struct Accumulators {
  static constexpr int count = 4;
  using T = typename E::Element;
  Vec k, sum[count], squares[count];

  NORM_INLINE_LAMBDA void begin(Vec shift) {
    k = shift;
    NORM_UNROLL for (int u = 0; u < count; ++u) sum[u] = squares[u] = zero();
  }
  NORM_INLINE_LAMBDA void take(const T *p, int u) {
    E::template statistics<Rms>(p, k, sum[u], squares[u]);
  }
  NORM_INLINE_LAMBDA Vec total(const Vec *v) const {
    return add(add(v[0], v[1]), add(v[2], v[3]));
  }
};

/// Lag 0: the loop that writes row i reads row i + 1. Lag 1: it reads row i +
/// 2, and the reduction of row i + 1 is under way meanwhile. Ahead: distance in
/// elements of the prefetch into L2, 0 for none.
template <class E, bool Rms, int Lag, bool NonTemporal, int Ahead>
static void pipelined(const Rows &a) {
  using T = typename E::Element;
  using Acc = Accumulators<E, Rms>;
  constexpr int C = Acc::count;
  constexpr int64_t block = C * E::step;
  const T *scale = static_cast<const T *>(a.scale);
  const T *shift = static_cast<const T *>(a.shift);
  const T *x = static_cast<const T *>(a.x);
  T *y = static_cast<T *>(a.y);
  const int64_t n = a.length, whole = n / block * block;
  const T *end = x + a.rows * n;
  if (a.rows == 0)
    return;

  Acc acc;
  auto take = [&](const T *p, int u) NORM_INLINE_LAMBDA {
    if (Ahead)
      _mm_prefetch((const char *)(p + Ahead), _MM_HINT_T1);
    acc.take(p, u);
  };
  auto read = [&](const T *row) NORM_INLINE_LAMBDA {
    NORM_ROLLED for (int64_t j = 0; j < whole; j += block)
        NORM_UNROLL for (int u = 0; u < C; ++u) take(row + j + u * E::step, u);
    NORM_ROLLED for (int64_t j = whole; j < n; j += E::step) take(row + j, 0);
  };
  Vec nextShift = rowShift<E, Rms>(x);
  auto begin = [&](const T *row) NORM_INLINE_LAMBDA {
    acc.begin(nextShift);
    if (row + n < end)
      nextShift = rowShift<E, Rms>(row + n);
  };
  // What was read last, until it is reduced.
  const T *pendingRow = x;
  Vec pendingK, pendingSum, pendingSquares;
  auto close = [&](const T *row) NORM_INLINE_LAMBDA {
    pendingRow = row;
    pendingK = acc.k;
    pendingSum = acc.total(acc.sum);
    pendingSquares = acc.total(acc.squares);
  };
  auto reduce = [&]() NORM_INLINE_LAMBDA {
    return moments<E, Rms>(pendingRow, n, pendingK, pendingSum, pendingSquares,
                           a.epsilon);
  };

  begin(x);
  read(x);
  close(x);
  RowMoments now = reduce();
  if (Lag && a.rows > 1) {
    begin(x + n);
    read(x + n);
    close(x + n);
  }
  constexpr int distance = 1 + Lag;
  for (; x < end; x += n, y += n) {
    RowMoments next = now;
    if (Lag)
      next = reduce();
    auto write = [&](int64_t j) NORM_INLINE_LAMBDA {
      finishAt<E, Rms, NonTemporal>(x + j, y + j, now.k, now.r, now.c,
                                    scale + j, shift + j);
    };
    const T *later = x + distance * n;
    if (later < end) {
      begin(later);
      NORM_ROLLED for (int64_t j = 0; j < whole; j += block)
          NORM_UNROLL for (int u = 0; u < C; ++u) {
        write(j + u * E::step);
        take(later + j + u * E::step, u);
      }
      NORM_ROLLED for (int64_t j = whole; j < n; j += E::step) {
        write(j);
        take(later + j, 0);
      }
      close(later);
    } else {
      NORM_ROLLED for (int64_t j = 0; j < whole; j += block)
          NORM_UNROLL for (int u = 0; u < C; ++u) write(j + u * E::step);
      NORM_ROLLED for (int64_t j = whole; j < n; j += E::step) write(j);
    }
    if (!Lag)
      next = reduce();
    now = next;
  }
  if (NonTemporal)
    _mm_sfence();
}

/// Long rows: the statistics of G rows, then their output piece by piece, so
/// that scale and shift come from L1 for all rows but the first. Sums are
/// flushed from time to time, which keeps rows of millions of elements exact.
template <class E, bool Rms, int G, bool NonTemporal>
static void grouped(const Rows &a) {
  using T = typename E::Element;
  using Acc = Accumulators<E, Rms>;
  constexpr int C = Acc::count;
  constexpr int64_t block = C * E::step, flush = 32768, piece = 1024;
  const T *scale = static_cast<const T *>(a.scale);
  const T *shift = static_cast<const T *>(a.shift);
  const int64_t n = a.length;
  for (int64_t row = 0; row < a.rows; row += G) {
    const T *x = static_cast<const T *>(a.x) + row * n;
    T *y = static_cast<T *>(a.y) + row * n;
    float k[G], r[G], c[G];
    NORM_ROLLED for (int i = 0; i < G; ++i) {
      const T *p = x + i * n;
      Acc acc;
      Vec sum = zero(), squares = zero(), k0 = rowShift<E, Rms>(p);
      for (int64_t begin = 0; begin < n; begin += flush) {
        const int64_t end = begin + flush < n ? begin + flush : n;
        const int64_t whole = begin + (end - begin) / block * block;
        acc.begin(k0);
        NORM_ROLLED for (int64_t j = begin; j < whole; j += block)
            NORM_UNROLL for (int u = 0; u < C; ++u)
                acc.take(p + j + u * E::step, u);
        NORM_ROLLED for (int64_t j = whole; j < end; j += E::step)
            acc.take(p + j, 0);
        sum = add(sum, acc.total(acc.sum));
        squares = add(squares, acc.total(acc.squares));
      }
      RowMoments m = moments<E, Rms>(p, n, k0, sum, squares, a.epsilon);
      k[i] = lane0(m.k);
      r[i] = lane0(m.r);
      c[i] = lane0(m.c);
    }
    const int64_t width = G == 1 ? n : piece;
    for (int64_t begin = 0; begin < n; begin += width) {
      const int64_t end = begin + width < n ? begin + width : n;
      const int64_t whole = begin + (end - begin) / block * block;
      NORM_ROLLED for (int i = 0; i < G; ++i) {
        Vec ki = splat(k[i]), ri = splat(r[i]), ci = splat(c[i]);
        auto write = [&](int64_t j) NORM_INLINE_LAMBDA {
          if (NonTemporal)
            _mm_prefetch((const char *)(x + (i + G) * n + j), _MM_HINT_T1);
          finishAt<E, Rms, NonTemporal>(x + i * n + j, y + i * n + j, ki, ri,
                                        ci, scale + j, shift + j);
        };
        NORM_ROLLED for (int64_t j = begin; j < whole; j += block)
            NORM_UNROLL for (int u = 0; u < C; ++u) write(j + u * E::step);
        NORM_ROLLED for (int64_t j = whole; j < end; j += E::step) write(j);
      }
    }
  }
  if (NonTemporal)
    _mm_sfence();
}

template <class E, bool Rms>
static RowPlan plan(int64_t rows, int64_t length, int64_t cacheBytes) {
  const bool bf16 = E::parts == 2;
  const int64_t bytes =
      2 * rows * length * int64_t(sizeof(typename E::Element));
  RowKernel lag0 = pipelined<E, Rms, 0, false, 0>;
  RowKernel group1 = grouped<E, Rms, 1, false>;
  if (bf16) {
    if (bytes >= cacheBytes / 8 * 7) {
      RowKernel streaming = pipelined<E, Rms, 0, true, 4096>;
      return {streaming, streaming, 1};
    }
    if (length <= 1536 && rows >= 4)
      return {bf16Rows4(Rms), lag0, 4};
    return {lag0, lag0, 1};
  }
  const bool isLong = length > 3072;
  const int64_t limit = Rms      ? cacheBytes / 8 * 7
                        : isLong ? cacheBytes / 2
                                 : cacheBytes / 4 * 3;
  RowKernel lag1 = pipelined<E, Rms, 1, false, 0>;
  if (bytes >= limit && isLong)
    return {grouped<E, Rms, 1, true>, group1, 1};
  if (bytes >= limit) {
    RowKernel streaming = pipelined<E, Rms, 0, true, 4096>;
    return {streaming, streaming, 1};
  }
  if (RowPlan shortRows = planShort(Rms, length); shortRows.main && rows >= 4)
    return {shortRows.main, lag1, shortRows.block};
  if (!isLong && rows > 1)
    return length <= 1536 ? RowPlan{lag1, lag1, 1} : RowPlan{lag0, lag0, 1};
  if (Rms && length < 8192)
    return {group1, group1, 1};
  return {grouped<E, Rms, 4, false>, group1, 4};
}

RowPlan bench::avx512::planPipelined(bool bf16, bool rms, int64_t rows,
                                     int64_t length, int64_t cacheBytes) {
  if (bf16)
    return rms ? plan<BF16, true>(rows, length, cacheBytes)
               : plan<BF16, false>(rows, length, cacheBytes);
  return rms ? plan<F32, true>(rows, length, cacheBytes)
             : plan<F32, false>(rows, length, cacheBytes);
}
