//===- BodyMemory.cpp - Loads and stores of a row program -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../MaskedMemory.h"
#include "BodyEmitter.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/CPU/Casts.h"

using namespace mlir;
using namespace mlir::norm;

/// The positions in `dims`.
static SmallVector<Value> getIndices(ArrayRef<unsigned> dims,
                                     const Scope &scope) {
  return llvm::map_to_vector(dims,
                             [&](unsigned dim) { return scope.getIndex(dim); });
}

bool BodyEmitter::isContiguous(Value memref, ArrayRef<unsigned> dims) const {
  if (dims.empty() || dims.back() != *nest.getVectorDim())
    return false;
  auto type = cast<MemRefType>(memref.getType());
  // Vectors of less than bytes are packed in memory, scalars are not.
  return type.isLastDimUnitStride() && getBits(type.getElementType()) % 8 == 0;
}

bool BodyEmitter::canMask(Type type) const {
  return target.hasMasks ||
         (target.isX86 && target.vectorBits >= 256 && getBits(type) >= 32);
}

bool BodyEmitter::areMasksFree() const {
  if (!target.hasMasks)
    return false;
  GenericOp generic = op;
  for (unsigned i = 0, e = generic->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> dims = generic.getOperandDims(i);
    if (llvm::is_contained(dims, *nest.getVectorDim()) &&
        !isContiguous(generic->getOperand(i), dims))
      return false;
  }
  return true;
}

/// Emits `body` for the lanes 0 to `count`.
static void forLanes(ImplicitLocOpBuilder &builder, Value count,
                     ValueRange inits,
                     function_ref<SmallVector<Value>(Value, ValueRange)> body,
                     SmallVectorImpl<Value> &results) {
  Value zero = arith::ConstantIndexOp::create(builder, 0);
  Value one = arith::ConstantIndexOp::create(builder, 1);
  auto loop = scf::ForOp::create(
      builder, zero, count, one, inits,
      [&](OpBuilder &nested, Location loc, Value lane, ValueRange values) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(nested.getInsertionBlock(),
                                  nested.getInsertionPoint());
        SmallVector<Value> yielded = body(lane, values);
        scf::YieldOp::create(builder, yielded);
      });
  results.assign(loop.getResults().begin(), loop.getResults().end());
}

Value BodyEmitter::load(BlockArgument argument, Scope &scope) {
  unsigned i = argument.getArgNumber();
  Value memref = op.getInputs()[i];
  SmallVector<unsigned> dims = op.getOperandDims(i);
  if (!isVector(argument)) {
    Value value =
        memref::LoadOp::create(builder, memref, getIndices(dims, scope));
    if (value.getType() == argument.getType())
      return value;
    return arith::ExtFOp::create(builder, argument.getType(), value);
  }
  if (scope.hasSpan()) {
    // The load is the same for both halves: one of the two is dropped by CSE.
    auto [even, odd] = buildExtendBF16Pairs(builder, builder.getLoc(),
                                            loadSpan(argument, scope), target);
    return scope.getEven() ? odd : even;
  }
  Value value = loadElements(memref, dims, scope, lanes, scope.getMask(),
                             scope.getCount());
  Type type = getVectorType(argument.getType());
  if (value.getType() == type)
    return value;
  return arith::ExtFOp::create(builder, type, value);
}

Value BodyEmitter::loadSpan(BlockArgument argument, const Scope &scope) {
  unsigned i = argument.getArgNumber();
  return loadElements(op.getInputs()[i], op.getOperandDims(i), scope, 2 * lanes,
                      scope.getSpanMask(), scope.getSpanCount());
}

Value BodyEmitter::loadElements(Value memref, ArrayRef<unsigned> dims,
                                const Scope &scope, int64_t count, Value mask,
                                Value left) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  auto type = VectorType::get({count}, element);
  if (int64_t rowLength = getInterleaved(memref, dims))
    return loadInterleaved(memref, dims, scope, rowLength);
  SmallVector<Value> indices = getIndices(dims, scope);
  bool contiguous = isContiguous(memref, dims);
  if (contiguous && (!mask || canMask(element) || isFirstLaneMask(mask)))
    return buildMaskedLoad(builder, builder.getLoc(), type, memref, indices,
                           mask);
  Value zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  // Lane by lane: elements that are not side by side, or of a type whose
  // masked loads the target lacks.
  unsigned position = llvm::find(dims, *nest.getVectorDim()) - dims.begin();
  Value first = indices[position];
  auto loadLane = [&](Value lane) -> Value {
    indices[position] = arith::AddIOp::create(builder, first, lane);
    return memref::LoadOp::create(builder, memref, indices);
  };
  if (!mask) {
    Value vector = zero;
    for (int64_t lane = 0; lane < count; ++lane)
      vector = vector::InsertOp::create(
          builder, loadLane(getIndexConstant(lane)), vector, lane);
    return vector;
  }
  SmallVector<Value> results;
  forLanes(
      builder, left, zero,
      [&](Value lane, ValueRange values) {
        Value scalar = loadLane(lane);
        return SmallVector<Value>{vector::InsertOp::create(
            builder, scalar, values.front(), ArrayRef<OpFoldResult>{lane})};
      },
      results);
  return results.front();
}

