//===- DeferNormalization.cpp - Normalize what a linear layer gives -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// W ((x - mean) * rstd) + b = rstd * (W x - mean * c) + b, where c[o] is the
// sum of W[o, k] over k. It must be the sum of the weights as they are
// multiplied, after all rounding: the error of another one is multiplied by the
// mean.
//
// W x and mean * c cancel. Both have errors of about u |mean| sum |w|, so that
// the error grows like |mean| / std, where that of the norm before the layer
// does not. Without a mean nothing cancels.
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "LinearConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include <cmath>

namespace mlir::norm {
#define GEN_PASS_DEF_DEFERNORMALIZATION
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static constexpr StringLiteral kPassName = "norm-defer-normalization";

/// The element type of a tensor.
static FloatType elementOf(Value value) {
  return cast<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// The wider of two types.
static FloatType wider(FloatType a, FloatType b) {
  return holdsExactly(a, b) ? a : b;
}

namespace {

/// The statistics of a normalization and a linear layer on its result.
struct Deferred {
  LinearOp linear;
  Value rstd;
  /// Null if no mean is taken; else it is there with the sums of the weights.
  Value mean;
  ElementsAttr columnSums;

  /// Makes the layer on `x` and what normalizes its result, which replace
  /// `linear`.
  void replace(Value x) const;
};

} // namespace

void Deferred::replace(Value x) const {
  LinearOp op = linear;
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto resultType = cast<RankedTensorType>(op.getResult().getType());
  int64_t rank = resultType.getRank();
  FloatType accumulation = getAccumulationType(elementOf(x), {});
  auto product = LinearOp::create(
      builder, loc, resultType.clone(wider(accumulation, elementOf(op))), x,
      op.getWeight(), Value(), op.getLayoutAttr());

  FloatType type = wider(elementOf(product), elementOf(rstd));
  if (op.getBias())
    type = wider(type, elementOf(op.getBias()));
  GenericBuilder generic(builder, loc, rank);
  SmallVector<int64_t> all = generic.allDims();
  ArrayRef<int64_t> rows = ArrayRef(all).drop_back();
  ArrayRef<int64_t> last = ArrayRef(all).take_back();
  generic.addInput(product, all, type);
  generic.addInput(rstd, rows, type);
  if (mean) {
    generic.addInput(mean, rows, type);
    Value sums = arith::ConstantOp::create(builder, loc, columnSums);
    generic.addInput(sums, last, type);
  }
  if (op.getBias())
    generic.addInput(op.getBias(), last, type);
  generic.addOutput(makeEmpty(builder, loc, resultType,
                              tensor::getMixedSizes(builder, loc, product)),
                    all);
  Value result =
      generic
          .build([&](ImplicitLocOpBuilder &body,
                     ValueRange arguments) -> SmallVector<Value> {
            Value y = arguments[0];
            if (mean)
              y = arith::SubFOp::create(
                  body, y,
                  arith::MulFOp::create(body, arguments[2], arguments[3]));
            y = arith::MulFOp::create(body, y, arguments[1]);
            if (op.getBias())
              y = arith::AddFOp::create(body, y, arguments.back());
            return {y};
          })
          ->getResult(0);
  op.getResult().replaceAllUsesWith(
      castTo(builder, loc, {result}, {resultType}).front());
  op.erase();
}

/// The sum of the weights of each output feature, in the accumulation type.
static FailureOr<ElementsAttr> computeColumnSums(LinearOp op,
                                                 std::string &reason) {
  auto constants = LinearConstants::match(op, /*relaxed=*/true, reason);
  if (failed(constants))
    return failure();
  std::vector<long double> sums(constants->numOut(), 0.0L);
  constants->forEachWeight([&](int64_t o, int64_t, double w) { sums[o] += w; });
  NewFloats floats(
      RankedTensorType::get({constants->numOut()},
                            getAccumulationType(elementOf(op.getInput()), {})));
  for (auto [o, sum] : llvm::enumerate(sums))
    if (!std::isfinite(floats.set(static_cast<int64_t>(o), sum))) {
      reason = "the sum of an output's weights would overflow";
      return failure();
    }
  return floats.getAttr();
}

namespace {
struct DeferNormalization
    : norm::impl::DeferNormalizationBase<DeferNormalization> {
  using DeferNormalizationBase::DeferNormalizationBase;

  void runOnOperation() final {
    SmallVector<Operation *> norms;
    getOperation()->walk([&](Operation *op) {
      if (isa<LayerNormOp, RmsNormOp>(op))
        norms.push_back(op);
    });
    for (Operation *op : norms) {
      if (auto norm = dyn_cast<LayerNormOp>(op))
        runOnNorm(norm);
      else
        runOnNorm(cast<RmsNormOp>(op));
    }
  }

private:
  template <typename OpTy> void runOnNorm(OpTy norm) {
    std::string reason;
    SmallVector<LinearOp> linears;
    LogicalResult onlyLinears =
        findLinearUsers(norm.getResult(), linears, reason);
    if (linears.empty())
      return;
    if (failed(onlyLinears) || failed(check(norm, linears, reason)) ||
        failed(defer(norm, linears, reason)))
      remarkNotDone(norm, kPassName, reason);
  }

  template <typename OpTy>
  LogicalResult check(OpTy norm, ArrayRef<LinearOp> linears,
                      std::string &reason);
  template <typename OpTy>
  LogicalResult defer(OpTy norm, ArrayRef<LinearOp> linears,
                      std::string &reason);
};
} // namespace

template <typename OpTy>
LogicalResult DeferNormalization::check(OpTy norm, ArrayRef<LinearOp> linears,
                                        std::string &reason) {
  auto type = cast<RankedTensorType>(norm.getInput().getType());
  SmallVector<int64_t> axes = normalizeAxes(norm.getAxes(), type.getRank());
  if (norm.getScale() || norm.getShift()) {
    reason = "it has scale or shift";
    return failure();
  }
  if (axes != SmallVector<int64_t>{type.getRank() - 1}) {
    reason = "it is not over the last dim alone";
    return failure();
  }
  int64_t numOut = 0;
  for (LinearOp linear : linears) {
    if (linear.getInput() != norm.getResult()) {
      reason = "a linear layer reads a reshape of its result";
      return failure();
    }
    int64_t out =
        cast<RankedTensorType>(linear.getResult().getType()).getShape().back();
    if (ShapedType::isDynamic(out) ||
        ShapedType::isDynamic(type.getShape().back())) {
      reason = "not all sizes of weights are known";
      return failure();
    }
    numOut += out;
  }
  // Each element of a result is written and read once more. Each one of x is
  // read once less; it is written, too, if an op that is fused computes it.
  if (numOut * 2 > type.getShape().back()) {
    reason = "the layers' results have more than half as many elements as its "
             "input";
    return failure();
  }
  return success();
}

template <typename OpTy>
LogicalResult DeferNormalization::defer(OpTy norm, ArrayRef<LinearOp> linears,
                                        std::string &reason) {
  constexpr bool kHasMean = std::is_same_v<OpTy, LayerNormOp>;
  SmallVector<Deferred> deferred;
  for (LinearOp linear : linears) {
    deferred.push_back({linear, {}, {}, {}});
    if (!kHasMean)
      continue;
    FailureOr<ElementsAttr> sums = computeColumnSums(linear, reason);
    if (failed(sums))
      return failure();
    deferred.back().columnSums = *sums;
  }
  // The same norm, of which only the statistics are used.
  OpBuilder builder(norm);
  auto type = cast<RankedTensorType>(norm.getInput().getType());
  auto statistic = RankedTensorType::get(
      type.getShape().drop_back(),
      getAccumulationType(type.getElementType(), norm.getAccumulate()));
  SmallVector<Type> types{type, statistic};
  if (kHasMean)
    types.push_back(statistic);
  auto statistics =
      OpTy::create(builder, norm.getLoc(), types, norm.getInput(), Value(),
                   Value(), norm.getAxesAttr(), norm.getEpsilonAttr(),
                   norm.getAccumulateAttr(), nullptr, nullptr);
  for (Deferred &one : deferred) {
    one.rstd = statistics.getStatistics().back();
    if (kHasMean)
      one.mean = statistics.getStatistics().front();
    one.replace(norm.getInput());
  }
  numDeferred += deferred.size();
  remarkDone(norm, kPassName,
             "applied to the results of " + Twine(deferred.size()) +
                 (deferred.size() == 1 ? " linear layer" : " linear layers"));
  for (auto [old, now] :
       llvm::zip(norm.getStatistics(), statistics.getStatistics()))
    old.replaceAllUsesWith(now);
  norm.erase();
  return success();
}
