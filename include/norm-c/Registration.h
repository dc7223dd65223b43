//===- Registration.h - Dialect and passes for MLIR's C API ---------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

/*
 * For programs that use MLIR by its C API (mlir-c) and the shared libMLIR. The
 * functions are in libMLIRNormCAPI.a: link the CMake target MLIRNormCAPI.
 * Programs that only compile want norm-c/Norm.h, which needs no MLIR.
 */
#ifndef NORM_C_REGISTRATION_H
#define NORM_C_REGISTRATION_H

#include <mlir-c/IR.h>

#ifdef __cplusplus
extern "C" {
#endif

/* mlirGetDialectHandle__norm__(): the dialect alone. */
MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Norm, norm);

/* Adds to `registry` the dialect, those that the pipelines make of it, and all
 * that bufferization, tiling, inlining and translation attach to them. */
MLIR_CAPI_EXPORTED void normRegisterDialects(MlirDialectRegistry registry);

/* Registers every pass and the pipelines by their names, for
 * mlirParsePassPipeline. Does nothing where that was done before, by this or by
 * the plugin. */
MLIR_CAPI_EXPORTED void normRegisterPasses(void);

#ifdef __cplusplus
}
#endif

#endif /* NORM_C_REGISTRATION_H */
