//===- BodyInterleaved.cpp - Loads and stores of short rows ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows of n elements, a row in every lane: n vectors of memory hold the rows
// one after the other, n vectors of values hold an element of every row each.
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::norm;

/// The vector whose lane l is lane `lanes(l)` of `vectors[sources(l)]`.
static Value permute(ImplicitLocOpBuilder &builder, ArrayRef<Value> vectors,
                     function_ref<int64_t(int64_t)> source,
                     function_ref<int64_t(int64_t)> lane) {
  int64_t lanes = cast<VectorType>(vectors.front().getType()).getNumElements();
  Value result = vectors.front();
  for (int64_t i = 1, e = vectors.size(); i < e; ++i) {
    // What the vectors before this one give is in its place after the first.
    SmallVector<int64_t> mask;
    for (int64_t l = 0; l < lanes; ++l)
      mask.push_back(source(l) == i ? lanes + lane(l) : i == 1 ? lane(l) : l);
    result = vector::ShuffleOp::create(builder, result, vectors[i], mask);
  }
  return result;
}

/// Even and odd lanes of each two neighbours, until what is left is one element
/// of all rows: for n a power of two, in n log n steps instead of n^2.
static SmallVector<Value> deinterleave(ImplicitLocOpBuilder &builder,
                                       ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return {vectors.front()};
  int64_t lanes = cast<VectorType>(vectors.front().getType()).getNumElements();
  SmallVector<Value> halves[2];
  for (int64_t odd : {0, 1}) {
    SmallVector<int64_t> mask;
    for (int64_t l = 0; l < lanes; ++l)
      mask.push_back(2 * l + odd);
    SmallVector<Value> half;
    for (unsigned i = 0; i < vectors.size(); i += 2)
      half.push_back(
          vector::ShuffleOp::create(builder, vectors[i], vectors[i + 1], mask));
    halves[odd] = deinterleave(builder, half);
  }
  SmallVector<Value> result;
  for (auto [even, odd] : llvm::zip(halves[0], halves[1]))
    result.append({even, odd});
  return result;
}

/// The inverse.
static SmallVector<Value> interleave(ImplicitLocOpBuilder &builder,
                                     ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return {vectors.front()};
  int64_t lanes = cast<VectorType>(vectors.front().getType()).getNumElements();
  SmallVector<Value> evens, odds;
  for (auto [i, value] : llvm::enumerate(vectors))
    (i % 2 ? odds : evens).push_back(value);
  evens = interleave(builder, evens);
  odds = interleave(builder, odds);
  SmallVector<Value> result;
  for (auto [even, odd] : llvm::zip(evens, odds))
    for (int64_t part : {0, 1}) {
      SmallVector<int64_t> mask;
      for (int64_t l = 0; l < lanes; ++l)
        mask.push_back((part * lanes + l) / 2 + (l % 2) * lanes);
      result.push_back(vector::ShuffleOp::create(builder, even, odd, mask));
    }
  return result;
}

int64_t BodyEmitter::getInterleaved(Value memref,
                                    ArrayRef<unsigned> dims) const {
  if (!interleaved || dims.size() < 2 ||
      dims[dims.size() - 2] != *nest.getVectorDim())
    return 0;
  return cast<MemRefType>(memref.getType()).getShape().back();
}

SmallVector<Value> BodyEmitter::getRowIndices(ArrayRef<unsigned> dims,
                                              const Scope &scope, int64_t part,
                                              int64_t count) {
  SmallVector<Value> indices;
  for (unsigned dim : dims.drop_back())
    indices.push_back(scope.getIndex(dim));
  int64_t first = part * lanes;
  indices.back() = arith::AddIOp::create(builder, indices.back(),
                                         getIndexConstant(first / count));
  indices.push_back(getIndexConstant(first % count));
  return indices;
}

Value BodyEmitter::loadInterleaved(Value memref, ArrayRef<unsigned> dims,
                                   const Scope &scope, int64_t count) {
  auto type = VectorType::get(
      {lanes}, cast<MemRefType>(memref.getType()).getElementType());
  SmallVector<Value> parts;
  for (int64_t part = 0; part < count; ++part)
    parts.push_back(vector::LoadOp::create(
        builder, type, memref, getRowIndices(dims, scope, part, count)));
  int64_t element = *getConstantIntValue(scope.getIndex(dims.back()));
  // What is emitted again for the next element is dropped by CSE.
  if (llvm::isPowerOf2_64(count))
    return deinterleave(builder, parts)[element];
  auto position = [&](int64_t lane) { return lane * count + element; };
  return permute(
      builder, parts, [&](int64_t lane) { return position(lane) / lanes; },
      [&](int64_t lane) { return position(lane) % lanes; });
}

void BodyEmitter::storeInterleaved(unsigned output, Value value,
                                   const Scope &scope, int64_t count) {
  SmallVector<Value> &elements = waiting[output];
  elements.push_back(value);
  if (int64_t(elements.size()) < count)
    return;
  SmallVector<Value> parts;
  if (llvm::isPowerOf2_64(count))
    parts = interleave(builder, elements);
  else
    for (int64_t part = 0; part < count; ++part) {
      auto position = [&](int64_t lane) { return part * lanes + lane; };
      parts.push_back(permute(
          builder, elements,
          [&](int64_t lane) { return position(lane) % count; },
          [&](int64_t lane) { return position(lane) / count; }));
    }
  Value memref = op.getOutputs()[output];
  SmallVector<unsigned> dims =
      op.getOperandDims(op.getInputs().size() + output);
  for (auto [part, vector] : llvm::enumerate(parts))
    vector::StoreOp::create(builder, vector, memref,
                            getRowIndices(dims, scope, part, count));
  elements.clear();
}
