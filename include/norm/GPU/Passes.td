//===- Passes.td - Passes from norm.generic to GPU kernels ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_GPU_PASSES_TD
#define NORM_GPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def GPUAttachTarget : Pass<"norm-gpu-attach-target", "ModuleOp"> {
  let summary = "Say for which GPU the module's kernels are compiled";
  let description = [{
    Sets the module's attribute `norm.gpu_target`, a dictionary of `arch` and of
    `features`, the PTX version that code for it is written in. An architecture
    that LLVM has no code for, or one below sm_80, is an error.
  }];
  let options = [
    Option<"arch", "arch", "std::string", /*default=*/"\"sm_80\"",
           "The architecture: sm_80, sm_90, sm_100, ...">,
  ];
}

def GPUSplitRows : Pass<"norm-gpu-split-rows"> {
  let summary = "Spread rows that are too long for a block over many";
  let description = [{
    Rows of a `norm.generic` on tensors that no block of threads keeps in its
    registers, nor a cluster of blocks where the GPU has such (sm_90 and newer, up to
    196608 elements), are cut into pieces of about 8192 elements (512 where rows lie side
    by side in memory), whatever their number is, as `norm-split-reduction` does: one
    generic reduces pieces, one combines what it found, and what is left of the op
    reads the row once more. Sums go from one to the next in f64, and what follows
    from them alone is computed in f64.

    Rows of a length that is known at run time only stay whole.
  }];
  let statistics = [
    Statistic<"numSplit", "num-split", "Generics whose rows were cut">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::norm::NormDialect", "::mlir::tensor::TensorDialect",
  ];
}

def GPUPlanRows : Pass<"norm-gpu-plan-rows"> {
  let summary = "Decide how norm.generic on buffers runs on a GPU";
  let description = [{
    Brings every `norm.generic` on memrefs into the form that
    `norm-gpu-lower-rows` takes (dims of one element are dropped; dims that
    nothing tells apart become one; products that are added become `math.fma`)
    and sets its attribute `norm.plan`, unless it has one: a list of plans, of
    which the first that admits the length of a row is used.

    | entry | meaning |
    | --- | --- |
    | `vector` | neighbouring elements that a thread takes at once, 16 bytes where rows allow it |
    | `threads` | threads of a block that share a row: a part of a warp, a warp, or all |
    | `cluster` | blocks that share a row, each with a part of it in registers; they reduce through each other's shared memory. 1 if absent |
    | `rows` | rows of a block |
    | `vectors` | vectors of a row that a thread keeps in registers, so that memory is read once; 0: rows of any length, read again for every reduction |
    | `parts` | whether rows, of which nothing is reduced, are spread over blocks |
    | `across` | neighbouring threads have elements of neighbouring rows, which are neighbours in memory |

    `vector`, `threads` and `vectors` determine the bits of a result; they follow
    from the body, the row's length and the types.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect",
  ];
}

def GPULowerRows : Pass<"norm-gpu-lower-rows", "ModuleOp"> {
  let summary = "Lower norm.generic on buffers to gpu.func and launches";
  let description = [{
    Every `norm.generic` on memrefs, planned by `norm-gpu-plan-rows`, becomes
    kernels in the module's `gpu.module @norm_kernels` and `gpu.launch_func` ops
    in its place: one kernel for each plan, and one more whose accesses are
    element by element, which gives the same bits, for addresses that are not
    multiples of the size of a vector.

    A row is reduced in registers, then by shuffles in a warp, then through
    shared memory. Everything else of a function runs on the host, which reads
    no tensor: ops that would are diagnosed.

    A constant tensor (`memref.get_global`, or a view of one) becomes an array in
    the `gpu.module`, in global memory and at an address that is a multiple of 128,
    one for equal bytes. Kernels name it: it is no argument of theirs. There may be
    64 MiB of them.

    The mean of a `norm.center` is kept as the sum of two floats: the second is
    the mean of what the first leaves, which is read off the registers together
    with the sum of squares around it.

    The attribute `norm.work` of a kernel says what it moves, for the model of
    --print-plan.

    Where a row's sums in f32 overflow, or underflow and that matters, the kernel
    calls an internal function that computes the row in f64.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect",
    "::mlir::scf::SCFDialect", "::mlir::ub::UBDialect",
    "::mlir::vector::VectorDialect",
  ];
}

def GPULowerMath : Pass<"norm-gpu-lower-math", "gpu::GPUModuleOp"> {
  let summary = "Replace math functions in kernels by inline code";
  let description = [{
    Elementary functions of f32 become the code of `norm-lower-math`, with its
    error bounds: kernels call no library of CUDA. Floats of 16 bits and less are
    computed in f32. Conversions from and to those of 8 bits saturate; they are
    instructions from sm_89 on, inline code for older GPUs. Square roots, fused
    multiply-adds, absolute values, minima, maxima and roundings to integers stay: PTX
    has instructions for them. What is rounded to an integer of 16 bits or less is
    converted by an addition.

    Sines and cosines are computed in f64. Arguments beyond 2^20 are reduced by an
    internal function of the module.

    What has no such code (functions of f64, rare ones of f32) is an error.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect",
  ];
}

def GPULowerLaunches : Pass<"norm-gpu-lower-launches", "ModuleOp"> {
  let summary = "Turn launches of kernels into calls of the runtime";
  let description = [{
    `gpu.launch_func` becomes a call of `norm_cuda_launch` of lib/Runtime with
    the addresses of the arguments' values. The last argument of the function
    around it is the address of the norm_launch (see `norm-c-abi`), and the global
    `norm_gpu_image`, whose contents the driver adds, holds the kernels.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect",
  ];
}

#endif // NORM_GPU_PASSES_TD
