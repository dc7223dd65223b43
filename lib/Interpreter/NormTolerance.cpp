//===- NormTolerance.cpp - Errors of graph-level ops ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowView.h"
#include "ToleranceRules.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// The errors of x as a value of f64.
InterpValue errorsOf(const OpErrors &op, unsigned operand) {
  const InterpValue &value = op.operands[operand];
  std::vector<double> data = op.errors[operand];
  data.resize(value.getNumElements(), 0.0);
  return InterpValue::floats(Float64Type::get(op.op->getContext()),
                             value.getShape(), std::move(data));
}

/// The errors of one normalization, group of rows by group of rows.
class NormalizationErrors {
public:
  NormalizationErrors(const OpErrors &op, ArrayRef<int64_t> axes)
      : op(op), x(op.operands[0], axes), errors(errorsOf(op, 0), axes),
        epsilon(computeEpsilon(op.results[0].getElementType())) {}

  const OpErrors &op;
  /// x, and in `errors` first those of x, then those of y.
  RowView<double> x, errors;
  double epsilon;

  /// What tells the normalizations apart.
  bool centered = true;
  bool euclidean = false;
  double addend = 0;
  bool castBeforeScale = false;
  double scaleOffset = 0;
  Parameter scale, shift;
  /// Rows that are normalized together, and which parameter an element has.
  int64_t rowsPerGroup = 1;
  function_ref<int64_t(int64_t row, int64_t position)> parameterIndex;

  /// The errors of the statistics, one number a group.
  std::vector<double> means, rstds, variances;

  template <typename OpTy> void setForm(OpTy norm) {
    addend = norm.getEpsilon().convertToDouble();
    castBeforeScale = norm.getCastBeforeScale();
    scaleOffset = norm.getScaleOffset().convertToDouble();
    scale = Parameter::find(op, norm.getScale());
    shift = Parameter::find(op, norm.getShift());
  }

  /// The errors of y.
  ErrorBound run();

private:
  void runGroup(int64_t first);
};

void NormalizationErrors::runGroup(int64_t first) {
  MutableArrayRef<double> values = x.rows(first, rowsPerGroup);
  MutableArrayRef<double> dx = errors.rows(first, rowsPerGroup);
  double count = values.size();
  double mean = 0, meanError = 0, square = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    mean += values[i] / count;
    meanError += dx[i] / count;
  }
  if (!centered)
    mean = meanError = 0;
  for (double value : values)
    square += (value - mean) * (value - mean) / (euclidean ? 1 : count);
  double rstd = euclidean ? 1 / std::max(std::sqrt(square), addend)
                          : 1 / std::sqrt(square + addend);
  // What the errors of x do to the variance, relative to rstd.
  double spread = 0;
  for (size_t i = 0; i < values.size(); ++i)
    spread +=
        std::fabs((values[i] - mean) * rstd) * dx[i] / (euclidean ? 1 : count);
  spread *= rstd;

  double own = sumUnits(values.size()) * epsilon;
  if (centered)
    own *= std::max(1.0, std::fabs(mean) * rstd / 1e5);
  auto type = cast<FloatType>(op.results[0].getElementType());
  for (int64_t r = first; r < first + rowsPerGroup; ++r) {
    for (auto [j, error] : llvm::enumerate(errors.row(r))) {
      int64_t index = parameterIndex(r, j);
      double n = (x.row(r)[j] - mean) * rstd;
      double s = scale.at(index, 1.0 - scaleOffset) + scaleOffset;
      double b = shift.at(index, 0.0);
      double normalizedError =
          rstd * (error + meanError) + std::fabs(n) * spread +
          own * (centered ? std::max(1.0, std::fabs(n)) : std::fabs(n));
      if (castBeforeScale && std::isfinite(n))
        normalizedError += ulp(type, n);
      error = std::fabs(s) * normalizedError +
              std::fabs(n) * scale.errorAt(index) + shift.errorAt(index) +
              2 * epsilon * (std::fabs(n * s + b) + std::fabs(b));
    }
  }
  means.push_back(meanError + own * std::sqrt(square) +
                  2 * epsilon * std::fabs(mean));
  rstds.push_back(rstd * (spread + own));
  variances.push_back(square * own + 2 * spread / (rstd * rstd));
}

