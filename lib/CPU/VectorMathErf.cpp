//===- VectorMathErf.cpp - The error function by table lookups ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// erf(x) = x q(|x|) with a polynomial for q in each of 16 or 8 equal pieces:
// half of the instructions of erf near 0 and 1 - erfc elsewhere, of which each
// lane needs one. How the polynomials were found: see VectorMathExp.cpp.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/VectorMath.h"

using namespace mlir;
using namespace mlir::norm;

/// In the middle of the last piece; erf is 1 in f32 from there.
constexpr double kErfIsOne = 3.92;

/// erf(a) / a in u = a - k w, |u| <= w / 2, for each k: a row for each power of
/// u. The error relative to erf(a) is 2^-24.1, that of the first row, which has
/// the values at u = 0 as f32. The width w has few bits: its multiples are
/// exact.
constexpr double kWidth16 = 259.0 / 1024;
constexpr float kPieces16[][16] = {
    {0x1.20dd74p+0, 0x1.1ad256p+0, 0x1.0a01dcp+0, 0x1.e3a58ep-1, 0x1.ace5f2p-1,
     0x1.7704bcp-1, 0x1.46a196p-1, 0x1.1da156p-1, 0x1.f7efaap-2, 0x1.c142eep-2,
     0x1.94b702p-2, 0x1.700516p-2, 0x1.515faap-2, 0x1.376d26p-2, 0x1.212eb2p-2,
     0x1.0de75ap-2},
    {0, -0x1.770bccp-3, -0x1.4ef64cp-2, -0x1.a29162p-2, -0x1.b580cep-2,
     -0x1.987de8p-2, -0x1.625c36p-2, -0x1.26419ap-2, -0x1.df104ap-3,
     -0x1.8503d8p-3, -0x1.3e7fe0p-3, -0x1.083084p-3, -0x1.bc781cp-4,
     -0x1.7ad370p-4, -0x1.46a950p-4, -0x1.1c8fd8p-4},
    {-0x1.811e90p-2, -0x1.567920p-2, -0x1.d0cccap-3, -0x1.8851b8p-4,
     0x1.145232p-6, 0x1.664e60p-4, 0x1.d812d0p-4, 0x1.cfb392p-4, 0x1.8c7becp-4,
     0x1.3bcbdap-4, 0x1.e84660p-5, 0x1.77dc18p-5, 0x1.2402acp-5, 0x1.cc62b6p-6,
     0x1.70fefap-6, 0x1.2bf460p-6},
    {0, 0x1.b13500p-4, 0x1.574fdcp-3, 0x1.58f7fap-3, 0x1.f8a90ap-4,
     0x1.01cd98p-4, 0x1.b6b8f2p-7, -0x1.f323d0p-7, -0x1.a2db16p-6,
     -0x1.9c8400p-6, -0x1.52364ep-6, -0x1.004136p-6, -0x1.79c802p-7,
     -0x1.167d50p-7, -0x1.a03aaap-8, -0x1.3c2adep-8},
    {0x1.c3f068p-4, 0x1.6e7d8ep-4, 0x1.e56866p-6, -0x1.9d430ap-6,
     -0x1.d4642cp-5, -0x1.d7b1b6p-5, -0x1.43558cp-5, -0x1.2e589cp-6,
     -0x1.eb73fap-9, 0x1.dc1fc2p-9, 0x1.577dbap-8, 0x1.1267e4p-8, 0x1.978d6ep-9,
     0x1.75f810p-9, 0x1.978fecp-10, 0x1.80d3d8p-10},
    {0, -0x1.28b930p-5, -0x1.947130p-5, -0x1.3115f2p-5, -0x1.70bf6ep-7,
     0x1.3f1f36p-7, 0x1.1ea408p-6, 0x1.e2d0d0p-7, 0x1.0dc270p-7, 0x1.7a314cp-9,
     0x1.254c42p-13, -0x1.3456d2p-11, -0x1.7d4d50p-11, -0x1.92bcaep-11,
     -0x1.b5983ep-12, -0x1.82655cp-12}};

/// The same for half as many.
constexpr double kWidth8 = 2143.0 / 4096;
constexpr float kPieces8[][8] = {
    {0x1.20dd76p+0, 0x1.0889dap+0, 0x1.a553d8p-1, 0x1.3d93f0p-1, 0x1.e7cbb6p-2,
     0x1.875b94p-2, 0x1.4632eep-2, 0x1.179a00p-2},
    {0, -0x1.56dd2cp-2, -0x1.b3dc5ap-2, -0x1.55ff48p-2, -0x1.c45622p-3,
     -0x1.2a43c4p-3, -0x1.9f92ecp-4, -0x1.316092p-4},
    {-0x1.812b2ap-2, -0x1.bee11ep-3, 0x1.df6918p-6, 0x1.de1a00p-4,
     0x1.76604ep-4, 0x1.be35a6p-5, 0x1.084e36p-5, 0x1.4d82c6p-6},
    {0, 0x1.5b5308p-3, 0x1.d797f4p-4, 0x1.7907fap-8, -0x1.ad507cp-6,
     -0x1.354bc6p-6, -0x1.4ce998p-7, -0x1.6bfc48p-8},
    {0x1.d07860p-4, 0x1.b330aep-6, -0x1.e3bad8p-5, -0x1.1a5b98p-5,
     -0x1.133920p-10, 0x1.4c4732p-8, 0x1.844fdcp-9, 0x1.874beap-10},
    {0, -0x1.8f206cp-5, -0x1.0a03b2p-7, 0x1.16a132p-6, 0x1.b6a0c0p-8,
     -0x1.ca2766p-13, -0x1.a09160p-11, -0x1.a92ed6p-12},
    {-0x1.04ff64p-5, 0x1.a69072p-10, 0x1.06de08p-6, -0x1.520c6cp-11,
     -0x1.ef7068p-9, -0x1.93a80ep-11, 0x1.2e422ap-10, 0x1.162486p-12}};

/// 1.5 * 2^23, see VectorMathExp.cpp; the low bits of its sum with k are k.
constexpr double kRounder = 0x1.8p23;

template <size_t entries>
static Value evaluate(LaneBuilder &b, Value x,
                      ArrayRef<float[entries]> coefficients, double width) {
  x = b.clampBelow(b.clampAbove(x, kErfIsOne), -kErfIsOne);
  Value a = math::AbsFOp::create(b, x);
  Value rounder = b.constant(kRounder);
  Value shifted = b.fma(a, b.constant(1 / width), rounder);
  Value piece = b.bits(shifted);
  Value u = b.fma(b.sub(shifted, rounder), b.constant(-width), a);

  Value sum = b.lookup(coefficients.back(), piece);
  for (const float (&row)[entries] :
       llvm::reverse(coefficients.slice(1).drop_back()))
    sum = b.fma(sum, u, b.lookup(row, piece));
  // Rounded apart from the largest term, which it is added to.
  Value rest = b.mul(b.mul(x, u), sum);
  return b.fma(x, b.lookup(coefficients.front(), piece), rest);
}

Value mlir::norm::buildErfInPieces(LaneBuilder &b, Value x) {
  if (b.getLookupSize() == 16)
    return evaluate<16>(b, x, kPieces16, kWidth16);
  return evaluate<8>(b, x, kPieces8, kWidth8);
}
