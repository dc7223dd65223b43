//===- InterfaceModels.h - Models of upstream interfaces ------------------===//
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

/// Tells the analysis of value bounds that results have the sizes of the inits,
/// so that tiling sees that a tile covers a dynamic dim.
void registerValueBoundsOpInterfaceModels(DialectRegistry &registry);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_TRANSFORMS_INTERFACEMODELS_H
