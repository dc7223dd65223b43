//===- ScalarIntOps.cpp - Arithmetic of integers --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarEvaluator.h"

using namespace mlir;
using namespace mlir::norm;

template <typename T> bool ScalarEvaluator<T>::intArithmetic() {
  if (operands.empty() || operands[0]->isFloat() || results[0].isFloat())
    return false;
  Type type = resultType();
  auto u = [type](int64_t a) { return unsignedInt(type, a); };
  // Sums and products wrap, which only unsigned arithmetic defines.
  using U = uint64_t;
  return TypeSwitch<Operation *, bool>(op)
      .Case(
          [&](arith::AddIOp) { return mapII([](U a, U b) { return a + b; }); })
      .Case(
          [&](arith::SubIOp) { return mapII([](U a, U b) { return a - b; }); })
      .Case(
          [&](arith::MulIOp) { return mapII([](U a, U b) { return a * b; }); })
      .Case(
          [&](arith::AndIOp) { return mapII([](U a, U b) { return a & b; }); })
      .Case([&](arith::OrIOp) { return mapII([](U a, U b) { return a | b; }); })
      .Case(
          [&](arith::XOrIOp) { return mapII([](U a, U b) { return a ^ b; }); })
      .Case([&](arith::ShLIOp) {
        return mapII([](U a, U b) { return b < 64 ? a << b : 0; });
      })
      .Case([&](arith::ShRUIOp) {
        return mapII([&](int64_t a, U b) { return b < 64 ? u(a) >> b : 0; });
      })
      .Case([&](arith::ShRSIOp) {
        return mapII([&](int64_t a, U b) {
          return signedInt(type, a) >> std::min<U>(b, 63);
        });
      })
      .Case([&](arith::MaxSIOp) {
        return mapSS([](int64_t a, int64_t b) { return std::max(a, b); });
      })
      .Case([&](arith::MinSIOp) {
        return mapSS([](int64_t a, int64_t b) { return std::min(a, b); });
      })
      .Case([&](arith::MaxUIOp) {
        return mapII(
            [&](int64_t a, int64_t b) { return std::max(u(a), u(b)); });
      })
      .Case([&](arith::MinUIOp) {
        return mapII(
            [&](int64_t a, int64_t b) { return std::min(u(a), u(b)); });
      })
      .Case([&](math::AbsIOp) {
        return mapI([](int64_t a) { return a < 0 ? U(0) - U(a) : U(a); });
      })
      .Default(false);
}

template <typename T> bool ScalarEvaluator<T>::intDivision() {
  if (operands.size() != 2 || operands[0]->isFloat() || results[0].isFloat())
    return false;
  Type type = resultType();
  // Division by zero and of the smallest number by -1 is undefined in arith.
  auto isBad = [](int64_t a, int64_t b) {
    return b == 0 || (b == -1 && a == INT64_MIN);
  };
  auto divide = [&](auto fn) {
    return mapSS(
        [&](int64_t a, int64_t b) { return isBad(a, b) ? 0 : fn(a, b); });
  };
  auto divideUnsigned = [&](auto fn) {
    return mapII([&](int64_t a, int64_t b) -> uint64_t {
      uint64_t divisor = unsignedInt(type, b);
      return divisor == 0 ? 0 : fn(unsignedInt(type, a), divisor);
    });
  };
  using I = int64_t;
  using U = uint64_t;
  return TypeSwitch<Operation *, bool>(op)
      .Case([&](arith::DivSIOp) {
        return divide([](I a, I b) { return a / b; });
      })
      .Case([&](arith::RemSIOp) {
        return divide([](I a, I b) { return a % b; });
      })
      .Case([&](arith::FloorDivSIOp) {
        return divide([](I a, I b) { return llvm::divideFloorSigned(a, b); });
      })
      .Case([&](arith::CeilDivSIOp) {
        return divide([](I a, I b) { return llvm::divideCeilSigned(a, b); });
      })
      .Case([&](arith::DivUIOp) {
        return divideUnsigned([](U a, U b) { return a / b; });
      })
      .Case([&](arith::RemUIOp) {
        return divideUnsigned([](U a, U b) { return a % b; });
      })
      .Case([&](arith::CeilDivUIOp) {
        return divideUnsigned([](U a, U b) { return a / b + (a % b != 0); });
      })
      .Default(false);
}

namespace mlir::norm {
template bool ScalarEvaluator<double>::intArithmetic();
template bool ScalarEvaluator<long double>::intArithmetic();
template bool ScalarEvaluator<double>::intDivision();
template bool ScalarEvaluator<long double>::intDivision();
} // namespace mlir::norm
