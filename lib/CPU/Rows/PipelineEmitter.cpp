//===- PipelineEmitter.cpp - Rows with skewed stages ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PipelineEmitter.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
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
