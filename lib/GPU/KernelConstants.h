//===- KernelConstants.h - Constant tensors that kernels read ---*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_KERNELCONSTANTS_H
#define NORM_LIB_GPU_KERNELCONSTANTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// Constants start at multiples of a cache line of the GPU.
constexpr int64_t kConstantAlignment = 128;

/// The array of `kernels` that holds the data of each operand of `op` that is a
/// constant tensor or a view of one, null for the others. Arrays that are not
/// there yet are added. Diagnoses operands that are no memory of kernels.
FailureOr<SmallVector<LLVM::GlobalOp>>
addKernelConstants(GenericOp op, gpu::GPUModuleOp kernels);

/// Takes the constant tensors from the host, whose launches know them by their
/// shape only. Diagnoses other uses.
LogicalResult dropHostConstants(func::FuncOp function);

/// Erases the constant tensors of `module` that nothing uses any more.
void eraseUnusedConstants(ModuleOp module);

} // namespace mlir::norm

#endif // NORM_LIB_GPU_KERNELCONSTANTS_H
