//===- RowNest.h - The loops of a row program -----------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_ROWNEST_H
#define NORM_LIB_CPU_ROWS_ROWNEST_H

#include "norm/CPU/ElementSize.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::norm {

/// The order of the loops over the dims of a generic on buffers, and what is
/// computed at which depth. Loop 0 is the outermost. Dims that no result
/// depends on (getIteratedDims) have none. The reduction dims come last,
/// ordered such that every norm.reduce and norm.center of the body is over the
/// dims of some loop and of all loops inside of it: the *level* of the
/// reduction.
class RowNest {
public:
  /// The nest of `op`, vectorized over the dim that most operands have as
  /// their contiguous one. Fails, and says why, if the reductions are over sets
  /// of dims that do not nest.
  static FailureOr<RowNest> get(GenericOp op, std::string &why);

  GenericOp getOp() const { return op; }
  /// The dims in the order of their loops.
  ArrayRef<unsigned> getLoops() const { return loops; }
  /// The loop that is over `dim`.
  unsigned getLoopOf(unsigned dim) const;
  /// The dim that is vectorized, if any.
  std::optional<unsigned> getVectorDim() const { return vectorDim; }
  /// The number of loops around a row: those over parallel dims.
  unsigned getRowLevel() const { return rowLevel; }
  /// The level of a norm.reduce or norm.center.
  unsigned getLevel(Operation *reduction) const;
  /// The number of loops that must be open for output `i` to be stored.
  unsigned getOutputLevel(unsigned i) const;

  /// Whether `value` varies over `dim`.
  bool varies(Value value, unsigned dim) const {
    return varying.varies(value, dim);
  }
  /// The dims over which `value` varies.
  const llvm::SmallBitVector &getVaryingDims(Value value) const {
    return varying.get(value);
  }

  /// Whether `value` is computed from reductions that are of a level further
  /// inside than `level`.
  bool needsInner(Value value, unsigned level) const {
    return levels.lookup(value) > level;
  }

  /// The nest with no dim vectorized.
  RowNest scalar() const {
    RowNest nest = *this;
    nest.vectorDim.reset();
    return nest;
  }
  /// The nest with a row in every lane: the innermost parallel dim vectorized.
  RowNest acrossRows() const {
    RowNest nest = *this;
    nest.vectorDim = loops[rowLevel - 1];
    return nest;
  }
  /// The same nest for `other`, a copy of the op with another body.
  RowNest forCopy(GenericOp other) const;

private:
  explicit RowNest(GenericOp op) : op(op), varying(op) {}

  /// Whether the reductions nest; says why they do not.
  LogicalResult verifyLevels(std::string &why);

  GenericOp op;
  VaryingDims varying;
  /// The innermost level of the reductions that a value is computed from.
  DenseMap<Value, unsigned> levels;
  SmallVector<unsigned> loops;
  std::optional<unsigned> vectorDim;
  unsigned rowLevel = 0;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_ROWNEST_H
