//===- FusionPlan.cpp - Which two generics may become one -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dims of the two iteration spaces are the same dim if a tensor that both touch
// is indexed by them at the same position. What then remains unmatched decides:
// a smaller consumer works on what is uniform over the producer's reduction
// dims, a smaller producer is repeated along the consumer's further dims,
// which only cheap elementwise work may be.
//
//===----------------------------------------------------------------------===//

#include "Fusion.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace mlir::norm;

/// Bodies beyond this are not made longer: registers are few, and the work of
/// the pass stays linear in the size of the graph.
constexpr size_t kMaxBodySize = 1024;
/// Operands beyond this are not gathered: each is a pointer in a loop.
constexpr unsigned kMaxOperands = 64;
/// The ops between two generics that are looked at to see whether they can
/// move.
constexpr unsigned kMaxDistance = 4096;

namespace {

/// The correspondence of the dims of two generics.
class DimMatcher {
public:
  DimMatcher(GenericOp first, GenericOp second)
      : toSecond(first.getNumLoops(), -1), toFirst(second.getNumLoops(), -1) {}

  /// Matches dims pairwise; does nothing and fails if one is matched otherwise.
  LogicalResult match(ArrayRef<unsigned> firstDims,
                      ArrayRef<unsigned> secondDims) {
    for (auto [a, b] : llvm::zip_equal(firstDims, secondDims))
      if ((toSecond[a] != -1 && toSecond[a] != static_cast<int>(b)) ||
          (toFirst[b] != -1 && toFirst[b] != static_cast<int>(a)))
        return failure();
    for (auto [a, b] : llvm::zip_equal(firstDims, secondDims)) {
      toSecond[a] = b;
      toFirst[b] = a;
    }
    return success();
  }

  /// The dims of the first without a partner in the second.
  SmallVector<unsigned> getUnmatchedFirst() const {
    return unmatched(toSecond);
  }
  /// The dims of the second without a partner in the first.
  SmallVector<unsigned> getUnmatchedSecond() const {
    return unmatched(toFirst);
  }

  SmallVector<int> toSecond, toFirst;

private:
  static SmallVector<unsigned> unmatched(ArrayRef<int> dims) {
    SmallVector<unsigned> result;
    for (auto [i, dim] : llvm::enumerate(dims))
      if (dim == -1)
        result.push_back(i);
    return result;
  }
};

} // namespace

/// Whether dim `a` of `first` and dim `b` of `second` have provably the same
/// size.
static bool haveEqualSize(GenericOp first, unsigned a, GenericOp second,
                          unsigned b) {
  int64_t sizeA = first.getStaticLoopSizes()[a];
  int64_t sizeB = second.getStaticLoopSizes()[b];
  if (!ShapedType::isDynamic(sizeA) || !ShapedType::isDynamic(sizeB))
    return sizeA == sizeB;
  auto [valueA, positionA] = first.getDimSource(a);
  auto [valueB, positionB] = second.getDimSource(b);
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
      {valueA, static_cast<int64_t>(positionA)},
      {valueB, static_cast<int64_t>(positionB)});
  return succeeded(equal) && *equal;
}

/// Matches the dims of the two; the number of operands by which they meet.
static unsigned matchDims(DimMatcher &matcher, GenericOp first,
                          GenericOp second, std::string &reason) {
  unsigned numEdges = 0, numShared = 0;
  unsigned numFirstInputs = first.getInputs().size();
  for (auto [j, input] : llvm::enumerate(second.getInputs())) {
    if (input.getDefiningOp() != first.getOperation())
      continue;
    unsigned result = cast<OpResult>(input).getResultNumber();
    if (failed(matcher.match(first.getOperandDims(numFirstInputs + result),
                             second.getOperandDims(j)))) {
      reason = "the consumer needs elements of different positions at once";
      return 0;
    }
    ++numEdges;
  }
  DenseMap<Value, SmallVector<unsigned>> inputs;
  for (auto [i, input] : llvm::enumerate(first.getInputs()))
    inputs[input].push_back(i);
  for (auto [j, input] : llvm::enumerate(second.getInputs()))
    for (unsigned i : inputs.lookup(input))
      if (succeeded(matcher.match(first.getOperandDims(i),
                                  second.getOperandDims(j)))) {
        ++numShared;
        break;
      }
  if (numEdges == 0 && numShared == 0)
    reason = "they share no tensor in the same order of dims";
  return numEdges != 0 ? numEdges : numShared;
}

