//===- LinearKernel.h - The inner loop of a linear layer --------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_LINEARKERNEL_H
#define NORM_LIB_CPU_LINEARKERNEL_H

#include "LinearPanels.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Emits the kernels of one linear layer on memrefs. A kernel computes `height`
/// rows of a panel. Every element of the result is one chain of multiply-adds
/// in the order of the input features, whatever the height, so that the bits of
/// a row do not depend on the number of rows.
class LinearKernel {
public:
  /// Of memrefs: `weight` packed, pairs side by side in its last dim; `bias`,
  /// null if there is none; `init`, where the result goes. Sums are of type
  /// `accumulation`, f32 or f64.
  LinearKernel(ImplicitLocOpBuilder &builder, const LinearPlan &plan,
               const CPUTarget &target, Value weight, Value bias, Value init,
               FloatType accumulation);

  /// Zeros for `height` x `vectors` accumulators.
  SmallVector<Value> zeros(unsigned height, unsigned vectors);

  /// Adds to the accumulators (row-major) the products of the rows of `x`, the
  /// input or its converted rows, from `row` on with input features `begin` to
  /// `end`, in memory order of `panel`.
  SmallVector<Value> accumulate(ArrayRef<Value> accumulators, Value x,
                                Value row, unsigned height, Value panel,
                                unsigned vectors, OpFoldResult begin,
                                OpFoldResult end);

  /// Adds the bias to the accumulators, in the wider of both types, and stores
  /// them in rows `row` and following of the output; or of `piece`, which
  /// begins at output feature `first`, if that is given.
  void finish(ArrayRef<Value> accumulators, Value row, unsigned height,
              const PanelColumns &columns, Value piece = Value(),
              Value first = Value());

  /// Keeps accumulators in rows `row` and following of `scratch`.
  void save(ArrayRef<Value> accumulators, Value scratch, Value row,
            unsigned height, unsigned vectors);
  /// The accumulators that `save` kept there.
  SmallVector<Value> restore(Value scratch, Value row, unsigned height,
                             unsigned vectors);

  /// Scratch memory at the start of the function, where the workspace is
  /// planned.
  Value allocate(ArrayRef<int64_t> shape, Type element);
  /// A loop, in whose body the builder is then.
  scf::ForOp enterLoop(Value begin, Value end, int64_t step);

  /// The type of an accumulator.
  VectorType getVectorType() {
    return VectorType::get({plan.lanes}, accumulation);
  }
  /// `a` + `b`, which do not overflow.
  Value add(Value a, Value b);
  Value add(Value a, int64_t b);
  /// `a` * `b`, which does not overflow.
  Value multiply(Value a, int64_t b);
  /// `value` as an index.
  Value constant(int64_t value);
  /// `value`, a float or a vector of them, as elements of type `element`.
  Value convert(Value value, Type element);

private:
  SmallVector<Value> step(ArrayRef<Value> accumulators, Value x,
                          ArrayRef<Value> rows, Value panel, unsigned vectors,
                          Value k);
  SmallVector<Value> lastOfPairs(ArrayRef<Value> accumulators, Value x,
                                 ArrayRef<Value> rows, Value panel,
                                 unsigned vectors, Value k);
  SmallVector<Value> loadPanelRow(Value panel, unsigned vectors, Value k);
  Value fma(Value a, Value b, Value accumulator);
  Value broadcastPair(Value bits);
  SmallVector<Value>
  loop(ArrayRef<Value> init, Value begin, Value end, int64_t unroll,
       function_ref<SmallVector<Value>(ArrayRef<Value>, Value)> body);

  ImplicitLocOpBuilder &b;
  LinearPlan plan;
  CPUTarget target;
  Value weight, bias, init;
  FloatType accumulation;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_LINEARKERNEL_H
