//===- ExactRows.h - Row programs in f64 ------------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_EXACTROWS_H
#define NORM_LIB_GPU_EXACTROWS_H

#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// A copy of `op`, in front of it, that computes in f64 what `op` computes in
/// f32; null if nothing that `op` sums could overflow or underflow an f32.
/// Functions that only f32 has stay in f32: what follows from statistics is of
/// ordinary size.
GenericOp makeExact(GenericOp op);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EXACTROWS_H
