//===- PackWeight.h - Packing at run time -----------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_PACKWEIGHT_H
#define NORM_LIB_CPU_PACKWEIGHT_H

#include "norm/CPU/Target.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The packed type of a weight of type `weight`.
RankedTensorType getPackedWeightType(const CPUTarget &target,
                                     RankedTensorType weight,
                                     WeightLayout layout);

/// Packs `weight`, a tensor of rank 2, at run time.
Value createPackWeight(OpBuilder &builder, Location loc, Value weight,
                       WeightLayout layout, RankedTensorType packedType);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_PACKWEIGHT_H
