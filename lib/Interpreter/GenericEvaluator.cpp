//===- GenericEvaluator.cpp - Row programs, one body value at a time ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericEvaluator.h"

using namespace mlir;
using namespace mlir::norm;

/// Elements of the iteration space that are evaluated at once.
static constexpr int64_t kWindowElements = int64_t(1) << 18;

template <typename T> LogicalResult GenericEvaluator<T>::inferSizes() {
  sizes.assign(op.getNumLoops(), -1);
  for (auto [i, operand] : llvm::enumerate(operands))
    for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
      int64_t size = operand.getShape()[position];
      if (sizes[dim] >= 0 && sizes[dim] != size)
        return op.emitError("dim ")
               << dim << " has size " << sizes[dim] << " but operand " << i
               << " has " << size << " there";
      sizes[dim] = size;
    }
  return success();
}

/// The largest dim that no op of the body looks along; -1 if there is none.
template <typename T>
void GenericEvaluator<T>::chooseWindowDim(int64_t &windowSize) {
  int64_t total = countElements(sizes);
  for (unsigned d = 0; d < sizes.size(); ++d)
    if (!op.isReductionDim(d) && (windowDim < 0 || sizes[d] > sizes[windowDim]))
      windowDim = d;
  if (windowDim < 0)
    return;
  int64_t perStep =
      std::max<int64_t>(1, total / std::max<int64_t>(1, sizes[windowDim]));
  windowSize = std::max<int64_t>(1, kWindowElements / perStep);
}

template <typename T> int64_t GenericEvaluator<T>::count(const Dims &dims) {
  int64_t result = 1;
  for (unsigned d : dims.set_bits())
    result *= windowSizes[d];
  return result;
}

template <typename T>
std::vector<int64_t> GenericEvaluator<T>::operandIndices(unsigned i,
                                                         const Dims &dims) {
  SmallVector<int64_t> strides = rowMajorStrides(operands[i].getShape());
  SmallVector<int64_t> strideOf(sizes.size(), 0);
  int64_t base = 0;
  for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
    strideOf[dim] = strides[position];
    if (static_cast<int>(dim) == windowDim)
      base = windowBegin * strides[position];
  }
  SmallVector<int64_t> loopSizes, loopStrides;
  for (unsigned d : dims.set_bits()) {
    loopSizes.push_back(windowSizes[d]);
    loopStrides.push_back(strideOf[d]);
  }
  return stridedIndices(loopSizes, loopStrides, base);
}

template <typename T>
Lanes<T> GenericEvaluator<T>::broadcast(const Lanes<T> &lanes, const Dims &from,
                                        const Dims &to) {
  if (from == to)
    return lanes;
  SmallVector<int64_t> fromSizes, toSizes, toStrides;
  for (unsigned d : from.set_bits())
    fromSizes.push_back(windowSizes[d]);
  SmallVector<int64_t> fromStrides = rowMajorStrides(fromSizes);
  unsigned position = 0;
  for (unsigned d : to.set_bits()) {
    toSizes.push_back(windowSizes[d]);
    toStrides.push_back(from.test(d) ? fromStrides[position++] : 0);
  }
  return lanes.picked(stridedIndices(toSizes, toStrides));
}

template <typename T>
std::pair<Lanes<T>, int64_t> GenericEvaluator<T>::asRows(const Lanes<T> &lanes,
                                                         const Dims &from,
                                                         const Dims &reduced) {
  SmallVector<int64_t> fromSizes;
  for (unsigned d : from.set_bits())
    fromSizes.push_back(windowSizes[d]);
  SmallVector<int64_t> strides = rowMajorStrides(fromSizes);
  SmallVector<int64_t> outerSizes, outerStrides, innerSizes, innerStrides;
  unsigned position = 0;
  for (unsigned d : from.set_bits()) {
    (reduced.test(d) ? innerSizes : outerSizes).push_back(windowSizes[d]);
    (reduced.test(d) ? innerStrides : outerStrides)
        .push_back(strides[position++]);
  }
  int64_t length = countElements(innerSizes);
  outerSizes.append(innerSizes);
  outerStrides.append(innerStrides);
  return {lanes.picked(stridedIndices(outerSizes, outerStrides)), length};
}

