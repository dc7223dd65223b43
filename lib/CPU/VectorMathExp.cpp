//===- VectorMathExp.cpp - exp and what is built on it --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Argument reduction after Cody and Waite (Software Manual for the Elementary
// Functions, 1980): x = n ln2 + r, with ln2 in two parts, the first so short
// that n times it is exact. The polynomials are weighted minimax fits
// (iteratively reweighted least squares after Lawson, on 600 Chebyshev nodes,
// reference values with 40 digits), each coefficient rounded to f32 in turn
// from the lowest and the rest fitted again.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/VectorMath.h"

using namespace mlir;
using namespace mlir::norm;

/// (e^r - 1 - r) / r^2 for |r| <= ln2 / 2; error relative to e^r: 2^-28.2.
constexpr double kExp[] = {0x1.fffffcp-2, 0x1.555492p-3, 0x1.5558bp-5,
                           0x1.12398ep-7, 0x1.6a4d6p-10};
/// The same, error relative to e^r - 1: 2^-26.1.
constexpr double kExpM1[] = {0x1.fffffep-2, 0x1.5554b4p-3, 0x1.5556f2p-5,
                             0x1.12254ap-7, 0x1.6b9c68p-10};
/// (2^r - 1) / r for |r| <= 1/2; error relative to 2^r: 2^-28.3.
constexpr double kExp2[] = {0x1.62e43p-1,  0x1.ebfbdcp-3,  0x1.c6af7ap-5,
                            0x1.3b2dd4p-7, 0x1.5f095ap-10, 0x1.4178bp-13};
/// ln(erfc(a)) for .93 <= a <= 4; error relative to erf(a): 2^-29.3.
constexpr double kErfLarge[] = {-0x1.bb2798p-13, -0x1.20ab2p+0, -0x1.464af4p-1,
                                -0x1.a950ap-4,   0x1.6b6acp-6,  -0x1.8d610ep-9,
                                0x1.987676p-13};
/// erf(x) / x - 1 in x^2 for |x| <= .95; error relative to erf(x): 2^-30.
constexpr double kErfSmall[] = {0x1.06eba8p-3,  -0x1.81274p-2, 0x1.ce2d64p-4,
                                -0x1.b80124p-6, 0x1.544b08p-8, -0x1.a6181p-11,
                                0x1.4fa924p-14};
/// (tanh(x) / x - 1) / x^2 in x^2 for |x| <= .7; error relative to tanh(x):
/// 2^-30.4.
constexpr double kTanhSmall[] = {-0x1.55555p-2, 0x1.110f52p-3,  -0x1.b9bb3cp-5,
                                 0x1.617fecp-6, -0x1.02972ap-7, 0x1.f2551cp-10};

/// 1.5 * 2^23: adding it to a small f32 leaves the nearest integer in the low
/// bits of the sum.
constexpr double kRounder = 0x1.8p23;

namespace {
/// x = n ln2 + r + rest.
struct Reduced {
  Value n;       // The integer, as f32.
  Value integer; // The same as i32.
  Value r;
  Value rest; // What rounding r left over; only if asked for.
};
} // namespace

/// Splits x * scale into the nearest integer and nothing else.
static Reduced roundProduct(LaneBuilder &b, Value x, double scale) {
  Value rounder = b.constant(kRounder);
  Value shifted = b.fma(x, b.constant(scale), rounder);
  Reduced reduced;
  reduced.n = b.sub(shifted, rounder);
  reduced.integer = b.subI(b.bits(shifted), b.constantInt(0x4B400000));
  return reduced;
}

static Reduced reduce(LaneBuilder &b, Value x, bool withRest = false) {
  Reduced reduced = roundProduct(b, x, 0x1.715476p+0);
  Value low = b.constant(-0x1.7f7d1cp-20);
  Value high = b.fma(reduced.n, b.constant(-0x1.62e4p-1), x);
  reduced.r = b.fma(reduced.n, low, high);
  if (withRest)
    reduced.rest = b.fma(reduced.n, low, b.sub(high, reduced.r));
  return reduced;
}

/// 2^n for n in [-126, 127].
static Value powerOfTwo(LaneBuilder &b, Value n) {
  return b.fromBits(b.shl(b.addI(n, b.constantInt(127)), 23));
}

