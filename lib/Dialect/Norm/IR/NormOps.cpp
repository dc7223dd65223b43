//===- NormOps.cpp - Graph-level operations: verification -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Constraints that several ops share
//===----------------------------------------------------------------------===//

/// Epsilon is finite and not negative.
static LogicalResult verifyEpsilon(Operation *op, const APFloat &epsilon) {
  if (epsilon.isFinite() && (epsilon.isZero() || !epsilon.isNegative()))
    return success();
  SmallString<16> text;
  epsilon.toString(text);
  return op->emitOpError("epsilon must be finite and not negative, got ")
         << text << " for x of type " << op->getOperand(0).getType();
}

/// `accumulate` is f32 or f64 and not narrower than the elements.
static LogicalResult verifyAccumulate(Operation *op, RankedTensorType input,
                                      std::optional<Type> accumulate) {
  if (!accumulate)
    return success();
  if (!isa<Float32Type, Float64Type>(*accumulate) ||
      !holdsExactly(*accumulate, input.getElementType()))
    return op->emitOpError(
               "accumulate must be f32 or f64 and not narrower than ")
           << input.getElementType() << ", got " << *accumulate;
  return success();
}

static LogicalResult verifySameType(Operation *op, Type result, Type input) {
  if (result == input)
    return success();
  return op->emitOpError("result type ")
         << result << " differs from the type of x, " << input;
}

/// The axes of `op` are distinct, in range and not none.
static LogicalResult verifyAxes(Operation *op, RankedTensorType input,
                                ArrayRef<int64_t> axes) {
  int64_t rank = input.getRank();
  if (axes.empty())
    return op->emitOpError("needs at least one axis of x of type ") << input;
  llvm::SmallBitVector seen(rank);
  for (int64_t axis : axes) {
    if (axis < -rank || axis >= rank)
      return op->emitOpError("axis ")
             << axis << " is out of range for x of type " << input;
    int64_t position = axis < 0 ? axis + rank : axis;
    if (seen.test(position))
      return op->emitOpError("axis ")
             << axis << " is given twice for x of type " << input;
    seen.set(position);
  }
  return success();
}

/// `value`, the operand called `name`, has the sizes `shape` and an element
/// type that holds those of x. `place` says where the sizes come from.
static LogicalResult verifyParameter(Operation *op, StringRef name, Value value,
                                     RankedTensorType input,
                                     ArrayRef<int64_t> shape,
                                     const Twine &place) {
  if (!value)
    return success();
  auto type = cast<RankedTensorType>(value.getType());
  if (failed(verifyCompatibleShape(type.getShape(), shape)))
    return op->emitOpError(name)
           << " has type " << type << ", expected the shape "
           << RankedTensorType::get(shape, input.getElementType()) << " of "
           << place.str();
  if (!holdsExactly(type.getElementType(), input.getElementType()))
    return op->emitOpError(name)
           << " has element type " << type.getElementType()
           << ", expected that of x, " << input.getElementType()
           << ", or wider";
  return success();
}

/// "axes 1, 2 of x of type ...".
static std::string describeAxes(RankedTensorType input,
                                ArrayRef<int64_t> axes) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << (axes.size() == 1 ? "axis " : "axes ");
  llvm::interleaveComma(axes, stream);
  stream << " of x of type '" << input << "'";
  return text;
}

/// A result that holds statistics.
static LogicalResult verifyStatistic(Operation *op, StringRef name, Value value,
                                     ArrayRef<int64_t> shape,
                                     Type elementType) {
  auto expected = RankedTensorType::get(shape, elementType);
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getElementType() != elementType ||
      failed(verifyCompatibleShape(type, expected)))
    return op->emitOpError(name)
           << " has type " << type << ", expected " << expected;
  return success();
}

/// `scale_offset` is finite; it and `cast_before_scale` need a scale.
template <typename OpTy> static LogicalResult verifyScaleForm(OpTy op) {
  Type type = op.getInput().getType();
  if (!op.getScaleOffset().isFinite())
    return op.emitOpError("scale_offset must be finite, for x of type ")
           << type;
  if (!op.getScale() &&
      (op.getCastBeforeScale() || !op.getScaleOffset().isZero()))
    return op.emitOpError("scale_offset and cast_before_scale need a scale, "
                          "for x of type ")
           << type;
  return success();
}

