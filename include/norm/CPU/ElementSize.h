//===- ElementSize.h - Elements in memory -----------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_ELEMENTSIZE_H
#define NORM_CPU_ELEMENTSIZE_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::norm {

/// The bits of a scalar in memory.
inline unsigned getBits(Type element) {
  return element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
}

/// The bytes of a scalar or vector in memory.
inline int64_t getElementBytes(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.getNumElements() * getElementBytes(vector.getElementType());
  return llvm::divideCeil(getBits(type), 8);
}

} // namespace mlir::norm

#endif // NORM_CPU_ELEMENTSIZE_H
