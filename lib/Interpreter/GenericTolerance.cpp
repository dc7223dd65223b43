//===- GenericTolerance.cpp - Errors of row programs ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericEvaluator.h"
#include "ToleranceRules.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Evaluates a row program again and follows the errors of its values.
template <typename T> class GenericErrors : public GenericEvaluator<T> {
public:
  using Base = GenericEvaluator<T>;
  using Dims = typename Base::Dims;

  explicit GenericErrors(const OpErrors &known)
      : Base(cast<GenericOp>(known.op), known.operands, known.environment),
        known(known) {
    for (const InterpValue &result : known.results)
      bounds.emplace_back(result.getNumElements(), 0.0);
  }

  Bounds bounds;

protected:
  LogicalResult beforeWindow() override;
  LogicalResult afterOp(Operation *nested) override;
  LogicalResult afterWindow() override;

private:
  const OpErrors &known;
  /// The errors of the values of the body, over the dims of the value; empty,
  /// or absent, for exact ones.
  DenseMap<Value, ErrorBound> errors;

  ErrorBound spread(const ErrorBound &error, const Dims &from, const Dims &to) {
    if (error.empty())
      return {};
    Lanes<T> lanes = Lanes<T>::ofFloats(f64(), error.size());
    std::copy(error.begin(), error.end(), lanes.floats.begin());
    lanes = this->broadcast(lanes, from, to);
    return ErrorBound(lanes.floats.begin(), lanes.floats.end());
  }
  /// `error` with the dims `reduced` innermost; zeros if it is empty.
  ErrorBound rows(const ErrorBound &error, const Dims &from,
                  const Dims &reduced) {
    Lanes<T> lanes = Lanes<T>::ofFloats(f64(), this->count(from));
    std::copy(error.begin(), error.end(), lanes.floats.begin());
    lanes = this->asRows(lanes, from, reduced).first;
    return ErrorBound(lanes.floats.begin(), lanes.floats.end());
  }
  Type f64() { return Float64Type::get(this->op.getContext()); }
  /// One unit of arithmetic in the type of a value of the body.
  double unit(Type type) {
    auto floatType = dyn_cast<FloatType>(type);
    return floatType ? 2 * unitRoundoff(floatType) : 0;
  }
  Dims dimsOf(ArrayRef<int64_t> dims) {
    Dims set(this->sizes.size());
    for (int64_t dim : dims)
      set.set(dim);
    return set;
  }

  LogicalResult afterReduce(ReduceOp reduce);
  LogicalResult afterCenter(CenterOp center);
  LogicalResult afterScalarOp(Operation *nested);
};

template <typename T> LogicalResult GenericErrors<T>::beforeWindow() {
  errors.clear();
  for (BlockArgument argument : this->op.getBodyBlock()->getArguments()) {
    const ErrorBound &error = known.errors[argument.getArgNumber()];
    if (error.empty())
      continue;
    ErrorBound &own = errors[argument];
    for (int64_t index : this->operandIndices(argument.getArgNumber(),
                                              this->varying.get(argument)))
      own.push_back(error[index]);
  }
  return success();
}

template <typename T>
LogicalResult GenericErrors<T>::afterReduce(ReduceOp reduce) {
  Value value = reduce.getValue();
  Dims all = this->varying.get(value), reduced = dimsOf(reduce.getDims());
  const Lanes<T> *lanes = this->get(value);
  const Lanes<T> *result = this->get(reduce.getResult());
  if (!lanes || !result)
    return failure();
  ErrorBound operandErrors = spread(errors.lookup(value), all, all | reduced);
  Lanes<T> wide = this->broadcast(*lanes, all, all | reduced);
  all |= reduced;
  auto [values, length] = this->asRows(wide, all, reduced);
  operandErrors = rows(operandErrors, all, reduced);

  double epsilon = unit(reduce.getType());
  ErrorBound bound(result->size(), 0.0);
  for (size_t r = 0; r < bound.size(); ++r) {
    double sum = 0, sizes = 0, largest = 0, relative = 0;
    for (int64_t j = 0; j < length; ++j) {
      double error = operandErrors[r * length + j];
      double size =
          values.isFloat()
              ? std::fabs(static_cast<double>(values.floats[r * length + j]))
              : 0;
      sum += error;
      sizes += std::isfinite(size) ? size : 0;
      largest = std::max(largest, error);
      relative += error == 0 ? 0 : size == 0 ? INFINITY : error / size;
    }
    switch (reduce.getKind()) {
    case ReduceKind::Add:
      bound[r] = sum + sumUnits(length) / 4 * epsilon * sizes;
      break;
    case ReduceKind::Mul:
      if (result->isFloat() && std::isfinite(result->floats[r]))
        bound[r] = std::fabs(static_cast<double>(result->floats[r])) *
                   (relative + length * epsilon);
      else if (std::isinf(sum))
        bound[r] = sum;
      break;
    case ReduceKind::Max:
    case ReduceKind::Min:
      bound[r] = largest;
      break;
    }
  }
  errors[reduce.getResult()] = std::move(bound);
  return success();
}

