//===- PipelineGroups.cpp - Groups of rows in a pipeline ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineEmitter.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

void PipelineEmitter::setIndex(Group &group, Value groupIndex) {
  Value index = groupIndex;
  if (pipeline.rows > 1)
    index = arith::MulIOp::create(builder, groupIndex,
                                  body.getIndexConstant(pipeline.rows));
  group.scope->setIndex(nest.getLoops()[nest.getRowLevel() - 1], index);
}

PipelineEmitter::Group PipelineEmitter::start(Scope &outer, Value index) {
  Group group;
  group.scope = std::make_unique<Scope>(&outer);
  setIndex(group, index);
  enterStage(group, 0);
  return group;
}

std::list<Scope> PipelineEmitter::makeRowScopes(Group &group) {
  std::list<Scope> rows;
  unsigned dim = nest.getLoops()[nest.getRowLevel() - 1];
  for (int64_t row = 0; row < pipeline.rows; ++row) {
    Scope &scope = rows.emplace_back(group.scope.get());
    if (pipeline.rows == 1)
      continue;
    scope.copyFrom(*group.scope, [&](Value value) -> Value {
      if (!isa<VectorType>(value.getType()))
        return value;
      return vector::ExtractOp::create(builder, value, row);
    });
    scope.setIndex(dim,
                   arith::AddIOp::create(builder, group.scope->getIndex(dim),
                                         body.getIndexConstant(row)));
  }
  return rows;
}

void PipelineEmitter::enterStage(Group &group, unsigned stage) {
  for (Operation *reduction : goals[stage].reductions)
    if (auto center = dyn_cast<CenterOp>(reduction))
      setGroupShift(center, group);
  prepare(*group.scope, goals[stage]);
  if (stage + 1 == getNumStages()) {
    RowGoals outputs;
    outputs.outputs = rowOutputs;
    prepare(*group.scope, outputs);
  }
}

void PipelineEmitter::setGroupShift(CenterOp center, Group &group) {
  unsigned level = nest.getRowLevel();
  if (pipeline.rows == 1 || body.isUnshifted(center)) {
    setShift(center, level, *group.scope);
    return;
  }
  std::list<Scope> rows = makeRowScopes(group);
  SmallVector<FirstVector> firsts;
  for (Scope &row : rows)
    firsts.push_back(getFirstVector(center, level, row));
  auto combine = [&](ReduceKind kind) {
    SmallVector<Value> vectors;
    for (const FirstVector &first : firsts)
      vectors.push_back(first.getFor(builder, kind));
    return combineRows(builder, kind, vectors);
  };
  Value sums = combine(ReduceKind::Add);
  Value means = arith::MulFOp::create(
      builder, sums, body.broadcast(firsts.front().reciprocal, sums.getType()));
  means = coarsenIfMany(means, nest.getLoops().drop_front(level),
                        [&] { return combine(ReduceKind::Max); });
  group.scope->setShift(center, means);
}

void PipelineEmitter::emitBatch(ArrayRef<Task> tasks,
                                std::vector<std::list<Scope>> &rowScopes,
                                Value first, int64_t count, Value elementsLeft,
                                int64_t atATime, Accumulators &sums) {
  std::list<std::list<Scope>> storage;
  std::vector<SmallVector<Scope *>> vectors;
  for (std::list<Scope> &rows : rowScopes)
    for (Scope &row : rows) {
      storage.push_back(makeBatchScopes(row, first, count, elementsLeft));
      vectors.emplace_back();
      for (Scope &scope : storage.back())
        vectors.back().push_back(&scope);
    }
  for (int64_t begin = 0; begin < count; begin += atATime) {
    size_t position = 0, vector = 0;
    for (const Task &task : tasks)
      for (int64_t row = 0; row < pipeline.rows; ++row) {
        size_t numGoals = goals[task.stage].reductions.size();
        MutableArrayRef<SmallVector<Value>> all =
            MutableArrayRef(sums).slice(position, numGoals);
        Accumulators own;
        for (ArrayRef<Value> slots : all)
          own.push_back(llvm::to_vector(
              slots.drop_front(begin % slots.size()).take_front(atATime)));
        emitElements(ArrayRef(vectors[vector]).slice(begin, atATime),
                     goals[task.stage], own);
        for (auto [slots, changed] : llvm::zip(all, own))
          llvm::copy(changed, slots.begin() + begin % slots.size());
        position += numGoals;
        ++vector;
      }
  }
}

