//===- Patterns.h - Rewrite patterns of the CPU lowering ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PATTERNS_H
#define NORM_CPU_PATTERNS_H

#include "mlir/IR/PatternMatch.h"
#include "norm/CPU/Target.h"

namespace mlir::norm {

/// NaN-propagating minima and maxima as comparisons, float reductions of a
/// vector as trees of shuffles.
void populateReductionPatterns(RewritePatternSet &patterns,
                               const CPUTarget &target);

/// Functions of `math` as inline code where there is some, without calls of a
/// library: those of f32, and of narrower floats through f32.
void populateInlineMathPatterns(RewritePatternSet &patterns,
                                const CPUTarget &target);

} // namespace mlir::norm

#endif // NORM_CPU_PATTERNS_H
