//===- VectorMathWide.cpp - f32 functions that are computed in f64 --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions whose f32 result needs more than f32 inside: f64 lanes cost twice
// as much and make it as good as correctly rounded. The polynomials are Taylor
// series, cut where the rest is below 2^-36 of the result.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/VectorMath.h"

using namespace mlir;
using namespace mlir::norm;

/// 1.5 * 2^52, see kRounder in VectorMathExp.cpp, and its bits.
constexpr double kRounder = 0x1.8p52;
constexpr int64_t kRounderBits = 0x4338000000000000;

static Value extend(LaneBuilder &b, Value x) {
  return arith::ExtFOp::create(b, b.f64(), x);
}

static Value truncate(LaneBuilder &b, Value x) {
  return arith::TruncFOp::create(b, b.f32(), x);
}

/// log2 of a positive f64 that was an f32.
static Value log2Wide(LaneBuilder &b, Value x) {
  Value bits = b.bits(x);
  Value e = b.sar(b.subI(bits, b.constantInt(0x3FE6A09E667F3BCD, 64)), 52);
  Value m = b.bitcast(b.subI(bits, b.shl(e, 52)), b.getF64Type());
  Value one = b.constant64(1);
  // ln(m) = 2 artanh(s), a series in s^2 <= .0295.
  Value s = b.div(b.sub(m, one), b.add(m, one));
  SmallVector<double> series;
  for (int k = 0; k < 8; ++k)
    series.push_back(0x1.71547652b82fep+1 / (2 * k + 1));
  // There is no conversion from i64 before AVX-512.
  Value exponent = b.sub(
      b.bitcast(b.addI(e, b.constantInt(kRounderBits, 64)), b.getF64Type()),
      b.constant64(kRounder));
  return b.fma(s, b.horner(b.mul(s, s), series), exponent);
}

/// 2^x as f64, for x beyond the range of f32 too.
static Value exp2Wide(LaneBuilder &b, Value x) {
  x = b.clampBelow(b.clampAbove(x, 200), -200);
  Value rounder = b.constant64(kRounder);
  Value shifted = b.add(x, rounder);
  Value r = b.mul(b.sub(x, b.sub(shifted, rounder)),
                  b.constant64(0x1.62e42fefa39efp-1));
  SmallVector<double> series = {1};
  for (int k = 1; k < 11; ++k)
    series.push_back(series.back() / k);
  // The integer is in the low bits of `shifted`, the rest is shifted out.
  Value power =
      b.bitcast(b.shl(b.addI(b.bits(shifted), b.constantInt(1023, 64)), 52),
                b.getF64Type());
  return b.mul(b.horner(r, series), power);
}

Value mlir::norm::buildPow(LaneBuilder &b, Value x, Value y) {
  using Predicate = arith::CmpFPredicate;
  Value zero = b.constant(0), one = b.constant(1);
  Value infinity = b.constant(INFINITY);
  Value magnitude = math::AbsFOp::create(b, x);
  Value exponentSize = math::AbsFOp::create(b, y);

  Value log = log2Wide(b, extend(b, magnitude));
  log = b.select(b.cmp(Predicate::OEQ, magnitude, zero),
                 b.constant64(-INFINITY), log);
  log = b.select(b.cmp(Predicate::OEQ, magnitude, infinity),
                 b.constant64(INFINITY), log);
  Value result = truncate(b, exp2Wide(b, b.mul(extend(b, y), log)));

  // From 2^24 every f32 is an even integer.
  Value small = b.cmp(Predicate::OLT, exponentSize, b.constant(0x1p24));
  Value integer =
      arith::FPToSIOp::create(b, b.integer(32), b.select(small, y, zero));
  Value whole = arith::SIToFPOp::create(b, b.f32(), integer);
  Value fractional = b.andI(small, b.cmp(Predicate::ONE, whole, y));
  Value odd =
      b.andI(b.cmp(Predicate::OEQ, whole, y),
             b.cmp(arith::CmpIPredicate::ne, b.andI(integer, b.constantInt(1)),
                   b.constantInt(0)));
  Value negative =
      b.cmp(arith::CmpIPredicate::slt, b.bits(x), b.constantInt(0));
  result = b.select(b.andI(negative, odd), b.neg(result), result);

  // A negative number to a fractional power, and NaNs.
  Value nan = b.constant(NAN);
  Value finiteNegative = b.andI(b.cmp(Predicate::OLT, x, zero),
                                b.cmp(Predicate::OLT, magnitude, infinity));
  result = b.select(b.andI(finiteNegative, fractional), nan, result);
  result = b.select(b.cmp(Predicate::UNO, x, y), nan, result);
  // 1 even with a NaN: x^0, 1^y; and (-1)^inf.
  Value unit =
      b.orI(b.cmp(Predicate::OEQ, y, zero), b.cmp(Predicate::OEQ, x, one));
  unit = b.orI(unit, b.andI(b.cmp(Predicate::OEQ, magnitude, one),
                            b.cmp(Predicate::OEQ, exponentSize, infinity)));
  return b.select(unit, one, result);
}

