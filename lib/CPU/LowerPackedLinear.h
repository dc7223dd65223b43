//===- LowerPackedLinear.h - Linear layers to loops and vectors -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_LOWERPACKEDLINEAR_H
#define NORM_LIB_CPU_LOWERPACKEDLINEAR_H

#include "norm/CPU/LinearPlan.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Replaces `op`, on memrefs, by loops over register tiles. Emits an error if
/// its weight was packed for another target or a layout is not supported.
LogicalResult lowerPackedLinear(PackedLinearOp op, const CPUTarget &target);

/// Replaces `op`, on memrefs, by loops over tile registers. `weight` is its
/// packed weight with the pairs side by side in the last dim.
void emitTiledLinear(PackedLinearOp op, const CPUTarget &target,
                     const LinearPlan &plan, Value weight);

/// Replaces `op`, on memrefs, by loops.
LogicalResult lowerPackWeight(PackWeightOp op, const CPUTarget &target);

/// The size of dim `position` of a memref.
OpFoldResult getMemRefSize(OpBuilder &builder, Location loc, Value memref,
                           unsigned position);
/// The same as a value.
Value makeMemRefSize(OpBuilder &builder, Location loc, Value memref,
                     unsigned position);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_LOWERPACKEDLINEAR_H