template <typename T>
LogicalResult GenericErrors<T>::afterCenter(CenterOp center) {
  Value value = center.getValue();
  const Dims &all = this->varying.get(value);
  Dims reduced = dimsOf(center.getDims());
  reduced &= all;
  const Lanes<T> *centered = this->get(center.getCentered());
  const Lanes<T> *mean = this->get(center.getMean());
  if (!centered || !mean)
    return failure();
  ErrorBound valueErrors = errors.lookup(value);
  auto [deviations, length] = this->asRows(*centered, all, reduced);
  ErrorBound inRows = rows(valueErrors, all, reduced);
  double epsilon = unit(center.getType(0));
  double units = sumUnits(length) / 4;

  ErrorBound meanBound(mean->size()), common(mean->size());
  for (size_t r = 0; r < mean->size(); ++r) {
    double error = 0, deviation = 0;
    for (int64_t j = 0; j < length; ++j) {
      error += inRows[r * length + j] / length;
      deviation +=
          std::fabs(static_cast<double>(deviations.floats[r * length + j])) /
          length;
    }
    double size = std::fabs(static_cast<double>(mean->floats[r]));
    common[r] = error + units * epsilon * deviation + 1e-5 * epsilon * size;
    meanBound[r] = error + units * epsilon * deviation + 2 * epsilon * size;
  }
  Dims kept = all;
  kept.reset(reduced);
  ErrorBound bound = spread(common, kept, all);
  for (size_t i = 0; i < bound.size(); ++i)
    bound[i] +=
        errorAt(valueErrors, i) +
        units * epsilon * std::fabs(static_cast<double>(centered->floats[i]));
  errors[center.getCentered()] = std::move(bound);
  errors[center.getMean()] = std::move(meanBound);
  return success();
}

template <typename T>
LogicalResult GenericErrors<T>::afterScalarOp(Operation *nested) {
  Value value = nested->getResult(0);
  const Dims &dims = this->varying.get(value);
  const Lanes<T> *result = this->get(value);
  if (!result)
    return failure();
  SmallVector<Lanes<T>> lanes;
  SmallVector<ErrorBound> operandErrors;
  for (Value operand : nested->getOperands()) {
    const Lanes<T> *own = this->get(operand);
    if (!own)
      return failure();
    const Dims &from = this->varying.get(operand);
    lanes.push_back(this->broadcast(*own, from, dims));
    operandErrors.push_back(spread(errors.lookup(operand), from, dims));
  }
  SmallVector<const Lanes<T> *> pointers;
  SmallVector<const ErrorBound *> errorPointers;
  for (unsigned i = 0; i < lanes.size(); ++i) {
    pointers.push_back(&lanes[i]);
    errorPointers.push_back(&operandErrors[i]);
  }
  ErrorBound bound =
      perturbScalarOp<T>(nested, pointers, errorPointers, *result);
  if (result->isFloat()) {
    bound.resize(result->size(), 0.0);
    double epsilon = unit(result->type);
    for (size_t i = 0; i < bound.size(); ++i)
      bound[i] += ownError(nested, epsilon, result->floats[i]);
  }
  errors[value] = std::move(bound);
  return success();
}

template <typename T>
LogicalResult GenericErrors<T>::afterOp(Operation *nested) {
  if (auto reduce = dyn_cast<ReduceOp>(nested))
    return afterReduce(reduce);
  if (auto center = dyn_cast<CenterOp>(nested))
    return afterCenter(center);
  if (isa<ExtentOp, IndexOp>(nested) || nested->getNumOperands() == 0)
    return success();
  return afterScalarOp(nested);
}

template <typename T> LogicalResult GenericErrors<T>::afterWindow() {
  for (auto [i, yielded] : llvm::enumerate(this->op.getYield().getValues())) {
    unsigned operand = this->op.getInputs().size() + i;
    Dims dims(this->sizes.size());
    for (unsigned dim : this->op.getOperandDims(operand))
      dims.set(dim);
    ErrorBound bound =
        spread(errors.lookup(yielded), this->varying.get(yielded), dims);
    if (bound.empty())
      continue;
    for (auto [j, index] : llvm::enumerate(this->operandIndices(operand, dims)))
      bounds[i][index] = bound[j];
  }
  return success();
}

template <typename T> FailureOr<Bounds> run(const OpErrors &op) {
  GenericErrors<T> errors(op);
  if (failed(errors.run()))
    return failure();
  return std::move(errors.bounds);
}

} // namespace

FailureOr<Bounds> mlir::norm::boundGeneric(const OpErrors &op) {
  return needsLongDouble(op.op) ? run<long double>(op) : run<double>(op);
}
