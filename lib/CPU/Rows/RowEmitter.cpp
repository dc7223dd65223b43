//===- RowEmitter.cpp - What all ways to emit rows share ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowEmitter.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

Accumulators RowEmitter::makeAccumulators(const RowGoals &goals, unsigned slots,
                                          bool isOpen) {
  Accumulators accumulators;
  for (Operation *reduction : goals.reductions) {
    Value operand = reduction->getOperand(0);
    Type type = operand.getType();
    if (!isOpen || body.isVector(operand))
      type = body.getVectorType(type);
    Value neutral = makeNeutral(builder, getReduceKind(reduction), type);
    accumulators.emplace_back(slots, neutral);
  }
  return accumulators;
}

void RowEmitter::emitElements(Scopes scopes, const RowGoals &goals,
                              Accumulators &accumulators) {
  for (auto [position, scope] : llvm::enumerate(scopes)) {
    for (auto [i, reduction] : llvm::enumerate(goals.reductions)) {
      Value &sum = accumulators[i][position % accumulators[i].size()];
      sum = body.accumulate(reduction, stages.getFusedCenter(reduction), sum,
                            *scope);
    }
    for (unsigned output : goals.outputs)
      body.store(output, *scope);
  }
}

void RowEmitter::prepare(Scope &scope, const RowGoals &goals) {
  for (Value value : stages.getSlice(goals, scope)) {
    body.prepare(value, scope);
    if (Operation *def = value.getDefiningOp())
      body.prepareScaledLow(def, scope);
  }
}

static SmallVector<Value> flatten(const Accumulators &accumulators) {
  SmallVector<Value> values;
  for (ArrayRef<Value> slots : accumulators)
    llvm::append_range(values, slots);
  return values;
}

static void unflatten(ValueRange values, Accumulators &accumulators) {
  for (SmallVector<Value> &slots : accumulators) {
    llvm::copy(values.take_front(slots.size()), slots.begin());
    values = values.drop_front(slots.size());
  }
}

void RowEmitter::emitFor(Value begin, Value end, Value step,
                         Accumulators &accumulators,
                         function_ref<void(Value, Accumulators &)> emitBody) {
  auto loop =
      scf::ForOp::create(builder, begin, end, step, flatten(accumulators));
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    unflatten(loop.getRegionIterArgs(), accumulators);
    emitBody(loop.getInductionVar(), accumulators);
    SmallVector<Value> results = flatten(accumulators);
    builder.setInsertionPointToEnd(loop.getBody());
    if (!loop.getBody()->empty() &&
        loop.getBody()->back().hasTrait<OpTrait::IsTerminator>())
      loop.getBody()->back().erase();
    scf::YieldOp::create(builder, results);
  }
  unflatten(loop.getResults(), accumulators);
}