template <typename T> const Lanes<T> *GenericEvaluator<T>::get(Value value) {
  auto it = values.find(value);
  if (it != values.end())
    return it->second.get();
  const InterpValue *captured = environment(value);
  if (!captured || captured->isTensor()) {
    op.emitError("captures a value that the interpreter does not have");
    return nullptr;
  }
  set(value, Lanes<T>::of(*captured, value.getType()));
  return values[value].get();
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

template <typename T>
LogicalResult GenericEvaluator<T>::evaluate(Operation *nested) {
  if (auto reduceOp = dyn_cast<ReduceOp>(nested))
    return reduce(reduceOp);
  if (auto centerOp = dyn_cast<CenterOp>(nested))
    return center(centerOp);
  if (auto extent = dyn_cast<ExtentOp>(nested)) {
    int64_t product = 1;
    for (int64_t dim : extent.getDims())
      product *= sizes[dim];
    Lanes<T> lanes = Lanes<T>::ofType(extent.getType(), 1);
    if (lanes.isFloat())
      lanes.floats[0] = product;
    else
      lanes.ints[0] = wrapInt(extent.getType(), product);
    set(extent.getResult(), std::move(lanes));
    return success();
  }
  if (auto index = dyn_cast<IndexOp>(nested)) {
    int dim = index.getDim();
    Lanes<T> lanes = Lanes<T>::ofType(index.getType(), windowSizes[dim]);
    int64_t begin = dim == windowDim ? windowBegin : 0;
    for (int64_t i = 0; i < windowSizes[dim]; ++i)
      lanes.ints[i] = begin + i;
    set(index.getResult(), std::move(lanes));
    return success();
  }

  if (nested->getNumResults() != 1)
    return nested->emitError("the interpreter does not know '")
           << nested->getName() << "' in a norm.generic";
  const Dims &dims = varying.get(nested->getResult(0));
  SmallVector<Lanes<T>> spread;
  spread.reserve(nested->getNumOperands());
  SmallVector<const Lanes<T> *> pointers;
  for (Value operand : nested->getOperands()) {
    const Lanes<T> *value = get(operand);
    if (!value)
      return failure();
    if (varying.get(operand) != dims) {
      spread.push_back(broadcast(*value, varying.get(operand), dims));
      value = &spread.back();
    }
    pointers.push_back(value);
  }
  FailureOr<SmallVector<Lanes<T>>> results =
      evaluateScalarOp<T>(nested, pointers, count(dims));
  if (failed(results))
    return nested->emitError("the interpreter does not know '")
           << nested->getName() << "' in a norm.generic";
  set(nested->getResult(0), std::move(results->front()));
  return success();
}

template <typename T> void GenericEvaluator<T>::dropUnused(Operation *nested) {
  for (Value operand : nested->getOperands())
    if (--remainingUses[operand] == 0)
      values.erase(operand);
}

template <typename T>
LogicalResult
GenericEvaluator<T>::runWindow(MutableArrayRef<Lanes<T>> outputs) {
  values.clear();
  remainingUses.clear();
  Block *body = op.getBodyBlock();
  for (Operation &nested : *body)
    for (Value operand : nested.getOperands())
      ++remainingUses[operand];

  if (failed(beforeWindow()))
    return failure();
  for (BlockArgument argument : body->getArguments()) {
    unsigned i = argument.getArgNumber();
    set(argument, Lanes<T>::gather(operands[i], argument.getType(),
                                   operandIndices(i, varying.get(argument))));
  }
  for (Operation &nested : body->without_terminator()) {
    if (failed(evaluate(&nested)) || failed(afterOp(&nested)))
      return failure();
    dropUnused(&nested);
  }

  for (auto [i, yielded] : llvm::enumerate(op.getYield().getValues())) {
    unsigned operand = op.getInputs().size() + i;
    Dims dims(sizes.size());
    for (unsigned dim : op.getOperandDims(operand))
      dims.set(dim);
    const Lanes<T> *value = get(yielded);
    if (!value)
      return failure();
    Lanes<T> spread = broadcast(*value, varying.get(yielded), dims);
    for (auto [j, index] : llvm::enumerate(operandIndices(operand, dims))) {
      if (spread.isFloat())
        outputs[i].floats[index] = spread.floats[j];
      else
        outputs[i].ints[index] = spread.ints[j];
    }
  }
  return afterWindow();
}

template <typename T> FailureOr<InterpValues> GenericEvaluator<T>::run() {
  if (failed(inferSizes()))
    return failure();
  ArrayRef<InterpValue> inits = operands.drop_front(op.getInputs().size());
  SmallVector<Lanes<T>> outputs;
  for (const InterpValue &init : inits)
    outputs.push_back(
        Lanes<T>::ofType(init.getElementType(), init.getNumElements()));

  windowSizes = sizes;
  int64_t windowSize = 1;
  chooseWindowDim(windowSize);
  int64_t size = windowDim < 0 ? 1 : sizes[windowDim];
  // Once at least: an output may lack the dim that has no elements.
  do {
    if (windowDim >= 0)
      windowSizes[windowDim] = std::min(windowSize, size - windowBegin);
    if (failed(runWindow(outputs)))
      return failure();
    windowBegin += windowSize;
  } while (windowBegin < size);

  InterpValues results;
  for (auto [init, output] : llvm::zip(inits, outputs))
    results.push_back(output.toTensor(init.getElementType(), init.getShape()));
  return results;
}

namespace mlir::norm {
template class GenericEvaluator<double>;
template class GenericEvaluator<long double>;
} // namespace mlir::norm

FailureOr<InterpValues>
mlir::norm::evaluateGeneric(GenericOp op, ArrayRef<InterpValue> operands,
                            Environment environment) {
  if (op.hasBufferSemantics())
    return op.emitError("the interpreter runs norm.generic on tensors only");
  // Of an input that the body does not use only the sizes matter.
  for (auto [i, argument] : llvm::enumerate(op.getBodyBlock()->getArguments()))
    if (!argument.use_empty() && !operands[i].isInitialized())
      return op->emitError("reads uninitialised elements of operand ") << i;
  if (needsLongDouble(op))
    return GenericEvaluator<long double>(op, operands, environment).run();
  return GenericEvaluator<double>(op, operands, environment).run();
}
