//===- InterfaceModels.h - Models of upstream interfaces -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_INTERFACEMODELS_H
#define NORM_DIALECT_NORM_TRANSFORMS_INTERFACEMODELS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::norm {

/// Registers norm.generic with one-shot bufferization.
void registerBufferizableOpInterfaceModels(DialectRegistry &registry);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_TRANSFORMS_INTERFACEMODELS_H
