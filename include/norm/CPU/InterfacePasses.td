//===- InterfacePasses.td - The CPU, and functions of C -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_INTERFACEPASSES_TD
#define NORM_CPU_INTERFACEPASSES_TD

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

def CheckLowerable : Pass<"norm-check-lowerable", "func::FuncOp"> {
  let summary = "Refuse tensor ops that nothing lowers";
  let description = [{
    The passes behind this one lower `norm.generic`, `norm.packed_linear`,
    `norm.pack_weight` and, to loops, structured ops of `linalg`; bufferization takes
    care of what only moves tensors (reshapes, casts, slices, single elements, loops)
    and LLVM of scalars. Any other op on tensors is an error here, at its place and
    with its name, and so is an integer division or remainder in a body, or in a
    branch in one, that may be by zero. For a
    GPU, `norm.generic` alone is lowered, and no loops and assertions.
  }];
  let options = [
    Option<"gpu", "gpu", "bool", /*default=*/"false", "Kernels run on a GPU">,
  ];
}

def CABI : Pass<"norm-c-abi", "ModuleOp"> {
  let summary = "Make C functions of memref functions";
  let description = [{
    Turns every public function on memrefs (results as arguments with
    `norm.result`, sizes in `norm.sizes`) into functions that C programs call.
    With the prefix P, `@f` becomes
    - `int Pf(pointers..., sizes..., void *workspace)`: arguments, results (tensors
      as pointers to their first element, scalars by value; f16, bf16 and fp8 as
      the bits), an int64 for each dynamic dim of each argument, the workspace;
    - `size_t Pf_workspace(sizes...)`: the bytes of the workspace, SIZE_MAX if
      they are too many. Other sizes that Pf refuses get a number that means
      nothing;
    - `int Pf_rows(pointers..., sizes..., int64_t begin, int64_t end, void *workspace)`
      where arguments and results have `norm.rows`: the rows from `begin` to `end` of
      the leading dim, which must be dynamic; its checks are those of Pf, and
      `begin` and `end` must be in order and in range (`NORM_BAD_SIZE`, the position behind
      that of the workspace);
    - `int Pf_parallel(pointers..., sizes..., void *workspace, norm_parallel_for parallel_for,
      void *context, int workers)` and `size_t Pf_parallel_workspace(sizes..., int workers)`:
      the rows are split evenly over at most `workers` tasks. A kernel without rows
      of its own is computed by the caller's thread. A null `parallel_for`
      (`NORM_NULL`) or `workers` below 1 (`NORM_BAD_SIZE`) has the position behind that of
      the workspace;
    - `int Pf_pack_w(const T *w, void *packed)` and `size_t Pf_packed_size_w(void)`
      for an argument `w` with `norm.packed`, from the function that names it in
      `norm.pack_of`. Packed data starts with a header of 64 bytes: the tag, then
      zeros;
    - with `threads`, Pf itself shares the rows out, to threads of the function
      `norm_pool_run` or `norm_openmp_run` of lib/Runtime, and Pf_workspace returns the bytes
      for all of them;
    - `int Pf_strided(pointers..., sizes..., strides..., void *workspace)` of a function with
      `norm.strided`: behind the sizes one stride of a dim except the last, in elements,
      of every tensor of arguments and results that is not packed; and
      `size_t Pf_strided_workspace(sizes...)`. Strides that are negative or that let
      elements of a result overlap are `NORM_BAD_SIZE`;
    - with `device`, the one entry is `int Pf_cuda(pointers..., sizes..., void *workspace, void *stream)`
      of pointers to a device's memory, with `Pf_cuda_workspace`: the body gets another argument, an address,
      behind the workspace, from which `norm-gpu-lower-launches` takes the stream and where it leaves a status;
    - with `invoke`, `int Pf_invoke(void **arguments)`, which takes a pointer to the
      value of each parameter of Pf.

    These carry `norm.c_function`, from which the header is printed (CFunction in
    `norm/CPU/CInterface.h`); all other functions are private: `@"Pf.body"` (the loops, not
    inlined, addresses `noalias`) and `@"Pf.check"`.

    Checked at entry, in this order, with the position of the argument in bits 8
    and up of the status: sizes that are negative, unequal or do not fulfil
    `norm.size_constraints`, element counts that overflow (`NORM_BAD_SIZE`);
    null pointers to tensors that have elements (`NORM_NULL`); results that
    overlap arguments or other results (`NORM_OVERLAP`); the tag of packed data
    (`NORM_BAD_PACK`); a null workspace where one is needed (`NORM_NULL`, the position
    behind the last result). Where no result has an element nothing else happens.

    The top-level `memref.alloc`s become parts of the workspace, each aligned to 64
    bytes; those whose lifetimes do not meet share memory. Their sizes must follow from
    the sizes of the arguments. Allocations in loops are diagnosed.

    Addresses are memrefs of rank 0: convert-func-to-llvm needs
    `use-bare-ptr-memref-call-conv`.
  }];
  let options = [
    Option<"symbolPrefix", "symbol-prefix", "std::string", /*default=*/"\"\"",
           "What stands before the name of every C function">,
    Option<"threads", "threads", "std::string", /*default=*/"\"\"",
           "The threads that kernels use by themselves: pool or openmp">,
    Option<"invoke", "invoke", "bool", /*default=*/"false",
           "Also make entries that take an array of pointers">,
    Option<"device", "device", "bool", /*default=*/"false",
           "Bodies launch kernels: entries take a stream">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect",
  ];
}

def LowerAssertions : Pass<"norm-lower-assertions", "::mlir::func::FuncOp"> {
  let summary = "Return a status where an assertion does not hold";
  let description = [{
    In a function that returns a status (`norm.returns_status`, which `norm-c-abi`
    sets) a `cf.assert` becomes a
    branch to the end of it, where NORM_ASSERTION is returned. From loops and
    branches there is no way out: the assertion is recorded, and the function
    returns behind the op of its own that holds them.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
  ];
}

#endif // NORM_CPU_INTERFACEPASSES_TD
