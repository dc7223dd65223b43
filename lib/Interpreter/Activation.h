//===- Activation.h - Activation functions of scalars -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_INTERPRETER_ACTIVATION_H
#define NORM_LIB_INTERPRETER_ACTIVATION_H

#include "norm/Dialect/Norm/IR/Norm.h"
#include <cmath>

namespace mlir::norm {

/// log(1 + exp(x)) without overflow.
template <typename T> T softplus(T x) {
  return std::fmax(x, T(0)) + std::log1p(std::exp(-std::fabs(x)));
}

/// An activation of `x`, of the parameter `alpha` where it has one; NaN of NaN.
template <typename T> T activate(ActivationKind kind, T alpha, T x) {
  using K = ActivationKind;
  if (std::isnan(x))
    return x;
  const T half = T(1) / 2;
  const T pi = std::acos(T(-1));
  switch (kind) {
  case K::Relu:
    return x < 0 ? T(0) : x;
  case K::GeluErf:
    // 1 + erf(x / sqrt 2) cancels for negative x; erfc does not.
    return x * half * std::erfc(-x / std::sqrt(T(2)));
  case K::GeluTanh: {
    // 1 + tanh(u) = 2 / (1 + exp(-2u)).
    T u = std::sqrt(2 / pi) * (x + T(0.044715L) * x * x * x);
    return x / (1 + std::exp(-2 * u));
  }
  case K::Silu:
    return x / (1 + std::exp(-x));
  case K::Sigmoid:
    return 1 / (1 + std::exp(-x));
  case K::Tanh:
    return std::tanh(x);
  case K::QuickGelu:
    return x / (1 + std::exp(T(-1.702L) * x));
  case K::Softplus:
    return softplus(x);
  case K::LeakyRelu:
    return x < 0 ? alpha * x : x;
  case K::Elu:
    return x < 0 ? alpha * std::expm1(x) : x;
  case K::Hardswish:
    return x * std::fmin(std::fmax(x + 3, T(0)), T(6)) / 6;
  case K::Mish:
    return x * std::tanh(softplus(x));
  }
  llvm_unreachable("all kinds are handled");
}

} // namespace mlir::norm

#endif // NORM_LIB_INTERPRETER_ACTIVATION_H