ErrorBound NormalizationErrors::run() {
  for (int64_t r = 0; r < x.numRows(); r += rowsPerGroup)
    runGroup(r);
  return errors.toTensor(Float64Type::get(op.op->getContext()))
      .getFloats()
      .vec();
}

//===----------------------------------------------------------------------===//
// One function an op
//===----------------------------------------------------------------------===//

/// layer_norm and rms_norm.
template <typename OpTy> Bounds boundRows(const OpErrors &op, OpTy norm) {
  NormalizationErrors errors(
      op, normalizeAxes(norm.getAxes(), op.operands[0].getRank()));
  errors.setForm(norm);
  errors.centered = std::is_same_v<OpTy, LayerNormOp>;
  auto index = [](int64_t, int64_t j) { return j; };
  errors.parameterIndex = index;
  Bounds bounds{errors.run()};
  if (norm.getStatistics().size() == 2)
    bounds.push_back(errors.means);
  if (!norm.getStatistics().empty())
    bounds.push_back(errors.rstds);
  return bounds;
}

Bounds boundL2(const OpErrors &op, L2NormOp norm) {
  NormalizationErrors errors(
      op, normalizeAxes(norm.getAxes(), op.operands[0].getRank()));
  errors.addend = norm.getEpsilon().convertToDouble();
  errors.centered = false;
  errors.euclidean = true;
  auto index = [](int64_t, int64_t j) { return j; };
  errors.parameterIndex = index;
  return {errors.run()};
}

/// All axes but `channelAxis`, with or without the batch.
SmallVector<int64_t> spatialAxes(int64_t rank, int64_t channelAxis,
                                 bool withBatch) {
  SmallVector<int64_t> axes;
  for (int64_t d = withBatch ? 0 : 1; d < rank; ++d)
    if (d != channelAxis)
      axes.push_back(d);
  return axes;
}

/// group_norm and instance_norm.
template <typename OpTy>
Bounds boundGroups(const OpErrors &op, OpTy norm, int64_t groups) {
  int64_t rank = op.operands[0].getRank();
  int64_t axis = (norm.getChannelAxis() + rank) % rank;
  int64_t channels = op.operands[0].getShape()[axis];
  NormalizationErrors errors(op, spatialAxes(rank, axis, /*withBatch=*/false));
  errors.setForm(norm);
  errors.rowsPerGroup =
      groups == 0 ? 1 : std::max<int64_t>(1, channels / groups);
  auto index = [&](int64_t r, int64_t) { return r % channels; };
  errors.parameterIndex = index;
  return {errors.run()};
}

Bounds boundTraining(const OpErrors &op, BatchNormTrainingOp norm) {
  int64_t rank = op.operands[0].getRank();
  int64_t axis = (norm.getChannelAxis() + rank) % rank;
  NormalizationErrors errors(op, spatialAxes(rank, axis, /*withBatch=*/true));
  errors.setForm(norm);
  auto index = [](int64_t r, int64_t) { return r; };
  errors.parameterIndex = index;
  ErrorBound y = errors.run();
  return {y, errors.means, errors.variances};
}

