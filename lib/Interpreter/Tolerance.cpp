//===- Tolerance.cpp - How far a kernel may be from the reference ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Tolerance.h"

#include "ToleranceRules.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

double mlir::norm::computeEpsilon(Type type) {
  return std::ldexp(1.0, getElementTypeOrSelf(type).isF64() ? -52 : -23);
}

double mlir::norm::sumUnits(int64_t count) {
  if (count <= 8192)
    return 8;
  if (count <= 65536)
    return 20;
  return 20 * std::sqrt(count / 65536.0);
}

double mlir::norm::distance(double base, double perturbed) {
  if (!std::isfinite(base))
    return std::isfinite(perturbed) ? INFINITY : 0;
  if (std::isnan(perturbed))
    return INFINITY;
  return std::fabs(perturbed - base);
}

double mlir::norm::ownError(Operation *op, double epsilon, double value) {
  double size = std::isfinite(value) ? std::fabs(value) : 0;
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::DivFOp,
          math::SqrtOp, math::FmaOp>(op))
    return epsilon * size;
  if (isa<math::SinOp, math::CosOp>(op))
    return 4 * epsilon * std::max(size, 0.25);
  bool isExact =
      isa<arith::ArithDialect>(op->getDialect()) ||
      isa<math::AbsFOp, math::AbsIOp, math::FloorOp, math::CeilOp,
          math::RoundOp, math::RoundEvenOp, math::TruncOp, math::CopySignOp,
          math::ClampFOp, math::IsNaNOp, math::IsInfOp, math::IsFiniteOp>(op);
  return isExact ? 0 : 4 * epsilon * size;
}

//===----------------------------------------------------------------------===//
// Storing a result
//===----------------------------------------------------------------------===//

/// A result of 16 or 8 bits: one ulp at max(|y|, rms / 64) of its last dim; in
/// bf16 what is not normal may be zero.
static void addStorageRounding(const InterpValue &result, ErrorBound &bound) {
  auto type = dyn_cast<FloatType>(result.getElementType());
  if (!type || type.getWidth() >= 32)
    return;
  ArrayRef<double> data = result.getFloats();
  bound.resize(data.size(), 0.0);
  size_t row = result.getRank() == 0 ? 1 : result.getShape().back();
  for (size_t begin = 0; begin < data.size(); begin += row) {
    double squares = 0;
    for (double value : data.slice(begin, row))
      squares += std::isfinite(value) ? value * value : 0;
    double floor = std::sqrt(squares / row) / 64;
    for (size_t i = begin; i < begin + row; ++i) {
      double size = std::fabs(data[i]);
      if (!std::isfinite(size))
        continue;
      bound[i] += ulp(type, std::max(size, floor));
      // What is near the smallest normal may fall below it.
      if (type.isBF16() && size < 2 * kSmallestNormalBF16)
        bound[i] += std::min(size, kSmallestNormalBF16);
    }
  }
}

//===----------------------------------------------------------------------===//
// Following an interpretation
//===----------------------------------------------------------------------===//

const ErrorBound &Tolerance::get(Value value) const {
  static const ErrorBound exact;
  auto it = bounds.find(value);
  return it == bounds.end() ? exact : it->second;
}

void Tolerance::onTransfer(ValueRange from, ValueRange to) {
  // Through a copy: a loop may swap its values.
  SmallVector<ErrorBound> passed;
  for (Value value : from)
    passed.push_back(get(value));
  for (auto [value, bound] : llvm::zip(to, passed))
    bounds[value] = std::move(bound);
}

LogicalResult
Tolerance::afterOp(Operation *op, ArrayRef<InterpValue> operands,
                   ArrayRef<InterpValue> results,
                   function_ref<const InterpValue *(Value)> lookup) {
  // What these return was passed on.
  if (isa<scf::ForOp, scf::IfOp, scf::IndexSwitchOp, scf::ExecuteRegionOp,
          func::CallOp>(op))
    return success();
  SmallVector<ErrorBound> errors;
  for (Value operand : op->getOperands())
    errors.push_back(get(operand));
  OpErrors known{op, operands, errors, results,
                 Environment(lookup, /*checksAssertions=*/false)};

  FailureOr<Bounds> found = Bounds(results.size());
  bool moves = false;
  if (isa<GenericOp>(op)) {
    found = boundGeneric(known);
  } else if (isa<NormDialect>(op->getDialect())) {
    found = boundNorm(known);
  } else if (isa<tensor::TensorDialect>(op->getDialect()) ||
             isa<linalg::PackOp, linalg::UnPackOp>(op)) {
    moves = true;
    found = boundMovement(known);
  } else if (isa<linalg::SoftmaxOp>(op)) {
    found = boundSoftmax(known);
  } else if (isa<linalg::LinalgOp>(op)) {
    found = boundLinalg(known);
  } else if (!operands.empty() &&
             isa<arith::ArithDialect, math::MathDialect>(op->getDialect())) {
    found = boundElementwise(known);
  }
  if (failed(found))
    return failure();
  for (auto [result, value, bound] :
       llvm::zip(op->getResults(), results, *found)) {
    if (!moves && !operands.empty())
      addStorageRounding(value, bound);
    if (llvm::all_of(bound, [](double error) { return error == 0; }))
      bound.clear();
    bounds[result] = std::move(bound);
  }
  return success();
}

FailureOr<Reference>
mlir::norm::interpretWithBounds(func::FuncOp function,
                                ArrayRef<InterpValue> arguments) {
  Tolerance tolerance;
  FailureOr<SmallVector<InterpValue>> results =
      interpret(function, arguments, &tolerance);
  if (failed(results))
    return failure();
  Reference reference{*results, {}};
  for (Value value : function.getBody().front().getTerminator()->getOperands())
    reference.bounds.push_back(tolerance.get(value));
  return reference;
}
