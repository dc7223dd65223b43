//===- NestEmitter.cpp - A row program as a nest of loops -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestEmitter.h"

#include "Reductions.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <list>

using namespace mlir;
using namespace mlir::norm;

/// Elements after which partial sums are added to those of the row: what bounds
/// the error of sums of long rows.
static constexpr int64_t kChunk = 32768;

/// Scalar loops of at most so many iterations are unrolled.
static constexpr int64_t kMaxUnrolled = 4;

void NestEmitter::emitAll(function_ref<void(Scope &)> recomputeRow) {
  recompute = recomputeRow;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  RowGoals goals;
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    goals.outputs.push_back(i);
  Accumulators none;
  Scope *outermost = &scope;
  emitLevel(0, outermost, goals, none);
}

void NestEmitter::emitRow(const Scope &row) {
  recompute = nullptr;
  GenericOp op = nest.getOp();
  Scope scope(op.getNumLoops());
  for (unsigned dim : nest.getLoops().take_front(nest.getRowLevel()))
    scope.setIndex(dim, row.getIndex(dim));
  RowGoals goals;
  for (unsigned i = 0, e = op.getOutputs().size(); i < e; ++i)
    if (nest.getOutputLevel(i) >= nest.getRowLevel())
      goals.outputs.push_back(i);
  Accumulators none;
  Scope *outermost = &scope;
  emitLevel(nest.getRowLevel(), outermost, goals, none);
}

//===----------------------------------------------------------------------===//
// Levels
//===----------------------------------------------------------------------===//

void NestEmitter::prepare(Scopes scopes, const RowGoals &goals) {
  for (Scope *scope : scopes)
    for (Value value : stages.getSlice(goals, *scope)) {
      body.prepare(value, *scope);
      if (Operation *def = value.getDefiningOp())
        body.prepareScaledLow(def, *scope);
    }
}

void NestEmitter::emitLevel(unsigned level, Scopes scopes,
                            const RowGoals &goals, Accumulators &accumulators) {
  if (level == nest.getLoops().size()) {
    emitElements(scopes, goals, accumulators);
    return;
  }
  for (ArrayRef<Operation *> stage :
       stages.getStages(level, goals, *scopes.front()))
    emitStage(level, scopes, stage);

  prepare(scopes, goals);
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
    emitLoop(level, scopes, rest, accumulators);
  if (level == nest.getRowLevel() && recompute)
    recomputeBadRows(scopes);
}

void NestEmitter::emitStage(unsigned level, Scopes scopes,
                            ArrayRef<Operation *> reductions) {
  RowGoals goals;
  goals.reductions.assign(reductions.begin(), reductions.end());
  for (Operation *reduction : reductions)
    if (auto center = dyn_cast<CenterOp>(reduction))
      for (Scope *scope : scopes)
        setShift(center, level, *scope);
  prepare(scopes, goals);

  bool isOpen = !nest.getVectorDim() || isVectorLoopOpen(*scopes.front());
  Accumulators sums =
      makeAccumulators(goals, isOpen ? scopes.size() : options.unroll);
  emitLoop(level, scopes, goals, sums);
  bool isRow = level == nest.getRowLevel();
  for (auto [reduction, slots] : llvm::zip(reductions, sums)) {
    ReduceKind kind = getReduceKind(reduction);
    if (isOpen) {
      for (auto [scope, slot] : llvm::zip(scopes, slots))
        finish(reduction, *scope, slot, isRow);
      continue;
    }
    Value total =
        combineLanes(builder, kind, combineTree(builder, kind, slots));
    finish(reduction, *scopes.front(), total, isRow);
  }
}

void NestEmitter::emitElements(Scopes scopes, const RowGoals &goals,
                               Accumulators &accumulators) {
  for (auto [slot, scope] : llvm::enumerate(scopes)) {
    for (auto [i, reduction] : llvm::enumerate(goals.reductions))
      accumulators[i][slot] =
          body.accumulate(reduction, stages.getFusedCenter(reduction),
                          accumulators[i][slot], *scope);
    for (unsigned output : goals.outputs)
      body.store(output, *scope);
  }
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

NestEmitter::Accumulators NestEmitter::makeAccumulators(const RowGoals &goals,
                                                        unsigned slots) {
  Accumulators accumulators;
  for (Operation *reduction : goals.reductions) {
    Type type = body.getVectorType(reduction->getOperand(0).getType());
    Value neutral = makeNeutral(builder, getReduceKind(reduction), type);
    accumulators.emplace_back(slots, neutral);
  }
  return accumulators;
}

void NestEmitter::emitFor(Value begin, Value end, Value step,
                          Accumulators &accumulators,
                          function_ref<void(Value, Accumulators &)> emitBody) {
  SmallVector<Value> inits;
  for (ArrayRef<Value> slots : accumulators)
    llvm::append_range(inits, slots);
  auto unpack = [&](ValueRange values) {
    for (SmallVector<Value> &slots : accumulators) {
      llvm::copy(values.take_front(slots.size()), slots.begin());
      values = values.drop_front(slots.size());
    }
  };
  auto loop = scf::ForOp::create(builder, begin, end, step, inits);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    unpack(loop.getRegionIterArgs());
    emitBody(loop.getInductionVar(), accumulators);
    SmallVector<Value> results;
    for (ArrayRef<Value> slots : accumulators)
      llvm::append_range(results, slots);
    builder.setInsertionPointToEnd(loop.getBody());
    if (!loop.getBody()->empty() &&
        loop.getBody()->back().hasTrait<OpTrait::IsTerminator>())
      loop.getBody()->back().erase();
    scf::YieldOp::create(builder, results);
  }
  unpack(loop.getResults());
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
      children.push_back(&storage.emplace_back(*scope));
      children.back()->setIndex(dim, index);
    }
    emitLevel(level + 1, children, goals, inner);
    for (Scope *child : children)
      good.erase(child);
  };
  GenericOp op = nest.getOp();
  int64_t size = op.getStaticLoopSizes()[dim];
  if (!ShapedType::isDynamic(size) && size <= kMaxUnrolled) {
    for (int64_t i = 0; i < size; ++i)
      iterate(body.getIndexConstant(i), accumulators);
    return;
  }
  emitFor(body.getIndexConstant(0), body.getSize(dim), body.getIndexConstant(1),
          accumulators, iterate);
}

