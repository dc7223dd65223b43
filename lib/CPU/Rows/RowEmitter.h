//===- RowEmitter.h - What all ways to emit rows share --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_ROWEMITTER_H
#define NORM_LIB_CPU_ROWS_ROWEMITTER_H

#include "BodyEmitter.h"
#include "RowStages.h"
#include <list>

namespace mlir::norm {

/// How rows are emitted.
struct RowOptions {
  /// Lanes of a vector.
  int64_t lanes = 16;
  /// Vectors that an iteration of the loop over the vector dim has.
  int64_t unroll = 4;
  /// The accumulators of a sum, which the vectors of an iteration take in turn;
  /// 0: `unroll`.
  int64_t accumulators = 0;
  /// Whether a norm.center and the sum of its squares are computed in one read
  /// of the row. The caller must then recompute rows that are not good.
  bool guarded = false;
  /// Whether two vectors hold the even and the odd elements of a span of bf16,
  /// which takes half the conversions. `unroll` is then even.
  bool paired = false;
  /// Whether stores bypass the caches and the next row is prefetched.
  bool stream = false;
  /// Whether a row is so short that its loops are unrolled, and sums are made
  /// in the order in which those of the lanes of a vector are.
  bool tiny = false;
  /// Whether a row has at most `unroll` vectors, which are all masked: the
  /// length is known at run time only.
  bool inRegisters = false;
  /// Whether long sums are made of partial ones.
  bool chunked = true;
};

/// The accumulators of each goal.
using Accumulators = SmallVector<SmallVector<Value>>;

/// What all ways to emit a row program share: accumulators, loops over vectors,
/// the statistics of a row.
class RowEmitter {
public:
  RowEmitter(ImplicitLocOpBuilder &builder, const RowNest &nest,
             const CPUTarget &target, const RowOptions &options)
      : builder(builder), nest(nest), target(target), options(options),
        body(builder, nest, target, options.lanes),
        stages(nest, options.guarded) {
    setStream(options.stream);
    body.setPaired(options.paired);
    body.setInterleaved(options.tiny);
  }

protected:
  using Scopes = ArrayRef<Scope *>;

  /// Whether what is emitted from now on bypasses the caches.
  void setStream(bool stream) {
    options.stream = stream;
    body.setNontemporal(stream);
  }

  /// Accumulators that hold the neutral elements.
  /// Scalars where the vector dim `isOpen` and the operand does not vary over
  /// it.
  Accumulators makeAccumulators(const RowGoals &goals, unsigned slots,
                                bool isOpen = false);
  /// Accumulates the goals' reductions and stores their outputs, for each scope
  /// with its slot; slots are used in turn.
  void emitElements(Scopes scopes, const RowGoals &goals,
                    Accumulators &accumulators);
  /// A loop that carries the accumulators.
  void emitFor(Value begin, Value end, Value step, Accumulators &accumulators,
               function_ref<void(Value, Accumulators &)> emitBody);
  /// A branch that carries the accumulators.
  void emitIf(Value condition, Accumulators &accumulators,
              function_ref<void(Accumulators &)> emitThen,
              function_ref<void(Accumulators &)> emitElse);
  /// Emits the iterations [first, last) into accumulators that hold the neutral
  /// elements.
  using EmitChunk = function_ref<void(Value, Value, Accumulators &)>;
  /// A loop over [begin, end) in chunks, each with accumulators of its own,
  /// which bounds the errors of sums of many elements: what adding up those of
  /// the chunks loses is kept too. `merge`: all accumulators of a goal are of
  /// one row, and the first of them is to have the result.
  void emitChunks(Value begin, Value end, int64_t chunk, bool merge,
                  const RowGoals &goals, Accumulators &accumulators,
                  EmitChunk emitChunk);
  /// The same for sums in f64 whose chunks are summed in f32.
  void emitF32Chunks(Value begin, Value end, int64_t chunk,
                     Accumulators &accumulators, EmitChunk emitChunk);
  /// Some vectors side by side: of the position of the first, their number, and
  /// the number of elements of the last span if not all exist.
  using EmitBatch = function_ref<void(Value, int64_t, Value, Accumulators &)>;
  /// A loop over the vectors of [begin, end), `unroll` in an iteration.
  /// `isWhole`: the spans are known to be whole.
  void emitVectors(Value begin, Value end, int64_t staticSize,
                   Accumulators &accumulators, EmitBatch emitBatch,
                   bool isWhole = false);
  /// The scopes of the vectors of a batch.
  std::list<Scope> makeBatchScopes(Scope &scope, Value first, int64_t count,
                                   Value elementsLeft);

  /// Emits what the goals need and `scope` allows to compute.
  void prepare(Scope &scope, const RowGoals &goals);
  /// The first vector of a row, a mask where not all of its elements need be
  /// the row's, and the reciprocal of how many are.
  struct FirstVector {
    Value elements, mask, reciprocal;

    /// The elements, neutral for `kind` where they are none of the row's.
    Value getFor(ImplicitLocOpBuilder &builder, ReduceKind kind) const;
  };
  /// The first vector of the row that `center`, of `level`, is over.
  FirstVector getFirstVector(CenterOp center, unsigned level, Scope &row);
  /// The mean of that vector.
  Value getMeanOfVector(CenterOp center, unsigned level, Scope &row);
  /// The mean of the row's first elements in the innermost of the `reduced`
  /// dims, where a lane or a scalar is a row.
  Value getMeanOfFirst(CenterOp center, ArrayRef<unsigned> reduced,
                       Scope &scope);
  /// `mean`, coarsened where so many elements are summed over the `reduced`
  /// dims that what rounds in one direction adds up.
  Value coarsenIfMany(Value mean, ArrayRef<unsigned> reduced,
                      function_ref<Value()> emitLargest);
  /// `mean`, of elements of which one is the `largest`, with so few bits that
  /// it lies on the grid that the elements lie on if theirs is coarse
  /// (integers, or what once had 16 bits). If it did not, all of x - mean would
  /// end in the same bits, and each addition to their sum would round in the
  /// same direction.
  Value coarsen(Value mean, Value largest);
  /// Sets the shift of `center`, the mean of the first vector of the row, or of
  /// its first elements where a lane is a row. The center's reduction is of
  /// `level`.
  void setShift(CenterOp center, unsigned level, Scope &scope);
  /// Calls `recompute` for the lanes of `isGood` that are false and, if given,
  /// in `mask`; with a null lane if `isGood` is a scalar.
  void emitIfBad(Value isGood, Value mask,
                 function_ref<void(Value lane)> recompute);
  /// Sets the results of `reduction` from the sum or the like of its operand.
  void finish(Operation *reduction, Scope &scope, Value total, bool isRow);

  /// The elements that are loaded together, and the vectors that they make.
  int64_t getSpan() const {
    return options.paired ? 2 * options.lanes : options.lanes;
  }
  int64_t getVectorsInSpan() const { return options.paired ? 2 : 1; }
  int64_t getNumAccumulators() const {
    return options.accumulators > 0 ? options.accumulators : options.unroll;
  }

  ImplicitLocOpBuilder &builder;
  const RowNest &nest;
  const CPUTarget &target;
  RowOptions options;
  BodyEmitter body;
  RowStages stages;
  /// Whether a row's statistics are good, for the scopes around rows.
  DenseMap<Scope *, Value> good;

private:
  void requireGood(Scope &scope, Value condition);

  /// The sums of what norm.center shifted.
  DenseMap<std::pair<Scope *, Operation *>, Value> shiftedSums;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_ROWEMITTER_H
