//===- NestEmitter.h - A row program as a nest of loops -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_NESTEMITTER_H
#define NORM_LIB_CPU_ROWS_NESTEMITTER_H

#include "RowEmitter.h"

namespace mlir::norm {

/// Emits a generic on buffers as one nest of loops, in the order of a RowNest.
/// At every level the reductions of that level are computed stage by stage, a
/// loop over the rest of the nest each; then the outputs are stored. A row is
/// read once a stage, and nothing is kept between the loops but what is
/// uniform.
class NestEmitter : public RowEmitter {
public:
  using RowEmitter::RowEmitter;

  /// Called for a row that is not good, with its scope.
  using Recompute = function_ref<void(Scope &)>;

  /// Whether rows can be streamed or not by a condition: their outputs are
  /// stored by a loop of their own.
  static bool canStreamRows(const RowNest &nest);
  /// Emits rows that are streamed where `condition` holds.
  void setStreamCondition(Value condition) { streamCondition = condition; }

  /// Emits all rows.
  void emitAll(Recompute recompute);
  /// Emits the rows [begin, end) of the innermost parallel dim; the other
  /// parallel dims are open in `outer`.
  void emitRows(Scope &outer, Value begin, Value end, Recompute recompute);
  /// Whether a vector of rows can hold an element of each, of rows of a few
  /// elements.
  static bool canEmitAcrossRows(const RowNest &nest);
  /// Emits all rows as vectors of rows; those that fill none with `rest`. The
  /// nest is one across rows.
  void emitAcrossRows(NestEmitter &rest, Recompute recompute);
  /// Emits one row, whose parallel dims have the indices of `row`.
  void emitRow(const Scope &row);

private:
  void emitAcrossRows(unsigned level, Scope &scope, NestEmitter &rest);
  void emitLevel(unsigned level, Scopes scopes, const RowGoals &goals,
                 Accumulators &accumulators);
  void emitStores(unsigned level, Scopes scopes, const RowGoals &goals,
                  Accumulators &accumulators);
  void emitLoop(unsigned level, Scopes scopes, const RowGoals &goals,
                Accumulators &accumulators);
  void emitScalarLoop(unsigned level, Scopes scopes, const RowGoals &goals,
                      Accumulators &accumulators);
  void emitVectorLoop(unsigned level, Scope &scope, const RowGoals &goals,
                      Accumulators &accumulators);
  /// Whether several iterations of the loop of `level` are worth going through
  /// the vector loop inside of it together, since they share inputs.
  bool canJam(unsigned level, Scopes scopes, const RowGoals &goals);
  /// Emits some iterations together, a vector at a time, and returns where the
  /// rest begins.
  Value emitJammed(unsigned level, Scope &scope, const RowGoals &goals);
  void emitStage(unsigned level, Scopes scopes,
                 ArrayRef<Operation *> reductions);
  /// Emits the loop that computes the goals' reductions; for each of them the
  /// result in each scope.
  Accumulators reduce(unsigned level, Scopes scopes, const RowGoals &goals);
  /// Sets the shifts of the centers among `reductions` whose elements need
  /// reductions further inside to means from a loop of their own: before the
  /// loop no element is known.
  void setMeansAsShifts(unsigned level, Scopes scopes,
                        ArrayRef<Operation *> reductions);
  /// Whether `scopes` are vectors of the vector dim, or no dim is vectorized.
  bool isVectorDimOpen(Scopes scopes) const;
  /// The iterations of a scalar loop whose partial sums are taken on their own;
  /// 0 if the loops inside of it take care of that.
  int64_t getSequentialChunk(Scopes scopes) const;
  /// Whether the loop `level` takes sums of f32 of few elements at a time.
  bool sumsInF32(unsigned level, Scopes scopes) const;
  void recomputeBadRows(Scopes scopes);
  /// The outputs that are stored inside of `level` loops.
  RowGoals getOutputs(unsigned level);

  Recompute recompute;
  Value streamCondition;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_NESTEMITTER_H