void NestEmitter::emitBatch(unsigned level, Scope &scope, const RowGoals &goals,
                            Accumulators &accumulators, Value first,
                            int64_t count, Value lanesLeft) {
  unsigned dim = nest.getLoops()[level];
  std::list<Scope> storage;
  SmallVector<Scope *> children;
  for (int64_t i = 0; i < count; ++i) {
    Scope &child = storage.emplace_back(scope);
    children.push_back(&child);
    Value index = first;
    if (i > 0)
      index = arith::AddIOp::create(
          builder, first, body.getIndexConstant(i * options.lanes),
          arith::IntegerOverflowFlags::nsw | arith::IntegerOverflowFlags::nuw);
    child.setIndex(dim, index);
    if (lanesLeft && i == count - 1) {
      Value mask = vector::CreateMaskOp::create(
          builder, VectorType::get({options.lanes}, builder.getI1Type()),
          lanesLeft);
      child.setMask(mask, lanesLeft);
    }
  }
  emitLevel(level + 1, children, goals, accumulators);
  for (Scope *child : children)
    good.erase(child);
}

void NestEmitter::emitVectors(unsigned level, Scope &scope,
                              const RowGoals &goals, Accumulators &accumulators,
                              Value begin, Value end, int64_t staticSize) {
  int64_t lanes = options.lanes, step = lanes * options.unroll;
  auto batch = [&](Value first, int64_t count, Value left, Accumulators &sums) {
    emitBatch(level, scope, goals, sums, first, count, left);
  };
  if (!ShapedType::isDynamic(staticSize)) {
    int64_t main = staticSize - staticSize % step;
    auto at = [&](int64_t offset) -> Value {
      return offset == 0 ? begin
                         : arith::AddIOp::create(builder, begin,
                                                 body.getIndexConstant(offset));
    };
    if (main == step)
      batch(begin, options.unroll, nullptr, accumulators);
    else if (main > 0)
      emitFor(begin, at(main), body.getIndexConstant(step), accumulators,
              [&](Value j, Accumulators &sums) {
                batch(j, options.unroll, nullptr, sums);
              });
    int64_t rest = staticSize - main;
    if (rest > 0) {
      Value left = rest % lanes ? body.getIndexConstant(rest % lanes) : Value();
      batch(at(main), llvm::divideCeil(rest, lanes), left, accumulators);
    }
    return;
  }
  Value size = arith::SubIOp::create(builder, end, begin);
  auto roundDown = [&](int64_t multiple) -> Value {
    Value rest =
        arith::RemUIOp::create(builder, size, body.getIndexConstant(multiple));
    return arith::SubIOp::create(builder, end, rest);
  };
  Value mainEnd = roundDown(step), singlesEnd = roundDown(lanes);
  emitFor(begin, mainEnd, body.getIndexConstant(step), accumulators,
          [&](Value j, Accumulators &sums) {
            batch(j, options.unroll, nullptr, sums);
          });
  emitFor(mainEnd, singlesEnd, body.getIndexConstant(lanes), accumulators,
          [&](Value j, Accumulators &sums) { batch(j, 1, nullptr, sums); });
  // The masked rest, as a loop of at most one iteration.
  emitFor(singlesEnd, end, body.getIndexConstant(lanes), accumulators,
          [&](Value j, Accumulators &sums) {
            batch(j, 1, arith::SubIOp::create(builder, end, j), sums);
          });
}

void NestEmitter::emitVectorLoop(unsigned level, Scope &scope,
                                 const RowGoals &goals,
                                 Accumulators &accumulators) {
  GenericOp op = nest.getOp();
  unsigned dim = nest.getLoops()[level];
  int64_t size = op.getStaticLoopSizes()[dim];
  Value zero = body.getIndexConstant(0), end = body.getSize(dim);
  bool isLong = ShapedType::isDynamic(size) || size > kChunk;
  if (accumulators.empty() || !isLong) {
    emitVectors(level, scope, goals, accumulators, zero, end, size);
    return;
  }
  Value chunk = body.getIndexConstant(kChunk);
  emitFor(zero, end, chunk, accumulators, [&](Value first, Accumulators &sums) {
    Value last = arith::MinUIOp::create(
        builder, end, arith::AddIOp::create(builder, first, chunk));
    Accumulators partial = makeAccumulators(goals, options.unroll);
    emitVectors(level, scope, goals, partial, first, last,
                ShapedType::kDynamic);
    for (auto [i, reduction] : llvm::enumerate(goals.reductions))
      for (auto [sum, value] : llvm::zip(sums[i], partial[i]))
        sum = combine(builder, getReduceKind(reduction), sum, value);
  });
}