/// The dims, renumbered by `dims`, over which reductions of the body are.
static llvm::SmallBitVector
getReducedDims(GenericOp op, ArrayRef<unsigned> dims, unsigned numDims) {
  llvm::SmallBitVector reduced(numDims);
  for (Operation &nested : op.getBodyBlock()->without_terminator())
    for (int64_t dim : getOverDims(&nested))
      reduced.set(dims[dim]);
  return reduced;
}

/// Whether the body is work that may be repeated rather than stored and read.
static bool isCheap(GenericOp op) {
  for (Operation &nested : op.getBodyBlock()->without_terminator()) {
    if (isa<ReduceOp, CenterOp, arith::DivFOp, arith::DivSIOp, arith::DivUIOp,
            arith::RemFOp, arith::RemSIOp, arith::RemUIOp>(nested))
      return false;
    if (isa<math::MathDialect>(nested.getDialect()) &&
        !isa<math::AbsFOp, math::FmaOp, math::CopySignOp>(nested))
      return false;
  }
  return true;
}

bool mlir::norm::hasOtherUses(OpResult result, GenericOp second) {
  return llvm::any_of(result.getUses(), [&](OpOperand &use) {
    return use.getOwner() != second.getOperation() ||
           use.getOperandNumber() >= second.getInputs().size();
  });
}

/// Whether the unmatched dims admit the fusion.
static LogicalResult checkUnmatched(const DimMatcher &matcher, GenericOp first,
                                    GenericOp second, std::string &reason) {
  SmallVector<unsigned> onlyFirst = matcher.getUnmatchedFirst();
  SmallVector<unsigned> onlySecond = matcher.getUnmatchedSecond();
  if (!onlyFirst.empty() && !onlySecond.empty()) {
    reason = "neither iteration space contains the other";
    return failure();
  }
  for (unsigned dim : onlyFirst)
    if (!first.isReductionDim(dim)) {
      reason = ("dim " + Twine(dim) +
                " of the producer is parallel and unknown to the consumer")
                   .str();
      return failure();
    }
  if (onlySecond.empty())
    return success();
  std::string repeated = ("would be repeated along dim " +
                          Twine(onlySecond.front()) + " of the consumer")
                             .str();
  if (getReducedDims(first,
                     llvm::to_vector(llvm::seq<unsigned>(first.getNumLoops())),
                     first.getNumLoops())
          .any())
    reason = "the reductions of the producer " + repeated;
  else if (!isCheap(first))
    reason = "the work of the producer " + repeated;
  else if (llvm::any_of(first->getResults(), [&](OpResult result) {
             return hasOtherUses(result, second);
           }))
    reason = "the producer is stored for another use, and " + repeated;
  return success(reason.empty());
}

/// Numbers the dims of the fused space: in the order of the larger one.
static unsigned numberDims(FusionPlan &plan, const DimMatcher &matcher) {
  unsigned numFirst = plan.first.getNumLoops();
  unsigned numSecond = plan.second.getNumLoops();
  if (numFirst > numSecond) {
    llvm::append_range(plan.firstDims, llvm::seq(0u, numFirst));
    llvm::append_range(plan.secondDims, matcher.toFirst);
    return numFirst;
  }
  llvm::append_range(plan.firstDims, matcher.toSecond);
  llvm::append_range(plan.secondDims, llvm::seq(0u, numSecond));
  return numSecond;
}

/// Sets the iterators of the fused space; failure if its rows would be worse
/// than those of the two.
static LogicalResult mergeIterators(FusionPlan &plan, unsigned numDims,
                                    std::string &reason) {
  llvm::SmallBitVector firstReduced =
      getReducedDims(plan.first, plan.firstDims, numDims);
  llvm::SmallBitVector secondReduced =
      getReducedDims(plan.second, plan.secondDims, numDims);
  plan.iterators.assign(numDims, utils::IteratorType::parallel);
  auto merge = [&](GenericOp op, ArrayRef<unsigned> dims) {
    for (auto [dim, fused] : llvm::enumerate(dims))
      if (op.isReductionDim(dim))
        plan.iterators[fused] = utils::IteratorType::reduction;
  };
  merge(plan.first, plan.firstDims);
  merge(plan.second, plan.secondDims);
  if (failed(checkReductions(plan, reason)))
    return failure();
  if (firstReduced.none() || secondReduced.none() ||
      firstReduced == secondReduced)
    return success();
  if (!llvm::is_contained(plan.iterators, utils::IteratorType::parallel)) {
    reason = "no parallel dim would be left";
    return failure();
  }
  return success();
}