void PipelineEmitter::run(ArrayRef<Task> tasks) {
  // One accumulator list for all tasks: by task, row and goal.
  Accumulators sums;
  std::vector<std::list<Scope>> rowScopes;
  for (const Task &task : tasks) {
    rowScopes.push_back(makeRowScopes(*task.group));
    for (int64_t row = 0; row < pipeline.rows; ++row)
      llvm::append_range(
          sums, makeAccumulators(goals[task.stage], getNumAccumulators()));
  }
  GenericOp op = nest.getOp();
  unsigned dim = *nest.getVectorDim();
  int64_t length = op.getStaticLoopSizes()[dim];
  // Rows of a group share scale, shift and the like: span by span these take
  // few registers. Rows that are in registers as a whole go one after the
  // other.
  bool spanBySpan = options.paired && length > options.lanes * options.unroll;
  emitVectors(body.getIndexConstant(0), body.getSize(dim), length, sums,
              [&](Value first, int64_t count, Value left, Accumulators &inner) {
                emitBatch(tasks, rowScopes, first, count, left,
                          spanBySpan ? getVectorsInSpan() : count, inner);
              });
  size_t position = 0;
  for (const Task &task : tasks) {
    task.group->sums.clear();
    ArrayRef<Operation *> reductions = goals[task.stage].reductions;
    // By reduction and row, the vectors of an iteration combined.
    task.group->sums.resize(reductions.size());
    for (int64_t row = 0; row < pipeline.rows; ++row)
      for (auto [reduction, own] : llvm::zip(reductions, task.group->sums))
        own.push_back(
            combineTree(builder, getReduceKind(reduction), sums[position++]));
  }
}

void PipelineEmitter::finishStage(Group &group, unsigned stage) {
  for (auto [reduction, sums] :
       llvm::zip(goals[stage].reductions, group.sums)) {
    ReduceKind kind = getReduceKind(reduction);
    Value total = pipeline.rows == 1 ? combineLanes(builder, kind, sums.front())
                                     : combineRows(builder, kind, sums);
    if (Value isGood = std::exchange(group.isGood, nullptr))
      good[group.scope.get()] = isGood;
    finish(reduction, *group.scope, total, /*isRow=*/true);
    group.isGood = good.lookup(group.scope.get());
    good.erase(group.scope.get());
  }
  group.sums.clear();
  enterStage(group, stage + 1);
}

void PipelineEmitter::finishGroup(Group &group) {
  std::list<Scope> rows = makeRowScopes(group);
  for (Scope &row : rows)
    for (unsigned output : rowOutputs)
      body.store(output, row);
  if (!recompute || !group.isGood)
    return;
  emitIfBad(group.isGood, /*mask=*/nullptr, [&](Value lane) {
    if (!lane) {
      recompute(*group.scope);
      return;
    }
    // Lanes repeat where a vector has more of them than the group has rows.
    Value isRow =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::ult, lane,
                              body.getIndexConstant(pipeline.rows));
    auto branch = scf::IfOp::create(builder, isRow);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    Scope row(group.scope.get());
    unsigned dim = nest.getLoops()[nest.getRowLevel() - 1];
    row.setIndex(
        dim, arith::AddIOp::create(builder, group.scope->getIndex(dim), lane));
    recompute(row);
  });
}

//===----------------------------------------------------------------------===//
// What a step hands to the next
//===----------------------------------------------------------------------===//

/// Constants stay what they are from step to step.
static bool isCarried(Value value) {
  return !value.getDefiningOp() ||
         !value.getDefiningOp()->hasTrait<OpTrait::ConstantLike>();
}

SmallVector<Value> PipelineEmitter::flatten(Group &group) {
  SmallVector<Value> values;
  group.scope->forEach([&](Value &value) {
    if (isCarried(value))
      values.push_back(value);
  });
  if (group.isGood)
    values.push_back(group.isGood);
  for (ArrayRef<Value> sums : group.sums)
    llvm::append_range(values, sums);
  return values;
}

PipelineEmitter::Group PipelineEmitter::rebuild(const Group &like,
                                                ValueRange values) {
  Group group;
  group.scope = like.scope->clone();
  group.isGood = like.isGood;
  group.sums = like.sums;
  auto replace = [&](Value &value) {
    value = values.front();
    values = values.drop_front();
  };
  group.scope->forEach([&](Value &value) {
    if (isCarried(value))
      replace(value);
  });
  if (group.isGood)
    replace(group.isGood);
  for (SmallVector<Value> &sums : group.sums)
    for (Value &sum : sums)
      replace(sum);
  return group;
}
