//===- NestEmitter.cpp - A row program as a nest of loops -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestEmitter.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

RowGoals NestEmitter::getOutputs(unsigned level) {
  GenericOp op = nest.getOp();
  RowGoals goals;
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    if (nest.getOutputLevel(i) >= level)
      goals.outputs.push_back(i);
  return goals;
}

bool NestEmitter::canStreamRows(const RowNest &nest) {
  if (!nest.getVectorDim() || nest.getRowLevel() == 0 ||
      nest.getLoopOf(*nest.getVectorDim()) < nest.getRowLevel())
    return false;
  GenericOp op = nest.getOp();
  return llvm::any_of(*op.getBodyBlock(), [&](Operation &nested) {
    return isa<ReduceOp, CenterOp>(nested) &&
           nest.getLevel(&nested) == nest.getRowLevel();
  });
}

void NestEmitter::emitAll(Recompute recomputeRow) {
  recompute = recomputeRow;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  Scope *outermost = &scope;
  Accumulators none;
  emitLevel(0, outermost, getOutputs(0), none);
}

void NestEmitter::emitRows(Scope &outer, Value begin, Value end,
                           Recompute recomputeRow) {
  recompute = recomputeRow;
  unsigned level = nest.getRowLevel();
  Accumulators none;
  emitFor(begin, end, body.getIndexConstant(1), none,
          [&](Value index, Accumulators &) {
            Scope row(&outer);
            row.setIndex(nest.getLoops()[level - 1], index);
            Scope *outermost = &row;
            Accumulators none;
            emitLevel(level, outermost, getOutputs(level), none);
            good.erase(&row);
          });
}

bool NestEmitter::canEmitAcrossRows(const RowNest &nest) {
  GenericOp op = nest.getOp();
  unsigned rowLevel = nest.getRowLevel();
  if (rowLevel == 0 || rowLevel + 1 != nest.getLoops().size() ||
      nest.getVectorDim() != nest.getLoops().back())
    return false;
  unsigned rowDim = nest.getLoops()[rowLevel - 1];
  unsigned vectorDim = *nest.getVectorDim();
  for (unsigned i = 0, e = op->getNumOperands(); i < e; ++i) {
    SmallVector<unsigned> dims = op.getOperandDims(i);
    auto type = cast<MemRefType>(op->getOperand(i).getType());
    bool hasRow = llvm::is_contained(dims, rowDim);
    if (!hasRow)
      continue;
    bool hasColumn = llvm::is_contained(dims, vectorDim);
    ArrayRef<unsigned> last =
        ArrayRef(dims).drop_back(hasColumn && dims.back() == vectorDim);
    if (!type.getLayout().isIdentity() || last.empty() ||
        last.back() != rowDim || llvm::is_contained(last, vectorDim) ||
        getBits(type.getElementType()) % 8 != 0)
      return false;
  }
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    if (nest.getOutputLevel(i) < rowLevel)
      return false;
  for (IndexOp index : op.getBody().getOps<IndexOp>())
    if (index.getDim() == vectorDim)
      return false;
  return true;
}

void NestEmitter::emitAcrossRows(NestEmitter &rest, Recompute recomputeRow) {
  recompute = recomputeRow;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  emitAcrossRows(0, scope, rest);
}

void NestEmitter::emitAcrossRows(unsigned level, Scope &scope,
                                 NestEmitter &rest) {
  unsigned dim = nest.getLoops()[level];
  Value zero = body.getIndexConstant(0), size = body.getSize(dim);
  Accumulators none;
  if (level + 1 < nest.getRowLevel()) {
    emitFor(zero, size, body.getIndexConstant(1), none,
            [&](Value index, Accumulators &) {
              Scope inner(&scope);
              inner.setIndex(dim, index);
              emitAcrossRows(level + 1, inner, rest);
            });
    return;
  }
  Value step = body.getIndexConstant(options.lanes);
  Value end = arith::SubIOp::create(
      builder, size, arith::RemUIOp::create(builder, size, step));
  emitFor(zero, end, step, none, [&](Value first, Accumulators &) {
    std::list<Scope> storage =
        makeBatchScopes(scope, first, /*count=*/1, /*elementsLeft=*/nullptr);
    Scope *rows = &storage.front();
    Accumulators none;
    emitLevel(level + 1, rows, getOutputs(level + 1), none);
    good.erase(rows);
  });
  rest.emitRows(scope, end, size, recompute);
}