/// The sizes of the dims of `type` at `axes` (or at all others).
static SmallVector<int64_t> selectSizes(RankedTensorType type,
                                        ArrayRef<int64_t> axes, bool atAxes) {
  SmallVector<int64_t> sizes;
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (llvm::is_contained(axes, static_cast<int64_t>(dim)) == atAxes)
      sizes.push_back(size);
  return sizes;
}

/// Everything of layer_norm and rms_norm but their statistics.
template <typename OpTy>
static LogicalResult verifyRowNorm(OpTy op, ArrayRef<StringRef> statistics) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  if (failed(verifyElementCounts(op)) ||
      failed(verifyAxes(op, input, op.getAxes())) ||
      failed(verifyEpsilon(op, op.getEpsilon())) ||
      failed(verifySameType(op, op.getResult().getType(), input)) ||
      failed(verifyAccumulate(op, input, op.getAccumulate())) ||
      failed(verifyScaleForm(op)))
    return failure();
  SmallVector<int64_t> axes = normalizeAxes(op.getAxes(), input.getRank());
  SmallVector<int64_t> normalized = selectSizes(input, axes, true);
  std::string place = describeAxes(input, axes);
  if (failed(verifyParameter(op, "scale", op.getScale(), input, normalized,
                             place)) ||
      failed(verifyParameter(op, "shift", op.getShift(), input, normalized,
                             place)))
    return failure();
  if (op.getStatistics().empty())
    return success();
  if (op.getStatistics().size() != statistics.size())
    return op.emitOpError("has ")
           << op->getNumResults() << " results, expected 1 or "
           << statistics.size() + 1;
  Type type = getAccumulationType(input.getElementType(), op.getAccumulate());
  SmallVector<int64_t> kept = selectSizes(input, axes, false);
  for (auto [name, value] : llvm::zip(statistics, op.getStatistics()))
    if (failed(verifyStatistic(op, name, value, kept, type)))
      return failure();
  return success();
}

/// Everything that the channel normalizations share.
template <typename OpTy> static LogicalResult verifyChannelNorm(OpTy op) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  int64_t rank = input.getRank(), axis = op.getChannelAxis();
  if (failed(verifyElementCounts(op)))
    return failure();
  if (rank < 2)
    return op.emitOpError("needs an x of rank 2 or more, got ") << input;
  if (axis < -rank || axis >= rank)
    return op.emitOpError("channel_axis ")
           << axis << " is out of range for x of type " << input;
  if (axis == 0 || axis == -rank)
    return op.emitOpError("channel_axis ")
           << axis << " is the batch dim of x of type " << input;
  if (failed(verifyEpsilon(op, op.getEpsilon())) ||
      failed(verifySameType(op, op.getResult().getType(), input)) ||
      failed(verifyAccumulate(op, input, op.getAccumulate())) ||
      failed(verifyScaleForm(op)))
    return failure();
  axis = axis < 0 ? axis + rank : axis;
  int64_t channels = input.getDimSize(axis);
  std::string place = describeAxes(input, {axis});
  if (failed(verifyParameter(op, "scale", op.getScale(), input, {channels},
                             place)) ||
      failed(verifyParameter(op, "shift", op.getShift(), input, {channels},
                             place)))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult LayerNormOp::verify() {
  return verifyRowNorm(*this, {"mean", "rstd"});
}

LogicalResult RmsNormOp::verify() { return verifyRowNorm(*this, {"rstd"}); }

LogicalResult GroupNormOp::verify() {
  if (failed(verifyChannelNorm(*this)))
    return failure();
  auto input = cast<RankedTensorType>(getInput().getType());
  int64_t axis = normalizeAxes(getChannelAxis(), input.getRank()).front();
  int64_t channels = input.getDimSize(axis);
  if (ShapedType::isDynamic(channels))
    return emitOpError("needs a static number of channels, axis ")
           << axis << " of " << input;
  int64_t groups = getGroups();
  if (groups <= 0 || channels % groups != 0)
    return emitOpError("groups ")
           << groups << " must be positive and divide the " << channels
           << " channels of axis " << axis << " of " << input;
  return success();
}