static unsigned widthOf(Value value) {
  return getElementTypeOrSelf(value).getIntOrFloatBitWidth();
}

Value mlir::norm::buildOddSign(LaneBuilder &b, Value power, Value x, Value n) {
  using Predicate = arith::CmpIPredicate;
  unsigned width = widthOf(n);
  Value isOdd = b.cmp(Predicate::ne, b.andI(n, b.constantInt(1, width)),
                      b.constantInt(0, width));
  Value isNegative =
      b.cmp(Predicate::slt, b.bits(x), b.constantInt(0, widthOf(x)));
  return b.select(b.andI(isNegative, isOdd), b.neg(power), power);
}

Value mlir::norm::buildPowI(LaneBuilder &b, Value x, Value n) {
  using Predicate = arith::CmpFPredicate;
  Value magnitude = math::AbsFOp::create(b, x);
  Value log = log2Wide(b, extend(b, magnitude));
  log = b.select(b.cmp(Predicate::OEQ, magnitude, b.constant(0)),
                 b.constant64(-INFINITY), log);
  log = b.select(b.cmp(Predicate::OEQ, magnitude, b.constant(INFINITY)),
                 b.constant64(INFINITY), log);
  Value exponent = arith::SIToFPOp::create(b, b.f64(), n);
  Value result = truncate(b, exp2Wide(b, b.mul(exponent, log)));
  result = b.select(b.isNaN(x), x, buildOddSign(b, result, x, n));
  // x^0 is 1 even of a NaN.
  Value isZero =
      b.cmp(arith::CmpIPredicate::eq, n, b.constantInt(0, widthOf(n)));
  return b.select(isZero, b.constant(1), result);
}

/// sin(r), or cos(r) if `cosine`, a quadrant ahead for each of `quadrant`, an
/// i64 of which two bits count; |r| is little more than pi/4.
static Value sinCosOf(LaneBuilder &b, Value r, Value quadrant, bool cosine) {
  Value square = b.mul(r, r);
  SmallVector<double> sine = {1}, cosineSeries = {1};
  for (int k = 1; k < 7; ++k) {
    sine.push_back(-sine.back() / (2 * k * (2 * k + 1)));
    cosineSeries.push_back(-cosineSeries.back() / (2 * k * (2 * k - 1)));
  }
  Value sinR = b.mul(r, b.horner(square, sine));
  Value cosR = b.horner(square, cosineSeries);

  // Quadrant n: sin r, cos r, -sin r, -cos r; the cosine is one ahead.
  if (cosine)
    quadrant = b.addI(quadrant, b.constantInt(1, 64));
  auto bit = [&](int64_t mask) {
    return b.cmp(arith::CmpIPredicate::ne,
                 b.andI(quadrant, b.constantInt(mask, 64)),
                 b.constantInt(0, 64));
  };
  Value result = b.select(bit(1), cosR, sinR);
  return truncate(b, b.select(bit(2), b.neg(result), result));
}

