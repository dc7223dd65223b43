//===- Transforms.h - Patterns of the norm dialect's passes ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_TRANSFORMS_H
#define NORM_DIALECT_NORM_TRANSFORMS_TRANSFORMS_H

#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir {
class RewritePatternSet;
class RewriterBase;
} // namespace mlir

namespace mlir::norm {

/// Named normalizations -> norm.generic.
void populateGeneralizeNormalizationPatterns(RewritePatternSet &patterns);

/// norm.activation -> norm.generic.
void populateGeneralizeActivationPatterns(RewritePatternSet &patterns);

/// Elementwise ops on tensors -> norm.generic.
void populateGeneralizeElementwisePatterns(RewritePatternSet &patterns);

/// linalg ops that are row programs -> norm.generic.
void populateGeneralizeLinalgPatterns(RewritePatternSet &patterns);

/// Replaces norm.linear by linalg.contract, and by a linalg.generic that adds
/// the bias and rounds where there is something to add or to round.
void decomposeLinear(RewriterBase &rewriter, LinearOp op);

/// Splits the reductions of the first stage of `op`, on tensors, that are over
/// `dim`, as norm-split-reduction does, into chunks of `chunk` positions of
/// that dim. Sums are handed on in f64 if `wide`. Returns what is left of the
/// op, which reads the results; null if there was nothing to split.
GenericOp splitReductions(RewriterBase &rewriter, GenericOp op, unsigned dim,
                          int64_t chunk, bool wide);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_TRANSFORMS_TRANSFORMS_H
