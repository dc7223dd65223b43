//===- Layers.h - Layers without a reduction of a row -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_LAYERS_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_LAYERS_H

#include "Raised.h"

namespace mlir::norm::raise {

/// The linear layer that computes `place`: a sum of products with a weight that
/// is an argument or a constant, over the last dim, and perhaps a bias. Sets
/// `onceRounded` if it is one as soon as it is rounded as the sum was.
std::optional<Raised> matchLinear(Program &program, const Place &place,
                                  bool &onceRounded);

/// The activation function that computes `place` of a tensor.
std::optional<Raised> matchActivation(Program &program, const Place &place);

/// The batch normalization with given mean and variance that computes `place`.
std::optional<Raised> matchBatchNorm(Program &program, const Place &place);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_LAYERS_H
