//===- RowStages.cpp - What the loops over a row compute ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowStages.h"

#include "../GenericParts.h"
#include "BodyEmitter.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::canCheckStatistics(CenterOp center) {
  if (center.getValue().getType().isF32())
    return true;
  return center->getParentOp()->hasAttr(kF32StatisticsAttrName);
}

/// Whether the results of a reduction are there.
static bool isFinished(Operation *reduction, const Scope &scope) {
  if (auto center = dyn_cast<CenterOp>(reduction))
    return bool(scope.lookupLow(center));
  return bool(scope.lookup(reduction->getResult(0)));
}

void RowStages::collect(Value value, const Scope &scope,
                        llvm::DenseSet<Value> &slice,
                        llvm::DenseSet<Operation *> &reductions) const {
  if (scope.lookup(value) || !slice.insert(value).second)
    return;
  GenericOp generic = nest.getOp();
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != generic.getBodyBlock())
    return;
  if (isa<ReduceOp, CenterOp>(def)) {
    if (!isFinished(def, scope)) {
      reductions.insert(def);
      if (CenterOp center = getFusedCenter(def)) {
        reductions.insert(center);
        collect(center.getValue(), scope, slice, reductions);
        return;
      }
    }
    // A center is also an element, computed from its operand.
    if (isa<ReduceOp>(def) && isFinished(def, scope))
      return;
  }
  for (Value operand : def->getOperands())
    collect(operand, scope, slice, reductions);
}

void RowStages::collectGoals(const RowGoals &goals, const Scope &scope,
                             llvm::DenseSet<Value> &slice,
                             llvm::DenseSet<Operation *> &reductions) const {
  for (Operation *reduction : goals.reductions) {
    if (CenterOp center = getFusedCenter(reduction))
      collect(center.getValue(), scope, slice, reductions);
    else
      collect(reduction->getOperand(0), scope, slice, reductions);
  }
  GenericOp generic = nest.getOp();
  for (unsigned output : goals.outputs)
    collect(generic.getYield().getValues()[output], scope, slice, reductions);
}

SmallVector<SmallVector<Operation *>>
RowStages::getStages(unsigned level, const RowGoals &goals,
                     const Scope &scope) const {
  llvm::DenseSet<Value> slice;
  llvm::DenseSet<Operation *> reductions;
  collectGoals(goals, scope, slice, reductions);

  GenericOp generic = nest.getOp();
  DenseMap<Value, unsigned> depths;
  DenseMap<Operation *, unsigned> stageOf;
  SmallVector<SmallVector<Operation *>> stages;
  for (Operation &op : *generic.getBodyBlock()) {
    unsigned depth = 0;
    for (Value operand : op.getOperands())
      depth = std::max(depth, depths.lookup(operand));
    if (reductions.contains(&op) && nest.getLevel(&op) == level) {
      if (CenterOp center = getFusedCenter(&op))
        depth = stageOf.lookup(center);
      stageOf[&op] = depth;
      if (stages.size() <= depth)
        stages.resize(depth + 1);
      stages[depth].push_back(&op);
      ++depth;
    }
    for (Value result : op.getResults())
      depths[result] = depth;
  }
  return stages;
}

SmallVector<Value> RowStages::getSlice(const RowGoals &goals,
                                       const Scope &scope) const {
  llvm::DenseSet<Value> slice;
  llvm::DenseSet<Operation *> reductions;
  collectGoals(goals, scope, slice, reductions);
  GenericOp generic = nest.getOp();
  SmallVector<Value> values;
  for (BlockArgument argument : generic.getBodyBlock()->getArguments())
    if (slice.contains(argument))
      values.push_back(argument);
  for (Operation &op : *generic.getBodyBlock())
    for (Value result : op.getResults())
      if (slice.contains(result))
        values.push_back(result);
  return values;
}
