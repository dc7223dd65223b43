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

/// An optional operand with its errors.
struct Parameter {
  const InterpValue *value = nullptr;
  const ErrorBound *errors = nullptr;

  static Parameter find(const OpErrors &op, Value operand) {
    for (unsigned i = 0; operand && i < op.op->getNumOperands(); ++i)
      if (op.op->getOperand(i) == operand)
        return {&op.operands[i], &op.errors[i]};
    return {};
  }
  double at(int64_t i, double absent) const {
    return value ? value->getFloats()[i] : absent;
  }
  double errorAt(int64_t i) const {
    return value ? mlir::norm::errorAt(*errors, i) : 0.0;
  }
};

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
Bounds boundLinear(const OpErrors &op, Value biasOperand,
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
      .Case([&](LinearOp linear) {
        int64_t inSize = op.operands[0].getShape().back();
        int64_t outSize = op.results[0].getShape().back();
        bool outIn = linear.getLayout() == WeightLayout::OutIn;
        return boundLinear(op, linear.getBias(), [=](int64_t k, int64_t o) {
          return outIn ? o * inSize + k : k * outSize + o;
        });
      })
      .Case([&](PackedLinearOp linear) {
        ArrayRef<int64_t> packed = op.operands[1].getShape();
        return boundLinear(op, linear.getBias(), [=](int64_t k, int64_t o) {
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
      .Case([&](ActivationOp act) { return boundActivation(op, act); })
      .Default([&](Operation *other) -> Result {
        return other->emitError("has no row in the exactness table");
      });
}
