//===- NormOps.cpp - Graph-level ops, straight from their formulas --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from the ops' descriptions and from nothing else: this is what every
// pass and kernel is compared with.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "Evaluator.h"
#include "RowMean.h"
#include "RowView.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// sum(x^2) / N.
template <typename T> T meanSquare(ArrayRef<T> row) {
  T sum = 0;
  for (T value : row)
    sum += value * value;
  return sum / static_cast<T>(row.size());
}

/// Scale and shift as the normalizations share them.
template <typename T> class Affine {
public:
  template <typename OpTy>
  Affine(OpTy op, const InterpValue *scale, const InterpValue *shift)
      : scale(scale), shift(shift),
        offset(op.getScaleOffset().convertToDouble()),
        round(op.getCastBeforeScale()),
        type(cast<FloatType>(getElementTypeOrSelf(op.getInput().getType()))) {}

  /// The result for a normalized value whose parameters are at `index`.
  T apply(T normalized, int64_t index) const {
    if (round)
      normalized = roundTo(type, normalized);
    if (scale)
      normalized *= T(scale->getFloats()[index]) + offset;
    if (shift)
      normalized += T(shift->getFloats()[index]);
    return normalized;
  }

private:
  const InterpValue *scale;
  const InterpValue *shift;
  T offset;
  bool round;
  FloatType type;
};

/// The graph-level ops in arithmetic of T.
template <typename T> class NormEvaluator {
public:
  explicit NormEvaluator(ArrayRef<InterpValue> operands) : operands(operands) {}

  InterpValues layerNorm(LayerNormOp op);
  InterpValues rmsNorm(RmsNormOp op);
  InterpValues l2Norm(L2NormOp op);
  InterpValues groupNorm(GroupNormOp op);
  InterpValues instanceNorm(InstanceNormOp op);
  InterpValues batchNorm(BatchNormOp op);
  InterpValues batchNormTraining(BatchNormTrainingOp op);
  InterpValues linear(LinearOp op);
  InterpValues packedLinear(PackedLinearOp op);
  InterpValues packWeight(PackWeightOp op);
  InterpValues activation(ActivationOp op);

private:
  ArrayRef<InterpValue> operands;

  const InterpValue &input() { return operands[0]; }
  Type elementType() { return input().getElementType(); }

  /// x times the weight of `outSize` features, `place(k, o)` of which says
  /// where in operand 1 it is, plus the bias if there is one.
  InterpValues contract(const InterpValue *bias, int64_t outSize,
                        Type resultType,
                        function_ref<int64_t(int64_t, int64_t)> place);
  /// The value of an optional operand of `op`; null if it is absent.
  const InterpValue *find(Operation *op, Value operand) {
    for (unsigned i = 0; operand && i < op->getNumOperands(); ++i)
      if (op->getOperand(i) == operand)
        return &operands[i];
    return nullptr;
  }
  template <typename OpTy> Affine<T> affine(OpTy op) {
    return Affine<T>(op, find(op, op.getScale()), find(op, op.getShift()));
  }
  /// Groups of `channelsPerGroup` consecutive channels of each sample.
  template <typename OpTy>
  InterpValues normalizeGroups(OpTy op, int64_t channelsPerGroup);
};

template <typename T> InterpValues NormEvaluator<T>::layerNorm(LayerNormOp op) {
  RowView<T> x(input(), normalizeAxes(op.getAxes(), input().getRank()));
  T epsilon = op.getEpsilon().convertToDouble();
  Affine<T> affine = this->affine(op);
  std::vector<T> means(x.numRows()), rstds(x.numRows());
  for (int64_t r = 0; r < x.numRows(); ++r) {
    MutableArrayRef<T> row = x.row(r);
    RowMean<T> mean(row);
    T rstd = 1 / std::sqrt(mean.variance(row) + epsilon);
    for (auto [j, value] : llvm::enumerate(row))
      value = affine.apply(mean.center(value) * rstd, j);
    means[r] = mean.get();
    rstds[r] = rstd;
  }
  InterpValues results{x.toTensor(elementType())};
  if (op.getStatistics().empty())
    return results;
  Type accumulation = getAccumulationType(elementType(), op.getAccumulate());
  results.push_back(x.perRow(accumulation, means));
  results.push_back(x.perRow(accumulation, rstds));
  return results;
}

template <typename T> InterpValues NormEvaluator<T>::rmsNorm(RmsNormOp op) {
  RowView<T> x(input(), normalizeAxes(op.getAxes(), input().getRank()));
  T epsilon = op.getEpsilon().convertToDouble();
  Affine<T> affine = this->affine(op);
  std::vector<T> rstds(x.numRows());
  for (int64_t r = 0; r < x.numRows(); ++r) {
    MutableArrayRef<T> row = x.row(r);
    T rstd = 1 / std::sqrt(meanSquare<T>(row) + epsilon);
    for (auto [j, value] : llvm::enumerate(row))
      value = affine.apply(value * rstd, j);
    rstds[r] = rstd;
  }
  InterpValues results{x.toTensor(elementType())};
  if (!op.getStatistics().empty())
    results.push_back(x.perRow(
        getAccumulationType(elementType(), op.getAccumulate()), rstds));
  return results;
}

