//===- Multiplication.h - One matmul of a contraction -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_MULTIPLICATION_H
#define NORM_LIB_CPU_MULTIPLICATION_H

#include "Contractions.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::norm {

/// Unit attribute of a contraction whose result does not begin with its init.
inline constexpr llvm::StringLiteral kFromZeroAttrName = "norm.from_zero";

/// Replaces a contraction whose outer dims have one element by a linear layer
/// whose weight is packed in front of it.
void lowerMultiplication(RewriterBase &rewriter, linalg::LinalgOp op,
                         const ContractionPlan &plan);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_MULTIPLICATION_H