Value mlir::norm::buildSinCos(LaneBuilder &b, Value x, bool cosine) {
  Value wide = extend(b, x);
  Value rounder = b.constant64(kRounder);
  Value shifted = b.fma(wide, b.constant64(0x1.45f306dc9c883p-1), rounder);
  Value n = b.sub(shifted, rounder);
  // pi/2 in three parts; n times the first two is exact.
  Value r = b.fma(n, b.constant64(-0x1.921fb544p+0), wide);
  r = b.fma(n, b.constant64(-0x1.0b4611a6p-34), r);
  r = b.fma(n, b.constant64(-0x1.3198a2e037073p-69), r);
  Value result = sinCosOf(b, r, b.bits(shifted), cosine);
  if (cosine)
    return result;
  // The sign of zero is lost above.
  Value isZero = b.cmp(arith::CmpFPredicate::OEQ, x, b.constant(0));
  return b.select(isZero, x, result);
}

Value mlir::norm::buildHugeSinCos(LaneBuilder &b, Value x, bool cosine) {
  // Payne and Hanek (1983): |x| is m 2^e with an integer m, and of 2/pi only
  // those bits matter whose product with m 2^e is neither a multiple of 4 nor
  // too small. Five zeros stand in front of them, for the smallest e, -3.
  constexpr int64_t kBits[] = {0x0517cc1b, 0x727220a9, 0x4fe13abe, 0x8fa9a6ee,
                               0x06db14ac, 0xc9e21c82, 0x0ff28b1d};
  constexpr int64_t kFirst = 127 + 23 - 3;
  auto wide = [&](int64_t value) { return b.constantInt(value, 64); };
  auto shiftLeft = [&](Value value, Value bits) -> Value {
    return arith::ShLIOp::create(b, value, bits);
  };
  auto shiftRight = [&](Value value, Value bits) -> Value {
    return arith::ShRUIOp::create(b, value, bits);
  };
  Value bits = arith::ExtUIOp::create(b, b.integer(64), b.bits(x));
  Value m = b.orI(b.andI(bits, wide(0x7FFFFF)), wide(0x800000));
  Value exponent = b.andI(shiftRight(bits, wide(23)), wide(0xFF));
  Value first = b.andI(b.subI(exponent, wide(kFirst)), wide(0x7F));
  Value number = shiftRight(first, wide(5));
  Value shift = b.andI(first, wide(31));
  SmallVector<Value> words;
  for (int word = 0; word < 4; ++word) {
    Value chosen = wide(kBits[word]);
    for (int skipped = 1; skipped < 4; ++skipped)
      chosen = b.select(b.cmp(arith::CmpIPredicate::eq, number, wide(skipped)),
                        wide(kBits[word + skipped]), chosen);
    words.push_back(chosen);
  }
  SmallVector<Value> shifted;
  for (int word = 0; word < 3; ++word) {
    Value both = b.orI(shiftLeft(words[word], wide(32)), words[word + 1]);
    shifted.push_back(shiftRight(shiftLeft(both, shift), wide(32)));
  }
  Value high = b.orI(shiftLeft(shifted[0], wide(32)), shifted[1]);
  // Quadrants, two bits of them and 62 behind the point.
  Value product =
      b.addI(arith::MulIOp::create(b, m, high),
             shiftRight(arith::MulIOp::create(b, m, shifted[2]), wide(32)));
  Value quadrant =
      shiftRight(b.addI(product, wide(int64_t(1) << 61)), wide(62));
  Value rest = b.subI(product, shiftLeft(quadrant, wide(62)));
  Value r = b.mul(arith::SIToFPOp::create(b, b.f64(), rest),
                  b.constant64(0x1.921fb54442d18p-62));
  Value result = sinCosOf(b, r, quadrant, cosine);
  Value zero = b.constant(0);
  if (!cosine)
    result = b.select(b.cmp(arith::CmpFPredicate::OLT, x, zero), b.neg(result),
                      result);
  // Of an infinity or a NaN, a NaN.
  return b.select(b.cmp(arith::CmpFPredicate::OEQ, b.sub(x, x), zero), result,
                  b.sub(x, x));
}
