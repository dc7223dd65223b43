//===- ElementwiseTolerance.cpp - Errors of upstream ops ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ToleranceRules.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// arith and math
//===----------------------------------------------------------------------===//

/// `lanes` moved by `sign` times `errors`. Whatever is wrong with an i1 turns
/// it.
template <typename T>
static Lanes<T> perturb(Lanes<T> lanes, const ErrorBound &errors, int sign) {
  for (size_t i = 0, e = errors.size(); i < e; ++i) {
    if (lanes.isFloat())
      lanes.floats[i] += sign * T(errors[i]);
    else if (lanes.type.isInteger(1))
      lanes.ints[i] ^= errors[i] > 0;
    else if (std::isfinite(errors[i]))
      lanes.ints[i] += sign * std::llround(std::ceil(errors[i]));
  }
  return lanes;
}

/// Whether `arith` leaves the result for lane `i` undefined: any value is
/// right.
template <typename T>
static bool isUndefined(Operation *op, ArrayRef<const Lanes<T> *> operands,
                        const Lanes<T> &result, size_t i) {
  Type type = result.type;
  unsigned width = isa<IndexType>(type) ? 64 : type.getIntOrFloatBitWidth();
  if (isa<arith::FPToSIOp, arith::FPToUIOp>(op)) {
    bool isSigned = isa<arith::FPToSIOp>(op);
    T value = std::trunc(operands[0]->floats[i]);
    T limit = std::ldexp(T(1), isSigned ? width - 1 : width);
    return !(value < limit && value >= (isSigned ? -limit : T(0)));
  }
  int64_t a = operands[0]->ints[i], b = operands[1]->ints[i];
  if (isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(op))
    return unsignedInt(type, b) >= width;
  bool overflows = isa<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp,
                       arith::CeilDivSIOp>(op) &&
                   signedInt(type, b) == -1 &&
                   signedInt(type, a) == llvm::minIntN(width);
  return b == 0 || overflows;
}

/// Makes the bound of undefined lanes infinite, and that of integers that
/// follow from such lanes.
template <typename T>
static void addUndefined(Operation *op, ArrayRef<const Lanes<T> *> operands,
                         ArrayRef<const ErrorBound *> errors,
                         const Lanes<T> &result, ErrorBound &total) {
  if (isa<arith::FPToSIOp, arith::FPToUIOp, arith::ShLIOp, arith::ShRSIOp,
          arith::ShRUIOp, arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp,
          arith::CeilDivSIOp, arith::DivUIOp, arith::RemUIOp,
          arith::CeilDivUIOp>(op)) {
    total.resize(result.size(), 0.0);
    for (size_t i = 0, e = result.size(); i < e; ++i)
      if (isUndefined(op, operands, result, i))
        total[i] = INFINITY;
  }
  for (auto [lanes, error] : llvm::zip(operands, errors))
    for (size_t i = 0, e = lanes->isFloat() ? 0 : error->size(); i < e; ++i)
      if (std::isinf((*error)[i]))
        total[i] = INFINITY;
}

template <typename T>
ErrorBound mlir::norm::perturbScalarOp(Operation *op,
                                       ArrayRef<const Lanes<T> *> operands,
                                       ArrayRef<const ErrorBound *> errors,
                                       const Lanes<T> &result) {
  ErrorBound total;
  for (unsigned i = 0; i < operands.size(); ++i) {
    if (errors[i]->empty())
      continue;
    total.resize(result.size(), 0.0);
    ErrorBound largest(result.size(), 0.0);
    for (int sign : {1, -1}) {
      Lanes<T> moved = perturb(*operands[i], *errors[i], sign);
      SmallVector<const Lanes<T> *> pointers(operands);
      pointers[i] = &moved;
      FailureOr<SmallVector<Lanes<T>>> there =
          evaluateScalarOp<T>(op, pointers, result.size());
      if (failed(there))
        continue;
      for (size_t j = 0, e = result.size(); j < e; ++j) {
        // The difference is taken in T: it may be below the last place of
        // double.
        double error;
        if (!result.isFloat())
          error = std::fabs(static_cast<double>(there->front().ints[j]) -
                            static_cast<double>(result.ints[j]));
        else if (std::isfinite(result.floats[j]) &&
                 std::isfinite(there->front().floats[j]))
          error = std::fabs(there->front().floats[j] - result.floats[j]);
        else
          error = distance(result.floats[j], there->front().floats[j]);
        largest[j] = std::max(largest[j], error);
      }
    }
    for (size_t j = 0, e = result.size(); j < e; ++j)
      total[j] += largest[j];
  }
  addUndefined(op, operands, errors, result, total);
  return total;
}

