//===- RowGroups.cpp - Ops that compute the same rows ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowGroups.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::norm;

std::optional<unsigned> mlir::norm::getRowDim(Operation *op) {
  if (auto linear = dyn_cast<PackedLinearOp>(op))
    return linear.hasBufferSemantics() ? std::nullopt
                                       : std::optional<unsigned>(0);
  auto generic = dyn_cast<GenericOp>(op);
  if (!generic || generic.hasBufferSemantics() || generic.getNumResults() == 0)
    return std::nullopt;
  std::optional<unsigned> rowDim;
  for (unsigned i = 0; i < generic.getOutputs().size(); ++i) {
    SmallVector<unsigned> dims =
        generic.getOperandDims(generic.getInputs().size() + i);
    if (dims.empty() || (rowDim && *rowDim != dims.front()) ||
        generic.isReductionDim(dims.front()))
      return std::nullopt;
    rowDim = dims.front();
  }
  // The number of all rows is not known in a block of them.
  for (auto extent : generic.getBody().getOps<ExtentOp>())
    if (llvm::is_contained(extent.getDims(), *rowDim))
      return std::nullopt;
  return rowDim;
}

/// Whether `use` reads row i where its op computes row i; else `reason` says
/// why not.
static bool readsByRow(OpOperand &use, std::string &reason) {
  if (auto linear = dyn_cast<PackedLinearOp>(use.getOwner())) {
    reason = "it is the weight or the bias";
    return &use == &linear.getInputMutable();
  }
  auto generic = cast<GenericOp>(use.getOwner());
  if (use.getOperandNumber() >= generic.getInputs().size()) {
    reason = "it is written over";
    return false;
  }
  SmallVector<unsigned> dims = generic.getOperandDims(use.getOperandNumber());
  if (!dims.empty() && dims.front() == *getRowDim(generic))
    return true;
  bool reduces = !dims.empty() && generic.isReductionDim(dims.front());
  reason = reduces ? "the rows are reduced"
                   : "the rows are not those of the "
                     "results";
  return false;
}

namespace {

/// Joins ops of one block that follow each other in groups.
class GroupBuilder {
public:
  GroupBuilder(Block &block, SmallVectorImpl<RowGroupRefusal> &refusals)
      : block(block), refusals(refusals) {}

  SmallVector<RowGroup> run();

private:
  using Ops = llvm::SmallSetVector<Operation *, 8>;

  /// Joins the groups of `producer` and `op` if they can be.
  void join(Operation *producer, Operation *op);
  /// Whether the ops can be computed row by row together.
  bool canJoin(const Ops &ops, std::string &reason);
  /// Whether what computes `value` needs one of `ops`.
  bool dependsOn(Value value, const Ops &ops,
                 llvm::SmallPtrSetImpl<Operation *> &seen);

  Block &block;
  SmallVectorImpl<RowGroupRefusal> &refusals;
  DenseMap<Operation *, std::shared_ptr<Ops>> groups;
};

} // namespace

bool GroupBuilder::dependsOn(Value value, const Ops &ops,
                             llvm::SmallPtrSetImpl<Operation *> &seen) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return false;
  def = block.findAncestorOpInBlock(*def);
  if (!def || !seen.insert(def).second)
    return false;
  if (ops.contains(def))
    return true;
  auto needs = [&](Operation *op) {
    return op
        ->walk([&](Operation *nested) {
          return llvm::any_of(nested->getOperands(),
                              [&](Value operand) {
                                return dependsOn(operand, ops, seen);
                              })
                     ? WalkResult::interrupt()
                     : WalkResult::advance();
        })
        .wasInterrupted();
  };
  // The ops of a group are computed by one loop, which needs what any needs.
  if (std::shared_ptr<Ops> group = groups.lookup(def))
    return llvm::any_of(*group, needs);
  return needs(def);
}

bool GroupBuilder::canJoin(const Ops &ops, std::string &reason) {
  llvm::SmallPtrSet<Operation *, 16> seen;
  for (Operation *op : ops) {
    llvm::SetVector<Value> outside;
    // Bodies capture scalars.
    getUsedValuesDefinedAbove(op->getRegions(), outside);
    for (OpOperand &operand : op->getOpOperands()) {
      if (!ops.contains(operand.get().getDefiningOp()))
        outside.insert(operand.get());
      else if (!readsByRow(operand, reason))
        return false;
    }
    if (llvm::any_of(outside, [&](Value value) {
          return dependsOn(value, ops, seen);
        })) {
      reason = "an op between them needs all rows";
      return false;
    }
  }
  return true;
}

void GroupBuilder::join(Operation *producer, Operation *op) {
  std::shared_ptr<Ops> first = groups.lookup(producer),
                       second = groups.lookup(op);
  if (first == second)
    return;
  auto all = std::make_shared<Ops>(*first);
  all->insert(second->begin(), second->end());
  std::string reason;
  if (!canJoin(*all, reason)) {
    if (isa<PackedLinearOp>(producer) || isa<PackedLinearOp>(op))
      refusals.push_back({producer, op, reason});
    return;
  }
  for (Operation *member : *all)
    groups[member] = all;
}

SmallVector<RowGroup> GroupBuilder::run() {
  SmallVector<Operation *> candidates;
  for (Operation &op : block)
    if (getRowDim(&op)) {
      candidates.push_back(&op);
      groups[&op] = std::make_shared<Ops>();
      groups[&op]->insert(&op);
    }
  for (Operation *op : candidates)
    for (Value operand : op->getOperands())
      if (Operation *producer = operand.getDefiningOp();
          producer && groups.contains(producer))
        join(producer, op);

  SmallVector<RowGroup> result;
  llvm::SmallPtrSet<Ops *, 8> seen;
  for (Operation *op : candidates) {
    std::shared_ptr<Ops> ops = groups.lookup(op);
    if (ops->size() < 2 || !seen.insert(ops.get()).second)
      continue;
    RowGroup group;
    for (Operation *member : candidates)
      if (ops->contains(member))
        group.ops.push_back(member);
    if (group.hasLinear() || group.getSharedRows())
      result.push_back(std::move(group));
  }
  return result;
}

Value RowGroup::getSharedRows() const {
  llvm::SmallDenseSet<Value> seen;
  for (Operation *op : ops) {
    llvm::SmallSetVector<Value, 4> own;
    std::string reason;
    for (OpOperand &operand : op->getOpOperands())
      if (!contains(operand.get().getDefiningOp()) &&
          readsByRow(operand, reason))
        own.insert(operand.get());
    for (Value value : own)
      if (!seen.insert(value).second)
        return value;
  }
  return nullptr;
}

SmallVector<RowGroup>
mlir::norm::findRowGroups(Block &block,
                          SmallVectorImpl<RowGroupRefusal> &refusals) {
  return GroupBuilder(block, refusals).run();
}
