//===- LinearConstants.cpp - Other constants for linear layers ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LinearConstants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm;

FailureOr<LinearConstants> LinearConstants::match(LinearOp op, bool relaxed,
                                                  std::string &reason) {
  auto fail = [&](const char *why) {
    reason = why;
    return failure();
  };
  std::optional<ConstantFloats> weight = ConstantFloats::match(op.getWeight());
  if (!weight)
    return fail("the weight of the linear layer is no constant");
  if (!relaxed && weight->getType().getElementTypeBitWidth() < 32)
    return fail("the weight of the linear layer has 16 bits and would be "
                "rounded anew");
  LinearConstants result(op, *weight);
  bool outIn = op.getLayout() == WeightLayout::OutIn;
  result.out = weight->getType().getDimSize(outIn ? 0 : 1);
  result.in = weight->getType().getDimSize(outIn ? 1 : 0);
  if (op.getBias()) {
    result.bias = ConstantFloats::match(op.getBias());
    if (!result.bias)
      return fail("the bias of the linear layer is no constant");
    if (result.bias->size() != result.out)
      return fail("the bias of the linear layer has another size than its "
                  "output");
  }
  if (!weight->areFinite())
    return fail("the weight of the linear layer has elements that are not "
                "finite");
  return result;
}

void LinearConstants::forEachWeight(
    function_ref<void(int64_t, int64_t, double)> function) {
  bool outIn = op.getLayout() == WeightLayout::OutIn;
  int64_t major = outIn ? out : in, minor = outIn ? in : out;
  for (int64_t i = 0; i < major; ++i)
    for (int64_t j = 0; j < minor; ++j)
      function(outIn ? i : j, outIn ? j : i, weight[i * minor + j]);
}

LogicalResult LinearConstants::computeWeight(
    function_ref<long double(int64_t, int64_t, double)> function, bool anyInput,
    std::string &reason) {
  newWeight.emplace(weight.getType());
  auto type = cast<FloatType>(weight.getType().getElementType());
  double smallest = APFloat::getSmallestNormalized(type.getFloatSemantics())
                        .convertToDouble();
  std::vector<double> largest(out, 0.0);
  std::vector<bool> loses(out, false);
  bool overflows = false;
  int64_t place = 0;
  forEachWeight([&](int64_t o, int64_t k, double w) {
    long double exact = function(o, k, w);
    double rounded = newWeight->set(place++, exact);
    overflows |= !std::isfinite(rounded);
    largest[o] = std::max(largest[o], std::fabs(rounded));
    if (rounded != exact && std::fabs(rounded) <= smallest)
      loses[o] = true;
  });
  if (overflows) {
    reason = "a weight would overflow";
    return failure();
  }
  // Below the smallest normal number a rounding adds up to u times that number.
  // Normalized values are at most K in sum: an output is off by no more than 4
  // u times its largest weight. The table has 64 u for that weight in f32.
  for (int64_t o = 0; o < out; ++o)
    if (loses[o] &&
        (anyInput || largest[o] < static_cast<double>(in) * smallest / 4)) {
      reason = "weights would fall below the smallest normal number";
      return failure();
    }
  return success();
}

LogicalResult
LinearConstants::computeBias(function_ref<long double(int64_t)> function,
                             std::string &reason) {
  Type type = getAccumulationType(weight.getType().getElementType(), {});
  if (bias && holdsExactly(bias->getType().getElementType(), type))
    type = bias->getType().getElementType();
  newBias.emplace(RankedTensorType::get({out}, type));
  for (int64_t o = 0; o < out; ++o) {
    double rounded = newBias->set(o, function(o));
    if (!std::isfinite(rounded) && std::isfinite(getBias(o))) {
      reason = "the bias would overflow";
      return failure();
    }
  }
  return success();
}

void LinearConstants::apply() {
  OpBuilder builder(op);
  auto makeConstant = [&](const NewFloats &floats) -> Value {
    return arith::ConstantOp::create(builder, op.getLoc(), floats.getAttr());
  };
  if (newWeight)
    op.getWeightMutable().assign(makeConstant(*newWeight));
  if (newBias)
    op.getBiasMutable().assign(makeConstant(*newBias));
}

bool mlir::norm::isViewOfRows(Operation *op) {
  if (isa<tensor::CastOp>(op))
    return true;
  SmallVector<ReassociationIndices> groups;
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    groups = expand.getReassociationIndices();
  else if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
    groups = collapse.getReassociationIndices();
  return !groups.empty() && groups.back().size() == 1;
}

LogicalResult mlir::norm::findLinearUsers(Value value,
                                          SmallVectorImpl<LinearOp> &linears,
                                          std::string &reason) {
  LogicalResult result = success();
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isViewOfRows(user)) {
      if (failed(findLinearUsers(user->getResult(0), linears, reason)))
        result = failure();
      continue;
    }
    auto linear = dyn_cast<LinearOp>(user);
    if (linear && &use == &linear.getInputMutable()) {
      linears.push_back(linear);
      continue;
    }
    reason =
        ("its result goes to '" + user->getName().getStringRef() + "', too")
            .str();
    result = failure();
  }
  return result;
}

LogicalResult mlir::norm::checkWeightsUnshared(ArrayRef<LinearOp> linears,
                                               std::string &reason) {
  for (LinearOp linear : linears)
    for (OpOperand &use : linear.getWeight().getUses()) {
      auto other = dyn_cast<LinearOp>(use.getOwner());
      if (other && &use == &other.getWeightMutable() &&
          llvm::is_contained(linears, other))
        continue;
      reason = ("the weight of the linear layer goes to '" +
                use.getOwner()->getName().getStringRef() + "', too")
                   .str();
      return failure();
    }
  return success();
}

void mlir::norm::remarkDone(Operation *op, StringRef pass, const Twine &what) {
  remark::passed(op->getLoc(), remark::RemarkOpts::name("Done").category(pass))
      << what.str();
}

void mlir::norm::remarkNotDone(Operation *op, StringRef pass,
                               const Twine &reason) {
  remark::missed(op->getLoc(),
                 remark::RemarkOpts::name("NotDone").category(pass))
      << "not done: " + reason.str();
}
