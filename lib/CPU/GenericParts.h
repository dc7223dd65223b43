//===- GenericParts.h - Parts of a generic as generics of their own -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the passes share that cut a norm.generic on tensors into several.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_GENERICPARTS_H
#define NORM_LIB_CPU_GENERICPARTS_H

#include "mlir/IR/IRMapping.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Unit attribute of a generic that takes statistics in f64 of what f32 holds,
/// and of which no more than the exactness of f32 is needed.
inline constexpr llvm::StringLiteral kF32StatisticsAttrName =
    "norm.f32_statistics";

/// Unit attribute beside that one: few elements at a time are summed in f32,
/// since squares that underflow there do not matter.
inline constexpr llvm::StringLiteral kF32SumsAttrName = "norm.f32_sums";

/// Unit attribute of a generic that runs where there are few rows only.
inline constexpr llvm::StringLiteral kFewRowsAttrName = "norm.few_rows";

/// The size of loop `dim` of `op`, from where it follows from the function's
/// arguments.
Value makeLoopSize(OpBuilder &builder, GenericOp op, unsigned dim);

/// An empty tensor whose dims are the loops `dims` of `op`.
Value makeEmptyOverDims(OpBuilder &builder, GenericOp op,
                        ArrayRef<unsigned> dims, Type element);

/// The map from `numDims` dims to `dims`.
AffineMap makeDimsMap(MLIRContext *context, ArrayRef<unsigned> dims,
                      unsigned numDims);

/// A generic, on tensors or buffers, that copies `from`, read by `map` if that
/// is given, to `to`.
GenericOp makeCopy(OpBuilder &builder, Location loc, Value from, Value to,
                   AffineMap map = {});

/// A copy of `tensor` in memory of its own, without gaps.
Value copyTensor(OpBuilder &builder, Location loc, Value tensor);

/// Whether `op` gives a part or another shape of the tensor that is its first
/// operand.
bool isTensorView(Operation *op);

/// Whether neighbours in the last dim of `tensor` are neighbours in memory, as
/// far as the views that it is made by tell.
bool hasContiguousRows(Value tensor);

/// `tensor`, or a copy of it if its rows are not contiguous.
Value makeRowsContiguous(OpBuilder &builder, Location loc, Value tensor);

/// Copies the ops of `body` that `value` is computed from, up to what `mapping`
/// has already, and returns the copy of `value`.
Value copySlice(OpBuilder &builder, Value value, IRMapping &mapping,
                Block *body);

/// Gives the first arguments of `body` the types of those of the body of `op`,
/// and maps these to them.
IRMapping mapArguments(GenericOp op, Block &body);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_GENERICPARTS_H
