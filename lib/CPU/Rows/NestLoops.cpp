//===- NestLoops.cpp - The loops of a nest --------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NestEmitter.h"

#include "../GenericParts.h"
#include "mlir/IR/Matchers.h"
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

static bool isConstant(Value value) {
  return matchPattern(value, m_Constant());
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
  auto emitDirectly = [&](Value first, Value last, Accumulators &sums) {
    emitVectors(first, last, ShapedType::kDynamic, sums, emitBatch);
  };
  auto emitInChunks = [&](Accumulators &sums) {
    emitChunks(zero, end, kChunk, /*merge=*/true, goals, sums, emitDirectly);
  };
  // Nothing has been added: one chunk is the row's.
  bool isFresh = llvm::all_of(accumulators, [](ArrayRef<Value> slots) {
    return llvm::all_of(slots, isConstant);
  });
  if (!ShapedType::isDynamic(size) || !isFresh) {
    emitInChunks(accumulators);
    return;
  }
  Value isShort = arith::CmpIOp::create(builder, arith::CmpIPredicate::ule, end,
                                        body.getIndexConstant(kChunk));
  emitIf(
      isShort, accumulators,
      [&](Accumulators &sums) { emitDirectly(zero, end, sums); }, emitInChunks);
}
