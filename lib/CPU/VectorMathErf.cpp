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
/// the values at u = 0 as f32. The width w is one for which these, but for k =
/// 0, are as near to f32 as they get, and its multiples are exact.
constexpr double kWidth16 = 532157.0 / (1 << 21);
constexpr float kPieces16[][16] = {
    {0x1.20dd74p+0, 0x1.1ac872p+0, 0x1.09de8ep+0, 0x1.e32144p-1, 0x1.ac2db8p-1,
     0x1.762de4p-1, 0x1.45c21ap-1, 0x1.1cc8f6p-1, 0x1.f65d40p-2, 0x1.bfd36ap-2,
     0x1.9368bap-2, 0x1.6ed41ap-2, 0x1.5047ccp-2, 0x1.366abcp-2, 0x1.203ebap-2,
     0x1.0d0760p-2},
    {0, -0x1.782c20p-3, -0x1.4fb9b6p-2, -0x1.a30c78p-2, -0x1.b562aap-2,
     -0x1.97c078p-2, -0x1.6131c4p-2, -0x1.24ec44p-2, -0x1.dc7620p-3,
     -0x1.82af7cp-3, -0x1.3c7ff6p-3, -0x1.067f4ap-3, -0x1.b999e6p-4,
     -0x1.78603ap-4, -0x1.448c24p-4, -0x1.1ab858p-4},
    {-0x1.811e9ap-2, -0x1.562caap-2, -0x1.cf2390p-3, -0x1.83223cp-4,
     0x1.282cfap-6, 0x1.696960p-4, 0x1.d8d5d6p-4, 0x1.ce9b30p-4, 0x1.8a6f3ap-4,
     0x1.398568p-4, 0x1.e42308p-5, 0x1.745a1ap-5, 0x1.212fe8p-5, 0x1.c7ffe0p-6,
     0x1.6d6a80p-6, 0x1.292248p-6},
    {0, 0x1.b26242p-4, 0x1.57bdccp-3, 0x1.5869aep-3, 0x1.f58e3ep-4,
     0x1.fbf322p-5, 0x1.9dc04ep-7, -0x1.00584ep-6, -0x1.a47146p-6,
     -0x1.9ae7dap-6, -0x1.4f7786p-6, -0x1.fafc4cp-7, -0x1.75330cp-7,
     -0x1.1300c6p-7, -0x1.9adc8ap-8, -0x1.38357cp-8},
    {0x1.c40530p-4, 0x1.6624eep-4, 0x1.efe1d8p-6, -0x1.b92214p-6,
     -0x1.d596f0p-5, -0x1.cfa228p-5, -0x1.3c7696p-5, -0x1.26bb42p-6,
     -0x1.f2a6eap-9, 0x1.d4942ap-9, 0x1.4eede8p-8, 0x1.289eacp-8, 0x1.bddc00p-9,
     0x1.567d42p-9, 0x1.9971c8p-10, 0x1.257782p-10},
    {0, -0x1.27602ep-5, -0x1.97ee5ap-5, -0x1.2b4416p-5, -0x1.645984p-7,
     0x1.392212p-7, 0x1.1b1e36p-6, 0x1.dec6a6p-7, 0x1.1122eep-7, 0x1.714e24p-9,
     0x1.d133bcp-14, -0x1.8ec95ap-11, -0x1.bd74cap-11, -0x1.7b0326p-11,
     -0x1.cbef24p-12, -0x1.12e3acp-12}};

/// The same for half as many.
constexpr double kWidth8 = 1101511.0 / (1 << 21);
constexpr float kPieces8[][8] = {
    {0x1.20dd76p+0, 0x1.085cdap+0, 0x1.a46f64p-1, 0x1.3c878ep-1, 0x1.e5f300p-2,
     0x1.85d620p-2, 0x1.44ed62p-2, 0x1.1682e8p-2},
    {0, -0x1.57c6eap-2, -0x1.b39bfep-2, -0x1.548724p-2, -0x1.c147c4p-3,
     -0x1.27fe04p-3, -0x1.9c585cp-4, -0x1.2f0028p-4},
    {-0x1.812b22p-2, -0x1.bcbe68p-3, 0x1.f67e96p-6, 0x1.de8248p-4,
     0x1.73beb4p-4, 0x1.b97d4ep-5, 0x1.053a22p-5, 0x1.499d6ap-6},
    {0, 0x1.5bc480p-3, 0x1.d39eccp-4, 0x1.423eccp-8, -0x1.adcd92p-6,
     -0x1.31e0c2p-6, -0x1.47fc70p-7, -0x1.665c64p-8},
    {0x1.d06ea6p-4, 0x1.aada7ap-6, -0x1.e50ba2p-5, -0x1.165478p-5,
     -0x1.be2296p-11, 0x1.4a256ap-8, 0x1.91e7bap-9, 0x1.8773e4p-10},
    {0, -0x1.8f0396p-5, -0x1.f962aap-8, 0x1.154deep-6, 0x1.aa07d4p-8,
     -0x1.2697aep-12, -0x1.a27edep-11, -0x1.a1d208p-12},
    {-0x1.03e4c6p-5, 0x1.c91e6ap-10, 0x1.060324p-6, -0x1.dc7d74p-12,
     -0x1.98a11ep-9, -0x1.3203c4p-11, -0x1.33dfdap-12, -0x1.f327ecp-17}};

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
