//===- GenericBuilder.cpp - Building a norm.generic operand by operand ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::norm;

GenericBuilder::GenericBuilder(OpBuilder &builder, Location loc,
                               unsigned numDims,
                               ArrayRef<int64_t> reductionDims)
    : builder(builder), loc(loc),
      iterators(numDims, utils::IteratorType::parallel) {
  for (int64_t dim : reductionDims)
    iterators[dim] = utils::IteratorType::reduction;
}

AffineMap GenericBuilder::mapOf(ArrayRef<int64_t> dims) const {
  SmallVector<AffineExpr> results = llvm::map_to_vector(
      dims, [&](int64_t dim) { return builder.getAffineDimExpr(dim); });
  return AffineMap::get(iterators.size(), 0, results, builder.getContext());
}

SmallVector<int64_t> GenericBuilder::allDims() const {
  return llvm::to_vector(
      llvm::seq<int64_t>(0, static_cast<int64_t>(iterators.size())));
}

void GenericBuilder::addInput(Value value, ArrayRef<int64_t> dims,
                              Type argumentType) {
  addInput(value, mapOf(dims), argumentType);
}

void GenericBuilder::addInput(Value value, AffineMap map, Type argumentType) {
  inputs.push_back(value);
  inputMaps.push_back(map);
  argumentTypes.push_back(argumentType);
}

void GenericBuilder::addOutput(Value init, ArrayRef<int64_t> dims) {
  addOutput(init, mapOf(dims));
}

void GenericBuilder::addOutput(Value init, AffineMap map) {
  outputs.push_back(init);
  outputMaps.push_back(map);
}

GenericOp GenericBuilder::build(
    function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)> body) {
  SmallVector<AffineMap> maps(inputMaps);
  llvm::append_range(maps, outputMaps);
  auto generic = GenericOp::create(builder, loc, inputs, outputs, maps,
                                   iterators, nullptr);
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> locations(argumentTypes.size(), loc);
  Block *block =
      builder.createBlock(&generic.getBody(), {}, argumentTypes, locations);
  ImplicitLocOpBuilder bodyBuilder(loc, builder);
  bodyBuilder.setInsertionPointToStart(block);
  SmallVector<Value> yielded = body(bodyBuilder, block->getArguments());
  YieldOp::create(bodyBuilder, yielded);
  return generic;
}

Value mlir::norm::makeFloat(ImplicitLocOpBuilder &builder, Type type,
                            double value) {
  return arith::ConstantOp::create(builder, builder.getFloatAttr(type, value));
}

Value mlir::norm::makeEmpty(OpBuilder &builder, Location loc,
                            RankedTensorType type,
                            ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> mixed(sizes);
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (!ShapedType::isDynamic(size))
      mixed[dim] = builder.getIndexAttr(size);
  return tensor::EmptyOp::create(builder, loc, mixed, type.getElementType(),
                                 type.getEncoding());
}

Value mlir::norm::makeEmptyLike(OpBuilder &builder, Location loc, Value value) {
  return makeEmpty(builder, loc, cast<RankedTensorType>(value.getType()),
                   tensor::getMixedSizes(builder, loc, value));
}

SmallVector<Value> mlir::norm::castTo(OpBuilder &builder, Location loc,
                                      ValueRange values, TypeRange types) {
  return llvm::map_to_vector(
      llvm::zip_equal(values, types), [&](auto pair) -> Value {
        auto [value, type] = pair;
        if (value.getType() == type)
          return value;
        return tensor::CastOp::create(builder, loc, type, value);
      });
}
