//===- DropDims.h - Generics with fewer dims --------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_DROPDIMS_H
#define NORM_DIALECT_NORM_IR_DROPDIMS_H

#include "norm/Dialect/Norm/IR/Norm.h"
#include "llvm/ADT/SmallBitVector.h"

namespace mlir::norm {

/// Creates `op` on `operands`, which lack the dims `dropped`, and moves its
/// body there: the maps and the ops of the body name the dims that are left.
/// `op` is then to be erased.
GenericOp dropDims(OpBuilder &builder, GenericOp op,
                   const llvm::SmallBitVector &dropped, ValueRange operands);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_IR_DROPDIMS_H
