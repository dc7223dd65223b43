//===- SplitNests.cpp - One nest of loops for each generic ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestSplitter.h"
#include "norm/CPU/Passes.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {
#define GEN_PASS_DEF_SPLITNESTS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

using llvm::SmallBitVector;

static bool isReduction(Operation *op) { return isa<ReduceOp, CenterOp>(op); }

/// Whether `a` has all that `b` has.
static bool contains(const SmallBitVector &a, SmallBitVector b) {
  return !b.test(a);
}

SmallBitVector NestSplitter::getOver(Operation *reduction) const {
  GenericOp generic = op;
  SmallBitVector dims(generic.getNumLoops());
  for (int64_t dim : getOverDims(reduction))
    dims.set(dim);
  return dims;
}

SmallBitVector NestSplitter::getOutputDims(unsigned output) {
  SmallBitVector dims(op.getNumLoops());
  for (unsigned dim : op.getOperandDims(op.getInputs().size() + output))
    dims.set(dim);
  return dims;
}

llvm::SetVector<Value> NestSplitter::getSlice(Value value) const {
  llvm::SetVector<Value> slice;
  slice.insert(value);
  for (unsigned i = 0; i < slice.size(); ++i)
    if (Operation *def = slice[i].getDefiningOp();
        def && def->getBlock() == body)
      slice.insert_range(def->getOperands());
  return slice;
}

//===----------------------------------------------------------------------===//
// What does not fit
//===----------------------------------------------------------------------===//

/// The first reduction over dims that another one is over in part only and that
/// are not all of its dims either.
Operation *NestSplitter::findCrossing() {
  for (Operation &a : *body)
    for (Operation &b : *body)
      if (isReduction(&a) && isReduction(&b) &&
          !contains(getOver(&a), getOver(&b)) &&
          !contains(getOver(&b), getOver(&a)))
        return &a;
  return nullptr;
}

/// A reduction that would be computed inside of loops that `output` lacks, and
/// that is not all that the op computes.
Operation *NestSplitter::findTooFarInside(unsigned output) {
  SmallBitVector dims = getOutputDims(output);
  SmallVector<Value> worklist{op.getYield().getValues()[output]};
  llvm::SmallPtrSet<Operation *, 8> seen;
  while (!worklist.empty()) {
    Operation *def = worklist.pop_back_val().getDefiningOp();
    if (!def || def->getBlock() != body || !seen.insert(def).second)
      continue;
    if (isReduction(def)) {
      SmallBitVector over = getOver(def), around = getIteratedDims(op);
      around.reset(over);
      bool isAll = op.getOutputs().size() == 1 &&
                   op.getYield().getValues()[0].getDefiningOp() == def;
      if (!contains(dims, around) && !over.anyCommon(dims)) {
        // Not itself alone if an earlier one needs the loops as well.
        for (Value member : getSlice(def->getOperand(0)))
          if (Operation *inner = member.getDefiningOp();
              inner && isReduction(inner) && !contains(over, getOver(inner)))
            return inner;
        if (!isAll)
          return def;
      }
    }
    if (!isa<ReduceOp>(def))
      llvm::append_range(worklist, def->getOperands());
  }
  return nullptr;
}

/// If there is a reduction over some of the reduction dims only, the first of
/// all: nothing that it is computed from is reduced.
Operation *NestSplitter::findPartial() {
  SmallBitVector row = getIteratedDims(op);
  for (unsigned dim : row.set_bits())
    if (!op.isReductionDim(dim))
      row.reset(dim);
  Operation *first = nullptr;
  bool isPartial = false;
  for (Operation &nested : *body) {
    if (!isReduction(&nested))
      continue;
    if (!first)
      first = &nested;
    isPartial |= getOver(&nested) != row;
  }
  return isPartial ? first : nullptr;
}

/// An output that lacks a parallel dim: inside of its loop nothing is stored if
/// that has no elements.
std::optional<unsigned> NestSplitter::findOutputOfFewerRows() {
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i) {
    SmallBitVector dims = getOutputDims(i);
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      if (!op.isReductionDim(dim) && !dims.test(dim))
        return i;
  }
  return std::nullopt;
}

/// An output that would be stored inside of the loop over a reduction dim that
/// it lacks, which may have no elements, and that dim: loops over dims that
/// more reductions are over lie further inside.
std::optional<std::pair<unsigned, unsigned>> NestSplitter::findOutputInside() {
  SmallVector<unsigned> counts(op.getNumLoops(), 0);
  for (Operation &nested : *body)
    for (int64_t dim : getOverDims(&nested))
      ++counts[dim];
  SmallBitVector iterated = getIteratedDims(op);
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i) {
    SmallBitVector dims = getOutputDims(i);
    for (unsigned dim : iterated.set_bits())
      if (op.isReductionDim(dim) && !dims.test(dim) &&
          llvm::any_of(dims.set_bits(), [&](unsigned own) {
            return op.isReductionDim(own) && counts[own] >= counts[dim];
          }))
        return std::pair(i, dim);
  }
  return std::nullopt;
}

/// A reduction over `dim` that `output` needs.
Operation *NestSplitter::findReductionOver(unsigned output, unsigned dim) {
  for (Value member : getSlice(op.getYield().getValues()[output]))
    if (Operation *def = member.getDefiningOp();
        def && isReduction(def) && getOver(def).test(dim))
      return def;
  return nullptr;
}

LogicalResult NestSplitter::split(SmallVectorImpl<GenericOp> &ops) {
  eraseUnused(*body);
  if (std::optional<unsigned> output = findOutputOfFewerRows()) {
    cutOutput(*output, ops);
    return success();
  }
  Operation *reduction = findCrossing();
  for (unsigned i = 0, e = op.getOutputs().size(); !reduction && i < e; ++i)
    reduction = findTooFarInside(i);
  if (!reduction)
    if (auto inside = findOutputInside()) {
      auto [output, dim] = *inside;
      reduction = findReductionOver(output, dim);
      if (!reduction) {
        cutOutput(output, ops);
        return success();
      }
    }
  if (!reduction && wholeRows)
    reduction = findPartial();
  if (!reduction)
    return failure();
  cutReduction(reduction, ops);
  return success();
}

namespace {
struct SplitNests : norm::impl::SplitNestsBase<SplitNests> {
  using SplitNestsBase::SplitNestsBase;

  void runOnOperation() final {
    SmallVector<GenericOp> ops = getTensorGenerics(getOperation());
    while (!ops.empty())
      if (succeeded(NestSplitter(ops.pop_back_val(), wholeRows).split(ops)))
        ++numSplit;
  }
};
} // namespace
