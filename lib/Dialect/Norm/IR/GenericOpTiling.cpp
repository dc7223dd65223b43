//===- GenericOpTiling.cpp - TilingInterface of the structured op ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parallel dims can be tiled. A reduction dim has to be whole in every tile:
// statistics of a part of a row would be silently wrong.
//
//===----------------------------------------------------------------------===//

#include "TilingUtils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

SmallVector<utils::IteratorType> GenericOp::getLoopIteratorTypes() {
  SmallVector<utils::IteratorType> types;
  for (unsigned dim = 0; dim < getNumLoops(); ++dim)
    types.push_back(isReductionDim(dim) ? utils::IteratorType::reduction
                                        : utils::IteratorType::parallel);
  return types;
}

SmallVector<Range> GenericOp::getIterationDomain(OpBuilder &builder) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(*this);
  SmallVector<Range> ranges;
  for (unsigned dim = 0; dim < getNumLoops(); ++dim) {
    auto [value, position] = getDimSource(dim);
    ranges.push_back({builder.getIndexAttr(0),
                      getMixedSize(builder, getLoc(), value, position),
                      builder.getIndexAttr(1)});
  }
  return ranges;
}

/// Whether a tile at `offset` of `size` provably covers dim `dim`.
static bool coversLoop(GenericOp op, unsigned dim, OpFoldResult offset,
                       OpFoldResult size) {
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    for (auto [position, d] : llvm::enumerate(op.getOperandDims(i)))
      if (d == dim && coversDim(op->getOperand(i), position, offset, size))
        return true;
  return false;
}

/// The tile of operand `i`.
static Value sliceOperand(OpBuilder &builder, GenericOp op, unsigned i,
                          ArrayRef<OpFoldResult> offsets,
                          ArrayRef<OpFoldResult> sizes,
                          SmallVectorImpl<Operation *> &slices) {
  Value value = op->getOperand(i);
  SmallVector<OpFoldResult> sliceOffsets, sliceSizes, strides;
  bool whole = true;
  for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
    sliceOffsets.push_back(offsets[dim]);
    sliceSizes.push_back(sizes[dim]);
    strides.push_back(builder.getIndexAttr(1));
    whole &= coversLoop(op, dim, offsets[dim], sizes[dim]);
  }
  if (whole)
    return value;
  Operation *slice;
  if (isa<MemRefType>(value.getType()))
    slice = memref::SubViewOp::create(builder, op.getLoc(), value, sliceOffsets,
                                      sliceSizes, strides);
  else
    slice = tensor::ExtractSliceOp::create(builder, op.getLoc(), value,
                                           sliceOffsets, sliceSizes, strides);
  slices.push_back(slice);
  return slice->getResult(0);
}

/// `norm.index` and `norm.extent` speak of the untiled space: adds the tile's
/// offset to the first and replaces the second by the size of the whole.
static void restoreUntiledSpace(OpBuilder &builder, GenericOp op,
                                GenericOp tiled, ArrayRef<OpFoldResult> offsets,
                                ArrayRef<OpFoldResult> sizes) {
  Location loc = op.getLoc();
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Operation *> nested;
  for (Operation &bodyOp : tiled.getBodyBlock()->without_terminator())
    nested.push_back(&bodyOp);
  for (Operation *bodyOp : nested) {
    if (auto index = dyn_cast<IndexOp>(bodyOp)) {
      OpFoldResult offset = offsets[index.getDim()];
      if (isConstantIntValue(offset, 0))
        continue;
      builder.setInsertionPoint(tiled);
      Value base = getValueOrCreateConstantIndexOp(builder, loc, offset);
      builder.setInsertionPointAfter(index);
      auto sum = arith::AddIOp::create(builder, loc, index, base);
      index.getResult().replaceAllUsesExcept(sum, sum);
    }
    auto extent = dyn_cast<ExtentOp>(bodyOp);
    if (!extent || llvm::all_of(extent.getDims(), [&](int64_t dim) {
          return coversLoop(op, dim, offsets[dim], sizes[dim]);
        }))
      continue;
    builder.setInsertionPoint(tiled);
    Value product;
    SmallVector<Range> domain = op.getIterationDomain(builder);
    for (int64_t dim : extent.getDims()) {
      Value size =
          getValueOrCreateConstantIndexOp(builder, loc, domain[dim].size);
      product =
          product ? arith::MulIOp::create(builder, loc, product, size) : size;
    }
    Type type = extent.getType();
    if (!type.isIndex()) {
      product = arith::IndexCastOp::create(builder, loc, builder.getI64Type(),
                                           product);
      if (isa<FloatType>(type))
        product = arith::SIToFPOp::create(builder, loc, type, product);
      else if (type.getIntOrFloatBitWidth() < 64)
        product = arith::TruncIOp::create(builder, loc, type, product);
    }
    extent.replaceAllUsesWith(product);
    extent.erase();
  }
}

