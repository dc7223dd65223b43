//===- FoldBatchNorm.cpp - Inference batch norm into linear layers --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With given statistics a batch norm over the last dim is y = f * x + t:
//   f = (scale + offset) / sqrt(variance + epsilon), t = shift - f * mean.
// Behind a linear layer: f * (W x + b) + t = (diag(f) W) x + (f * b + t).
// Before one:            W (f * x + t) + b = (W diag(f)) x + (W t + b).
//
// In f32 and f64 the first is in the exactness table by itself: the roundings
// of the weights add u |f| sum |x w| with u = eps / 2, where the layer's row,
// times |f|, has eps sqrt(K) |f| sum |x w|; the rounding of the bias adds
// u (|f b| + |f mean| + |shift|), where the rows of layer and batch norm have
// 2 eps |f b| + 4 eps |f mean| + 8 eps |shift|.
//
// The second sums products of f * x, not of f * (x - mean): they are larger
// where a mean is large beside its standard deviation, and cancel with W t.
// Then the rounding of sums, about u sqrt(K) times the rms of all products,
// grows by that ratio, where the table has 2 u sqrt(K) sum |y w|, which is
// sqrt(K) times as large. kMaxMean leaves a margin of two from K = 64 on;
// below, the 16 eps |f x w|_2 that the table has for the batch norm are more
// than the worst case of the sum, u K sum |f x w|, up to K = 10.
//
//===----------------------------------------------------------------------===//

#include "LinearConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include <cmath>

namespace mlir::norm {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static constexpr StringLiteral kPassName = "norm-fold-batch-norm";

/// The largest mean, in standard deviations, of an input of linear layers whose
/// exactness does not suffer.
static constexpr long double kMaxMean = 8;

namespace {

/// A batch norm as y = factors * x + terms, per channel.
struct ChannelAffine {
  std::vector<long double> factors, terms;
  /// The largest |mean| / sqrt(variance + epsilon).
  long double largestMean = 0;

  static FailureOr<ChannelAffine> get(BatchNormOp op, std::string &reason);
};

} // namespace

FailureOr<ChannelAffine> ChannelAffine::get(BatchNormOp op,
                                            std::string &reason) {
  std::optional<ConstantFloats> mean = ConstantFloats::match(op.getMean());
  std::optional<ConstantFloats> variance =
      ConstantFloats::match(op.getVariance());
  std::optional<ConstantFloats> scale, shift;
  if (op.getScale())
    scale = ConstantFloats::match(op.getScale());
  if (op.getShift())
    shift = ConstantFloats::match(op.getShift());
  if (!mean || !variance || (op.getScale() && !scale) ||
      (op.getShift() && !shift)) {
    reason = "not all of its statistics, scale and shift are constants";
    return failure();
  }
  int64_t channels = mean->size();
  for (const auto &parameter : {variance, scale, shift})
    if (parameter && parameter->size() != channels) {
      reason = "its statistics, scale and shift differ in size";
      return failure();
    }
  ChannelAffine affine;
  long double offset = op.getScaleOffset().convertToDouble();
  long double epsilon = op.getEpsilon().convertToDouble();
  for (int64_t c = 0; c < channels; ++c) {
    long double rstd = 1 / std::sqrt((*variance)[c] + epsilon);
    long double factor = scale ? rstd * ((*scale)[c] + offset) : rstd;
    long double term = (shift ? (*shift)[c] : 0.0) - factor * (*mean)[c];
    if (!std::isfinite(factor) || !std::isfinite(term)) {
      reason = "what it does to a channel is not finite";
      return failure();
    }
    affine.factors.push_back(factor);
    affine.terms.push_back(term);
    affine.largestMean =
        std::max(affine.largestMean, std::fabs((*mean)[c] * rstd));
  }
  return affine;
}

/// The linear layer whose result, behind views of its rows, is `value`. Null,
/// with the reason, if something else uses that, too.
static LinearOp findProducer(Value value, std::string &reason) {
  bool hasOneUse = true;
  // In unreachable blocks, views may be views of themselves.
  llvm::SmallPtrSet<Operation *, 4> seen;
  while (Operation *op = value.getDefiningOp()) {
    if (!seen.insert(op).second)
      return {};
    hasOneUse &= value.hasOneUse();
    if (auto linear = dyn_cast<LinearOp>(op)) {
      if (hasOneUse)
        return linear;
      reason = "the result of the linear layer before it has other uses";
      return {};
    }
    if (!isViewOfRows(op))
      break;
    value = op->getOperand(0);
  }
  return {};
}

namespace {
struct FoldBatchNorm : norm::impl::FoldBatchNormBase<FoldBatchNorm> {
  using FoldBatchNormBase::FoldBatchNormBase;

