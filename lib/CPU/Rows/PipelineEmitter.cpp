//===- PipelineEmitter.cpp - Rows with skewed stages ----------------------===//
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

bool PipelineEmitter::canEmit(const RowNest &nest,
                              const PipelineOptions &pipeline) {
  unsigned rowLevel = nest.getRowLevel(), numLoops = nest.getLoops().size();
  if (rowLevel == 0 || rowLevel + 1 != numLoops ||
      nest.getVectorDim() != nest.getLoops().back())
    return false;
  GenericOp op = nest.getOp();
  unsigned rowDim = nest.getLoops()[rowLevel - 1];
  unsigned vectorDim = *nest.getVectorDim();
  bool reduces = false;
  for (Operation &nested : *op.getBodyBlock()) {
    if (!isa<ReduceOp, CenterOp>(nested))
      continue;
    reduces = true;
    // Sums of what is the same in all columns do not need the loop.
    if (!nest.varies(nested.getOperand(0), vectorDim))
      return false;
  }
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    if (nest.getOutputLevel(i) < rowLevel)
      return false;
  // An operand with one element a row would have to be gathered into lanes.
  if (pipeline.rows > 1)
    for (BlockArgument argument : op.getBodyBlock()->getArguments())
      if (nest.varies(argument, rowDim) && !nest.varies(argument, vectorDim))
        return false;
  // A row's own index is no constant, but the first row's is.
  for (IndexOp index : op.getBody().getOps<IndexOp>())
    if (pipeline.rows > 1 || index.getDim() == rowDim)
      return false;
  return reduces;
}

void PipelineEmitter::emitAll(int64_t maxPipelinedLength, Value condition,
                              NestEmitter &restOfRows,
                              NestEmitter::Recompute recomputeRow) {
  maxLength = maxPipelinedLength;
  avoid = condition;
  rest = &restOfRows;
  recompute = recomputeRow;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  RowGoals outputs;
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    outputs.outputs.push_back(i);
  for (auto &stage : stages.getStages(nest.getRowLevel(), outputs, scope)) {
    goals.emplace_back();
    goals.back().reductions = std::move(stage);
  }
  goals.emplace_back();
  for (unsigned output : outputs.outputs) {
    if (nest.getOutputLevel(output) > nest.getRowLevel())
      goals.back().outputs.push_back(output);
    else
      rowOutputs.push_back(output);
  }
  emitOuterLoops(0, scope);
}

void PipelineEmitter::emitOuterLoops(unsigned level, Scope &scope) {
  unsigned dim = nest.getLoops()[level];
  Value zero = body.getIndexConstant(0), size = body.getSize(dim);
  Accumulators none;
  if (level + 1 < nest.getRowLevel()) {
    emitFor(zero, size, body.getIndexConstant(1), none,
            [&](Value index, Accumulators &) {
              Scope inner(&scope);
              inner.setIndex(dim, index);
              emitOuterLoops(level + 1, inner);
            });
    return;
  }
  // What is the same in all rows.
  for (const RowGoals &stage : goals)
    prepare(scope, stage);
  GenericOp op = nest.getOp();
  int64_t rowCount = op.getStaticLoopSizes()[dim];
  int64_t length = op.getStaticLoopSizes()[*nest.getVectorDim()];
  int64_t needed = getDepth() + 1;
  Value numRows = body.getIndexConstant(pipeline.rows);
  Value numGroups = pipeline.rows == 1
                        ? size
                        : arith::DivUIOp::create(builder, size, numRows);
  bool isLengthKnown = !ShapedType::isDynamic(length);
  if (!ShapedType::isDynamic(rowCount) && isLengthKnown && !avoid) {
    if (rowCount / pipeline.rows < needed) {
      rest->emitRows(scope, zero, size, recompute);
      return;
    }
    emitPipeline(scope, numGroups, /*drain=*/true);
    int64_t done = rowCount - rowCount % pipeline.rows;
    if (done != rowCount)
      rest->emitRows(scope, body.getIndexConstant(done), size, recompute);
    return;
  }
  Value use = arith::CmpIOp::create(builder, arith::CmpIPredicate::uge,
                                    numGroups, body.getIndexConstant(needed));
  if (!isLengthKnown)
    use = arith::AndIOp::create(
        builder, use,
        arith::CmpIOp::create(builder, arith::CmpIPredicate::ule,
                              body.getSize(*nest.getVectorDim()),
                              body.getIndexConstant(maxLength)));
  if (avoid) {
    Value yes = arith::ConstantOp::create(builder, builder.getBoolAttr(true));
    use = arith::AndIOp::create(builder, use,
                                arith::XOrIOp::create(builder, avoid, yes));
  }
  Value done = arith::MulIOp::create(builder, numGroups, numRows);
  Value begin = arith::SelectOp::create(builder, use, done, zero);
  auto branch = scf::IfOp::create(builder, use);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    emitPipeline(scope, numGroups, /*drain=*/isLengthKnown);
  }
  rest->emitRows(scope, begin, size, recompute);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

