//===- Vector512.h - AVX-512 helpers of the yardstick kernels ---*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_VECTOR512_H
#define NORM_BENCHMARK_VECTOR512_H

// No header of the C++ library: an inline function compiled here with AVX-512
// could replace the baseline one in the rest of the program.
#include "YardstickKernels.h"

#include <immintrin.h>
#include <stdint.h>

#define NORM_INLINE static inline __attribute__((always_inline))
#define NORM_INLINE_LAMBDA __attribute__((always_inline))
#if defined(__clang__)
#define NORM_UNROLL _Pragma("clang loop unroll(full)")
#define NORM_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define NORM_UNROLL _Pragma("GCC unroll 64")
#define NORM_ROLLED _Pragma("GCC unroll 1")
#endif

namespace bench::avx512 {

using Vec = __m512;

NORM_INLINE Vec splat(float f) { return _mm512_set1_ps(f); }
NORM_INLINE Vec zero() { return _mm512_setzero_ps(); }
NORM_INLINE Vec add(Vec a, Vec b) { return _mm512_add_ps(a, b); }
NORM_INLINE Vec sub(Vec a, Vec b) { return _mm512_sub_ps(a, b); }
NORM_INLINE Vec mul(Vec a, Vec b) { return _mm512_mul_ps(a, b); }
NORM_INLINE Vec fma(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }
/// c - a * b
NORM_INLINE Vec fnma(Vec a, Vec b, Vec c) { return _mm512_fnmadd_ps(a, b, c); }
NORM_INLINE float lane0(Vec v) { return _mm512_cvtss_f32(v); }

NORM_INLINE Vec reciprocalRoot(Vec variance, float epsilon) {
  Vec v = add(_mm512_max_ps(variance, zero()), splat(epsilon));
  return _mm512_div_ps(splat(1.f), _mm512_sqrt_ps(v));
}

/// v plus v with its 128-bit quarters exchanged by the constant.
#define NORM_ADD_QUARTERS(v, order) add(v, _mm512_shuffle_f32x4(v, v, order))
#define NORM_ADD_LANES(v, order) add(v, _mm512_permute_ps(v, order))

/// The sum of all lanes, in every lane.
NORM_INLINE Vec sumLanes(Vec v) {
  v = NORM_ADD_QUARTERS(v, 0x4e);
  v = NORM_ADD_QUARTERS(v, 0xb1);
  v = NORM_ADD_LANES(v, 0x4e);
  return NORM_ADD_LANES(v, 0xb1);
}

/// One step of a transpose with additions: each 128-bit quarter of the result
/// holds that quarter's sums of the four vectors, in order.
NORM_INLINE Vec sumQuarters(const Vec *v) {
  Vec ab = add(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
  Vec cd = add(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
  __m512d p = _mm512_castps_pd(ab), q = _mm512_castps_pd(cd);
  return add(_mm512_castpd_ps(_mm512_unpacklo_pd(p, q)),
             _mm512_castpd_ps(_mm512_unpackhi_pd(p, q)));
}
/// The next step: adds neighbouring quarters of both.
NORM_INLINE Vec joinQuarters(Vec a, Vec b) {
  return add(_mm512_shuffle_f32x4(a, b, 0x88),
             _mm512_shuffle_f32x4(a, b, 0xdd));
}

/// The sums of R vectors at once; that of vector i is in lane laneOf<R>(i).
template <int R> NORM_INLINE Vec sumEach(const Vec *v) {
  static_assert(R == 4 || R == 8 || R == 16, "a transpose of 4, 8 or 16");
  if constexpr (R == 4) {
    Vec q = sumQuarters(v);
    q = NORM_ADD_QUARTERS(q, 0x4e);
    return NORM_ADD_QUARTERS(q, 0xb1);
  } else if constexpr (R == 8) {
    Vec q = joinQuarters(sumQuarters(v), sumQuarters(v + 4));
    return NORM_ADD_QUARTERS(q, 0xb1);
  } else {
    return joinQuarters(joinQuarters(sumQuarters(v), sumQuarters(v + 4)),
                        joinQuarters(sumQuarters(v + 8), sumQuarters(v + 12)));
  }
}
template <int R> constexpr int laneOf(int i) {
  return R == 8 && i >= 4 ? i + 4 : i;
}

//===----------------------------------------------------------------------===//
// Element types. A step is one register of memory: 16 f32, or 32 bf16 as the
// even and the odd elements.
//===----------------------------------------------------------------------===//

struct F32 {
  using Element = float;
  static constexpr int step = 16, parts = 1;
  NORM_INLINE void load(const float *p, Vec *v) { v[0] = _mm512_loadu_ps(p); }
  template <bool NonTemporal> NORM_INLINE void store(float *p, const Vec *v) {
    if (NonTemporal)
      _mm512_stream_ps(p, v[0]);
    else
      _mm512_storeu_ps(p, v[0]);
  }
  /// Adds what is at p, minus k, to the sum, its square to the squares.
  template <bool Rms>
  NORM_INLINE void statistics(const float *p, Vec k, Vec &sum, Vec &squares) {
    Vec v = _mm512_loadu_ps(p);
    if (!Rms) {
      v = sub(v, k);
      sum = add(sum, v);
    }
    squares = fma(v, v, squares);
  }
};

struct BF16 {
  using Element = uint16_t;
  static constexpr int step = 32, parts = 2;
  NORM_INLINE void load(const uint16_t *p, Vec *v) {
    __m512i bits = _mm512_loadu_si512(p);
    v[0] = _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16));
    v[1] = _mm512_castsi512_ps(
        _mm512_and_si512(bits, _mm512_set1_epi32(0xffff0000)));
  }
  template <bool NonTemporal>
  NORM_INLINE void store(uint16_t *p, const Vec *v) {
    alignas(64) static const uint16_t zip[32] = {
        0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
        8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    __m512i bits = _mm512_permutexvar_epi16(
        _mm512_load_si512(zip), (__m512i)_mm512_cvtne2ps_pbh(v[1], v[0]));
    if (NonTemporal)
      _mm512_stream_si512((__m512i *)p, bits);
    else
      _mm512_storeu_si512(p, bits);
  }
  /// Unshifted: a product of two bf16 is exact in f32.
  template <bool Rms>
  NORM_INLINE void statistics(const uint16_t *p, Vec, Vec &sum, Vec &squares) {
    __m512bh v = (__m512bh)_mm512_loadu_si512(p);
    squares = _mm512_dpbf16_ps(squares, v, v);
    if (!Rms)
      sum = _mm512_dpbf16_ps(sum, v, (__m512bh)_mm512_set1_epi16(0x3f80));
  }
};

/// The end of both norms: y = ((x - k) * r + c) * scale + shift, or x * r *
/// scale.
template <class E, bool Rms, bool NonTemporal>
NORM_INLINE void finish(const typename E::Element *x, typename E::Element *y,
                        Vec k, Vec r, Vec c, const Vec *scale,
                        const Vec *shift) {
  Vec v[E::parts];
  E::load(x, v);
  NORM_UNROLL for (int p = 0; p < E::parts; ++p) {
    if (Rms)
      v[p] = mul(mul(v[p], r), scale[p]);
    else if (E::parts == 2) // k is zero: statistics are unshifted
      v[p] = fma(fma(v[p], r, c), scale[p], shift[p]);
    else
      v[p] = fma(fma(sub(v[p], k), r, c), scale[p], shift[p]);
  }
  E::template store<NonTemporal>(y, v);
}

/// The same with scale and shift read from memory.
template <class E, bool Rms, bool NonTemporal>
NORM_INLINE void finishAt(const typename E::Element *x, typename E::Element *y,
                          Vec k, Vec r, Vec c, const typename E::Element *scale,
                          const typename E::Element *shift) {
  Vec g[E::parts], b[E::parts];
  E::load(scale, g);
  if (!Rms)
    E::load(shift, b);
  finish<E, Rms, NonTemporal>(x, y, k, r, c, g, b);
}

/// Mean and reciprocal root of a row: y = ((x - k) * r + c) * scale + shift.
struct RowMoments {
  Vec k, r, c;
};

/// Reads the row again, centred by the mean found so far. For rows whose first
/// elements, from which the shift comes, are far from the others.
__attribute__((noinline, cold, unused)) static void
recentre(const float *x, int64_t n, Vec &k, Vec &low, Vec &variance) {
  Vec centre = add(k, low), sum = zero(), squares = zero();
  NORM_ROLLED for (int64_t j = 0; j < n; j += F32::step)
      F32::statistics<false>(x + j, centre, sum, squares);
  Vec inverse = splat(1.f / n);
  k = centre;
  low = mul(sumLanes(sum), inverse);
  variance = fnma(low, low, mul(sumLanes(squares), inverse));
}

/// From sum and sum of squares of x - k over the row.
template <class E, bool Rms>
NORM_INLINE RowMoments moments(const typename E::Element *x, int64_t n, Vec k,
                               Vec sum, Vec squares, float epsilon) {
  Vec inverse = splat(1.f / n);
  Vec variance = mul(sumLanes(squares), inverse);
  if (Rms)
    return {k, reciprocalRoot(variance, epsilon), zero()};
  Vec low = mul(sumLanes(sum), inverse);
  variance = fnma(low, low, variance);
  if constexpr (E::parts == 1)
    if (__builtin_expect(lane0(low) * lane0(low) > 16.f * lane0(variance), 0))
      recentre(x, n, k, low, variance);
  Vec r = reciprocalRoot(variance, epsilon);
  return {k, r, fnma(low, r, zero())};
}

/// The shift of a row: the mean of its first vector, or zero.
template <class E, bool Rms>
NORM_INLINE Vec rowShift(const typename E::Element *x) {
  if constexpr (Rms || E::parts == 2)
    return zero();
  else
    return mul(sumLanes(_mm512_loadu_ps(x)), splat(1.f / 16));
}

} // namespace bench::avx512

#endif // NORM_BENCHMARK_VECTOR512_H
