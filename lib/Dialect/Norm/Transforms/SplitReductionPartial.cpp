//===- SplitReductionPartial.cpp - Reductions of the chunks of a row ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReductionSplitter.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/Dialect/Norm/Transforms/BodyBuilder.h"

using namespace mlir;
using namespace mlir::norm;

SmallVector<Part> ReductionSplitter::getParts() {
  OpFoldResult size = getSize(dim);
  if (std::optional<int64_t> length = getConstantIntValue(size)) {
    int64_t whole = *length / chunk * chunk;
    SmallVector<Part> parts;
    parts.push_back({rewriter.getIndexAttr(0), rewriter.getIndexAttr(whole),
                     OpFoldResult(rewriter.getIndexAttr(*length / chunk))});
    if (whole != *length)
      parts.push_back({rewriter.getIndexAttr(whole),
                       rewriter.getIndexAttr(*length - whole), std::nullopt});
    return parts;
  }
  Value length = cast<Value>(size);
  Value step = arith::ConstantIndexOp::create(rewriter, loc, chunk);
  Value count = arith::DivUIOp::create(rewriter, loc, length, step);
  Value whole = arith::MulIOp::create(rewriter, loc, count, step);
  Value remainder = arith::SubIOp::create(rewriter, loc, length, whole);
  return {Part{rewriter.getIndexAttr(0), whole, OpFoldResult(count)},
          Part{whole, remainder, std::nullopt}};
}

Value ReductionSplitter::getView(unsigned i, const Part &part) {
  Value operand = op->getOperand(i);
  SmallVector<unsigned> dims = op.getOperandDims(i);
  auto it = llvm::find(dims, dim);
  if (it == dims.end())
    return operand;
  unsigned position = it - dims.begin();
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(rewriter, loc, operand);
  if (!isEqualConstantIntOrValue(sizes[position], part.length)) {
    SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(sizes.size(), rewriter.getIndexAttr(1));
    offsets[position] = part.offset;
    sizes[position] = part.length;
    operand = tensor::ExtractSliceOp::create(rewriter, loc, operand, offsets,
                                             sizes, strides);
  }
  if (!part.numChunks)
    return operand;
  SmallVector<ReassociationIndices> reassociation;
  SmallVector<OpFoldResult> shape;
  for (auto [p, size] : llvm::enumerate(sizes)) {
    ReassociationIndices &group = reassociation.emplace_back();
    group.push_back(shape.size());
    shape.push_back(p == position ? *part.numChunks : size);
    if (p != position)
      continue;
    group.push_back(shape.size());
    shape.push_back(rewriter.getIndexAttr(chunk));
  }
  SmallVector<int64_t> staticShape;
  SmallVector<Value> dynamicSizes;
  dispatchIndexOpFoldResults(shape, dynamicSizes, staticShape);
  auto type = RankedTensorType::get(staticShape, getElementTypeOrSelf(operand));
  return tensor::ExpandShapeOp::create(rewriter, loc, type, operand,
                                       reassociation, shape);
}