/// Whether every dim of the fused space still indexes an operand.
static bool coversDims(const FusionPlan &plan) {
  GenericOp first = plan.first, second = plan.second;
  llvm::SmallBitVector covered(plan.iterators.size());
  auto cover = [&](GenericOp op, unsigned operand, ArrayRef<unsigned> dims) {
    for (unsigned dim : op.getOperandDims(operand))
      covered.set(dims[dim]);
  };
  unsigned numInputs = first.getInputs().size();
  for (unsigned i = 0; i < first->getNumOperands(); ++i)
    if (i < numInputs || hasOtherUses(first->getResult(i - numInputs), second))
      cover(first, i, plan.firstDims);
  for (unsigned i = 0; i < second->getNumOperands(); ++i)
    if (second->getOperand(i).getDefiningOp() != first.getOperation())
      cover(second, i, plan.secondDims);
  return covered.all();
}

/// Collects the ops between the two that depend on the first; failure if the
/// second needs one of them or one of them cannot move behind the second.
static LogicalResult collectDependents(FusionPlan &plan, std::string &reason) {
  DenseSet<Operation *> dependent = {plan.first};
  auto dependsOn = [&](Operation *op, bool throughFirst) {
    SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    auto depends = [&](Value value) {
      Operation *def = value.getDefiningOp();
      return def && dependent.contains(def) &&
             (throughFirst || def != plan.first.getOperation());
    };
    return llvm::any_of(op->getOperands(), depends) ||
           llvm::any_of(captured, depends);
  };
  unsigned distance = 0;
  for (Operation *op = plan.first->getNextNode(); op != plan.second;
       op = op->getNextNode()) {
    if (++distance > kMaxDistance) {
      reason = "they are too far apart";
      return failure();
    }
    if (!dependsOn(op, /*throughFirst=*/true))
      continue;
    if (!isPure(op)) {
      reason = "an op with side effects between them needs the first";
      return failure();
    }
    dependent.insert(op);
    plan.dependents.push_back(op);
  }
  if (dependsOn(plan.second, /*throughFirst=*/false)) {
    reason = "the second needs the first also through another op";
    return failure();
  }
  return success();
}

FailureOr<FusionPlan> mlir::norm::planFusion(GenericOp first, GenericOp second,
                                             std::string &reason) {
  reason.clear();
  FusionPlan plan{first, second, {}, {}, {}, {}};
  if (first->getBlock() != second->getBlock()) {
    reason = "they are in different blocks";
    return failure();
  }
  if (first.getBodyBlock()->getOperations().size() +
              second.getBodyBlock()->getOperations().size() >
          kMaxBodySize ||
      first->getNumOperands() + second->getNumOperands() > kMaxOperands) {
    reason = "the body would become too long";
    return failure();
  }
  DimMatcher matcher(first, second);
  if (matchDims(matcher, first, second, reason) == 0)
    return failure();
  // The remaining dims of the two are free to be the same if they are equally
  // long.
  for (unsigned a : matcher.getUnmatchedFirst())
    for (unsigned b : matcher.getUnmatchedSecond())
      if (haveEqualSize(first, a, second, b)) {
        (void)matcher.match({a}, {b});
        break;
      }
  bool siblings = llvm::none_of(second.getInputs(), [&](Value input) {
    return input.getDefiningOp() == first.getOperation();
  });
  if (siblings && (!matcher.getUnmatchedFirst().empty() ||
                   !matcher.getUnmatchedSecond().empty())) {
    reason = "their iteration spaces differ";
    return failure();
  }
  if (failed(checkUnmatched(matcher, first, second, reason)))
    return failure();
  if (failed(mergeIterators(plan, numberDims(plan, matcher), reason)))
    return failure();
  if (!coversDims(plan)) {
    reason = "no operand would be left to tell the size of a dim";
    return failure();
  }
  if (failed(collectDependents(plan, reason)))
    return failure();
  return plan;
}
