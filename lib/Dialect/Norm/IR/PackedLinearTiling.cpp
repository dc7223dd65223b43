//===- PackedLinearTiling.cpp - TilingInterface of linear layers ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The iteration space is rows x output features x input features. Input
// features have to be whole: a part of a sum would be silently wrong. Tiles of
// output features start at a panel.
//
//===----------------------------------------------------------------------===//

#include "TilingUtils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

/// The dims of the iteration space.
enum Dim : unsigned { Row, Out, In, NumDims };

/// Whether `value` is provably a multiple of `divisor`.
static bool isMultiple(OpFoldResult value, int64_t divisor) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return *constant % divisor == 0;
  auto ssa = dyn_cast<Value>(value);
  if (!ssa)
    return false;
  if (auto argument = dyn_cast<BlockArgument>(ssa)) {
    auto loop =
        dyn_cast<LoopLikeOpInterface>(argument.getOwner()->getParentOp());
    if (!loop)
      return false;
    std::optional<SmallVector<Value>> variables = loop.getLoopInductionVars();
    std::optional<SmallVector<OpFoldResult>> starts = loop.getLoopLowerBounds();
    std::optional<SmallVector<OpFoldResult>> steps = loop.getLoopSteps();
    if (!variables || !starts || !steps)
      return false;
    for (auto [variable, start, step] : llvm::zip(*variables, *starts, *steps))
      if (variable == ssa)
        return isMultiple(start, divisor) && isMultiple(step, divisor);
    return false;
  }
  if (auto product = ssa.getDefiningOp<arith::MulIOp>())
    return isMultiple(product.getLhs(), divisor) ||
           isMultiple(product.getRhs(), divisor);
  if (auto apply = ssa.getDefiningOp<affine::AffineApplyOp>())
    return apply.getAffineMap().getResult(0).isMultipleOf(divisor);
  return false;
}

SmallVector<utils::IteratorType> PackedLinearOp::getLoopIteratorTypes() {
  return {utils::IteratorType::parallel, utils::IteratorType::parallel,
          utils::IteratorType::reduction};
}

SmallVector<Range> PackedLinearOp::getIterationDomain(OpBuilder &builder) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(*this);
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  return {{zero, getMixedSize(builder, getLoc(), getInit(), 0), one},
          {zero, getMixedSize(builder, getLoc(), getInit(), 1), one},
          {zero, getMixedSize(builder, getLoc(), getInput(), 1), one}};
}

FailureOr<TilingResult>
PackedLinearOp::getTiledImplementation(OpBuilder &builder,
                                       ArrayRef<OpFoldResult> offsets,
                                       ArrayRef<OpFoldResult> sizes) {
  int64_t width = getPanelWidth();
  if (!coversDim(getInput(), 1, offsets[In], sizes[In]) ||
      !isMultiple(offsets[Out], width))
    return failure();
  Location loc = getLoc();
  TilingResult result;
  auto slice = [&](Value value, ArrayRef<OpFoldResult> from,
                   ArrayRef<OpFoldResult> size) {
    return sliceValue(builder, loc, value, from, size, result.generatedSlices);
  };
  auto weightType = cast<ShapedType>(getWeight().getType());
  SmallVector<OpFoldResult> from(weightType.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> size;
  for (int64_t i = 0; i < weightType.getRank(); ++i)
    size.push_back(getMixedSize(builder, loc, getWeight(), i));
  bool wholeOut = coversDim(getInit(), 1, offsets[Out], sizes[Out]);
  if (!wholeOut) {
    AffineExpr d0 = builder.getAffineDimExpr(0);
    from[0] = affine::makeComposedFoldedAffineApply(
        builder, loc, d0.floorDiv(width), {offsets[Out]});
    size[0] = affine::makeComposedFoldedAffineApply(
        builder, loc, d0.ceilDiv(width), {sizes[Out]});
  }

  SmallVector<Value> operands{
      slice(getInput(), {offsets[Row], offsets[In]}, {sizes[Row], sizes[In]}),
      wholeOut ? getWeight() : slice(getWeight(), from, size)};
  if (getBias())
    operands.push_back(slice(getBias(), offsets[Out], sizes[Out]));
  operands.push_back(
      slice(getInit(), {offsets[Row], offsets[Out]}, {sizes[Row], sizes[Out]}));
  SmallVector<Type> types;
  if (!hasBufferSemantics())
    types.push_back(operands.back().getType());
  Operation *tiled = mlir::clone(builder, getOperation(), types, operands);
  result.tiledOps = {tiled};
  llvm::append_range(result.tiledValues, tiled->getResults());
  return result;
}

LogicalResult PackedLinearOp::getResultTilePosition(
    OpBuilder &builder, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  resultOffsets.assign({offsets[Row], offsets[Out]});
  resultSizes.assign({sizes[Row], sizes[Out]});
  return success();
}

LogicalResult PackedLinearOp::getIterationDomainTileFromResultTile(
    OpBuilder &builder, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  Range in = getIterationDomain(builder)[In];
  domainOffsets.assign({offsets[0], offsets[1], in.offset});
  domainSizes.assign({sizes[0], sizes[1], in.size});
  return success();
}

FailureOr<TilingResult> PackedLinearOp::generateResultTileValue(
    OpBuilder &builder, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> domainOffsets, domainSizes;
  if (failed(getIterationDomainTileFromResultTile(
          builder, resultNumber, offsets, sizes, domainOffsets, domainSizes)))
    return failure();
  return getTiledImplementation(builder, domainOffsets, domainSizes);
}

LogicalResult PackedLinearOp::getIterationDomainTileFromOperandTiles(
    OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
    ArrayRef<SmallVector<OpFoldResult>> offsets,
    ArrayRef<SmallVector<OpFoldResult>> sizes,
    SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  domainOffsets.clear();
  domainSizes.clear();
  for (Range range : getIterationDomain(builder)) {
    domainOffsets.push_back(range.offset);
    domainSizes.push_back(range.size);
  }
  for (auto [number, from, size] :
       llvm::zip_equal(operandNumbers, offsets, sizes)) {
    // Only rows of x say which part of the result they serve.
    if (number != getInputMutable().getOperandNumber() ||
        !coversDim(getInput(), 1, from[1], size[1]))
      return failure();
    domainOffsets[Row] = from[0];
    domainSizes[Row] = size[0];
  }
  return success();
}

FailureOr<TilingResult> PackedLinearOp::getTiledImplementationFromOperandTiles(
    OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
    ArrayRef<SmallVector<OpFoldResult>> offsets,
    ArrayRef<SmallVector<OpFoldResult>> sizes) {
  return tileAsOperands(*this, builder, operandNumbers, offsets, sizes);
}