template <typename T> InterpValues NormEvaluator<T>::l2Norm(L2NormOp op) {
  RowView<T> x(input(), normalizeAxes(op.getAxes(), input().getRank()));
  T epsilon = op.getEpsilon().convertToDouble();
  for (int64_t r = 0; r < x.numRows(); ++r) {
    T sum = 0;
    for (T value : x.row(r))
      sum += value * value;
    T norm = std::sqrt(sum);
    // A NaN norm is kept.
    T divisor = norm < epsilon ? epsilon : norm;
    for (T &value : x.row(r))
      value /= divisor;
  }
  return {x.toTensor(elementType())};
}

template <typename T>
template <typename OpTy>
InterpValues NormEvaluator<T>::normalizeGroups(OpTy op,
                                               int64_t channelsPerGroup) {
  int64_t rank = input().getRank();
  int64_t channelAxis = (op.getChannelAxis() + rank) % rank;
  T epsilon = op.getEpsilon().convertToDouble();
  Affine<T> affine = this->affine(op);
  // One row a channel of a sample; a group is consecutive rows.
  SmallVector<int64_t> spatial;
  for (int64_t d = 1; d < rank; ++d)
    if (d != channelAxis)
      spatial.push_back(d);
  RowView<T> x(input(), spatial);
  int64_t channels = input().getShape()[channelAxis];
  for (int64_t first = 0; first < x.numRows(); first += channelsPerGroup) {
    MutableArrayRef<T> group = x.rows(first, channelsPerGroup);
    RowMean<T> mean(group);
    T rstd = 1 / std::sqrt(mean.variance(group) + epsilon);
    for (int64_t r = first; r < first + channelsPerGroup; ++r)
      for (T &value : x.row(r))
        value = affine.apply(mean.center(value) * rstd, r % channels);
  }
  return {x.toTensor(elementType())};
}

template <typename T> InterpValues NormEvaluator<T>::groupNorm(GroupNormOp op) {
  int64_t rank = input().getRank();
  int64_t channels = input().getShape()[(op.getChannelAxis() + rank) % rank];
  return normalizeGroups(
      op,
      std::max<int64_t>(1, channels / static_cast<int64_t>(op.getGroups())));
}

template <typename T>
InterpValues NormEvaluator<T>::instanceNorm(InstanceNormOp op) {
  return normalizeGroups(op, 1);
}

/// All axes of a tensor but one.
SmallVector<int64_t> otherAxes(int64_t rank, int64_t axis) {
  SmallVector<int64_t> axes;
  for (int64_t d = 0; d < rank; ++d)
    if (d != axis)
      axes.push_back(d);
  return axes;
}

template <typename T> InterpValues NormEvaluator<T>::batchNorm(BatchNormOp op) {
  int64_t rank = input().getRank();
  RowView<T> x(input(), otherAxes(rank, (op.getChannelAxis() + rank) % rank));
  T epsilon = op.getEpsilon().convertToDouble();
  Affine<T> affine = this->affine(op);
  ArrayRef<double> means = find(op, op.getMean())->getFloats();
  ArrayRef<double> variances = find(op, op.getVariance())->getFloats();
  for (int64_t c = 0; c < x.numRows(); ++c)
    for (T &value : x.row(c))
      value = affine.apply(
          (value - T(means[c])) / std::sqrt(T(variances[c]) + epsilon), c);
  return {x.toTensor(elementType())};
}

template <typename T>
InterpValues NormEvaluator<T>::batchNormTraining(BatchNormTrainingOp op) {
  int64_t rank = input().getRank();
  RowView<T> x(input(), otherAxes(rank, (op.getChannelAxis() + rank) % rank));
  T epsilon = op.getEpsilon().convertToDouble();
  Affine<T> affine = this->affine(op);
  std::vector<T> means(x.numRows()), variances(x.numRows());
  for (int64_t c = 0; c < x.numRows(); ++c) {
    MutableArrayRef<T> row = x.row(c);
    RowMean<T> mean(row);
    means[c] = mean.get();
    variances[c] = mean.variance(row);
    T rstd = 1 / std::sqrt(variances[c] + epsilon);
    for (T &value : row)
      value = affine.apply(mean.center(value) * rstd, c);
  }
  Type accumulation = getAccumulationType(elementType(), op.getAccumulate());
  return {x.toTensor(elementType()), x.perRow(accumulation, means),
          x.perRow(accumulation, variances)};
}

template <typename T> InterpValues NormEvaluator<T>::linear(LinearOp op) {
  int64_t inSize = input().getShape().back();
  bool outIn = op.getLayout() == WeightLayout::OutIn;
  int64_t outSize = operands[1].getShape()[outIn ? 0 : 1];
  return contract(find(op, op.getBias()), outSize,
                  op.getResult().getType().getElementType(),
                  [&](int64_t k, int64_t o) {
                    return outIn ? o * inSize + k : k * outSize + o;
                  });
}