void BodyEmitter::storeElements(Value value, Value memref,
                                ArrayRef<unsigned> dims, const Scope &scope,
                                Value mask, Value left) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  int64_t count = cast<VectorType>(value.getType()).getNumElements();
  SmallVector<Value> indices = getIndices(dims, scope);
  bool contiguous = isContiguous(memref, dims);
  if (contiguous && !mask) {
    llvm::MaybeAlign alignment;
    if (nontemporal)
      alignment = llvm::Align(count * getBits(element) / 8);
    vector::StoreOp::create(builder, value, memref, indices, nontemporal,
                            alignment);
    return;
  }
  if (contiguous && mask && (canMask(element) || isFirstLaneMask(mask))) {
    buildMaskedStore(builder, builder.getLoc(), value, memref, indices, mask);
    return;
  }
  unsigned position = llvm::find(dims, *nest.getVectorDim()) - dims.begin();
  Value first = indices[position];
  auto storeLane = [&](Value lane, OpFoldResult index) {
    indices[position] = arith::AddIOp::create(builder, first, lane);
    Value scalar = vector::ExtractOp::create(builder, value,
                                             ArrayRef<OpFoldResult>{index});
    memref::StoreOp::create(builder, scalar, memref, indices);
  };
  if (!mask) {
    for (int64_t lane = 0; lane < count; ++lane)
      storeLane(getIndexConstant(lane), builder.getIndexAttr(lane));
    return;
  }
  SmallVector<Value> results;
  forLanes(
      builder, left, {},
      [&](Value lane, ValueRange) {
        storeLane(lane, lane);
        return SmallVector<Value>();
      },
      results);
}

bool BodyEmitter::hasShortNaNs() {
  // x86 arithmetic gives the quieted NaN of an operand or the default one, in
  // both of which an input of bf16 leaves the lower half zero.
  if (!target.isX86)
    return false;
  for (Value input : op.getInputs())
    if (!getElementTypeOrSelf(input.getType()).isBF16())
      return false;
  auto isShort = [&](Value value) {
    if (value.getParentBlock() == op.getBodyBlock() ||
        !isa<FloatType>(value.getType()))
      return true;
    FloatAttr constant;
    return matchPattern(value, m_Constant(&constant)) &&
           !constant.getValue().isNaN();
  };
  return llvm::all_of(*op.getBodyBlock(), [&](Operation &nested) {
    if (!llvm::all_of(nested.getOperands(), isShort))
      return false;
    if (auto constant = dyn_cast<arith::ConstantOp>(nested)) {
      auto attr = dyn_cast<FloatAttr>(constant.getValue());
      return !attr || !attr.getValue().isNaN();
    }
    return isa<ReduceOp, CenterOp, ExtentOp, YieldOp, arith::AddFOp,
               arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp,
               arith::MaximumFOp, arith::MinimumFOp, math::FmaOp, math::SqrtOp,
               math::AbsFOp>(nested);
  });
}

void BodyEmitter::store(unsigned i, Scope &scope) {
  Value yielded = op.getYield().getValues()[i];
  Value value = get(yielded, scope);
  Value memref = op.getOutputs()[i];
  SmallVector<unsigned> dims = op.getOperandDims(op.getInputs().size() + i);
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  // A value that varies less than the output is stored over and over.
  bool vectorize =
      nest.getVectorDim() && llvm::is_contained(dims, *nest.getVectorDim());
  if (vectorize)
    value = broadcast(value, getVectorType(yielded.getType()));
  if (vectorize && scope.hasSpan()) {
    // Both halves are stored once the second is known.
    Scope *even = scope.getEven();
    if (!even)
      return;
    Value evenValue = broadcast(get(yielded, *even), value.getType());
    Value span = buildTruncateBF16Pairs(builder, builder.getLoc(), evenValue,
                                        value, target, hasShortNaNs());
    storeElements(span, memref, dims, scope, scope.getSpanMask(),
                  scope.getSpanCount());
    return;
  }
  if (getElementTypeOrSelf(value.getType()) != element)
    value = arith::TruncFOp::create(
        builder, vectorize ? getVectorType(element) : element, value);
  if (int64_t rowLength = vectorize ? getInterleaved(memref, dims) : 0)
    storeInterleaved(i, value, scope, rowLength);
  else if (vectorize)
    storeElements(value, memref, dims, scope, scope.getMask(),
                  scope.getCount());
  else
    memref::StoreOp::create(builder, value, memref, getIndices(dims, scope));
}

void BodyEmitter::prefetchNextRow(unsigned rowDim, Scope &scope) {
  // The first half of a span prefetches for both.
  if (scope.getEven())
    return;
  Value one = getIndexConstant(1);
  Value next = arith::AddIOp::create(builder, scope.getIndex(rowDim), one);
  Value last = arith::SubIOp::create(builder, getSize(rowDim), one);
  next = arith::MinUIOp::create(builder, next, last);
  for (unsigned i = 0, e = op.getInputs().size(); i < e; ++i) {
    Value memref = op.getInputs()[i];
    SmallVector<unsigned> dims = op.getOperandDims(i);
    if (!llvm::is_contained(dims, rowDim) || !isContiguous(memref, dims))
      continue;
    SmallVector<Value> indices = getIndices(dims, scope);
    // Other loops may lie inside of that over the vector dim.
    if (!llvm::all_of(indices, [](Value index) { return bool(index); }))
      continue;
    indices[llvm::find(dims, rowDim) - dims.begin()] = next;
    memref::PrefetchOp::create(builder, memref, indices, /*isWrite=*/false,
                               /*localityHint=*/2, /*isDataCache=*/true);
  }
}
