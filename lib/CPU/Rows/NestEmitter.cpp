//===- NestEmitter.cpp - A row program as a nest of loops -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestEmitter.h"

#include "../GenericParts.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

/// Elements after which partial sums are added to those of the row: what bounds
/// the error of sums of long rows. With four accumulators of 16 lanes each gets
/// 128 of them, so that squares of integers up to 1024 are still summed
/// exactly; rounding the larger sums of those is biased. Rows that are
/// pipelined are not longer, see RowPlan.
static constexpr int64_t kChunk = 8192;

/// What is added to one accumulator before the sum is added to that of the row,
/// where an iteration adds to each.
static constexpr int64_t kSequentialChunk = 16;

/// Iterations that share the loads of what is the same in all of them: enough
/// that those are few beside the loads of the elements.
static constexpr int64_t kJammed = 4;

/// Scalar loops of at most so many iterations are unrolled.
static constexpr int64_t kMaxUnrolled = 4;

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

void NestEmitter::emitLoop(unsigned level, Scopes scopes, const RowGoals &goals,
                           Accumulators &accumulators) {
  if (nest.getLoops()[level] == nest.getVectorDim())
    emitVectorLoop(level, *scopes.front(), goals, accumulators);
  else
    emitScalarLoop(level, scopes, goals, accumulators);
}

void NestEmitter::emitScalarLoop(unsigned level, Scopes scopes,
                                 const RowGoals &goals,
                                 Accumulators &accumulators) {
  unsigned dim = nest.getLoops()[level];
  auto iterate = [&](Value index, Accumulators &inner) {
    std::list<Scope> storage;
    SmallVector<Scope *> children;
    for (Scope *scope : scopes) {
      Scope &child = storage.emplace_back(scope);
      child.setIndex(dim, index);
      // The even elements of an odd vector here are those of its neighbour.
      if (scope->getEven())
        child.setSpan(children.back(), scope->getSpanMask(),
                      scope->getSpanCount());
      children.push_back(&child);
    }
    emitLevel(level + 1, children, goals, inner);
    for (Scope *child : children)
      good.erase(child);
  };
  GenericOp op = nest.getOp();
  int64_t size = op.getStaticLoopSizes()[dim];
  if (options.tiny && !accumulators.empty()) {
    // As the lanes of a vector are combined.
    SmallVector<Accumulators> partial;
    for (int64_t i = 0; i < size; ++i) {
      partial.push_back(
          makeAccumulators(goals, scopes.size(), /*isOpen=*/true));
      iterate(body.getIndexConstant(i), partial.back());
    }
    for (unsigned i = 0; i < goals.reductions.size(); ++i)
      for (unsigned slot = 0; slot < scopes.size(); ++slot) {
        SmallVector<Value> values = llvm::map_to_vector(
            partial, [&](Accumulators &sums) { return sums[i][slot]; });
        accumulators[i][slot] =
            combineTree(builder, getReduceKind(goals.reductions[i]), values);
      }
    return;
  }
  if (options.tiny || (!ShapedType::isDynamic(size) && size <= kMaxUnrolled)) {
    for (int64_t i = 0; i < size; ++i)
      iterate(body.getIndexConstant(i), accumulators);
    return;
  }
  Value zero = body.getIndexConstant(0), one = body.getIndexConstant(1);
  Value end = body.getSize(dim);
  if (canJam(level, scopes, goals)) {
    zero = emitJammed(level, *scopes.front(), goals);
    if (!ShapedType::isDynamic(size) && size % kJammed == 0)
      return;
  }
  if (!accumulators.empty() && sumsInF32(level, scopes)) {
    emitF32Chunks(zero, end, kSequentialChunk, accumulators,
                  [&](Value first, Value last, Accumulators &partial) {
                    emitFor(first, last, one, partial, iterate);
                  });
    return;
  }
  int64_t chunk = accumulators.empty() ? 0 : getSequentialChunk(scopes);
  if (chunk == 0 || (!ShapedType::isDynamic(size) && size <= chunk)) {
    emitFor(zero, end, one, accumulators, iterate);
    return;
  }
  emitChunks(zero, end, chunk, /*merge=*/false, goals, accumulators,
             [&](Value first, Value last, Accumulators &partial) {
               emitFor(first, last, one, partial, iterate);
             });
}

bool NestEmitter::isVectorDimOpen(Scopes scopes) const {
  return !nest.getVectorDim() || scopes.front()->getIndex(*nest.getVectorDim());
}

bool NestEmitter::sumsInF32(unsigned level, Scopes scopes) const {
  GenericOp op = nest.getOp();
  return op->hasAttr(kF32SumsAttrName) && isVectorDimOpen(scopes) &&
         level + 1 == nest.getLoops().size();
}