  void runOnOperation() final {
    SmallVector<BatchNormOp> ops;
    getOperation()->walk([&](BatchNormOp op) { ops.push_back(op); });
    for (BatchNormOp op : ops)
      runOnNorm(op);
  }

private:
  void runOnNorm(BatchNormOp op) {
    int64_t last =
        cast<RankedTensorType>(op.getInput().getType()).getRank() - 1;
    int64_t axis = op.getChannelAxis();
    if (axis != last && axis != -1)
      return;
    std::string reason, usesReason;
    LinearOp producer = findProducer(op.getInput(), reason);
    SmallVector<LinearOp> consumers;
    bool onlyConsumers =
        succeeded(findLinearUsers(op.getResult(), consumers, usesReason));
    if (!producer && consumers.empty()) {
      if (!reason.empty())
        remarkNotDone(op, kPassName, reason);
      return;
    }
    FailureOr<ChannelAffine> affine = ChannelAffine::get(op, reason);
    if (failed(affine))
      return remarkNotDone(op, kPassName, reason);
    if (producer && succeeded(foldIntoProducer(op, producer, *affine, reason)))
      return finish(op, "went into the linear layer before it");
    if (!consumers.empty() && onlyConsumers &&
        succeeded(foldIntoConsumers(op, consumers, *affine, reason)))
      return finish(
          op, "went into " + Twine(consumers.size()) +
                  (consumers.size() == 1 ? " linear layer" : " linear layers") +
                  " behind it");
    remarkNotDone(op, kPassName, reason.empty() ? usesReason : reason);
  }

  LogicalResult foldIntoProducer(BatchNormOp op, LinearOp linear,
                                 const ChannelAffine &affine,
                                 std::string &reason);
  LogicalResult foldIntoConsumers(BatchNormOp op, ArrayRef<LinearOp> linears,
                                  const ChannelAffine &affine,
                                  std::string &reason);

  /// Replaces what does nothing any more.
  void finish(BatchNormOp op, const Twine &what) {
    remarkDone(op, kPassName, what);
    op.getResult().replaceAllUsesWith(op.getInput());
    op.erase();
    ++numFolded;
  }
};
} // namespace

LogicalResult FoldBatchNorm::foldIntoProducer(BatchNormOp op, LinearOp linear,
                                              const ChannelAffine &affine,
                                              std::string &reason) {
  auto constants = LinearConstants::match(linear, relaxed, reason);
  if (failed(constants) || failed(checkWeightsUnshared(linear, reason)))
    return failure();
  if (static_cast<int64_t>(affine.factors.size()) != constants->numOut()) {
    reason = "its statistics have another size than the weight's output";
    return failure();
  }
  if (failed(constants->computeWeight(
          [&](int64_t o, int64_t, double w) { return affine.factors[o] * w; },
          /*anyInput=*/!relaxed, reason)) ||
      failed(constants->computeBias(
          [&](int64_t o) {
            return affine.factors[o] * constants->getBias(o) + affine.terms[o];
          },
          reason)))
    return failure();
  constants->apply();
  return success();
}

LogicalResult FoldBatchNorm::foldIntoConsumers(BatchNormOp op,
                                               ArrayRef<LinearOp> linears,
                                               const ChannelAffine &affine,
                                               std::string &reason) {
  if (!relaxed && affine.largestMean > kMaxMean) {
    reason = "a mean is so large beside its variance that sums would lose "
             "digits";
    return failure();
  }
  if (failed(checkWeightsUnshared(linears, reason)))
    return failure();
  SmallVector<LinearConstants> folded;
  for (LinearOp linear : linears) {
    auto constants = LinearConstants::match(linear, relaxed, reason);
    if (failed(constants))
      return failure();
    if (static_cast<int64_t>(affine.factors.size()) != constants->numIn()) {
      reason = "its statistics have another size than the weight's input";
      return failure();
    }
    std::vector<long double> sums(constants->numOut(), 0.0L);
    constants->forEachWeight([&](int64_t o, int64_t k, double w) {
      sums[o] += affine.terms[k] * w;
    });
    if (failed(constants->computeWeight(
            [&](int64_t, int64_t k, double w) { return affine.factors[k] * w; },
            /*anyInput=*/!relaxed, reason)) ||
        failed(constants->computeBias(
            [&](int64_t o) { return sums[o] + constants->getBias(o); },
            reason)))
      return failure();
    folded.push_back(std::move(*constants));
  }
  for (LinearConstants &constants : folded)
    constants.apply();
  return success();
}
