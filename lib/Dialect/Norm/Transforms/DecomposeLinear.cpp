//===- DecomposeLinear.cpp - norm.linear -> linalg ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GenericBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"
#include "norm/Dialect/Norm/Transforms/Transforms.h"

using namespace mlir;
using namespace mlir::norm;

/// The sums of products, in `empty`.
static Value contract(RewriterBase &rewriter, LinearOp op, Value empty) {
  Location loc = op.getLoc();
  // Rows, output features, input features.
  auto type = cast<RankedTensorType>(empty.getType());
  unsigned rank = type.getRank();
  MLIRContext *context = rewriter.getContext();
  auto getMap = [&](ArrayRef<unsigned> dims) {
    return AffineMap::getMultiDimMapWithTargets(rank + 1, dims, context);
  };
  SmallVector<unsigned> result = llvm::to_vector(llvm::seq(rank));
  SmallVector<unsigned> input(result);
  input.back() = rank;
  SmallVector<unsigned> weight = {rank - 1, rank};
  if (op.getLayout() == WeightLayout::InOut)
    std::swap(weight.front(), weight.back());

  Value zero = arith::ConstantOp::create(
      rewriter, loc, rewriter.getFloatAttr(type.getElementType(), 0.0));
  Value init = linalg::FillOp::create(rewriter, loc, zero, empty).getResult(0);
  return linalg::ContractOp::create(
             rewriter, loc, ValueRange{op.getInput(), op.getWeight()},
             ValueRange(init),
             rewriter.getAffineMapArrayAttr(
                 {getMap(input), getMap(weight), getMap(result)}))
      .getResult(0);
}

void mlir::norm::decomposeLinear(RewriterBase &rewriter, LinearOp op) {
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  ReifiedRankedShapedTypeDims shapes;
  // Of this op that cannot fail.
  (void)op.reifyResultShapes(rewriter, shapes);
  Type accumulated =
      getAccumulationType(getElementTypeOrSelf(op.getInput()), std::nullopt);
  // Which may say less than the operands, or more.
  auto type = cast<RankedTensorType>(op.getResult().getType());
  Type stored = type.getElementType();
  auto makeInit = [&](Type element) {
    return makeEmpty(rewriter, loc, type.clone(element), shapes.front());
  };
  auto replace = [&](Value value) {
    rewriter.replaceOp(op, castTo(rewriter, loc, value, type));
  };
  Value sums = contract(rewriter, op, makeInit(accumulated));
  if (!op.getBias() && stored == accumulated)
    return replace(sums);

  unsigned rank = type.getRank();
  AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
  SmallVector<Value> inputs = {sums};
  SmallVector<AffineMap> maps = {identity};
  if (op.getBias()) {
    inputs.push_back(op.getBias());
    maps.push_back(identity.getMinorSubMap(1));
  }
  maps.push_back(identity);
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Type biased = getBiasedType(accumulated, op.getBias());
  Value init = makeInit(stored);
  auto generic = linalg::GenericOp::create(
      rewriter, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange elements) {
        Value value = elements.front();
        if (op.getBias())
          value = arith::AddFOp::create(
              builder, loc, convertFloat(builder, loc, value, biased),
              convertFloat(builder, loc, elements[1], biased));
        linalg::YieldOp::create(builder, loc,
                                convertFloat(builder, loc, value, stored));
      });
  replace(generic.getResult(0));
}
