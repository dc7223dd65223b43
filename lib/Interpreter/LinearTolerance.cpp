//===- LinearTolerance.cpp - Errors of linear layers ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ToleranceRules.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// sum_k a[r, k] b[k, o] of functions of the operands of a linear layer.
template <typename FnA, typename FnB>
std::vector<double> contract(int64_t rows, int64_t inSize, int64_t outSize,
                             FnA a, FnB b) {
  std::vector<double> result(rows * outSize, 0.0), weights(inSize * outSize);
  for (int64_t k = 0; k < inSize; ++k)
    for (int64_t o = 0; o < outSize; ++o)
      weights[k * outSize + o] = b(k, o);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t k = 0; k < inSize; ++k) {
      double value = a(r * inSize + k);
      for (int64_t o = 0; o < outSize; ++o)
        result[r * outSize + o] += value * weights[k * outSize + o];
    }
  return result;
}

/// `place` says where the weight of input feature k and output feature o is.
Bounds boundSums(const OpErrors &op, Value biasOperand,
                 function_ref<int64_t(int64_t, int64_t)> place) {
  ArrayRef<double> x = op.operands[0].getFloats();
  ArrayRef<double> w = op.operands[1].getFloats();
  const ErrorBound &dx = op.errors[0], &dw = op.errors[1];
  Parameter bias = Parameter::find(op, biasOperand);
  int64_t inSize = op.operands[0].getShape().back();
  int64_t outSize = op.results[0].getShape().back();
  int64_t rows = countElements(op.operands[0].getShape().drop_back());
  auto square = [](double value) { return value * value; };

  ErrorBound bound = contract(
      rows, inSize, outSize, [&](int64_t i) { return std::fabs(x[i]); },
      [&](int64_t k, int64_t o) { return std::fabs(w[place(k, o)]); });
  double epsilon = computeEpsilon(op.operands[0].getElementType());
  for (double &error : bound)
    error *= epsilon * std::sqrt(static_cast<double>(inSize));
  auto addIndependent = [&](ArrayRef<double> squares) {
    for (auto [error, sum] : llvm::zip(bound, squares))
      error += 4 * std::sqrt(sum);
  };
  if (!dx.empty())
    addIndependent(contract(
        rows, inSize, outSize, [&](int64_t i) { return square(dx[i]); },
        [&](int64_t k, int64_t o) { return square(w[place(k, o)]); }));
  if (!dw.empty())
    addIndependent(contract(
        rows, inSize, outSize, [&](int64_t i) { return square(x[i]); },
        [&](int64_t k, int64_t o) { return square(dw[place(k, o)]); }));
  if (op.operands[0].getElementType().isBF16()) {
    // Subnormal elements and sums may be taken for zero.
    auto lost = [](double value) {
      return std::fabs(value) < kSmallestNormalBF16 ? std::fabs(value) : 0;
    };
    auto size = [](double value) {
      return std::isfinite(value) ? std::fabs(value) : 0;
    };
    auto add = [&](auto ofX, auto ofW) {
      std::vector<double> errors = contract(
          rows, inSize, outSize, [&](int64_t i) { return ofX(x[i]); },
          [&](int64_t k, int64_t o) { return ofW(w[place(k, o)]); });
      for (auto [error, more] : llvm::zip(bound, errors))
        error += more;
    };
    auto isLost = [&](double value) { return lost(value) > 0; };
    if (llvm::any_of(x, isLost))
      add(lost, size);
    if (llvm::any_of(w, isLost))
      add(size, lost);
    for (double &error : bound)
      error += inSize * kSmallestNormalBF16;
  }
  for (auto [i, error] : llvm::enumerate(bound)) {
    int64_t o = i % outSize;
    error += bias.errorAt(o) + 2 * epsilon *
                                   (std::fabs(op.results[0].getFloats()[i]) +
                                    std::fabs(bias.at(o, 0)));
  }
  return {bound};
}

} // namespace

FailureOr<Bounds> mlir::norm::boundLinear(const OpErrors &op) {
  using Result = FailureOr<Bounds>;
  return TypeSwitch<Operation *, Result>(op.op)
      .Case([&](LinearOp linear) -> Result {
        int64_t inSize = op.operands[0].getShape().back();
        int64_t outSize = op.results[0].getShape().back();
        bool outIn = linear.getLayout() == WeightLayout::OutIn;
        return boundSums(op, linear.getBias(), [=](int64_t k, int64_t o) {
          return outIn ? o * inSize + k : k * outSize + o;
        });
      })
      .Case([&](PackedLinearOp linear) -> Result {
        ArrayRef<int64_t> packed = op.operands[1].getShape();
        return boundSums(op, linear.getBias(), [=](int64_t k, int64_t o) {
          return placeInPanels(packed, k, o);
        });
      })
      .Case([&](PackWeightOp pack) -> Result {
        if (op.errors[0].empty())
          return Bounds{ErrorBound()};
        ArrayRef<int64_t> shape = op.operands[0].getShape();
        ArrayRef<int64_t> packed = op.results[0].getShape();
        bool outIn = pack.getLayout() == WeightLayout::OutIn;
        ErrorBound bound(countElements(packed), 0.0);
        for (int64_t i = 0; i < shape[0]; ++i)
          for (int64_t j = 0; j < shape[1]; ++j)
            bound[placeInPanels(packed, outIn ? j : i, outIn ? i : j)] =
                op.errors[0][i * shape[1] + j];
        return Bounds{bound};
      })
      .Default([&](Operation *other) -> Result {
        return other->emitError("is no linear layer");
      });
}
