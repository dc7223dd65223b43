//===- VectorMathLog.cpp - Logarithms -------------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), ln(1 + f) = f + t. How
// the polynomial was found: see VectorMathExp.cpp.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/VectorMath.h"

using namespace mlir;
using namespace mlir::norm;

/// (ln(1 + f) - f + f^2 / 2) / f^3; error relative to ln(1 + f): 2^-27.3.
constexpr double kLog[] = {0x1.555554p-2,  -0x1.000228p-2, 0x1.99a028p-3,
                           -0x1.54720cp-3, 0x1.22d792p-3,  -0x1.0d854cp-3,
                           0x1.056c24p-3,  -0x1.38dc48p-4};

/// The bits of sqrt(1/2).
constexpr int64_t kSqrtHalfBits = 0x3F3504F3;

/// ln(1 + f) - f.
static Value logTail(LaneBuilder &b, Value f) {
  Value square = b.mul(f, f);
  return b.mul(square, b.fma(f, b.horner(f, kLog), b.constant(-0.5)));
}

/// The exponent e of a positive normal number, given by its bits.
static Value exponentOf(LaneBuilder &b, Value bits) {
  return b.sar(b.subI(bits, b.constantInt(kSqrtHalfBits)), 23);
}

/// The bits of 1 + f.
static Value mantissaBits(LaneBuilder &b, Value bits, Value exponent) {
  return b.subI(bits, b.shl(exponent, 23));
}

/// i32 to f32 lanes.
static Value toFloat(LaneBuilder &b, Value integer) {
  return arith::SIToFPOp::create(b, b.f32(), integer);
}

namespace {
struct Split {
  Value e; // As f32.
  Value f;
  Value t;
};
} // namespace

static Split split(LaneBuilder &b, Value x) {
  Value subnormal = b.cmp(arith::CmpFPredicate::OLT, x, b.constant(0x1p-126));
  Value normal = b.select(subnormal, b.mul(x, b.constant(0x1p23)), x);
  Value bits = b.bits(normal);
  Value e = exponentOf(b, bits);
  Split result;
  result.f = b.sub(b.fromBits(mantissaBits(b, bits, e)), b.constant(1));
  result.t = logTail(b, result.f);
  result.e =
      b.add(toFloat(b, e), b.select(subnormal, b.constant(-23), b.constant(0)));
  return result;
}

/// `result` with what a logarithm gives where x is infinite, NaN or not above
/// `zero`, the point at which it is -inf.
static Value special(LaneBuilder &b, Value x, Value result, double zero) {
  Value bound = b.constant(zero);
  Value pole = b.select(b.cmp(arith::CmpFPredicate::OEQ, x, bound),
                        b.constant(-INFINITY), b.constant(NAN));
  result = b.select(b.cmp(arith::CmpFPredicate::OLE, x, bound), pole, result);
  // An infinity or a NaN is its own logarithm.
  return b.select(b.cmp(arith::CmpFPredicate::UGE, x, b.constant(INFINITY)), x,
                  result);
}

/// e ln2 + f + t, where ln2 is in two parts and e times the first is exact.
static Value combine(LaneBuilder &b, const Split &s) {
  Value low = b.fma(s.e, b.constant(0x1.7f7d1cp-20), s.t);
  return b.fma(s.e, b.constant(0x1.62e4p-1), b.add(s.f, low));
}

Value mlir::norm::buildLog(LaneBuilder &b, Value x) {
  return special(b, x, combine(b, split(b, x)), 0);
}

/// (f + t) times 1 / ln(base), in two parts.
static Value scaleLog(LaneBuilder &b, const Split &s, double high, double low,
                      Value addend) {
  Value factor = b.constant(high);
  addend = b.fma(s.f, b.constant(low), addend);
  return b.fma(s.f, factor, b.fma(s.t, factor, addend));
}

Value mlir::norm::buildLog2(LaneBuilder &b, Value x) {
  Split s = split(b, x);
  Value fraction = scaleLog(b, s, 0x1.715476p+0, 0x1.4ae0cp-26, b.constant(0));
  return special(b, x, b.add(s.e, fraction), 0);
}

Value mlir::norm::buildLog10(LaneBuilder &b, Value x) {
  Split s = split(b, x);
  Value low = b.mul(s.e, b.constant(0x1.3509f8p-18));
  Value fraction = scaleLog(b, s, 0x1.bcb7b2p-2, -0x1.5b235ep-27, low);
  return special(b, x, b.fma(s.e, b.constant(0x1.344p-2), fraction), 0);
}

Value mlir::norm::buildLog1p(LaneBuilder &b, Value x) {
  Value u = b.add(x, b.constant(1));
  Value bits = b.bits(u);
  Value e = exponentOf(b, bits);
  // (1 + x) 2^-e - 1 rounded once; for a large x, where 2^-e may be no f32,
  // 1 + x is x.
  Value power = b.fromBits(b.subI(b.constantInt(0x3F800000), b.shl(e, 23)));
  Value near = b.fma(x, power, b.sub(power, b.constant(1)));
  Value far = b.sub(b.fromBits(mantissaBits(b, bits, e)), b.constant(1));
  Split s;
  s.f = b.select(b.cmp(arith::CmpIPredicate::sgt, e, b.constantInt(30)), far,
                 near);
  s.t = logTail(b, s.f);
  s.e = toFloat(b, e);
  // The result has the sign of x, also where both are zero.
  Value result = math::CopySignOp::create(b, combine(b, s), x);
  return special(b, x, result, -1);
}