SmallVector<Value> ReductionSplitter::reducePart(const Part &part) {
  // The dims of the partial op: those of the space, the split one as chunk (if
  // there are chunks) and position in it.
  SmallVector<int64_t> newDims(op.getNumLoops(), -1);
  SmallVector<utils::IteratorType> iterators;
  int64_t chunkDim = -1;
  for (unsigned d : space.set_bits()) {
    if (d == dim && part.numChunks) {
      chunkDim = iterators.size();
      iterators.push_back(utils::IteratorType::parallel);
    }
    newDims[d] = iterators.size();
    iterators.push_back(op.isReductionDim(d) ? utils::IteratorType::reduction
                                             : utils::IteratorType::parallel);
  }
  SmallVector<Value> wanted = llvm::map_to_vector(
      reductions, [](Operation *r) { return r->getOperand(0); });

  // Everything that the operands need, in body order.
  DenseSet<Value> needed(wanted.begin(), wanted.end());
  SmallVector<Operation *> ops;
  Block *block = op.getBodyBlock();
  for (Operation &nested : llvm::reverse(block->without_terminator()))
    if (llvm::any_of(nested.getResults(),
                     [&](Value r) { return needed.contains(r); })) {
      ops.push_back(&nested);
      needed.insert(nested.operand_begin(), nested.operand_end());
    }
  std::reverse(ops.begin(), ops.end());

  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments;
  for (BlockArgument argument : block->getArguments()) {
    if (!needed.contains(argument))
      continue;
    unsigned i = argument.getArgNumber();
    SmallVector<unsigned> targets;
    for (unsigned d : op.getOperandDims(i)) {
      if (d == dim && chunkDim >= 0)
        targets.push_back(chunkDim);
      targets.push_back(newDims[d]);
    }
    arguments.push_back(argument);
    inputs.push_back(getView(i, part));
    maps.push_back(AffineMap::getMultiDimMapWithTargets(
        iterators.size(), targets, rewriter.getContext()));
  }
  SmallVector<unsigned> keptDims;
  for (unsigned d : kept.set_bits())
    keptDims.push_back(newDims[d]);
  if (chunkDim >= 0)
    keptDims.push_back(chunkDim);
  AffineMap outputMap = AffineMap::getMultiDimMapWithTargets(
      iterators.size(), keptDims, rewriter.getContext());
  auto addOutput = [&](Type type) {
    outputs.push_back(makeEmpty(kept, part.numChunks, type));
    maps.push_back(outputMap);
  };
  for (Operation *reduction : reductions) {
    Type type = reduction->getOperand(0).getType();
    if (auto center = dyn_cast<CenterOp>(reduction)) {
      addOutput(rewriter.getF64Type());
      if (!getMoments(center).empty())
        addOutput(getResultType(type, /*isSum=*/true));
    } else {
      addOutput(getResultType(type, isSum(reduction)));
    }
  }
  DenseMap<Operation *, Value> extents;
  for (Operation *nested : ops)
    if (auto extent = dyn_cast<ExtentOp>(nested)) {
      SmallVector<OpFoldResult> sizes = llvm::map_to_vector(
          extent.getDims(), [&](int64_t d) { return getSize(d); });
      extents[nested] = makeCount(rewriter, loc, sizes, extent.getType());
    }
  Value offset = getValueOrCreateConstantIndexOp(rewriter, loc, part.offset);
  Value step = arith::ConstantIndexOp::create(rewriter, loc, chunk);

  auto partial = GenericOp::create(rewriter, loc, inputs, outputs, maps,
                                   iterators, nullptr);
  OpBuilder::InsertionGuard guard(rewriter);
  SmallVector<Type> types = llvm::map_to_vector(
      arguments, [](BlockArgument a) { return a.getType(); });
  SmallVector<Location> locations(types.size(), loc);
  Block *body = rewriter.createBlock(&partial.getBody(), {}, types, locations);
  IRMapping mapping;
  for (auto [old, argument] : llvm::zip(arguments, body->getArguments()))
    mapping.map(old, argument);
  for (Operation *nested : ops) {
    if (auto it = extents.find(nested); it != extents.end()) {
      mapping.map(nested->getResult(0), it->second);
      continue;
    }
    auto index = dyn_cast<IndexOp>(nested);
    if (!index) {
      rewriter.clone(*nested, mapping);
      continue;
    }
    Type indexType = index.getType();
    Value value =
        IndexOp::create(rewriter, loc, indexType, newDims[index.getDim()]);
    if (index.getDim() == dim) {
      if (chunkDim >= 0) {
        Value first = arith::MulIOp::create(
            rewriter, loc, IndexOp::create(rewriter, loc, indexType, chunkDim),
            step);
        value = arith::AddIOp::create(rewriter, loc, value, first);
      }
      value = arith::AddIOp::create(rewriter, loc, value, offset);
    }
    mapping.map(index.getResult(), value);
  }
  SmallVector<Value> yields;
  for (Operation *reduction : reductions) {
    SmallVector<int64_t> over = llvm::map_to_vector(
        getOverDims(reduction), [&](int64_t d) { return newDims[d]; });
    Value value = mapping.lookupOrDefault(reduction->getOperand(0));
    Type type = getSumType(value.getType());
    value = convertFloat(rewriter, loc, value, type);
    if (auto reduce = dyn_cast<ReduceOp>(reduction)) {
      Value total =
          ReduceOp::create(rewriter, loc, type, reduce.getKind(), value, over);
      yields.push_back(convertFloat(rewriter, loc, total,
                                    getResultType(type, isSum(reduce))));
      continue;
    }
    // The mean in two floats, which is exact where its values are far from 0.
    auto center =
        CenterOp::create(rewriter, loc, TypeRange{type, type}, value, over);
    Value rest = arith::SubFOp::create(rewriter, loc, value, center.getMean());
    Value sum =
        ReduceOp::create(rewriter, loc, type, ReduceKind::Add, rest, over);
    Value count = ExtentOp::create(rewriter, loc, type, over);
    Value low = arith::DivFOp::create(rewriter, loc, sum, count);
    Type f64 = rewriter.getF64Type();
    yields.push_back(arith::AddFOp::create(
        rewriter, loc, convertFloat(rewriter, loc, center.getMean(), f64),
        convertFloat(rewriter, loc, low, f64)));
    if (getMoments(cast<CenterOp>(reduction)).empty())
      continue;
    Value square = arith::MulFOp::create(rewriter, loc, center.getCentered(),
                                         center.getCentered());
    Value squares =
        ReduceOp::create(rewriter, loc, type, ReduceKind::Add, square, over);
    yields.push_back(convertFloat(rewriter, loc, squares,
                                  getResultType(type, /*isSum=*/true)));
  }
  YieldOp::create(rewriter, loc, yields);
  return llvm::to_vector(ValueRange(partial->getResults()));
}