LogicalResult InstanceNormOp::verify() { return verifyChannelNorm(*this); }

LogicalResult BatchNormOp::verify() {
  if (failed(verifyChannelNorm(*this)))
    return failure();
  auto input = cast<RankedTensorType>(getInput().getType());
  int64_t axis = normalizeAxes(getChannelAxis(), input.getRank()).front();
  int64_t channels = input.getDimSize(axis);
  std::string place = describeAxes(input, {axis});
  if (failed(verifyParameter(*this, "mean", getMean(), input, {channels},
                             place)) ||
      failed(verifyParameter(*this, "variance", getVariance(), input,
                             {channels}, place)))
    return failure();
  return success();
}

LogicalResult BatchNormTrainingOp::verify() {
  if (failed(verifyChannelNorm(*this)))
    return failure();
  auto input = cast<RankedTensorType>(getInput().getType());
  int64_t axis = normalizeAxes(getChannelAxis(), input.getRank()).front();
  int64_t channels = input.getDimSize(axis);
  Type type = getAccumulationType(input.getElementType(), getAccumulate());
  if (failed(verifyStatistic(*this, "mean", getMean(), {channels}, type)) ||
      failed(
          verifyStatistic(*this, "variance", getVariance(), {channels}, type)))
    return failure();
  return success();
}

LogicalResult L2NormOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  if (failed(verifyElementCounts(*this)) ||
      failed(verifyAxes(*this, input, getAxes())) ||
      failed(verifyEpsilon(*this, getEpsilon())) ||
      failed(verifySameType(*this, getResult().getType(), input)) ||
      failed(verifyAccumulate(*this, input, getAccumulate())))
    return failure();
  return success();
}

LogicalResult LinearOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto weight = cast<RankedTensorType>(getWeight().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (failed(verifyElementCounts(*this)))
    return failure();
  if (weight.getRank() != 2)
    return emitOpError("weight must have rank 2, got ") << weight;
  bool outIn = getLayout() == WeightLayout::OutIn;
  int64_t out = weight.getDimSize(outIn ? 0 : 1);
  int64_t in = weight.getDimSize(outIn ? 1 : 0);
  if (failed(verifyCompatibleShape({input.getShape().back()}, {in})))
    return emitOpError("axis ")
           << input.getRank() - 1 << " of x of type " << input
           << " does not match the input dim of weight " << weight
           << (outIn ? " (layout out_in)" : " (layout in_out)");
  if (weight.getElementType() != input.getElementType())
    return emitOpError("weight has element type ")
           << weight.getElementType() << ", expected that of x, "
           << input.getElementType();
  if (failed(verifyParameter(*this, "bias", getBias(), input, {out},
                             "the output dim of the weight")))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  shape.back() = out;
  if (failed(verifyCompatibleShape(result.getShape(), shape)))
    return emitOpError("result has type ")
           << result << ", expected the shape "
           << RankedTensorType::get(shape, result.getElementType());
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(
          result.getElementType()) ||
      !holdsExactly(result.getElementType(), input.getElementType()))
    return emitOpError("result has element type ")
           << result.getElementType() << ", expected that of x, "
           << input.getElementType() << ", or wider";
  return success();
}

LogicalResult ActivationOp::verify() {
  if (failed(verifyElementCounts(*this)) ||
      failed(
          verifySameType(*this, getResult().getType(), getInput().getType())))
    return failure();
  std::optional<APFloat> alpha = getAlpha();
  if (!alpha)
    return success();
  if (getKind() != ActivationKind::LeakyRelu &&
      getKind() != ActivationKind::Elu)
    return emitOpError("alpha has no meaning for ")
           << stringifyActivationKind(getKind());
  if (!alpha->isFinite())
    return emitOpError("alpha must be finite");
  return success();
}