template <typename T>
InterpValues NormEvaluator<T>::packedLinear(PackedLinearOp op) {
  ArrayRef<int64_t> packed = operands[1].getShape();
  return contract(
      find(op, op.getBias()), operands.back().getShape().back(),
      getElementTypeOrSelf(op.getInit()),
      [&](int64_t k, int64_t o) { return placeInPanels(packed, k, o); });
}

template <typename T>
InterpValues NormEvaluator<T>::packWeight(PackWeightOp op) {
  ArrayRef<int64_t> shape = input().getShape();
  ArrayRef<int64_t> packed = operands.back().getShape();
  bool outIn = op.getLayout() == WeightLayout::OutIn;
  std::vector<double> data(countElements(packed), 0.0);
  for (int64_t i = 0; i < shape[0]; ++i)
    for (int64_t j = 0; j < shape[1]; ++j)
      data[placeInPanels(packed, outIn ? j : i, outIn ? i : j)] =
          input().getFloats()[i * shape[1] + j];
  return {InterpValue::floats(elementType(), packed, std::move(data))};
}

template <typename T>
InterpValues
NormEvaluator<T>::contract(const InterpValue *bias, int64_t outSize,
                           Type resultType,
                           function_ref<int64_t(int64_t, int64_t)> place) {
  int64_t inSize = input().getShape().back();
  int64_t rows = countElements(input().getShape().drop_back());

  // The weight as in x out, so that the inner loop below has stride 1.
  std::vector<T> w(inSize * outSize);
  for (int64_t k = 0; k < inSize; ++k)
    for (int64_t o = 0; o < outSize; ++o)
      w[k * outSize + o] = operands[1].getFloats()[place(k, o)];

  std::vector<double> result(rows * outSize);
  auto type = cast<FloatType>(resultType);
  std::vector<T> y(outSize);
  for (int64_t r = 0; r < rows; ++r) {
    std::fill(y.begin(), y.end(), T(0));
    for (int64_t k = 0; k < inSize; ++k) {
      T x = input().getFloats()[r * inSize + k];
      const T *wk = w.data() + k * outSize;
      for (int64_t o = 0; o < outSize; ++o)
        y[o] += x * wk[o];
    }
    for (int64_t o = 0; o < outSize; ++o) {
      T biased = bias ? y[o] + T(bias->getFloats()[o]) : y[o];
      result[r * outSize + o] = static_cast<double>(roundTo(type, biased));
    }
  }
  SmallVector<int64_t> shape(input().getShape());
  shape.back() = outSize;
  return {InterpValue::floats(type, shape, std::move(result))};
}

template <typename T>
InterpValues NormEvaluator<T>::activation(ActivationOp op) {
  Lanes<T> lanes = Lanes<T>::of(input(), elementType());
  T alpha = getAlpha(op);
  for (T &value : lanes.floats)
    value = activate(op.getKind(), alpha, value);
  return {lanes.toTensor(elementType(), input().getShape())};
}

template <typename T>
FailureOr<InterpValues> evaluateIn(Operation *op,
                                   ArrayRef<InterpValue> operands) {
  NormEvaluator<T> evaluator(operands);
  using Result = FailureOr<InterpValues>;
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](LayerNormOp op) { return evaluator.layerNorm(op); })
      .Case([&](RmsNormOp op) { return evaluator.rmsNorm(op); })
      .Case([&](L2NormOp op) { return evaluator.l2Norm(op); })
      .Case([&](GroupNormOp op) { return evaluator.groupNorm(op); })
      .Case([&](InstanceNormOp op) { return evaluator.instanceNorm(op); })
      .Case([&](BatchNormOp op) { return evaluator.batchNorm(op); })
      .Case([&](BatchNormTrainingOp op) {
        return evaluator.batchNormTraining(op);
      })
      .Case([&](LinearOp op) { return evaluator.linear(op); })
      .Case([&](PackedLinearOp op) { return evaluator.packedLinear(op); })
      .Case([&](PackWeightOp op) { return evaluator.packWeight(op); })
      .Case([&](ActivationOp op) { return evaluator.activation(op); })
      .Default([](Operation *op) -> Result {
        return op->emitError("the interpreter does not know '")
               << op->getName() << "'";
      });
}

} // namespace

FailureOr<InterpValues>
mlir::norm::evaluateNorm(Operation *op, ArrayRef<InterpValue> operands) {
  // Inits, which come last, are not read.
  unsigned numInits = 0;
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    numInits = destination.getNumDpsInits();
  if (failed(requireInitialized(op, operands.drop_back(numInits))))
    return failure();
  if (operands.empty())
    return op->emitError("the interpreter does not know '")
           << op->getName() << "'";
  if (failed(verifyNormSizes(op, operands)))
    return failure();
  if (needsLongDouble(op))
    return evaluateIn<long double>(op, operands);
  return evaluateIn<double>(op, operands);
}
