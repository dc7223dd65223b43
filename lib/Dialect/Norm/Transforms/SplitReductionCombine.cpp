//===- SplitReductionCombine.cpp - One result of those of chunks ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mean and the sum of squares about it are combined by the formula of Chan,
// Golub and LeVeque
// ("Updating formulae and a pairwise algorithm for computing sample variances",
// 1979), in f64, as there are few partial results.
//
//===----------------------------------------------------------------------===//

#include "ReductionSplitter.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"

using namespace mlir;
using namespace mlir::norm;

void ReductionSplitter::combineReduction(OpBuilder &builder,
                                         Operation *reduction,
                                         const Counts &counts,
                                         ArrayRef<ValueRange> partials,
                                         unsigned chunkDim,
                                         SmallVectorImpl<Value> &results) {
  int64_t over = chunkDim;
  auto sum = [&](ReduceKind kind, Value value) -> Value {
    return ReduceOp::create(builder, loc, value.getType(), kind, value, over);
  };
  if (auto reduce = dyn_cast<ReduceOp>(reduction)) {
    Value total = sum(reduce.getKind(), partials[0][0]);
    if (partials.size() > 1)
      total = combine(builder, loc, reduce.getKind(), total, partials[1][0]);
    results.push_back(total);
    return;
  }
  // With n values of mean m and sum of squares s about it in every chunk, the
  // mean is sum(n m) / sum(n), the sum of squares sum(s) + sum(n (m - mean)^2).
  Type f64 = builder.getF64Type();
  Value mean = partials[0][0];
  Value total = arith::MulFOp::create(builder, loc, sum(ReduceKind::Add, mean),
                                      counts.inChunk);
  Value tailMean;
  if (partials.size() > 1) {
    // The mean of no elements is no number.
    Value zero = makeNeutral(builder, loc, ReduceKind::Add, f64);
    Value isEmpty = arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::OEQ, counts.inTail, zero);
    tailMean =
        arith::SelectOp::create(builder, loc, isEmpty, zero, partials[1][0]);
    Value weighted =
        arith::MulFOp::create(builder, loc, tailMean, counts.inTail);
    total = arith::AddFOp::create(builder, loc, total, weighted);
  }
  Value all = arith::DivFOp::create(builder, loc, total, counts.inAll);
  Type type = getSumType(reduction->getOperand(0).getType());
  Value high = convertFloat(builder, loc, all, type);
  Value low = arith::SubFOp::create(builder, loc, all,
                                    convertFloat(builder, loc, high, f64));
  results.push_back(high);
  results.push_back(convertFloat(builder, loc, low, type));
  if (partials[0].size() == 1)
    return;
  auto moment = [&](Value mean, Value squares, Value number) -> Value {
    Value delta = arith::SubFOp::create(builder, loc, mean, all);
    Value square = arith::MulFOp::create(builder, loc, delta, delta);
    return arith::AddFOp::create(
        builder, loc, arith::MulFOp::create(builder, loc, square, number),
        convertFloat(builder, loc, squares, f64));
  };
  Value squares =
      sum(ReduceKind::Add, moment(mean, partials[0][1], counts.inChunk));
  if (partials.size() > 1)
    squares = arith::AddFOp::create(
        builder, loc, squares, moment(tailMean, partials[1][1], counts.inTail));
  results.push_back(
      convertFloat(builder, loc, squares, getResultType(type, /*isSum=*/true)));
}

SmallVector<Value>
ReductionSplitter::combineParts(ArrayRef<Part> parts,
                                ArrayRef<SmallVector<Value>> partials) {
  unsigned numKept = kept.count();
  SmallVector<utils::IteratorType> iterators(numKept,
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  AffineMap whole = rewriter.getMultiDimIdentityMap(numKept + 1);
  AffineMap row = whole.dropResult(numKept);
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (auto [part, values] : llvm::zip(parts, partials))
    for (Value value : values) {
      inputs.push_back(value);
      maps.push_back(part.numChunks ? whole : row);
    }
  for (Operation *reduction : reductions) {
    Type type = reduction->getOperand(0).getType();
    auto addOutput = [&](bool isSum) {
      outputs.push_back(
          makeEmpty(kept, std::nullopt, getResultType(type, isSum)));
      maps.push_back(row);
    };
    auto center = dyn_cast<CenterOp>(reduction);
    if (!center) {
      addOutput(isSum(reduction));
      continue;
    }
    addOutput(/*isSum=*/false);
    addOutput(/*isSum=*/false);
    if (!getMoments(center).empty())
      addOutput(/*isSum=*/true);
  }
  // All reductions are over the same dims.
  auto count = [&](OpFoldResult length) {
    SmallVector<OpFoldResult> sizes = {length};
    for (int64_t d : getOverDims(reductions.front()))
      if (d != static_cast<int64_t>(dim))
        sizes.push_back(getSize(d));
    return makeCount(rewriter, loc, sizes, rewriter.getF64Type());
  };
  Counts counts;
  counts.inChunk = count(rewriter.getIndexAttr(chunk));
  counts.inAll = count(getSize(dim));
  if (parts.size() > 1)
    counts.inTail = count(parts[1].length);
  auto combined = GenericOp::create(
      rewriter, loc, inputs, outputs, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange arguments) {
        SmallVector<Value> results;
        unsigned numPartials = partials[0].size(), next = 0;
        for (Operation *reduction : reductions) {
          unsigned count = 1;
          if (auto center = dyn_cast<CenterOp>(reduction))
            count = getMoments(center).empty() ? 1 : 2;
          SmallVector<ValueRange> values;
          for (unsigned p = 0; p < parts.size(); ++p)
            values.push_back(arguments.slice(p * numPartials + next, count));
          next += count;
          combineReduction(builder, reduction, counts, values, numKept,
                           results);
        }
        YieldOp::create(builder, loc, results);
      });
  return llvm::to_vector(ValueRange(combined->getResults()));
}
