//===- PackWeightData.h - Packing a constant weight -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_PACKWEIGHTDATA_H
#define NORM_LIB_CPU_PACKWEIGHTDATA_H

#include "mlir/IR/BuiltinAttributes.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The weight `weight` packed as `norm.pack_weight` would; null if its elements
/// are not in memory (sparse elements, a resource without data).
DenseElementsAttr packWeightData(ElementsAttr weight, WeightLayout layout,
                                 RankedTensorType packedType);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_PACKWEIGHTDATA_H
