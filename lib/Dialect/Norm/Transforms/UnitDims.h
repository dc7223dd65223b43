//===- UnitDims.h - Maps with zeros, and tensors without their dims -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// linalg writes a dim of one element that is broadcast, or kept by a reduction,
// as a zero in an indexing map. The maps of norm.generic have none: the tensor
// is taken without that dim.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_UNITDIMS_H
#define LIB_DIALECT_NORM_TRANSFORMS_UNITDIMS_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace mlir::norm {

/// `tensor` without the dims, of one element, that `map` indexes by zero; they
/// go from `map`.
Value dropZeros(OpBuilder &builder, Location loc, Value tensor, AffineMap &map);

/// The reverse, for a result that was computed without the dims that `map`, as
/// dropZeros was given it, indexes by zero.
Value addZeros(OpBuilder &builder, Location loc, Value tensor, AffineMap map);

} // namespace mlir::norm

#endif // LIB_DIALECT_NORM_TRANSFORMS_UNITDIMS_H
