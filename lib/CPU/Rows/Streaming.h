//===- Streaming.h - Stores that bypass the caches ------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWS_STREAMING_H
#define NORM_LIB_CPU_ROWS_STREAMING_H

#include "RowNest.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::norm {

/// Whether the operands are of more than `bytes` bytes together and all vector
/// stores, of `elements` elements, have addresses that are multiples of their
/// size, as nontemporal ones must. Null if that is known not to be so.
Value makeStreamCondition(ImplicitLocOpBuilder &builder, const RowNest &nest,
                          int64_t elements, int64_t bytes);

/// Orders nontemporal stores before what follows.
void emitStoreFence(ImplicitLocOpBuilder &builder);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWS_STREAMING_H
