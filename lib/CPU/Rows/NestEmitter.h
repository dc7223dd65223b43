//===- NestEmitter.h - A row program as a nest of loops -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_NESTEMITTER_H
#define NORM_LIB_CPU_ROWS_NESTEMITTER_H

#include "BodyEmitter.h"
#include "RowStages.h"

namespace mlir::norm {

/// How a nest is emitted.
struct NestOptions {
  /// Lanes of a vector.
  int64_t lanes = 16;
  /// Vectors that an iteration of the loop over the vector dim has, each with
  /// accumulators of its own.
  int64_t unroll = 4;
  /// Whether a norm.center and the sum of its squares are computed in one read
  /// of the row. The caller must then recompute rows that are not good.
  bool guarded = false;
};

/// Emits a generic on buffers as one nest of loops, in the order of a RowNest.
/// At every level the reductions of that level are computed stage by stage, a
/// loop over the rest of the nest each; then the outputs are stored. A row is
/// read once a stage, and nothing is kept between the loops but what is
/// uniform.
class NestEmitter {
public:
  NestEmitter(ImplicitLocOpBuilder &builder, const RowNest &nest,
              const CPUTarget &target, const NestOptions &options)
      : builder(builder), nest(nest), options(options),
        body(builder, nest, target, options.lanes),
        stages(nest, options.guarded) {}

  /// Emits all rows. `recompute` is called for a row that is not good, with its
  /// scope.
  void emitAll(function_ref<void(Scope &)> recompute);
  /// Emits one row, whose parallel dims have the indices of `row`.
  void emitRow(const Scope &row);

private:
  /// The accumulators of each goal, one for each vector of an iteration.
  using Accumulators = SmallVector<SmallVector<Value>>;
  using Scopes = ArrayRef<Scope *>;

  void emitLevel(unsigned level, Scopes scopes, const RowGoals &goals,
                 Accumulators &accumulators);
  void emitLoop(unsigned level, Scopes scopes, const RowGoals &goals,
                Accumulators &accumulators);
  void emitScalarLoop(unsigned level, Scopes scopes, const RowGoals &goals,
                      Accumulators &accumulators);
  void emitVectorLoop(unsigned level, Scope &scope, const RowGoals &goals,
                      Accumulators &accumulators);
  void emitVectors(unsigned level, Scope &scope, const RowGoals &goals,
                   Accumulators &accumulators, Value begin, Value end,
                   int64_t staticSize);
  /// `count` vectors from `first` on; the last one, if `lanesLeft` is given, of
  /// so many lanes.
  void emitBatch(unsigned level, Scope &scope, const RowGoals &goals,
                 Accumulators &accumulators, Value first, int64_t count,
                 Value lanesLeft);
  void emitStage(unsigned level, Scopes scopes,
                 ArrayRef<Operation *> reductions);
  void emitElements(Scopes scopes, const RowGoals &goals,
                    Accumulators &accumulators);

  void setShift(CenterOp center, unsigned level, Scope &scope);
  void finish(Operation *reduction, Scope &scope, Value total, bool isRow);
  void requireGood(Scope &scope, Value condition);
  void recomputeBadRows(Scopes scopes);
  void prepare(Scopes scopes, const RowGoals &goals);

  Accumulators makeAccumulators(const RowGoals &goals, unsigned slots);
  /// A loop that carries the accumulators.
  void emitFor(Value begin, Value end, Value step, Accumulators &accumulators,
               function_ref<void(Value, Accumulators &)> emitBody);
  bool isVectorLoopOpen(const Scope &scope) const {
    return nest.getVectorDim() && scope.getIndex(*nest.getVectorDim());
  }

  ImplicitLocOpBuilder &builder;
  const RowNest &nest;
  NestOptions options;
  BodyEmitter body;
  RowStages stages;
  function_ref<void(Scope &)> recompute;
  /// Whether a row's statistics are good, for the scopes around rows.
  DenseMap<Scope *, Value> good;
  /// The sums of what norm.center shifted.
  DenseMap<std::pair<Scope *, Operation *>, Value> shiftedSums;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_NESTEMITTER_H