void RowEmitter::emitIf(Value condition, Accumulators &accumulators,
                        function_ref<void(Accumulators &)> emitThen,
                        function_ref<void(Accumulators &)> emitElse) {
  auto branch = scf::IfOp::create(
      builder, TypeRange(ValueRange(flatten(accumulators))), condition,
      /*addThenBlock=*/true, /*addElseBlock=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  Accumulators changed = accumulators;
  emitThen(changed);
  scf::YieldOp::create(builder, flatten(changed));
  builder.setInsertionPointToStart(branch.elseBlock());
  changed = accumulators;
  emitElse(changed);
  scf::YieldOp::create(builder, flatten(changed));
  unflatten(branch.getResults(), accumulators);
}

/// Adds `term` to `sum` and what that loses to `error` (Knuth's two-sum).
static void addExactly(ImplicitLocOpBuilder &builder, Value &sum, Value &error,
                       Value term) {
  auto sub = [&](Value a, Value b) -> Value {
    return arith::SubFOp::create(builder, a, b);
  };
  Value total = arith::AddFOp::create(builder, sum, term);
  Value added = sub(total, sum);
  Value lost = arith::AddFOp::create(builder, sub(sum, sub(total, added)),
                                     sub(term, added));
  error = arith::AddFOp::create(builder, error, lost);
  sum = total;
}

void RowEmitter::emitChunks(Value begin, Value end, int64_t chunk, bool merge,
                            const RowGoals &goals, Accumulators &accumulators,
                            EmitChunk emitChunk) {
  ArrayRef<Operation *> reductions = goals.reductions;
  size_t numSlots = accumulators.front().size();
  Accumulators state;
  for (auto [reduction, slots] : llvm::zip(reductions, accumulators)) {
    state.push_back(slots);
    if (merge)
      state.back() = {combineTree(builder, getReduceKind(reduction), slots)};
  }
  // Behind the accumulators the errors of those that are sums of floats.
  SmallVector<unsigned> sums;
  for (auto [i, reduction] : llvm::enumerate(reductions)) {
    Type type = accumulators[i].front().getType();
    if (getReduceKind(reduction) != ReduceKind::Add ||
        !isa<FloatType>(getElementTypeOrSelf(type)))
      continue;
    sums.push_back(i);
    Value zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
    state.emplace_back(state[i].size(), zero);
  }
  Value step = body.getIndexConstant(chunk);
  // One chunk loses nothing.
  Value isLong =
      arith::CmpIOp::create(builder, arith::CmpIPredicate::ugt,
                            arith::SubIOp::create(builder, end, begin), step);
  emitFor(begin, end, step, state, [&](Value first, Accumulators &inner) {
    Value last = arith::MinUIOp::create(
        builder, end, arith::AddIOp::create(builder, first, step));
    Accumulators partial;
    for (auto [reduction, slots] : llvm::zip(reductions, accumulators))
      partial.emplace_back(numSlots,
                           makeNeutral(builder, getReduceKind(reduction),
                                       slots.front().getType()));
    emitChunk(first, last, partial);
    if (merge)
      for (auto [reduction, slots] : llvm::zip(reductions, partial))
        slots = {combineTree(builder, getReduceKind(reduction), slots)};
    auto add = [&](Accumulators &all, bool exactly) {
      size_t next = reductions.size();
      for (auto [i, reduction] : llvm::enumerate(reductions)) {
        bool isSum = llvm::is_contained(sums, i);
        for (auto [slot, term] : llvm::enumerate(partial[i])) {
          Value &total = all[i][slot];
          if (isSum && exactly)
            addExactly(builder, total, all[next][slot], term);
          else
            total = combine(builder, getReduceKind(reduction), total, term);
        }
        next += isSum;
      }
    };
    emitIf(
        isLong, inner, [&](Accumulators &all) { add(all, /*exactly=*/true); },
        [&](Accumulators &all) { add(all, /*exactly=*/false); });
  });
  auto addErrors = [&](Accumulators &all) {
    for (auto [position, i] : llvm::enumerate(sums))
      for (auto [total, error] :
           llvm::zip(all[i], all[reductions.size() + position])) {
        // An infinite sum has no error.
        Value isNumber = arith::CmpFOp::create(
            builder, arith::CmpFPredicate::ORD, error, error);
        total = arith::SelectOp::create(
            builder, isNumber, arith::AddFOp::create(builder, total, error),
            total);
      }
  };
  emitIf(isLong, state, addErrors, [](Accumulators &) {});
  for (auto [reduction, slots, results] :
       llvm::zip(reductions, accumulators, state)) {
    Value neutral =
        makeNeutral(builder, getReduceKind(reduction), slots.front().getType());
    slots.assign(numSlots, neutral);
    llvm::copy(results, slots.begin());
  }
}

void RowEmitter::emitF32Chunks(Value begin, Value end, int64_t chunk,
                               Accumulators &accumulators,
                               EmitChunk emitChunk) {
  Value step = body.getIndexConstant(chunk);
  emitFor(begin, end, step, accumulators, [&](Value first, Accumulators &sums) {
    Value last = arith::MinUIOp::create(
        builder, end, arith::AddIOp::create(builder, first, step));
    Accumulators partial;
    for (ArrayRef<Value> slots : sums) {
      Type wide = slots.front().getType();
      auto vector = dyn_cast<VectorType>(wide);
      Type narrow = builder.getF32Type();
      if (vector)
        narrow = vector.clone(narrow);
      partial.emplace_back(slots.size(),
                           makeNeutral(builder, ReduceKind::Add, narrow));
    }
    emitChunk(first, last, partial);
    for (auto [slots, terms] : llvm::zip(sums, partial))
      for (auto [sum, term] : llvm::zip(slots, terms))
        sum = arith::AddFOp::create(
            builder, sum, arith::ExtFOp::create(builder, sum.getType(), term));
  });
}

/// a - b, or 0 where that is negative.
static Value subtractSaturated(ImplicitLocOpBuilder &builder, Value a,
                               Value b) {
  Value least = arith::MaxUIOp::create(builder, a, b);
  return arith::SubIOp::create(builder, least, b);
}

