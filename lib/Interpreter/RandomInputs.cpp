//===- RandomInputs.cpp - Reproducible arguments --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/RandomInputs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Interpreter/Numerics.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace mlir::norm;

namespace {

/// Numbers that are the same with every standard library: the engine is
/// specified to the bit, the library's distributions are not.
class Generator {
public:
  Generator(uint64_t seed, uint64_t stream)
      : engine(seed * 0x9E3779B97F4A7C15ULL + stream + 1) {}

  /// In [0, 1).
  double uniform() {
    return std::ldexp(static_cast<double>(engine() >> 11), -53);
  }
  /// Standard normal, by Box and Muller.
  double normal() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double radius = std::sqrt(-2 * std::log1p(-uniform()));
    double angle = 2 * M_PI * uniform();
    spare = radius * std::sin(angle);
    hasSpare = true;
    return radius * std::cos(angle);
  }

private:
  std::mt19937_64 engine;
  double spare = 0;
  bool hasSpare = false;
};

/// Whether a square root or a logarithm of `value` is taken, perhaps after
/// something positive was added.
bool needsPositive(Value value, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 8;
  if (depth > kMaxDepth)
    return false;
  return llvm::any_of(value.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto batchNorm = dyn_cast<BatchNormOp>(user))
      return batchNorm.getVariance() == value;
    if (isa<math::SqrtOp, math::RsqrtOp, math::LogOp, math::Log2Op,
            math::Log10Op>(user))
      return true;
    if (isa<GenericOp, linalg::GenericOp>(user)) {
      Block &body = user->getRegion(0).front();
      unsigned operand = use.getOperandNumber();
      return operand < body.getNumArguments() &&
             needsPositive(body.getArgument(operand), depth + 1);
    }
    if (isa<arith::AddFOp>(user)) {
      Value other = user->getOperand(1 - use.getOperandNumber());
      return matchPattern(other, m_Constant()) &&
             needsPositive(user->getResult(0), depth + 1);
    }
    if (isa<arith::ExtFOp, arith::TruncFOp, tensor::CastOp,
            tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user))
      return needsPositive(user->getResult(0), depth + 1);
    return false;
  });
}

} // namespace

ArgumentRole mlir::norm::getArgumentRole(Value argument) {
  if (needsPositive(argument))
    return ArgumentRole::Positive;
  for (Operation *user : argument.getUsers()) {
    if (auto linear = dyn_cast<LinearOp>(user))
      if (linear.getWeight() == argument)
        return ArgumentRole::Weight;
    if (auto linear = dyn_cast<PackedLinearOp>(user))
      if (linear.getWeight() == argument)
        return ArgumentRole::Weight;
    auto isScaleOf = [&](auto op) { return op && op.getScale() == argument; };
    if (isScaleOf(dyn_cast<LayerNormOp>(user)) ||
        isScaleOf(dyn_cast<RmsNormOp>(user)) ||
        isScaleOf(dyn_cast<GroupNormOp>(user)) ||
        isScaleOf(dyn_cast<InstanceNormOp>(user)) ||
        isScaleOf(dyn_cast<BatchNormOp>(user)) ||
        isScaleOf(dyn_cast<BatchNormTrainingOp>(user)))
      return ArgumentRole::Scale;
  }
  return ArgumentRole::Data;
}

/// One float for each element of `shape`.
static std::vector<double> randomFloats(ArrayRef<int64_t> shape,
                                        ArgumentRole role, Generator &generator,
                                        const RandomOptions &options) {
  std::vector<double> data(countElements(shape));
  int64_t rowLength = shape.empty() ? 1 : std::max<int64_t>(1, shape.back());
  double offset = 0;
  for (int64_t i = 0, e = data.size(); i < e; ++i) {
    if (i % rowLength == 0)
      offset = options.rowOffset * generator.normal();
    switch (role) {
    case ArgumentRole::Data:
      data[i] = options.mean + options.stddev * (generator.normal() + offset);
      break;
    case ArgumentRole::Scale:
      data[i] = 1 + 0.5 * generator.normal();
      break;
    case ArgumentRole::Weight:
      data[i] = generator.normal() / std::sqrt(static_cast<double>(rowLength));
      break;
    case ArgumentRole::Positive:
      data[i] = 0.25 + 1.75 * generator.uniform();
      break;
    }
  }
  return data;
}

InterpValue mlir::norm::makeRandom(Type elementType, ArrayRef<int64_t> shape,
                                   bool isTensor, ArgumentRole role,
                                   unsigned index,
                                   const RandomOptions &options) {
  Generator generator(options.seed, index);
  InterpValue value;
  if (isa<FloatType>(elementType)) {
    value = InterpValue::floats(elementType, shape,
                                randomFloats(shape, role, generator, options));
  } else {
    std::vector<int64_t> data(countElements(shape));
    for (int64_t &element : data) {
      double uniform = generator.uniform();
      if (isa<IndexType>(elementType))
        element = static_cast<int64_t>(uniform * 4);
      else if (elementType.getIntOrFloatBitWidth() < 8)
        element = static_cast<int64_t>(uniform * 256);
      else
        element = static_cast<int64_t>(uniform * 201) - 100;
    }
    value = InterpValue::ints(elementType, shape, std::move(data));
  }
  return isTensor ? value : value.asScalar();
}

FailureOr<SmallVector<InterpValue>> mlir::norm::makeRandomArguments(
    func::FuncOp function,
    function_ref<int64_t(unsigned, unsigned)> dynamicSize,
    const RandomOptions &options) {
  SmallVector<InterpValue> arguments;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    Type elementType = tensor ? tensor.getElementType() : type;
    if (!isInterpretable(elementType))
      return function.emitError("argument ")
             << i << " has type " << type << ", which the interpreter lacks";
    SmallVector<int64_t> shape;
    if (tensor)
      llvm::append_range(shape, tensor.getShape());
    for (auto [dim, size] : llvm::enumerate(shape))
      if (ShapedType::isDynamic(size))
        size = dynamicSize(i, dim);
    ArgumentRole role = function.isExternal()
                            ? ArgumentRole::Data
                            : getArgumentRole(function.getArgument(i));
    arguments.push_back(
        makeRandom(elementType, shape, tensor != nullptr, role, i, options));
  }
  return arguments;
}