Bounds boundBatchNorm(const OpErrors &op, BatchNormOp norm) {
  int64_t rank = op.operands[0].getRank();
  SmallVector<int64_t> axes = spatialAxes(
      rank, (norm.getChannelAxis() + rank) % rank, /*withBatch=*/true);
  RowView<double> x(op.operands[0], axes), errors(errorsOf(op, 0), axes);
  Parameter mean = Parameter::find(op, norm.getMean());
  Parameter variance = Parameter::find(op, norm.getVariance());
  Parameter scale = Parameter::find(op, norm.getScale());
  Parameter shift = Parameter::find(op, norm.getShift());
  double offset = norm.getScaleOffset().convertToDouble();
  double epsilon = computeEpsilon(op.results[0].getElementType());
  auto type = cast<FloatType>(op.results[0].getElementType());
  for (int64_t c = 0; c < x.numRows(); ++c) {
    double rstd =
        1 / std::sqrt(variance.at(c, 0) + norm.getEpsilon().convertToDouble());
    double s = std::fabs(scale.at(c, 1 - offset) + offset), b = shift.at(c, 0);
    for (auto [j, error] : llvm::enumerate(errors.row(c))) {
      double value = x.row(c)[j], n = std::fabs(value - mean.at(c, 0)) * rstd;
      double sizes = (std::fabs(value) + std::fabs(mean.at(c, 0))) * rstd * s;
      double normalizedError =
          rstd * (error + mean.errorAt(c)) +
          n * rstd * rstd * variance.errorAt(c) / 2 +
          (norm.getCastBeforeScale() && std::isfinite(n) ? ulp(type, n) : 0.0);
      error = s * normalizedError + n * scale.errorAt(c) + shift.errorAt(c) +
              4 * epsilon * (sizes + n * s + 2 * std::fabs(b));
    }
  }
  return {
      errors.toTensor(Float64Type::get(op.op->getContext())).getFloats().vec()};
}

FailureOr<Bounds> boundActivation(const OpErrors &op, ActivationOp activation) {
  const InterpValue &x = op.operands[0];
  bool cancels = activation.getKind() == ActivationKind::GeluErf ||
                 activation.getKind() == ActivationKind::GeluTanh;
  double epsilon = computeEpsilon(x.getElementType());
  ErrorBound bound(x.getNumElements(), 0.0);
  for (auto [i, error] : llvm::enumerate(bound)) {
    double size = std::fabs(op.results[0].getFloats()[i]);
    // Left of zero erf and tanh are nearly -1, and what is left of 1 has an
    // error of its own.
    if (cancels)
      size += std::fabs(x.getFloats()[i]) / 16;
    error = std::isfinite(size) ? 4 * epsilon * size : 0;
  }
  if (op.errors[0].empty())
    return Bounds{bound};
  // As f64, so that neither the ends nor the results are rounded.
  Type f64 = Float64Type::get(op.op->getContext());
  auto at = [&](int sign) {
    std::vector<double> data(x.getFloats());
    for (auto [value, error] : llvm::zip(data, op.errors[0]))
      value += sign * error;
    return evaluateNorm(op.op, InterpValue::floats(f64, x.getShape(), data));
  };
  FailureOr<InterpValues> base = at(0), above = at(1), below = at(-1);
  if (failed(base) || failed(above) || failed(below))
    return failure();
  for (auto [i, error] : llvm::enumerate(bound)) {
    double y = base->front().getFloats()[i];
    error += std::max(distance(y, above->front().getFloats()[i]),
                      distance(y, below->front().getFloats()[i]));
  }
  return Bounds{bound};
}

} // namespace

FailureOr<Bounds> mlir::norm::boundNorm(const OpErrors &op) {
  using Result = FailureOr<Bounds>;
  return TypeSwitch<Operation *, Result>(op.op)
      .Case<LayerNormOp, RmsNormOp>(
          [&](auto norm) { return boundRows(op, norm); })
      .Case([&](L2NormOp norm) { return boundL2(op, norm); })
      .Case([&](GroupNormOp norm) {
        return boundGroups(op, norm, norm.getGroups());
      })
      .Case([&](InstanceNormOp norm) { return boundGroups(op, norm, 0); })
      .Case([&](BatchNormOp norm) { return boundBatchNorm(op, norm); })
      .Case([&](BatchNormTrainingOp norm) { return boundTraining(op, norm); })
      .Case<LinearOp, PackedLinearOp, PackWeightOp>(
          [&](auto) { return boundLinear(op); })
      .Case([&](ActivationOp act) { return boundActivation(op, act); })
      .Default([&](Operation *other) -> Result {
        return other->emitError("has no row in the exactness table");
      });
}
