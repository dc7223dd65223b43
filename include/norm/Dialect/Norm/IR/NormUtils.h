//===- NormUtils.h - What several levels need to know of the ops ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMUTILS_H
#define NORM_DIALECT_NORM_IR_NORMUTILS_H

#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlir::norm {

/// The axes made non-negative and ascending. They must be in range.
SmallVector<int64_t> normalizeAxes(ArrayRef<int64_t> axes, int64_t rank);

/// The type of the statistics of a normalization of `elementType`: `accumulate`
/// if given, else f32 for 16-bit elements and the element type for others.
FloatType getAccumulationType(Type elementType, std::optional<Type> accumulate);

/// The type in which `bias`, a tensor, memref or null, is added to sums of type
/// `accumulation`: the bias's if that does not hold it.
Type getBiasedType(Type accumulation, Value bias);

/// Fails, with an error at `op`, if a tensor or memref among its operands or
/// results has so many elements that their size in bytes does not fit in 63
/// bits.
LogicalResult verifyElementCounts(Operation *op);

/// Whether every value of float type `narrow` is a value of float type `wide`.
bool holdsExactly(Type wide, Type narrow);

/// The negative-slope parameter of an activation; its default if not given.
double getAlpha(ActivationOp op);

/// Whether a function argument of `type` is an integer that sizes and positions
/// in tensors may be computed from; `norm.size_constraints` has a symbol for
/// it.
bool isSizeScalar(Type type);

/// The dims that a norm.reduce or norm.center is over; empty for other ops.
ArrayRef<int64_t> getOverDims(Operation *op);

/// The dims of a generic that its results depend on: those of its outputs and
/// those that a reduction of its body is over. Over any other dim nothing that
/// is stored varies; at most its size counts, and it may have no elements.
llvm::SmallBitVector getIteratedDims(GenericOp op);

/// Whether the body of a generic may hold `op` as far as its kind goes: what is
/// computed for each element of a vector alike, constants and ops of the norm
/// dialect.
bool isBodyOp(Operation *op);

/// The generics on tensors in `root`, those that are rewritten by passes on
/// graphs.
SmallVector<GenericOp> getTensorGenerics(Operation *root);

/// The rows of a panel of a packed weight with `in` input features, which may
/// be dynamic: one a feature, or a row for each two if they are in `pairs`,
/// rounded up to whole tiles of a matrix unit if they are `tiled`.
int64_t getPanelRows(int64_t in, bool pairs, bool tiled);

/// "FILE:LINE:COLUMN" of the first place in a file that `loc` stands for.
std::string describeLocation(Location loc);

/// Renames the dims that the ops of a generic's body name: `map` tells which
/// ones a dim becomes. The dim of a norm.index must become at least one.
void renumberDims(Block &body, function_ref<SmallVector<int64_t>(int64_t)> map);

/// The set of dims over which each value of a generic's body varies: a block
/// argument over those of its operand's map, an op over those of its operands
/// (a reduction without the reduced ones). Captured values vary over none.
class VaryingDims {
public:
  explicit VaryingDims(GenericOp op);
  /// The dims over which `value`, defined in the body or captured, varies.
  const llvm::SmallBitVector &get(Value value) const;
  /// Whether `value` varies over `dim`.
  bool varies(Value value, unsigned dim) const { return get(value).test(dim); }

private:
  llvm::SmallBitVector none;
  DenseMap<Value, llvm::SmallBitVector> dims;
};

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_IR_NORMUTILS_H
