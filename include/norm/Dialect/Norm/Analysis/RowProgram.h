//===- RowProgram.h - The stages of a generic's body ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_ANALYSIS_ROWPROGRAM_H
#define NORM_DIALECT_NORM_ANALYSIS_ROWPROGRAM_H

#include "norm/Dialect/Norm/IR/NormUtils.h"

namespace mlir::norm {

/// The norm.center whose squared values `op` sums over the same dims; null if
/// it is no such norm.reduce.
CenterOp getCenterOfMoment(Operation *op);

/// The body of a norm.generic seen as loops over the elements of a row, one
/// loop a stage: a reduction is accumulated in the loop of its operand's stage,
/// and its result is known from the next stage on.
///
/// A value is *uniform* if it varies over no reduction dim (in a generic
/// without reduction dims: over no dim at all); it is computed between two
/// loops. Reductions may be over different subsets of the reduction dims, so
/// the result of one need not be uniform.
///
/// The analysis is of the body as it was at construction.
class RowProgram {
public:
  explicit RowProgram(GenericOp op);

  /// The op analysed.
  GenericOp getOp() const { return op; }

  /// The number of stages: one more than the longest chain of reductions.
  unsigned getNumStages() const { return reductions.size(); }

  /// The stage in which `value` is first known, which is the number of
  /// reductions that must have finished one after the other before. Block
  /// arguments and captured values: 0. The results of a reduction: one more
  /// than the stage of its operand. Others: the greatest of the operands.
  unsigned getStage(Value value) const { return stages.lookup(value); }

  /// Whether `value` varies over `dim`.
  bool isVarying(Value value, unsigned dim) const {
    return varying.varies(value, dim);
  }
  /// The dims over which `value` varies.
  const llvm::SmallBitVector &getVaryingDims(Value value) const {
    return varying.get(value);
  }
  /// Whether `value` is the same for all elements of a row.
  bool isUniform(Value value) const;

  /// The norm.reduce and norm.center ops whose operand is of stage `stage`, in
  /// body order: they are accumulated in the loop of that stage and finished
  /// before the next.
  ArrayRef<Operation *> getReductions(unsigned stage) const {
    return reductions[stage];
  }

  /// The outputs whose yielded value is of stage `stage`.
  ArrayRef<unsigned> getOutputs(unsigned stage) const { return outputs[stage]; }

  /// The body ops, in body order, that the loop of stage `stage` evaluates per
  /// element to obtain the operands of its reductions and its outputs when
  /// nothing is kept from earlier loops. A norm.center among them stands for
  /// the subtraction of its (then known) mean; a norm.reduce is never among
  /// them.
  SmallVector<Operation *> getElementwiseOps(unsigned stage) const {
    return getElementwiseOps(getWanted(stage));
  }

  /// The same for the values `wanted`; values in `kept` are taken as known.
  SmallVector<Operation *>
  getElementwiseOps(ArrayRef<Value> wanted,
                    const llvm::DenseSet<Value> &kept = {}) const;

  /// The uniform body ops of stage `stage`, in body order: they can be computed
  /// between the loops of the stage before and of this one. A norm.reduce is
  /// never among them; a norm.center is (as a subtraction) if its operand is
  /// uniform.
  SmallVector<Operation *> getUniformOps(unsigned stage) const;

  /// The inputs that the loop of stage `stage` reads per element, ascending,
  /// when nothing is kept from earlier loops. Uniform inputs are not among
  /// them.
  SmallVector<unsigned> getInputsRead(unsigned stage) const {
    return getInputsRead(getWanted(stage));
  }

  /// The same for the values `wanted`; values in `kept` are taken as known.
  SmallVector<unsigned>
  getInputsRead(ArrayRef<Value> wanted,
                const llvm::DenseSet<Value> &kept = {}) const;

  /// What the loop of stage `stage` has to obtain: the operands of its
  /// reductions and the values yielded to its outputs, each once.
  SmallVector<Value> getWanted(unsigned stage) const;

private:
  /// Visits the values that are evaluated per element to obtain `wanted`.
  void visitElementwise(ArrayRef<Value> wanted,
                        const llvm::DenseSet<Value> &kept,
                        function_ref<void(Value)> visit) const;

  GenericOp op;
  VaryingDims varying;
  llvm::SmallBitVector rowDims;
  DenseMap<Value, unsigned> stages;
  SmallVector<SmallVector<Operation *>> reductions;
  SmallVector<SmallVector<unsigned>> outputs;
};

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_ANALYSIS_ROWPROGRAM_H
