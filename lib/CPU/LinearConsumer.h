//===- LinearConsumer.h - What reads the result of a layer ------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_LINEARCONSUMER_H
#define NORM_LIB_CPU_LINEARCONSUMER_H

#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The generic on memrefs that computes elements of its results from elements
/// of the result of `linear`, as an activation does, and that can be computed
/// piece by piece as soon as the pieces of that are there; null if there is
/// none.
GenericOp findElementwiseConsumer(PackedLinearOp linear);

/// Whether nothing but `consumer` ever reads the result of `linear`.
bool isOnlyConsumer(PackedLinearOp linear, GenericOp consumer);

/// A piece of a matrix.
struct MatrixPiece {
  OpFoldResult row, column, numRows, numColumns;
};

/// Computes a piece of the results of `consumer`, which reads the result of
/// `linear`. The first elements of `values` are the piece of that, if it is
/// given.
void emitPiece(OpBuilder &builder, PackedLinearOp linear, GenericOp consumer,
               const MatrixPiece &piece, Value values);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_LINEARCONSUMER_H
