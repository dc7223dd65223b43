//===- Weights.h - Arguments that become constants --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_WEIGHTS_H
#define NORM_DRIVER_WEIGHTS_H

#include "mlir/IR/BuiltinOps.h"
#include "norm/Support/TensorFile.h"

namespace mlir::norm {

/// The tensor type of `stored` as an argument of element type `wanted` takes
/// it: bit patterns count as the float or integer of their size. Null if
/// `wanted` is another type.
RankedTensorType getStoredType(const StoredTensor &stored, Type wanted);

/// Replaces every argument of a public function that has the attribute
/// `norm.weight` by the tensor that `file` has under that key. An absent key,
/// another shape or another element type is an error at the argument, a call of
/// the function one at the call. If no argument has the attribute, there is a
/// warning about no place.
LogicalResult bindWeights(ModuleOp module, const TensorFile &file);

/// The same of the .npz or .safetensors file called `filename`. That it cannot
/// be read is an error about no place.
LogicalResult bindWeights(ModuleOp module, StringRef filename);

} // namespace mlir::norm

#endif // NORM_DRIVER_WEIGHTS_H