FailureOr<TilingResult>
GenericOp::getTiledImplementation(OpBuilder &builder,
                                  ArrayRef<OpFoldResult> offsets,
                                  ArrayRef<OpFoldResult> sizes) {
  for (unsigned dim = 0; dim < getNumLoops(); ++dim)
    if (isReductionDim(dim) &&
        !coversLoop(*this, dim, offsets[dim], sizes[dim]))
      return failure();
  TilingResult result;
  SmallVector<Value> operands;
  for (unsigned i = 0; i < getOperation()->getNumOperands(); ++i)
    operands.push_back(sliceOperand(builder, *this, i, offsets, sizes,
                                    result.generatedSlices));
  SmallVector<Type> types;
  if (!hasBufferSemantics())
    for (Value output : ArrayRef(operands).drop_front(getInputs().size()))
      types.push_back(output.getType());
  auto tiled =
      cast<GenericOp>(mlir::clone(builder, getOperation(), types, operands));
  restoreUntiledSpace(builder, *this, tiled, offsets, sizes);
  result.tiledOps = {tiled};
  llvm::append_range(result.tiledValues, tiled->getResults());
  return result;
}

LogicalResult GenericOp::getResultTilePosition(
    OpBuilder &builder, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVector<OpFoldResult> &resultOffsets,
    SmallVector<OpFoldResult> &resultSizes) {
  for (unsigned dim : getOperandDims(getInputs().size() + resultNumber)) {
    resultOffsets.push_back(offsets[dim]);
    resultSizes.push_back(sizes[dim]);
  }
  return success();
}

/// Merges the tile of operand `i` into the tile of the iteration space, of
/// which the dims in `decided` are those of other operands. Fails where the two
/// differ.
static LogicalResult
mergeOperandTile(GenericOp op, OpBuilder &builder, unsigned i,
                 ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                 llvm::SmallBitVector &decided,
                 SmallVectorImpl<OpFoldResult> &domainOffsets,
                 SmallVectorImpl<OpFoldResult> &domainSizes) {
  if (decided.empty()) {
    decided.resize(op.getNumLoops());
    domainOffsets.clear();
    domainSizes.clear();
    for (Range range : op.getIterationDomain(builder)) {
      domainOffsets.push_back(range.offset);
      domainSizes.push_back(range.size);
    }
  }
  for (auto [position, dim] : llvm::enumerate(op.getOperandDims(i))) {
    if (op.isReductionDim(dim)) {
      if (!coversLoop(op, dim, offsets[position], sizes[position]))
        return failure();
      continue;
    }
    if (decided.test(dim) &&
        !(isEqualConstantIntOrValue(domainOffsets[dim], offsets[position]) &&
          isEqualConstantIntOrValue(domainSizes[dim], sizes[position])))
      return failure();
    decided.set(dim);
    domainOffsets[dim] = offsets[position];
    domainSizes[dim] = sizes[position];
  }
  return success();
}

LogicalResult GenericOp::getIterationDomainTileFromResultTile(
    OpBuilder &builder, unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
    ArrayRef<OpFoldResult> sizes, SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  llvm::SmallBitVector decided;
  return mergeOperandTile(*this, builder, getInputs().size() + resultNumber,
                          offsets, sizes, decided, domainOffsets, domainSizes);
}

FailureOr<TilingResult>
GenericOp::generateResultTileValue(OpBuilder &builder, unsigned resultNumber,
                                   ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> domainOffsets, domainSizes;
  if (failed(getIterationDomainTileFromResultTile(
          builder, resultNumber, offsets, sizes, domainOffsets, domainSizes)))
    return failure();
  FailureOr<TilingResult> tiled =
      getTiledImplementation(builder, domainOffsets, domainSizes);
  if (failed(tiled))
    return failure();
  return TilingResult{tiled->tiledOps,
                      {tiled->tiledValues[resultNumber]},
                      tiled->generatedSlices};
}

LogicalResult GenericOp::getIterationDomainTileFromOperandTiles(
    OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
    ArrayRef<SmallVector<OpFoldResult>> offsets,
    ArrayRef<SmallVector<OpFoldResult>> sizes,
    SmallVectorImpl<OpFoldResult> &domainOffsets,
    SmallVectorImpl<OpFoldResult> &domainSizes) {
  llvm::SmallBitVector decided;
  for (auto [number, tileOffsets, tileSizes] :
       llvm::zip_equal(operandNumbers, offsets, sizes))
    if (failed(mergeOperandTile(*this, builder, number, tileOffsets, tileSizes,
                                decided, domainOffsets, domainSizes)))
      return failure();
  return success();
}

FailureOr<TilingResult> GenericOp::getTiledImplementationFromOperandTiles(
    OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
    ArrayRef<SmallVector<OpFoldResult>> offsets,
    ArrayRef<SmallVector<OpFoldResult>> sizes) {
  return tileAsOperands(*this, builder, operandNumbers, offsets, sizes);
}