void PipelineEmitter::emitPipeline(Scope &outer, Value numGroups, bool drain) {
  // The groups that the first step takes over from stages before it: group g is
  // at the stage whose distance is g, or, waiting for its sums, just before.
  std::vector<Group> state;
  for (int64_t g = 0; g < getDepth(); ++g) {
    state.push_back(start(outer, body.getIndexConstant(g)));
    Group &group = state.back();
    for (unsigned stage = 0; getDistance(stage) > g; ++stage) {
      Task task{stage, &group};
      run(task);
      if (getDistance(stage) - g >= pipeline.lag || pipeline.finishesInStep())
        finishStage(group, stage);
    }
  }
  state.push_back(start(outer, body.getIndexConstant(getDepth())));
  emitSteps(outer, numGroups, drain, state);
  if (drain)
    emitLastGroups(numGroups, state);
}

void PipelineEmitter::emitSteps(Scope &outer, Value numGroups, bool drain,
                                std::vector<Group> &state) {
  SmallVector<Value> inits;
  SmallVector<unsigned> sizes;
  for (Group &group : state) {
    SmallVector<Value> values = flatten(group);
    sizes.push_back(values.size());
    llvm::append_range(inits, values);
  }
  Value depth = body.getIndexConstant(getDepth());
  Value end =
      drain ? arith::SubIOp::create(builder, numGroups, depth) : numGroups;
  Value one = body.getIndexConstant(1);
  Value last = arith::SubIOp::create(builder, numGroups, one);
  auto loop =
      scf::ForOp::create(builder, body.getIndexConstant(0), end, one, inits);
  auto unpack = [&](ValueRange values) {
    std::vector<Group> groups;
    for (auto [like, size] : llvm::zip(state, sizes)) {
      groups.push_back(rebuild(like, values.take_front(size)));
      values = values.drop_front(size);
    }
    return groups;
  };
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value step = loop.getInductionVar();
    std::vector<Group> groups = unpack(loop.getRegionIterArgs());
    for (auto [g, group] : llvm::enumerate(groups)) {
      Value index =
          arith::AddIOp::create(builder, step, body.getIndexConstant(g));
      if (!drain && g > 0)
        index = arith::MinUIOp::create(builder, index, last);
      setIndex(group, index);
    }
    // Sums of the step before are combined first, but needed only after the
    // loop over the columns.
    for (unsigned stage = 0;
         !pipeline.finishesInStep() && stage + 1 < getNumStages(); ++stage)
      finishStage(groups[getDistance(stage) - 1], stage);
    Value next = arith::AddIOp::create(builder, step,
                                       body.getIndexConstant(getDepth() + 1));
    next = arith::MinUIOp::create(builder, next, last);
    groups.push_back(start(outer, next));

    SmallVector<Task> tasks;
    for (int stage = getNumStages() - 1; stage >= 0; --stage)
      tasks.push_back({unsigned(stage), &groups[getDistance(stage)]});
    run(tasks);
    finishGroup(groups.front());
    for (unsigned stage = 0;
         pipeline.finishesInStep() && stage + 1 < getNumStages(); ++stage)
      finishStage(groups[getDistance(stage)], stage);

    SmallVector<Value> yielded;
    for (Group &group : llvm::drop_begin(groups))
      llvm::append_range(yielded, flatten(group));
    if (!loop.getBody()->empty() &&
        loop.getBody()->back().hasTrait<OpTrait::IsTerminator>())
      loop.getBody()->back().erase();
    builder.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(builder, yielded);
  }
  state = unpack(loop.getResults());
}

void PipelineEmitter::emitLastGroups(Value numGroups,
                                     std::vector<Group> &state) {
  Value first = arith::SubIOp::create(builder, numGroups,
                                      body.getIndexConstant(getDepth()));
  for (int64_t g = 0; g < getDepth(); ++g) {
    Group &group = state[g];
    setIndex(group,
             arith::AddIOp::create(builder, first, body.getIndexConstant(g)));
    for (unsigned stage = 0; stage < getNumStages(); ++stage) {
      if (getDistance(stage) > g) {
        if (!pipeline.finishesInStep() && getDistance(stage) - g < pipeline.lag)
          finishStage(group, stage);
        continue;
      }
      Task task{stage, &group};
      run(task);
      if (stage + 1 < getNumStages())
        finishStage(group, stage);
    }
    finishGroup(group);
  }
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

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
  Value means = arith::DivFOp::create(
      builder, sums, body.broadcast(firsts.front().count, sums.getType()));
  if (sumsMany(nest.getLoops().drop_front(level)))
    means = coarsen(means, combine(ReduceKind::Max));
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