namespace mlir::norm {
template ErrorBound perturbScalarOp<double>(Operation *,
                                            ArrayRef<const Lanes<double> *>,
                                            ArrayRef<const ErrorBound *>,
                                            const Lanes<double> &);
template ErrorBound
perturbScalarOp<long double>(Operation *, ArrayRef<const Lanes<long double> *>,
                             ArrayRef<const ErrorBound *>,
                             const Lanes<long double> &);
} // namespace mlir::norm

template <typename T>
static FailureOr<Bounds> boundOnLanes(const OpErrors &op) {
  const InterpValue &result = op.results.front();
  size_t count = result.getNumElements();
  SmallVector<Lanes<T>> lanes;
  SmallVector<ErrorBound> errors;
  for (auto [operand, error] : llvm::zip(op.operands, op.errors)) {
    lanes.push_back(Lanes<T>::of(operand, operand.getElementType()));
    errors.push_back(error);
    if (lanes.back().size() == count)
      continue;
    lanes.back() = lanes.back().picked(std::vector<int64_t>(count, 0));
    if (!error.empty())
      errors.back().assign(count, error.front());
  }
  SmallVector<const Lanes<T> *> pointers;
  SmallVector<const ErrorBound *> errorPointers;
  for (unsigned i = 0; i < lanes.size(); ++i) {
    pointers.push_back(&lanes[i]);
    errorPointers.push_back(&errors[i]);
  }
  // Before it was rounded: differences are taken of unrounded values.
  FailureOr<SmallVector<Lanes<T>>> exact =
      evaluateScalarOp<T>(op.op, pointers, count);
  if (failed(exact))
    return failure();
  ErrorBound bound =
      perturbScalarOp<T>(op.op, pointers, errorPointers, exact->front());
  if (result.isFloat()) {
    bound.resize(count, 0.0);
    double epsilon = computeEpsilon(result.getElementType());
    for (size_t i = 0; i < count; ++i)
      bound[i] += ownError(op.op, epsilon, result.getFloats()[i]);
  }
  return Bounds{std::move(bound)};
}

FailureOr<Bounds> mlir::norm::boundElementwise(const OpErrors &op) {
  return needsLongDouble(op.op) ? boundOnLanes<long double>(op)
                                : boundOnLanes<double>(op);
}

//===----------------------------------------------------------------------===//
// tensor
//===----------------------------------------------------------------------===//

/// The errors of a value, as a value of f64 of its shape.
static InterpValue asValue(const ErrorBound &error, const InterpValue &value) {
  Type f64 = Float64Type::get(value.getElementType().getContext());
  std::vector<double> data = error;
  data.resize(value.getNumElements(), 0.0);
  InterpValue result =
      InterpValue::floats(f64, value.getShape(), std::move(data));
  return value.isTensor() ? result : result.asScalar();
}

FailureOr<Bounds> mlir::norm::boundMovement(const OpErrors &op) {
  if (isa<tensor::DimOp, tensor::EmptyOp, tensor::GenerateOp>(op.op) ||
      llvm::all_of(op.errors, [](const ErrorBound &e) { return e.empty(); }))
    return Bounds(op.results.size());
  if (isa<tensor::CastOp>(op.op))
    return Bounds{op.errors.front()};
  if (isa<tensor::FromElementsOp>(op.op)) {
    ErrorBound bound;
    for (const ErrorBound &error : op.errors)
      bound.push_back(errorAt(error, 0));
    return Bounds{std::move(bound)};
  }
  // Errors move as the elements do. Indices and sizes stay as they are, also
  // where they are elements of a tensor.
  InterpValues moved, zeros;
  for (auto [i, operand] : llvm::enumerate(op.operands)) {
    bool isShape = i == 1 && isa<tensor::ReshapeOp>(op.op);
    bool isData =
        operand.isFloat() || (operand.isTensor() && !isShape) ||
        (!isShape && getElementTypeOrSelf(op.op->getOperand(i).getType()) ==
                         getElementTypeOrSelf(op.op->getResult(0).getType()));
    moved.push_back(isData ? asValue(op.errors[i], operand) : operand);
    zeros.push_back(isData ? asValue({}, operand) : operand);
  }
  FailureOr<InterpValues> results = evaluateOp(op.op, moved, op.environment);
  // What a pad op puts around is exact: without errors the same is there.
  FailureOr<InterpValues> without = evaluateOp(op.op, zeros, op.environment);
  if (failed(results) || failed(without))
    return failure();
  ErrorBound bound(results->front().getNumElements());
  for (int64_t i = 0, e = bound.size(); i < e; ++i) {
    double difference =
        results->front().getElement(i) - without->front().getElement(i);
    bound[i] = std::isnan(difference) ? 0 : difference;
  }
  return Bounds{std::move(bound)};
}

