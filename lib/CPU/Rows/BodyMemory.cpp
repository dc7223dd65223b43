//===- BodyMemory.cpp - Loads and stores of a row program -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

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
  return cast<MemRefType>(memref.getType()).isLastDimUnitStride();
}

bool BodyEmitter::canMask(Type type) const {
  return target.hasMasks || (target.isX86 && target.vectorBits >= 256 &&
                             type.getIntOrFloatBitWidth() >= 32);
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
  Value value;
  if (!isVector(argument))
    value = memref::LoadOp::create(builder, memref, getIndices(dims, scope));
  else
    value = loadElements(memref, dims, scope);
  Type element = argument.getType();
  if (getElementTypeOrSelf(value.getType()) == element)
    return value;
  Type type = isVector(argument) ? getVectorType(element) : element;
  return arith::ExtFOp::create(builder, type, value);
}

Value BodyEmitter::loadElements(Value memref, ArrayRef<unsigned> dims,
                                Scope &scope) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  auto type = VectorType::get({lanes}, element);
  SmallVector<Value> indices = getIndices(dims, scope);
  bool contiguous = isContiguous(memref, dims);
  if (contiguous && !scope.getMask())
    return vector::LoadOp::create(builder, type, memref, indices);
  Value zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  if (contiguous && canMask(element))
    return vector::MaskedLoadOp::create(builder, type, memref, indices,
                                        scope.getMask(), zero);
  // Lane by lane: elements that are not side by side, or of a type whose
  // masked loads the target lacks.
  unsigned position = llvm::find(dims, *nest.getVectorDim()) - dims.begin();
  Value first = indices[position];
  auto insert = [&](Value lane, Value vector) {
    indices[position] = arith::AddIOp::create(builder, first, lane);
    Value scalar = memref::LoadOp::create(builder, memref, indices);
    return vector::InsertOp::create(builder, scalar, vector,
                                    ArrayRef<OpFoldResult>{lane});
  };
  if (!scope.getMask()) {
    Value vector = zero;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      indices[position] =
          arith::AddIOp::create(builder, first, getIndexConstant(lane));
      Value scalar = memref::LoadOp::create(builder, memref, indices);
      vector = vector::InsertOp::create(builder, scalar, vector, lane);
    }
    return vector;
  }
  SmallVector<Value> results;
  forLanes(
      builder, scope.getCount(), zero,
      [&](Value lane, ValueRange values) {
        return SmallVector<Value>{insert(lane, values.front())};
      },
      results);
  return results.front();
}

void BodyEmitter::storeElements(Value value, Value memref,
                                ArrayRef<unsigned> dims, Scope &scope) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  SmallVector<Value> indices = getIndices(dims, scope);
  bool contiguous = isContiguous(memref, dims);
  if (contiguous && !scope.getMask()) {
    llvm::MaybeAlign alignment;
    if (nontemporal)
      alignment = llvm::Align(lanes * element.getIntOrFloatBitWidth() / 8);
    vector::StoreOp::create(builder, value, memref, indices, nontemporal,
                            alignment);
    return;
  }
  if (contiguous && canMask(element)) {
    vector::MaskedStoreOp::create(builder, memref, indices, scope.getMask(),
                                  value);
    return;
  }
  unsigned position = llvm::find(dims, *nest.getVectorDim()) - dims.begin();
  Value first = indices[position];
  if (!scope.getMask()) {
    for (int64_t lane = 0; lane < lanes; ++lane) {
      indices[position] =
          arith::AddIOp::create(builder, first, getIndexConstant(lane));
      Value scalar = vector::ExtractOp::create(builder, value, lane);
      memref::StoreOp::create(builder, scalar, memref, indices);
    }
    return;
  }
  SmallVector<Value> results;
  forLanes(
      builder, scope.getCount(), {},
      [&](Value lane, ValueRange) {
        indices[position] = arith::AddIOp::create(builder, first, lane);
        Value scalar = vector::ExtractOp::create(builder, value,
                                                 ArrayRef<OpFoldResult>{lane});
        memref::StoreOp::create(builder, scalar, memref, indices);
        return SmallVector<Value>();
      },
      results);
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
  if (getElementTypeOrSelf(value.getType()) != element)
    value = arith::TruncFOp::create(
        builder, vectorize ? getVectorType(element) : element, value);
  if (vectorize)
    storeElements(value, memref, dims, scope);
  else
    memref::StoreOp::create(builder, value, memref, getIndices(dims, scope));
}