void NestEmitter::emitRow(const Scope &row) {
  recompute = nullptr;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  for (unsigned dim : nest.getLoops().take_front(nest.getRowLevel()))
    scope.setIndex(dim, row.getIndex(dim));
  Scope *outermost = &scope;
  Accumulators none;
  emitLevel(nest.getRowLevel(), outermost, getOutputs(nest.getRowLevel()),
            none);
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

void NestEmitter::emitLevel(unsigned level, Scopes scopes,
                            const RowGoals &goals, Accumulators &accumulators) {
  if (level == nest.getLoops().size()) {
    emitElements(scopes, goals, accumulators);
    return;
  }
  for (ArrayRef<Operation *> stage :
       stages.getStages(level, goals, *scopes.front()))
    emitStage(level, scopes, stage);

  for (Scope *scope : scopes)
    prepare(*scope, goals);
  RowGoals rest;
  rest.reductions = goals.reductions;
  for (unsigned output : goals.outputs) {
    if (nest.getOutputLevel(output) > level) {
      rest.outputs.push_back(output);
      continue;
    }
    for (Scope *scope : scopes)
      body.store(output, *scope);
  }
  if (!rest.empty())
    emitStores(level, scopes, rest, accumulators);
  if (level == nest.getRowLevel() && recompute)
    recomputeBadRows(scopes);
}

void NestEmitter::setMeansAsShifts(unsigned level, Scopes scopes,
                                   ArrayRef<Operation *> reductions) {
  RowGoals goals;
  for (Operation *reduction : reductions)
    if (auto center = dyn_cast<CenterOp>(reduction))
      if (nest.needsInner(center.getValue(), level)) {
        goals.reductions.push_back(center);
        Type type = center.getValue().getType();
        for (Scope *scope : scopes)
          scope->setShift(center,
                          arith::ConstantOp::create(
                              builder, builder.getFloatAttr(type, 0.0)));
      }
  if (goals.empty())
    return;
  auto totals = reduce(level, scopes, goals);
  for (auto [reduction, slots] : llvm::zip(goals.reductions, totals)) {
    auto center = cast<CenterOp>(reduction);
    for (auto [scope, total] : llvm::zip(scopes, slots)) {
      Value count = body.broadcast(
          body.getExtent(center.getDims(), center.getValue().getType()),
          total.getType());
      scope->setShift(center, arith::DivFOp::create(builder, total, count));
    }
  }
}

Accumulators NestEmitter::reduce(unsigned level, Scopes scopes,
                                 const RowGoals &goals) {
  for (Scope *scope : scopes)
    prepare(*scope, goals);
  bool isOpen = isVectorDimOpen(scopes);
  Accumulators totals = makeAccumulators(
      goals, isOpen ? scopes.size() : getNumAccumulators(), isOpen);
  emitLoop(level, scopes, goals, totals);
  if (isOpen)
    return totals;
  for (auto [reduction, slots] : llvm::zip(goals.reductions, totals)) {
    ReduceKind kind = getReduceKind(reduction);
    slots = {combineLanes(builder, kind, combineTree(builder, kind, slots))};
  }
  return totals;
}

void NestEmitter::emitStage(unsigned level, Scopes scopes,
                            ArrayRef<Operation *> reductions) {
  RowGoals goals;
  goals.reductions.assign(reductions.begin(), reductions.end());
  for (Operation *reduction : reductions)
    if (auto center = dyn_cast<CenterOp>(reduction))
      if (!nest.needsInner(center.getValue(), level))
        for (Scope *scope : scopes)
          setShift(center, level, *scope);
  setMeansAsShifts(level, scopes, reductions);
  bool isRow = level == nest.getRowLevel();
  auto totals = reduce(level, scopes, goals);
  for (auto [reduction, slots] : llvm::zip(reductions, totals))
    for (auto [scope, total] : llvm::zip(scopes, slots))
      finish(reduction, *scope, total, isRow);
}

void NestEmitter::emitStores(unsigned level, Scopes scopes,
                             const RowGoals &goals,
                             Accumulators &accumulators) {
  if (!streamCondition || level != nest.getRowLevel()) {
    emitLoop(level, scopes, goals, accumulators);
    return;
  }
  auto branch =
      scf::IfOp::create(builder, streamCondition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  setStream(true);
  emitLoop(level, scopes, goals, accumulators);
  setStream(false);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitLoop(level, scopes, goals, accumulators);
}

void NestEmitter::recomputeBadRows(Scopes scopes) {
  for (Scope *scope : scopes) {
    Value isGood = good.lookup(scope);
    if (!isGood)
      continue;
    emitIfBad(isGood, scope->getMask(), [&](Value lane) {
      if (!lane) {
        recompute(*scope);
        return;
      }
      // A lane is a row of its own; in a span it is every other one.
      Value offset = lane;
      if (scope->hasSpan()) {
        offset = arith::AddIOp::create(builder, lane, lane);
        if (scope->getEven())
          offset =
              arith::AddIOp::create(builder, offset, body.getIndexConstant(1));
      }
      Scope row(scope);
      unsigned dim = *nest.getVectorDim();
      row.setIndex(
          dim, arith::AddIOp::create(builder, scope->getIndex(dim), offset));
      recompute(row);
    });
  }
}