//===----------------------------------------------------------------------===//
// linalg
//===----------------------------------------------------------------------===//

/// `value` with another float at each element, as f64 so that it is not
/// rounded.
template <typename Fn>
static InterpValue mapFloats(const InterpValue &value, Fn fn) {
  if (!value.isFloat())
    return value;
  std::vector<double> data(value.getFloats());
  for (size_t i = 0, e = data.size(); i < e; ++i)
    data[i] = fn(data[i], i);
  InterpValue result =
      InterpValue::floats(Float64Type::get(value.getElementType().getContext()),
                          value.getShape(), std::move(data));
  return value.isTensor() ? result : result.asScalar();
}

/// Adds what the roundings of each op of the body do to the results, which are
/// `base`: with differences in a body that is more than they do to the last op.
static LogicalResult addBodyErrors(const OpErrors &op,
                                   ArrayRef<InterpValue> operands,
                                   ArrayRef<InterpValue> base, Bounds &bounds) {
  Block *block = cast<linalg::LinalgOp>(op.op).getBlock();
  Operation *last = block->getTerminator()->getPrevNode();
  for (Operation &nested : block->without_terminator()) {
    // What is yielded has its own errors, and constants and casts have none.
    if (&nested == last || nested.getNumResults() != 1 ||
        nested.getNumOperands() == 0 ||
        isa<arith::ExtFOp, arith::NegFOp, arith::SelectOp, tensor::ExtractOp>(
            nested) ||
        !isa<FloatType>(nested.getResult(0).getType()))
      continue;
    double relative =
        ownError(&nested, computeEpsilon(nested.getResult(0).getType()), 1);
    FailureOr<InterpValues> there = evaluateOp(
        op.op, operands, op.environment.scaling(&nested, 1 + relative));
    if (failed(there))
      return failure();
    for (unsigned r = 0; r < bounds.size(); ++r)
      for (size_t j = 0, e = bounds[r].size(); j < e; ++j) {
        double error =
            distance(base[r].getElement(j), (*there)[r].getElement(j));
        if (std::isfinite(error))
          bounds[r][j] += error;
      }
  }
  return success();
}

/// Elementwise: the whole op at both ends of each operand's errors.
static FailureOr<Bounds> boundElementwiseLinalg(const OpErrors &op,
                                                unsigned numOps) {
  auto same = [](double x, size_t) { return x; };
  InterpValues exact;
  for (const InterpValue &operand : op.operands)
    exact.push_back(mapFloats(operand, same));
  FailureOr<InterpValues> base = evaluateOp(op.op, exact, op.environment);
  if (failed(base))
    return failure();
  Bounds bounds;
  for (const InterpValue &result : op.results)
    bounds.emplace_back(result.getNumElements(), 0.0);
  for (unsigned i = 0; i < op.operands.size(); ++i) {
    if (op.errors[i].empty() || !op.operands[i].isFloat())
      continue;
    Bounds largest = bounds;
    for (ErrorBound &bound : largest)
      std::fill(bound.begin(), bound.end(), 0.0);
    for (int sign : {1, -1}) {
      InterpValues moved = exact;
      moved[i] = mapFloats(op.operands[i], [&](double x, size_t j) {
        return x + sign * op.errors[i][j];
      });
      FailureOr<InterpValues> there = evaluateOp(op.op, moved, op.environment);
      if (failed(there))
        return failure();
      for (unsigned r = 0; r < bounds.size(); ++r)
        for (size_t j = 0, e = bounds[r].size(); j < e; ++j)
          largest[r][j] =
              std::max(largest[r][j], distance((*base)[r].getElement(j),
                                               (*there)[r].getElement(j)));
    }
    for (unsigned r = 0; r < bounds.size(); ++r)
      for (size_t j = 0, e = bounds[r].size(); j < e; ++j)
        bounds[r][j] += largest[r][j];
  }
  if (failed(addBodyErrors(op, exact, *base, bounds)))
    return failure();
  for (auto [bound, result] : llvm::zip(bounds, op.results))
    if (result.isFloat())
      for (auto [j, error] : llvm::enumerate(bound))
        if (std::isfinite(result.getFloats()[j]))
          error += numOps * computeEpsilon(result.getElementType()) *
                   std::fabs(result.getFloats()[j]);
  return bounds;
}

