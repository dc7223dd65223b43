//===- FusionReductions.cpp - Whether reductions of two bodies nest -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row program is lowered to one nest of loops, in which a dim lies the
// further inside the more reductions are over it. A reduction is finished where
// the loops over its dims end, and an output is stored inside the loops of its
// dims, but outside of all those that then remain. What two bodies need has to
// go together in this.
//
//===----------------------------------------------------------------------===//

#include "Fusion.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace mlir::norm;

/// The dims of `op` in the fused space, where they are `dims`.
static llvm::SmallBitVector toFused(ArrayRef<int64_t> over,
                                    ArrayRef<unsigned> dims, unsigned numDims) {
  llvm::SmallBitVector result(numDims);
  for (int64_t dim : over)
    result.set(dims[dim]);
  return result;
}

/// Whether every element of `a` is in `b`.
static bool isSubset(const llvm::SmallBitVector &a,
                     const llvm::SmallBitVector &b) {
  return !a.test(b);
}

namespace {

/// The reductions of a fused body.
class FusedReductions {
public:
  explicit FusedReductions(const FusionPlan &plan)
      : plan(plan), numDims(plan.iterators.size()), counts(numDims, 0) {
    collect(plan.first, plan.firstDims, firstSets);
    collect(plan.second, plan.secondDims, secondSets);
  }

  /// Fails if there are two of which neither set of dims contains the other.
  LogicalResult verifySets() const;
  /// Fails if an output is stored outside of a loop in which a reduction that
  /// it needs is finished. The sets are known to contain each other.
  LogicalResult verifyOutputs() const;

private:
  using Sets = SmallVector<llvm::SmallBitVector>;
  /// The smallest set that a reduction which a value needs is over.
  using Needs = DenseMap<Value, llvm::SmallBitVector>;

  void collect(GenericOp op, ArrayRef<unsigned> dims, Sets &sets);
  /// Computes what the values of a body need, given that for its arguments.
  void computeNeeds(GenericOp op, ArrayRef<unsigned> dims, Needs &needs) const;
  /// Whether an output with `outputDims` is stored inside the loop that all
  /// reductions over `needed` end in.
  bool isStoredInside(const llvm::SmallBitVector &outputDims,
                      const llvm::SmallBitVector &needed) const;

  const FusionPlan &plan;
  unsigned numDims;
  /// How many reductions are over each dim.
  SmallVector<unsigned> counts;
  Sets firstSets, secondSets;
};

} // namespace

void FusedReductions::collect(GenericOp op, ArrayRef<unsigned> dims,
                              Sets &sets) {
  for (Operation &nested : op.getBodyBlock()->without_terminator()) {
    ArrayRef<int64_t> over = getOverDims(&nested);
    if (over.empty())
      continue;
    llvm::SmallBitVector set = toFused(over, dims, numDims);
    for (unsigned dim : set.set_bits())
      ++counts[dim];
    if (!llvm::is_contained(sets, set))
      sets.push_back(set);
  }
}

LogicalResult FusedReductions::verifySets() const {
  for (const llvm::SmallBitVector &a : firstSets)
    for (const llvm::SmallBitVector &b : secondSets)
      if (!isSubset(a, b) && !isSubset(b, a))
        return failure();
  return success();
}

void FusedReductions::computeNeeds(GenericOp op, ArrayRef<unsigned> dims,
                                   Needs &needs) const {
  auto add = [&](llvm::SmallBitVector &set, const llvm::SmallBitVector &other) {
    if (set.none() || (other.any() && isSubset(other, set)))
      set = other;
  };
  for (Operation &nested : op.getBodyBlock()->without_terminator()) {
    llvm::SmallBitVector set = toFused(getOverDims(&nested), dims, numDims);
    // What a sum is computed from was there earlier, further inside.
    if (!isa<ReduceOp>(nested))
      for (Value operand : nested.getOperands())
        if (auto it = needs.find(operand); it != needs.end())
          add(set, it->second);
    if (set.any())
      for (Value result : nested.getResults())
        needs[result] = set;
  }
}

bool FusedReductions::isStoredInside(const llvm::SmallBitVector &outputDims,
                                     const llvm::SmallBitVector &needed) const {
  if (outputDims.anyCommon(needed))
    return true;
  // Everything that `needed` is over is a loop further inside. The loop around
  // those is over one of the dims with the next smaller number of reductions;
  // which of them, is a choice of the lowering.
  unsigned next = 0;
  llvm::SmallBitVector candidates(numDims);
  for (bool reduced : {true, false}) {
    for (unsigned dim = 0; dim < numDims; ++dim) {
      bool isReduced = plan.iterators[dim] == utils::IteratorType::reduction;
      if (needed.test(dim) || isReduced != reduced || counts[dim] < next)
        continue;
      if (counts[dim] > next)
        candidates.reset();
      next = counts[dim];
      candidates.set(dim);
    }
    if (candidates.any())
      break;
  }
  return isSubset(candidates, outputDims);
}

LogicalResult FusedReductions::verifyOutputs() const {
  GenericOp first = plan.first, second = plan.second;
  auto getDims = [&](GenericOp op, unsigned output, ArrayRef<unsigned> dims) {
    llvm::SmallBitVector result(numDims);
    for (unsigned dim : op.getOperandDims(op.getInputs().size() + output))
      result.set(dims[dim]);
    return result;
  };
  auto verify = [&](GenericOp op, unsigned output, ArrayRef<unsigned> dims,
                    const Needs &needs) {
    auto it = needs.find(op.getYield().getValues()[output]);
    return it == needs.end() ||
           isStoredInside(getDims(op, output, dims), it->second);
  };
  Needs firstNeeds, secondNeeds;
  computeNeeds(first, plan.firstDims, firstNeeds);
  for (auto [i, input] : llvm::enumerate(second.getInputs()))
    if (input.getDefiningOp() == first.getOperation())
      if (auto it = firstNeeds.find(
              first.getYield()
                  .getValues()[cast<OpResult>(input).getResultNumber()]);
          it != firstNeeds.end())
        secondNeeds[second.getBodyBlock()->getArgument(i)] = it->second;
  computeNeeds(second, plan.secondDims, secondNeeds);
  for (unsigned i = 0; i < first.getOutputs().size(); ++i)
    if (hasOtherUses(first->getResult(i), second) &&
        !verify(first, i, plan.firstDims, firstNeeds))
      return failure();
  for (unsigned i = 0; i < second.getOutputs().size(); ++i)
    if (!verify(second, i, plan.secondDims, secondNeeds))
      return failure();
  return success();
}

LogicalResult mlir::norm::checkReductions(const FusionPlan &plan,
                                          std::string &reason) {
  FusedReductions reductions(plan);
  if (failed(reductions.verifySets())) {
    reason = "its reductions are over sets of dims of which neither contains "
             "the other";
    return failure();
  }
  if (failed(reductions.verifyOutputs())) {
    reason = "an output would need a reduction over fewer dims than it lacks";
    return failure();
  }
  return success();
}
