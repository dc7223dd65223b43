//===- RowNest.cpp - The loops of a row program ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowNest.h"

using namespace mlir;
using namespace mlir::norm;

/// The dim among `dims` that the most operand elements have as their last: ties
/// go to the outputs, which come last among the operands.
static std::optional<unsigned> pickVectorDim(GenericOp op,
                                             const llvm::SmallBitVector &dims) {
  SmallVector<double> weights(op.getNumLoops(), 0.0);
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> operandDims = op.getOperandDims(i);
    if (operandDims.empty() || !dims.test(operandDims.back()))
      continue;
    double elements = 1.0;
    for (int64_t size :
         cast<ShapedType>(op->getOperand(i).getType()).getShape())
      elements *= ShapedType::isDynamic(size) ? 4096.0 : double(size);
    bool isOutput = i >= op.getInputs().size();
    weights[operandDims.back()] += elements * (isOutput ? 1.001 : 1.0);
  }
  auto best = llvm::max_element(weights);
  if (best == weights.end() || *best == 0.0)
    return std::nullopt;
  return best - weights.begin();
}

FailureOr<RowNest> RowNest::get(GenericOp op, std::string &why) {
  RowNest nest(op);
  llvm::SmallBitVector dims = getIteratedDims(op);
  nest.vectorDim = pickVectorDim(op, dims);

  for (unsigned dim : dims.set_bits())
    if (!op.isReductionDim(dim) && nest.vectorDim != dim)
      nest.loops.push_back(dim);
  if (nest.vectorDim && !op.isReductionDim(*nest.vectorDim))
    nest.loops.push_back(*nest.vectorDim);
  nest.rowLevel = nest.loops.size();

  // A dim that more reductions are over lies further inside; among equals the
  // vectorized one is the innermost and the rest keeps the order of memory.
  SmallVector<unsigned> counts(op.getNumLoops(), 0);
  for (Operation &nested : *op.getBodyBlock())
    for (int64_t dim : getOverDims(&nested))
      ++counts[dim];
  SmallVector<unsigned> reduced;
  for (unsigned dim : dims.set_bits())
    if (op.isReductionDim(dim))
      reduced.push_back(dim);
  llvm::sort(reduced, [&](unsigned a, unsigned b) {
    auto rank = [&](unsigned dim) {
      return std::tuple(counts[dim], nest.vectorDim == dim, dim);
    };
    return rank(a) < rank(b);
  });
  nest.loops.append(reduced);

  if (failed(nest.verifyLevels(why)))
    return failure();
  return nest;
}

LogicalResult RowNest::verifyLevels(std::string &why) {
  for (Operation &nested : *op.getBodyBlock()) {
    ArrayRef<int64_t> over = getOverDims(&nested);
    for (unsigned i = 0, e = over.size(); i < e; ++i)
      if (!llvm::is_contained(over, loops[loops.size() - 1 - i])) {
        why = "its reductions are over sets of dims of which neither contains "
              "the other";
        return failure();
      }
  }
  for (Operation &nested : *op.getBodyBlock()) {
    bool reduces = !getOverDims(&nested).empty();
    unsigned level = reduces ? getLevel(&nested) : 0;
    for (Value operand : nested.getOperands())
      if (!isa<ReduceOp>(nested))
        level = std::max(level, levels.lookup(operand));
    for (Value result : nested.getResults())
      levels[result] = level;
  }
  for (auto [i, value] : llvm::enumerate(op.getYield().getValues()))
    if (needsInner(value, getOutputLevel(i))) {
      why = "output " + std::to_string(i) +
            " is a reduction over fewer dims than it lacks";
      return failure();
    }
  return success();
}

unsigned RowNest::getLoopOf(unsigned dim) const {
  return llvm::find(loops, dim) - loops.begin();
}

unsigned RowNest::getLevel(Operation *reduction) const {
  return loops.size() - getOverDims(reduction).size();
}

unsigned RowNest::getOutputLevel(unsigned i) const {
  unsigned level = 0;
  GenericOp generic = op;
  for (unsigned dim : generic.getOperandDims(generic.getInputs().size() + i))
    level = std::max(level, getLoopOf(dim) + 1);
  return level;
}

RowNest RowNest::forCopy(GenericOp other) const {
  RowNest nest(other);
  nest.loops = loops;
  std::string why;
  (void)nest.verifyLevels(why);
  nest.vectorDim = vectorDim;
  nest.rowLevel = rowLevel;
  return nest;
}
