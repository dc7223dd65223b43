//===- WorkspaceBound.h - The most bytes of temporaries ---------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_WORKSPACEBOUND_H
#define NORM_LIB_CPU_WORKSPACEBOUND_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <optional>

namespace mlir::norm {

/// The bytes that `alloc` has at most, rounded up to the workspace's alignment,
/// whatever the sizes of the function's arguments are; nothing if they grow
/// with them.
std::optional<int64_t> findMostBytes(memref::AllocOp alloc);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_WORKSPACEBOUND_H
