//===- TilingUtils.h - What tiling asks of sizes ----------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DIALECT_NORM_IR_TILINGUTILS_H
#define NORM_LIB_DIALECT_NORM_IR_TILINGUTILS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::norm {

/// The size of dim `position` of a tensor or memref.
OpFoldResult getMixedSize(OpBuilder &builder, Location loc, Value value,
                          unsigned position);

/// Whether a tile at `offset` of `size` provably covers dim `position` of
/// `value`.
bool coversDim(Value value, unsigned position, OpFoldResult offset,
               OpFoldResult size);

/// A tile of a tensor or memref, by an op that is added to `slices`.
Value sliceValue(OpBuilder &builder, Location loc, Value value,
                 ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes,
                 SmallVectorImpl<Operation *> &slices);

/// The part of `op` that tiles of its operands ask for.
template <typename OpTy>
FailureOr<TilingResult>
tileAsOperands(OpTy op, OpBuilder &builder, ArrayRef<unsigned> operandNumbers,
               ArrayRef<SmallVector<OpFoldResult>> offsets,
               ArrayRef<SmallVector<OpFoldResult>> sizes) {
  SmallVector<OpFoldResult> domainOffsets, domainSizes;
  if (failed(op.getIterationDomainTileFromOperandTiles(
          builder, operandNumbers, offsets, sizes, domainOffsets, domainSizes)))
    return failure();
  return op.getTiledImplementation(builder, domainOffsets, domainSizes);
}

} // namespace mlir::norm

#endif // NORM_LIB_DIALECT_NORM_IR_TILINGUTILS_H