FailureOr<Bounds> mlir::norm::boundLinalg(const OpErrors &op) {
  auto linalgOp = cast<linalg::LinalgOp>(op.op);
  unsigned numOps = linalgOp.getBlock()->getOperations().size() - 1;
  if (linalgOp.getNumReductionLoops() == 0)
    return boundElementwiseLinalg(op, numOps);

  // Like a linear layer: of sums of products the op itself, on absolute values,
  // is the sum of the absolute values.
  SmallVector<int64_t> extents;
  for (const InterpValue &operand : op.operands)
    llvm::append_range(extents, operand.getShape());
  SmallVector<int64_t> sizes = linalgOp.getShapesToLoopsMap().compose(extents);
  double length = 1;
  for (auto [d, type] : llvm::enumerate(linalgOp.getIteratorTypesArray()))
    if (type == utils::IteratorType::reduction)
      length *= sizes[d];

  // What maxima begin with is infinite, and no size that errors depend on.
  auto absolute = [](double x, size_t) {
    return std::isfinite(x) ? std::fabs(x) : 0;
  };
  InterpValues sizesOf;
  for (const InterpValue &operand : op.operands)
    sizesOf.push_back(mapFloats(operand, absolute));
  Bounds bounds;
  for (const InterpValue &result : op.results)
    bounds.emplace_back(result.isFloat() ? result.getNumElements() : 0, 0.0);
  auto accumulate = [&](ArrayRef<InterpValue> operands, double factor) {
    FailureOr<InterpValues> sums = evaluateOp(op.op, operands, op.environment);
    if (failed(sums))
      return failure();
    for (unsigned r = 0; r < bounds.size(); ++r)
      for (size_t j = 0, e = bounds[r].size(); j < e; ++j)
        if (std::isfinite((*sums)[r].getElement(j)))
          bounds[r][j] += factor * std::fabs((*sums)[r].getElement(j));
    return success();
  };
  // The errors of summands partly cancel; a maximum has that of one element.
  Operation *combiner =
      linalgOp.getBlock()->getTerminator()->getOperand(0).getDefiningOp();
  bool isSum = isa_and_nonnull<arith::AddFOp>(combiner);
  bool isExtremum =
      isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp,
                      arith::MinNumFOp>(combiner);
  double epsilon = computeEpsilon(op.results.front().getElementType());
  if (failed(accumulate(sizesOf, epsilon * std::sqrt(std::max(1.0, length)))))
    return failure();
  for (unsigned i = 0; i < op.operands.size(); ++i) {
    if (op.errors[i].empty())
      continue;
    // What is combined with what the errors go through adds nothing to them.
    auto isInit = [&](unsigned j) { return j >= linalgOp.getNumDpsInputs(); };
    InterpValues moved = sizesOf;
    for (unsigned j = 0; j < moved.size(); ++j)
      if ((isSum || isExtremum) && isInit(j) != isInit(i))
        moved[j] = mapFloats(moved[j], [](double, size_t) { return 0.0; });
    moved[i] = mapFloats(op.operands[i],
                         [&](double, size_t j) { return op.errors[i][j]; });
    double factor =
        isSum ? std::min(1.0, 4 / std::sqrt(std::max(1.0, length))) : 1;
    if (failed(accumulate(moved, factor)))
      return failure();
  }
  return bounds;
}