/// p * 2^n with one rounding, for p in [1/2, 2] and n in [-152, 128].
static Value scale(LaneBuilder &b, Value p, const Reduced &reduced) {
  VectorType vector = b.getVector();
  int64_t lanes = vector && vector.getRank() == 1 ? vector.getDimSize(0) : 0;
  if (b.getTarget().hasMasks && (lanes == 4 || lanes == 8 || lanes == 16)) {
    std::string name =
        "llvm.x86.avx512.mask.scalef.ps." + std::to_string(32 * lanes);
    auto integer = [&](unsigned bits, int64_t value) -> Value {
      return arith::ConstantOp::create(
          b, b.getIntegerAttr(b.getIntegerType(bits), value));
    };
    SmallVector<Value> arguments = {p, reduced.n, p,
                                    integer(lanes == 16 ? 16 : 8, -1)};
    if (lanes == 16)
      arguments.push_back(integer(32, /*the current rounding mode*/ 4));
    return b.intrinsic(name, vector, arguments);
  }
  // The first product is exact, so the result is rounded once, as above.
  Value half = b.sar(reduced.integer, 1);
  Value other = b.subI(reduced.integer, half);
  return b.mul(b.mul(p, powerOfTwo(b, half)), powerOfTwo(b, other));
}

/// e^r, where r is reduced.
static Value expOfReduced(LaneBuilder &b, Value r) {
  Value tail = b.fma(b.mul(r, r), b.horner(r, kExp), r);
  return b.add(tail, b.constant(1));
}

Value mlir::norm::buildExp(LaneBuilder &b, Value x) {
  // Beyond these bounds the result is 0 or infinite.
  x = b.clampBelow(b.clampAbove(x, 89), -104);
  Reduced reduced = reduce(b, x);
  return scale(b, expOfReduced(b, reduced.r), reduced);
}

Value mlir::norm::buildExp2(LaneBuilder &b, Value x) {
  x = b.clampBelow(b.clampAbove(x, 128), -151);
  Reduced reduced = roundProduct(b, x, 1);
  Value r = b.sub(x, reduced.n);
  Value p = b.fma(r, b.horner(r, kExp2), b.constant(1));
  return scale(b, p, reduced);
}

Value mlir::norm::buildExpM1(LaneBuilder &b, Value x) {
  Value clamped = b.clampBelow(b.clampAbove(x, 89), -18);
  Reduced reduced = reduce(b, clamped, /*withRest=*/true);
  Value r = reduced.r;
  Value tail = b.fma(b.mul(r, r), b.horner(r, kExpM1), reduced.rest);
  // Half of the result, because 2^128 is no f32: s (r + tail) + (s - 1/2),
  // where s r + (s - 1/2) is added with its rounding error (Dekker's fast
  // two-sum).
  Value s = b.fromBits(b.shl(b.addI(reduced.integer, b.constantInt(126)), 23));
  Value base = b.sub(s, b.constant(0.5));
  Value high = b.fma(s, r, base);
  Value low = b.fma(s, r, b.sub(base, high));
  Value half = b.add(high, b.fma(s, tail, low));
  Value result = b.add(half, half);
  // Keeps the sign of zero and the last bit of subnormals.
  Value magnitude = math::AbsFOp::create(b, x);
  Value tiny = b.cmp(arith::CmpFPredicate::OLT, magnitude, b.constant(0x1p-25));
  return b.select(tiny, x, result);
}

Value mlir::norm::buildTanh(LaneBuilder &b, Value x) {
  Value magnitude = math::AbsFOp::create(b, x);
  Value square = b.mul(x, x);
  Value small =
      b.fma(b.mul(magnitude, square), b.horner(square, kTanhSmall), magnitude);
  // 1 - 2 / (e^2a + 1); 1 in f32 from 9.02.
  Value a = b.clampAbove(magnitude, 10);
  Reduced reduced = reduce(b, b.add(a, a));
  Value power =
      b.mul(expOfReduced(b, reduced.r), powerOfTwo(b, reduced.integer));
  Value one = b.constant(1);
  Value large = b.sub(one, b.div(b.constant(2), b.add(power, one)));
  Value isSmall =
      b.cmp(arith::CmpFPredicate::OLT, magnitude, b.constant(0.6875));
  return math::CopySignOp::create(b, b.select(isSmall, small, large), x);
}

Value mlir::norm::buildErf(LaneBuilder &b, Value x) {
  if (b.getLookupSize())
    return buildErfInPieces(b, x);
  Value magnitude = math::AbsFOp::create(b, x);
  Value small = b.fma(b.horner(b.mul(x, x), kErfSmall), x, x);
  // 1 - erfc(a); 1 in f32 from 3.92.
  Value a = b.clampAbove(magnitude, 4);
  Reduced reduced = reduce(b, b.horner(a, kErfLarge));
  Value complement =
      b.mul(expOfReduced(b, reduced.r), powerOfTwo(b, reduced.integer));
  Value large =
      math::CopySignOp::create(b, b.sub(b.constant(1), complement), x);
  Value isSmall =
      b.cmp(arith::CmpFPredicate::OLT, magnitude, b.constant(0.9375));
  return b.select(isSmall, small, large);
}
