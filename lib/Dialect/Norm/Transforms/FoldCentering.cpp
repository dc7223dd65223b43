//===- FoldCentering.cpp - The mean of a layer norm into linear layers ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// layer_norm(h) = rms_norm(h - mean(h)), and of h = W x + b the mean over the N
// output features can be taken away before: W - 1 1^T W / N, b - mean(b). Where
// h is a sum, each summand must lose its mean, and whatever reads one of them
// must not see it.
//
// The new weights are rounded once, by u |w - mean| each; what is left of the
// mean by that is about 1 / sqrt(N) of the error of an element. The products
// with the mean, which the layer norm takes away again, are not there to be
// rounded: the error no longer grows with mean/std.
//
//===----------------------------------------------------------------------===//

#include "LinearConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FOLDCENTERING
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static constexpr StringLiteral kPassName = "norm-fold-centering";

/// Whether `op` normalizes over the last dim alone.
static bool isOverLastDim(LayerNormOp op) {
  int64_t rank = cast<RankedTensorType>(op.getInput().getType()).getRank();
  return op.getAxes().size() == 1 &&
         normalizeAxes(op.getAxes(), rank).front() == rank - 1;
}

/// Whether the rows of `value` have the mean zero as they are.
static bool isCentered(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto norm = dyn_cast<LayerNormOp>(op))
      return value == norm.getResult() && !norm.getScale() &&
             !norm.getShift() && isOverLastDim(norm);
    if (!isViewOfRows(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

namespace {

/// Values that can lose the mean of their rows only together: sums and what is
/// added, from linear layers to layer norms.
class Stream {
public:
  /// Follows the values from `value` to what computes and what reads them.
  explicit Stream(Value value) {
    values.insert(value);
    for (unsigned i = 0; i < values.size(); ++i) {
      visitProducer(values[i]);
      for (OpOperand &use : values[i].getUses())
        visitUse(use);
    }
  }

  llvm::SmallSetVector<LinearOp, 8> linears;
  llvm::SmallSetVector<LayerNormOp, 8> norms;
  /// Why the mean must stay; empty if it need not.
  std::string reason;

private:
  void visitProducer(Value value);
  void visitUse(OpOperand &use);
  void refuse(const Twine &why) {
    if (reason.empty())
      reason = why.str();
  }

  llvm::SetVector<Value> values;
};

} // namespace

void Stream::visitProducer(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return refuse("an argument is added, whose mean is not known");
  if (auto linear = dyn_cast<LinearOp>(op)) {
    linears.insert(linear);
    return;
  }
  if (!isa<arith::AddFOp, arith::SubFOp>(op) && !isViewOfRows(op))
    return refuse("the result of '" + op->getName().getStringRef() +
                  "' is added, whose mean is not known");
  for (Value operand : op->getOperands().take_front(
           isViewOfRows(op) ? 1 : op->getNumOperands()))
    if (!isCentered(operand))
      values.insert(operand);
}

void Stream::visitUse(OpOperand &use) {
  Operation *user = use.getOwner();
  if (isa<arith::AddFOp, arith::SubFOp>(user) || isViewOfRows(user)) {
    values.insert(user->getResult(0));
    return;
  }
  auto norm = dyn_cast<LayerNormOp>(user);
  if (!norm || &use != &norm.getInputMutable() || !isOverLastDim(norm))
    return refuse("the sum goes to '" + user->getName().getStringRef() +
                  "', too");
  if (!norm.getStatistics().empty() && !norm.getStatistics()[0].use_empty())
    return refuse("its mean is used");
  norms.insert(norm);
}

/// Computes in `constants` the layer without the mean of its rows.
static LogicalResult center(LinearConstants &constants, std::string &reason) {
  std::vector<long double> means(constants.numIn(), 0.0L);
  auto numOut = static_cast<long double>(constants.numOut());
  constants.forEachWeight([&](int64_t, int64_t k, double w) { means[k] += w; });
  for (long double &mean : means)
    mean /= numOut;
  if (failed(constants.computeWeight(
          [&](int64_t, int64_t k, double w) { return w - means[k]; },
          /*anyInput=*/false, reason)))
    return failure();
  if (!constants.getOp().getBias())
    return success();
  long double mean = 0;
  for (int64_t o = 0; o < constants.numOut(); ++o)
    mean += constants.getBias(o) / numOut;
  return constants.computeBias(
      [&](int64_t o) { return constants.getBias(o) - mean; }, reason);
}

/// Replaces `op` by a norm that takes no mean.
static void replaceByRmsNorm(LayerNormOp op) {
  OpBuilder builder(op);
  SmallVector<Type> types{op.getResult().getType()};
  if (!op.getStatistics().empty())
    types.push_back(op.getStatistics()[1].getType());
  auto norm = RmsNormOp::create(
      builder, op.getLoc(), types, op.getInput(), op.getScale(), op.getShift(),
      op.getAxesAttr(), op.getEpsilonAttr(), op.getAccumulateAttr(),
      op.getScaleOffsetAttr(), op.getCastBeforeScaleAttr());
  op.getResult().replaceAllUsesWith(norm.getResult());
  if (!op.getStatistics().empty())
    op.getStatistics()[1].replaceAllUsesWith(norm.getStatistics()[0]);
  op.erase();
}

namespace {
struct FoldCentering : norm::impl::FoldCenteringBase<FoldCentering> {
  using FoldCenteringBase::FoldCenteringBase;

  void runOnOperation() final {
    // Norms of one stream are replaced together.
    llvm::SetVector<Operation *> norms;
    getOperation()->walk([&](LayerNormOp op) { norms.insert(op); });
    while (!norms.empty()) {
      auto norm = cast<LayerNormOp>(norms.front());
      Stream stream(norm.getInput());
      for (LayerNormOp other : stream.norms)
        norms.remove(other);
      norms.remove(norm);
      if (stream.linears.empty())
        continue;
      std::string reason = stream.reason;
      if (!reason.empty() || failed(fold(stream, reason)))
        remarkNotDone(norm, kPassName, reason);
    }
  }

private:
  LogicalResult fold(Stream &stream, std::string &reason) {
    if (failed(checkWeightsUnshared(stream.linears.getArrayRef(), reason)))
      return failure();
    SmallVector<LinearConstants> centered;
    for (LinearOp linear : stream.linears) {
      auto constants = LinearConstants::match(linear, /*relaxed=*/true, reason);
      if (failed(constants) || failed(center(*constants, reason)))
        return failure();
      centered.push_back(std::move(*constants));
    }
    for (LinearConstants &constants : centered)
      constants.apply();
    numCentered += centered.size();
    for (LayerNormOp norm : stream.norms) {
      remarkDone(
          norm, kPassName,
          "its input has the mean zero by the weights of " +
              Twine(centered.size()) +
              (centered.size() == 1 ? " linear layer" : " linear layers"));
      replaceByRmsNorm(norm);
      ++numReplaced;
    }
    return success();
  }
};
} // namespace
