//===- ScalarFloatOps.cpp - Arithmetic and functions of floats ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarEvaluator.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

/// max and min that propagate NaN and order -0 below +0.
template <typename T> static T maximum(T a, T b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  if (a == 0 && b == 0)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
template <typename T> static T minimum(T a, T b) { return -maximum(-a, -b); }

template <typename T> bool ScalarEvaluator<T>::floatArithmetic() {
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](arith::AddFOp) { return mapFF([](T a, T b) { return a + b; }); })
      .Case(
          [&](arith::SubFOp) { return mapFF([](T a, T b) { return a - b; }); })
      .Case(
          [&](arith::MulFOp) { return mapFF([](T a, T b) { return a * b; }); })
      .Case(
          [&](arith::DivFOp) { return mapFF([](T a, T b) { return a / b; }); })
      .Case([&](arith::RemFOp) {
        return mapFF([](T a, T b) { return std::fmod(a, b); });
      })
      .Case([&](arith::NegFOp) { return mapF([](T a) { return -a; }); })
      .Case([&](arith::MaximumFOp) { return mapFF(maximum<T>); })
      .Case([&](arith::MinimumFOp) { return mapFF(minimum<T>); })
      .Case([&](arith::MaxNumFOp) {
        return mapFF([](T a, T b) { return std::fmax(a, b); });
      })
      .Case([&](arith::MinNumFOp) {
        return mapFF([](T a, T b) { return std::fmin(a, b); });
      })
      .Case([&](math::FmaOp) {
        return mapFFF([](T a, T b, T c) { return std::fma(a, b, c); });
      })
      .Case([&](math::ClampFOp) {
        return mapFFF(
            [](T x, T low, T high) { return minimum(maximum(x, low), high); });
      })
      .Case([&](math::CopySignOp) {
        return mapFF([](T a, T b) { return std::copysign(a, b); });
      })
      .Case([&](math::PowFOp) {
        return mapFF([](T a, T b) { return std::pow(a, b); });
      })
      .Case([&](math::Atan2Op) {
        return mapFF([](T a, T b) { return std::atan2(a, b); });
      })
      .Case([&](math::FPowIOp) {
        for (size_t i = 0; i < count; ++i)
          results[0].floats[i] = std::pow(floats(0)[i], T(ints(1)[i]));
        return true;
      })
      .Default(false);
}

template <typename T> bool ScalarEvaluator<T>::floatFunctions() {
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](math::AbsFOp) { return mapF([](T a) { return std::fabs(a); }); })
      .Case([&](math::ExpOp) { return mapF([](T a) { return std::exp(a); }); })
      .Case(
          [&](math::Exp2Op) { return mapF([](T a) { return std::exp2(a); }); })
      .Case([&](math::ExpM1Op) {
        return mapF([](T a) { return std::expm1(a); });
      })
      .Case([&](math::LogOp) { return mapF([](T a) { return std::log(a); }); })
      .Case([&](math::Log1pOp) {
        return mapF([](T a) { return std::log1p(a); });
      })
      .Case(
          [&](math::Log2Op) { return mapF([](T a) { return std::log2(a); }); })
      .Case([&](math::Log10Op) {
        return mapF([](T a) { return std::log10(a); });
      })
      .Case(
          [&](math::SqrtOp) { return mapF([](T a) { return std::sqrt(a); }); })
      .Case([&](math::RsqrtOp) {
        return mapF([](T a) { return 1 / std::sqrt(a); });
      })
      .Case(
          [&](math::CbrtOp) { return mapF([](T a) { return std::cbrt(a); }); })
      .Case(
          [&](math::TanhOp) { return mapF([](T a) { return std::tanh(a); }); })
      .Case(
          [&](math::SinhOp) { return mapF([](T a) { return std::sinh(a); }); })
      .Case(
          [&](math::CoshOp) { return mapF([](T a) { return std::cosh(a); }); })
      .Case([&](math::ErfOp) { return mapF([](T a) { return std::erf(a); }); })
      .Case(
          [&](math::ErfcOp) { return mapF([](T a) { return std::erfc(a); }); })
      .Case([&](math::SinOp) { return mapF([](T a) { return std::sin(a); }); })
      .Case([&](math::CosOp) { return mapF([](T a) { return std::cos(a); }); })
      .Case([&](math::TanOp) { return mapF([](T a) { return std::tan(a); }); })
      .Case(
          [&](math::AsinOp) { return mapF([](T a) { return std::asin(a); }); })
      .Case(
          [&](math::AcosOp) { return mapF([](T a) { return std::acos(a); }); })
      .Case(
          [&](math::AtanOp) { return mapF([](T a) { return std::atan(a); }); })
      .Case([&](math::FloorOp) {
        return mapF([](T a) { return std::floor(a); });
      })
      .Case(
          [&](math::CeilOp) { return mapF([](T a) { return std::ceil(a); }); })
      .Case([&](math::RoundOp) {
        return mapF([](T a) { return std::round(a); });
      })
      .Case([&](math::RoundEvenOp) {
        return mapF([](T a) { return std::nearbyint(a); });
      })
      .Case([&](math::TruncOp) {
        return mapF([](T a) { return std::trunc(a); });
      })
      .Default(false);
}

namespace mlir::norm {
template bool ScalarEvaluator<double>::floatArithmetic();
template bool ScalarEvaluator<long double>::floatArithmetic();
template bool ScalarEvaluator<double>::floatFunctions();
template bool ScalarEvaluator<long double>::floatFunctions();
} // namespace mlir::norm
