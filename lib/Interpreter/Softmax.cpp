//===- Softmax.cpp - linalg.softmax, and how exact it has to be -----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ToleranceRules.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <limits>

using namespace mlir;
using namespace mlir::norm;

/// Calls `visit` for the first element of every row along dim `dim`, with the
/// distance from one element of the row to the next.
static void
forEachRow(ArrayRef<int64_t> shape, int64_t dim,
           function_ref<void(int64_t first, int64_t stride)> visit) {
  int64_t stride = rowMajorStrides(shape)[dim];
  for (int64_t i = 0, e = countElements(shape); i < e; ++i)
    if (i / stride % shape[dim] == 0)
      visit(i, stride);
}

/// The largest element of a row; NaN if there is one.
static double findMax(ArrayRef<double> values, int64_t first, int64_t stride,
                      int64_t count) {
  double max = -std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < count; ++i) {
    double value = values[first + i * stride];
    max = std::isnan(value) ? value : std::max(value, max);
  }
  return max;
}

FailureOr<InterpValues> mlir::norm::evaluateSoftmax(linalg::SoftmaxOp op,
                                                    const InterpValue &input) {
  if (failed(requireInitialized(op, input)))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  int64_t count = shape[op.getDimension()];
  std::vector<double> values(input.getFloats());
  forEachRow(shape, op.getDimension(), [&](int64_t first, int64_t stride) {
    double max = findMax(input.getFloats(), first, stride, count), sum = 0;
    for (int64_t i = first, e = first + count * stride; i < e; i += stride)
      sum += values[i] = std::exp(values[i] - max);
    for (int64_t i = first, e = first + count * stride; i < e; i += stride)
      values[i] /= sum;
  });
  return InterpValues{
      InterpValue::floats(input.getElementType(), shape, std::move(values))};
}

/// To first order: the relative error of exp(x - max) is that of x, of the
/// maximum and of the difference, that of the function and that of the sum.
FailureOr<Bounds> mlir::norm::boundSoftmax(const OpErrors &op) {
  const InterpValue &input = op.operands.front(), &result = op.results.front();
  ArrayRef<int64_t> shape = input.getShape();
  int64_t dim = cast<linalg::SoftmaxOp>(op.op).getDimension();
  int64_t count = shape[dim];
  double epsilon = computeEpsilon(input.getElementType());
  double smallest =
      APFloat::getSmallest(
          cast<FloatType>(input.getElementType()).getFloatSemantics())
          .convertToDouble();
  ErrorBound bound(input.getNumElements());
  forEachRow(shape, dim, [&](int64_t first, int64_t stride) {
    double max = findMax(input.getFloats(), first, stride, count), worst = 0;
    for (int64_t i = first, e = first + count * stride; i < e; i += stride) {
      double difference = std::fabs(input.getFloats()[i] - max);
      double error =
          errorAt(op.errors.front(), i) +
          epsilon * (4 + (std::isfinite(difference) ? difference : 0));
      bound[i] = error;
      // What adds nothing to the sum has no error in it.
      if (result.getFloats()[i] > 0)
        worst = std::max(worst, error);
    }
    for (int64_t i = first, e = first + count * stride; i < e; i += stride)
      bound[i] = 2 * result.getFloats()[i] *
                 (bound[i] + worst + epsilon * sumUnits(count) / 4);
  });
  // Below the normal numbers the last bit is what it is.
  for (double &error : bound)
    error += smallest;
  // A NaN has to be met as it is.
  for (double &error : bound)
    if (std::isnan(error))
      error = 0;
  return Bounds{bound};
}