std::list<Scope> RowEmitter::makeBatchScopes(Scope &scope, Value first,
                                             int64_t count,
                                             Value elementsLeft) {
  std::list<Scope> scopes;
  auto makeMask = [&](int64_t lanes, Value left) -> Value {
    return vector::CreateMaskOp::create(
        builder, VectorType::get({lanes}, builder.getI1Type()), left);
  };
  int64_t inSpan = getVectorsInSpan();
  for (int64_t i = 0; i < count; i += inSpan) {
    Value index = first;
    if (i > 0)
      index = arith::AddIOp::create(
          builder, first, body.getIndexConstant(i * options.lanes),
          arith::IntegerOverflowFlags::nsw | arith::IntegerOverflowFlags::nuw);
    Value left = i + inSpan == count ? elementsLeft : Value();
    if (options.inRegisters && elementsLeft && i > 0)
      left = subtractSaturated(builder, elementsLeft,
                               body.getIndexConstant(i * options.lanes));
    else if (options.inRegisters)
      left = elementsLeft;
    Value spanMask =
        left && options.paired ? makeMask(getSpan(), left) : Value();
    Scope *even = nullptr;
    for (int64_t half = 0; half < inSpan; ++half) {
      Scope &child = scopes.emplace_back(&scope);
      child.setIndex(*nest.getVectorDim(), index);
      Value lanesLeft = left;
      if (left && options.paired) {
        // Of n elements (n + 1) / 2 are even and n / 2 odd.
        if (half == 0)
          lanesLeft =
              arith::AddIOp::create(builder, left, body.getIndexConstant(1));
        lanesLeft = arith::ShRUIOp::create(builder, lanesLeft,
                                           body.getIndexConstant(1));
      }
      if (left)
        child.setMask(makeMask(options.lanes, lanesLeft), lanesLeft);
      if (options.paired)
        child.setSpan(even, spanMask, left);
      even = &child;
    }
  }
  return scopes;
}

void RowEmitter::emitVectors(Value begin, Value end, int64_t staticSize,
                             Accumulators &accumulators, EmitBatch emitBatch,
                             bool isWhole) {
  int64_t span = getSpan(), inSpan = getVectorsInSpan();
  int64_t step = options.lanes * options.unroll;
  if (!ShapedType::isDynamic(staticSize)) {
    int64_t main = staticSize - staticSize % step;
    auto at = [&](int64_t offset) -> Value {
      return offset == 0 ? begin
                         : arith::AddIOp::create(builder, begin,
                                                 body.getIndexConstant(offset));
    };
    if (main == step)
      emitBatch(begin, options.unroll, nullptr, accumulators);
    else if (main > 0)
      emitFor(begin, at(main), body.getIndexConstant(step), accumulators,
              [&](Value j, Accumulators &sums) {
                emitBatch(j, options.unroll, nullptr, sums);
              });
    int64_t rest = staticSize - main;
    if (rest > 0) {
      Value left = rest % span ? body.getIndexConstant(rest % span) : Value();
      emitBatch(at(main), inSpan * llvm::divideCeil(rest, span), left,
                accumulators);
    }
    return;
  }
  if (options.inRegisters) {
    emitBatch(begin, options.unroll, end, accumulators);
    return;
  }
  Value size = arith::SubIOp::create(builder, end, begin);
  auto roundDown = [&](int64_t multiple) -> Value {
    Value rest =
        arith::RemUIOp::create(builder, size, body.getIndexConstant(multiple));
    return arith::SubIOp::create(builder, end, rest);
  };
  Value mainEnd = roundDown(step);
  emitFor(begin, mainEnd, body.getIndexConstant(step), accumulators,
          [&](Value j, Accumulators &sums) {
            emitBatch(j, options.unroll, nullptr, sums);
          });
  // One loop less where a mask costs nothing.
  bool maskAll = !isWhole && body.areMasksFree();
  Value singlesEnd = isWhole ? end : maskAll ? mainEnd : roundDown(span);
  if (!maskAll)
    emitFor(mainEnd, singlesEnd, body.getIndexConstant(span), accumulators,
            [&](Value j, Accumulators &sums) {
              emitBatch(j, inSpan, nullptr, sums);
            });
  if (isWhole)
    return;
  // Otherwise of at most one iteration.
  emitFor(singlesEnd, end, body.getIndexConstant(span), accumulators,
          [&](Value j, Accumulators &sums) {
            Value left = arith::SubIOp::create(builder, end, j);
            if (maskAll)
              left = arith::MinUIOp::create(builder, left,
                                            body.getIndexConstant(span));
            emitBatch(j, inSpan, left, sums);
          });
}
