//===- Passes.td - Passes from norm.generic to CPU vectors -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_TD
#define NORM_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttachCPUTarget : Pass<"norm-attach-cpu-target", "ModuleOp"> {
  let summary = "Say for which CPU the module is compiled";
  let description = [{
    Sets the module's attribute `norm.cpu_target`, a dictionary of `triple`,
    `cpu` and `features` (complete, as LLVM's subtarget reports them), which the
    passes below read through `CPUTarget::get`. An unknown triple or CPU is an
    error.
  }];
  let options = [
    Option<"triple", "triple", "std::string", /*default=*/"\"\"",
           "Target triple; that of the host if empty">,
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"",
           "CPU name as of LLVM's -mcpu, or 'native'">,
    Option<"features", "features", "std::string", /*default=*/"\"\"",
           "More features, as of LLVM's -mattr">,
  ];
}

def LowerRows : Pass<"norm-lower-rows"> {
  let summary = "Lower norm.generic on buffers to loops over vectors";
  let description = [{
    Every `norm.generic` on memrefs becomes one nest of `scf` loops with `vector`
    loads and stores of the target's native width (`norm.cpu_target`). The dim
    that most operands have as their contiguous one is vectorized, whether it is
    reduced or parallel. A row is read once for each stage of its reductions;
    tails are masked.

    The mean of a `norm.center` is kept as the sum of two floats, and the sum of
    its squares is accumulated in the same read, relative to the mean of the
    row's first vector. A row for which that is not exact enough, or whose f32
    statistics overflow or underflow, is computed again in f64.

    Reductions of one op must be over sets of dims of which, for any two, one
    contains the other.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect",
  ];
}

#endif // NORM_CPU_PASSES_TD
