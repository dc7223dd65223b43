//===- FoldAffine.cpp - Scale and shift into linear layers ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// W (g * n + s) + b = (W diag(g)) n + (b + W s). In f32 and f64 this stays in
// the exactness table. With u = eps / 2 the roundings of the weights add
// u sum |n g w| at most, which is at most u sqrt(K) |n g w|_2; the table gives
// the normalization units(K) eps |g| max(1, |n|) an element, which the linear
// layer makes 4 units(K) eps |g w max(1, |n|)|_2, and itself
// eps sqrt(K) sum |w (g n + s)|. The bias is summed in long double and rounded
// once: u (|b| + sum |w s|), where the table has 2 eps |b| and the terms above.
//
//===----------------------------------------------------------------------===//

#include "LinearConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::norm {
#define GEN_PASS_DEF_FOLDAFFINE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static constexpr StringLiteral kPassName = "norm-fold-affine";

/// Whether `axis` is the last one of x.
static bool isLastAxis(Value x, int64_t axis) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  return axis == rank - 1 || axis == -1;
}

/// Whether scale and shift have one element for each one of the last dim.
template <typename OpTy> static bool hasParametersOfLastDim(OpTy op) {
  if constexpr (std::is_same_v<OpTy, LayerNormOp> ||
                std::is_same_v<OpTy, RmsNormOp>)
    return op.getAxes().size() == 1 &&
           isLastAxis(op.getInput(), op.getAxes().front());
  else
    return isLastAxis(op.getInput(), op.getChannelAxis());
}

/// Computes in `constants` what `linear` becomes when its input loses `scale`
/// and `shift`, either of which may be absent.
static LogicalResult fold(LinearConstants &constants,
                          const std::optional<ConstantFloats> &scale,
                          double offset,
                          const std::optional<ConstantFloats> &shift,
                          std::string &reason) {
  for (const std::optional<ConstantFloats> &parameter : {scale, shift})
    if (parameter && parameter->size() != constants.numIn()) {
      reason = "scale or shift has another size than the weight's input";
      return failure();
    }
  if (scale && failed(constants.computeWeight(
                   [&](int64_t, int64_t k, double w) {
                     return w *
                            (static_cast<long double>((*scale)[k]) + offset);
                   },
                   /*anyInput=*/false, reason)))
    return failure();
  if (!shift)
    return success();
  std::vector<long double> sums(constants.numOut(), 0.0L);
  constants.forEachWeight([&](int64_t o, int64_t k, double w) {
    sums[o] += static_cast<long double>(w) * (*shift)[k];
  });
  return constants.computeBias(
      [&](int64_t o) { return sums[o] + constants.getBias(o); }, reason);
}

namespace {
struct FoldAffine : norm::impl::FoldAffineBase<FoldAffine> {
  using FoldAffineBase::FoldAffineBase;

  void runOnOperation() final {
    getOperation()->walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<LayerNormOp, RmsNormOp, GroupNormOp, InstanceNormOp,
                BatchNormOp, BatchNormTrainingOp>(
              [&](auto norm) { runOnNorm(norm); });
    });
  }

  template <typename OpTy> void runOnNorm(OpTy norm) {
    if ((!norm.getScale() && !norm.getShift()) || !hasParametersOfLastDim(norm))
      return;
    std::string reason;
    SmallVector<LinearOp> linears;
    bool onlyLinears =
        succeeded(findLinearUsers(norm.getResult(), linears, reason));
    if (linears.empty())
      return;
    if (!onlyLinears || failed(foldInto(norm, linears, reason)))
      remarkNotDone(norm, kPassName, reason);
  }

  /// Folds into all of `linears`, or fails with the reason.
  template <typename OpTy>
  LogicalResult foldInto(OpTy norm, ArrayRef<LinearOp> linears,
                         std::string &reason) {
    auto read = [&](Value parameter, StringRef name,
                    std::optional<ConstantFloats> &floats) -> LogicalResult {
      if (!parameter)
        return success();
      floats = ConstantFloats::match(parameter);
      if (!floats)
        reason = (name + " is no constant").str();
      else if (!floats->areFinite())
        reason = (name + " has elements that are not finite").str();
      return success(floats && floats->areFinite());
    };
    std::optional<ConstantFloats> scale, shift;
    if (failed(read(norm.getScale(), "scale", scale)) ||
        failed(read(norm.getShift(), "shift", shift)) ||
        failed(checkWeightsUnshared(linears, reason)))
      return failure();
    double offset = norm.getScaleOffset().convertToDouble();
    SmallVector<LinearConstants> folded;
    for (LinearOp linear : linears) {
      auto constants = LinearConstants::match(linear, relaxed, reason);
      if (failed(constants) ||
          failed(fold(*constants, scale, offset, shift, reason)))
        return failure();
      folded.push_back(std::move(*constants));
    }
    for (LinearConstants &constants : folded)
      constants.apply();
    norm.getScaleMutable().clear();
    norm.getShiftMutable().clear();
    norm.setScaleOffset(APFloat(0.0));
    norm.setCastBeforeScale(false);
    ++numFolded;
    remarkDone(norm, kPassName,
               "scale and shift went into " + Twine(linears.size()) +
                   (linears.size() == 1 ? " linear layer" : " linear layers"));
    return success();
  }
};
} // namespace
