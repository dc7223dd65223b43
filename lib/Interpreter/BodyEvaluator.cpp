//===- BodyEvaluator.cpp - Blocks of scalar ops ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyEvaluator.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;

template <typename T>
const Lanes<T> *BodyEvaluator<T>::get(Operation *user, Value value,
                                      size_t count) {
  auto it = values.find(value);
  if (it != values.end())
    return it->second.get();
  const InterpValue *captured = environment(value);
  if (!captured || captured->isTensor()) {
    user->emitError("uses a value that the interpreter does not have");
    return nullptr;
  }
  auto &slot = values[value];
  slot =
      std::make_unique<Lanes<T>>(Lanes<T>::of(*captured, value.getType())
                                     .picked(std::vector<int64_t>(count, 0)));
  return slot.get();
}

/// `tensor.extract` from a captured tensor.
template <typename T>
FailureOr<Lanes<T>> BodyEvaluator<T>::extract(Operation *op, size_t count) {
  auto extract = cast<tensor::ExtractOp>(op);
  const InterpValue *tensor = environment(extract.getTensor());
  if (!tensor || failed(requireInitialized(op, *tensor)))
    return op->emitError("reads a tensor that the interpreter does not have");
  std::vector<int64_t> indices(count, 0);
  SmallVector<int64_t> strides = rowMajorStrides(tensor->getShape());
  for (auto [d, index] : llvm::enumerate(extract.getIndices())) {
    const Lanes<T> *lanes = get(op, index, count);
    if (!lanes)
      return failure();
    for (size_t i = 0; i < count; ++i) {
      if (lanes->ints[i] < 0 || lanes->ints[i] >= tensor->getShape()[d])
        return op->emitError("index ")
               << lanes->ints[i] << " is out of bounds of "
               << tensor->getType();
      indices[i] += lanes->ints[i] * strides[d];
    }
  }
  return Lanes<T>::gather(*tensor, extract.getType(), indices);
}

template <typename T>
FailureOr<SmallVector<Lanes<T>>>
BodyEvaluator<T>::run(ArrayRef<Lanes<T>> arguments, size_t count,
                      ArrayRef<std::vector<int64_t>> indices) {
  values.clear();
  for (auto [argument, lanes] : llvm::zip(block.getArguments(), arguments))
    values[argument] = std::make_unique<Lanes<T>>(lanes);

  for (Operation &op : block.without_terminator()) {
    if (isa<tensor::ExtractOp>(op)) {
      FailureOr<Lanes<T>> lanes = extract(&op, count);
      if (failed(lanes))
        return failure();
      values[op.getResult(0)] = std::make_unique<Lanes<T>>(std::move(*lanes));
      continue;
    }
    if (auto index = dyn_cast<linalg::IndexOp>(op)) {
      values[index.getResult()] = std::make_unique<Lanes<T>>(
          Lanes<T>{index.getType(), {}, indices[index.getDim()]});
      continue;
    }
    SmallVector<const Lanes<T> *> operands;
    for (Value operand : op.getOperands()) {
      operands.push_back(get(&op, operand, count));
      if (!operands.back())
        return failure();
    }
    if (auto assertion = dyn_cast<cf::AssertOp>(op)) {
      if (environment.checks() && llvm::is_contained(operands[0]->ints, 0))
        return assertion.emitError("does not hold: ") << assertion.getMsg();
      continue;
    }
    FailureOr<SmallVector<Lanes<T>>> results =
        evaluateScalarOp<T>(&op, operands, count);
    if (failed(results))
      return op.emitError("the interpreter does not know '")
             << op.getName() << "' in a body";
    if (double factor = environment.getFactor(&op); factor != 1)
      for (T &number : results->front().floats)
        number *= factor;
    values[op.getResult(0)] =
        std::make_unique<Lanes<T>>(std::move(results->front()));
  }

  Operation *terminator = block.getTerminator();
  SmallVector<Lanes<T>> yielded;
  for (Value operand : terminator->getOperands()) {
    const Lanes<T> *lanes = get(terminator, operand, count);
    if (!lanes)
      return failure();
    yielded.push_back(*lanes);
  }
  return yielded;
}

namespace mlir::norm {
template class BodyEvaluator<double>;
template class BodyEvaluator<long double>;
} // namespace mlir::norm
