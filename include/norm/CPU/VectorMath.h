//===- VectorMath.h - Elementary functions without calls ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function builds f32 code on the lanes of `b`; special values, signs of
// zero and subnormals as in C. The bounds are over all f32 inputs and for
// targets with a fused multiply-add; the unit tests hold them.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_VECTORMATH_H
#define NORM_CPU_VECTORMATH_H

#include "norm/CPU/LaneBuilder.h"

namespace mlir::norm {

/// e^x, within 1 ulp.
Value buildExp(LaneBuilder &b, Value x);
/// 2^x, within 1 ulp.
Value buildExp2(LaneBuilder &b, Value x);
/// e^x - 1, within 1.5 ulp.
Value buildExpM1(LaneBuilder &b, Value x);
/// tanh(x), within 1.5 ulp.
Value buildTanh(LaneBuilder &b, Value x);
/// erf(x), within 1.5 ulp.
Value buildErf(LaneBuilder &b, Value x);
/// The same for targets with LaneBuilder::lookup.
Value buildErfInPieces(LaneBuilder &b, Value x);
/// ln(x), within 1.5 ulp.
Value buildLog(LaneBuilder &b, Value x);
/// log2(x), within 1.5 ulp.
Value buildLog2(LaneBuilder &b, Value x);
/// log10(x), within 2 ulp.
Value buildLog10(LaneBuilder &b, Value x);
/// ln(1 + x), within 1.5 ulp.
Value buildLog1p(LaneBuilder &b, Value x);
/// x^y, within 1 ulp; computed in f64.
Value buildPow(LaneBuilder &b, Value x, Value y);
/// x^n for an integer n, within 1 ulp; computed in f64.
Value buildPowI(LaneBuilder &b, Value x, Value n);
/// `power` = |x|^n with the sign of x^n for an integer n.
Value buildOddSign(LaneBuilder &b, Value power, Value x, Value n);
/// sin(x), or cos(x) if `cosine`, within 1 ulp for |x| <= kMaxSinCos; computed
/// in f64. Larger arguments are not reduced exactly.
Value buildSinCos(LaneBuilder &b, Value x, bool cosine);
/// The largest argument that buildSinCos reduces exactly.
constexpr double kMaxSinCos = 1 << 20;
/// The same for |x| > kMaxSinCos, infinities and NaNs; of smaller arguments the
/// result means nothing.
Value buildHugeSinCos(LaneBuilder &b, Value x, bool cosine);

} // namespace mlir::norm

#endif // NORM_CPU_VECTORMATH_H