int64_t NestEmitter::getSequentialChunk(Scopes scopes) const {
  GenericOp op = nest.getOp();
  // Plain sums in f64 are exact enough for f32.
  if (op->hasAttr(kF32StatisticsAttrName) || !options.chunked)
    return 0;
  if (isVectorDimOpen(scopes))
    return kSequentialChunk;
  // What an iteration adds to each accumulator.
  int64_t length = op.getStaticLoopSizes()[*nest.getVectorDim()];
  int64_t adds =
      ShapedType::isDynamic(length)
          ? 1
          : llvm::divideCeil(length, options.lanes * getNumAccumulators());
  return kSequentialChunk / std::max<int64_t>(adds, 1);
}

bool NestEmitter::canJam(unsigned level, Scopes scopes, const RowGoals &goals) {
  GenericOp op = nest.getOp();
  ArrayRef<unsigned> loops = nest.getLoops();
  // Streams of stores that bypass the caches are better few.
  if (options.stream || !goals.reductions.empty() || scopes.size() != 1 ||
      level + 2 != loops.size() || loops.back() != nest.getVectorDim())
    return false;
  for (unsigned output : goals.outputs)
    if (nest.getOutputLevel(output) != loops.size() ||
        nest.needsInner(op.getYield().getValues()[output], level))
      return false;
  return llvm::any_of(
      op.getBodyBlock()->getArguments(), [&](BlockArgument argument) {
        return !argument.use_empty() && nest.varies(argument, loops.back()) &&
               !nest.varies(argument, loops[level]);
      });
}

Value NestEmitter::emitJammed(unsigned level, Scope &scope,
                              const RowGoals &goals) {
  unsigned dim = nest.getLoops()[level];
  unsigned vectorDim = *nest.getVectorDim();
  GenericOp op = nest.getOp();
  Value zero = body.getIndexConstant(0), size = body.getSize(dim);
  Value step = body.getIndexConstant(kJammed);
  Value rest = arith::RemUIOp::create(builder, size, step);
  Value end = arith::SubIOp::create(builder, size, rest);
  Accumulators none;
  auto emitVector = [&](ArrayRef<Scope *> vectors, Value first) {
    for (Scope *vector : vectors)
      prepare(*vector, goals);
    for (int64_t i = 0; i < kJammed; ++i) {
      std::list<Scope> storage;
      SmallVector<Scope *> rows;
      Value index =
          arith::AddIOp::create(builder, first, body.getIndexConstant(i));
      for (Scope *vector : vectors) {
        Scope &row = storage.emplace_back(vector);
        row.setIndex(dim, index);
        if (vector->getEven())
          row.setSpan(rows.back(), vector->getSpanMask(),
                      vector->getSpanCount());
        rows.push_back(&row);
      }
      emitElements(rows, goals, none);
    }
  };
  emitFor(zero, end, step, none, [&](Value first, Accumulators &) {
    emitVectors(
        zero, body.getSize(vectorDim), op.getStaticLoopSizes()[vectorDim], none,
        [&](Value j, int64_t count, Value left, Accumulators &) {
          std::list<Scope> storage = makeBatchScopes(scope, j, count, left);
          SmallVector<Scope *> batch;
          for (Scope &vector : storage) {
            batch.push_back(&vector);
            if (int64_t(batch.size()) < getVectorsInSpan())
              continue;
            emitVector(batch, first);
            batch.clear();
          }
        });
  });
  return end;
}

void NestEmitter::emitVectorLoop(unsigned level, Scope &scope,
                                 const RowGoals &goals,
                                 Accumulators &accumulators) {
  GenericOp op = nest.getOp();
  unsigned dim = nest.getLoops()[level];
  int64_t size = op.getStaticLoopSizes()[dim];
  auto emitBatch = [&](Value first, int64_t count, Value lanesLeft,
                       Accumulators &sums) {
    std::list<Scope> storage = makeBatchScopes(scope, first, count, lanesLeft);
    SmallVector<Scope *> children;
    for (Scope &child : storage)
      children.push_back(&child);
    if (options.stream && !goals.outputs.empty() && nest.getRowLevel() > 0 &&
        level >= nest.getRowLevel())
      for (Scope *child : children)
        body.prefetchNextRow(nest.getLoops()[nest.getRowLevel() - 1], *child);
    emitLevel(level + 1, children, goals, sums);
    for (Scope *child : children)
      good.erase(child);
  };
  Value zero = body.getIndexConstant(0), end = body.getSize(dim);
  // What bypasses the caches is aligned, and so is the next row.
  bool isWhole =
      options.stream && llvm::any_of(goals.outputs, [&](unsigned output) {
        SmallVector<unsigned> dims =
            op.getOperandDims(op.getInputs().size() + output);
        return dims.size() > 1 && dims.back() == dim;
      });
  bool isLong = ShapedType::isDynamic(size) || size > kChunk;
  if (accumulators.empty() || !isLong || !options.chunked) {
    emitVectors(zero, end, size, accumulators, emitBatch, isWhole);
    return;
  }
  emitChunks(zero, end, kChunk, /*merge=*/true, goals, accumulators,
             [&](Value first, Value last, Accumulators &partial) {
               emitVectors(first, last, ShapedType::kDynamic, partial,
                           emitBatch);
             });
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
