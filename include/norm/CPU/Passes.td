//===- Passes.td - Passes from norm.generic to CPU vectors ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_PASSES_TD
#define NORM_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"
include "norm/CPU/InterfacePasses.td"
include "norm/CPU/LinearPasses.td"

def SplitNests : Pass<"norm-split-nests"> {
  let summary = "Split generics that one nest of loops does not compute";
  let description = [{
    `norm-lower-rows` makes one nest of loops of a `norm.generic`. On tensors,
    this pass makes a generic of its own of

    - a reduction over dims that cross those of another one: neither set of dims
      contains the other. What is centred by it is centred by a mean in f64;
    - a reduction that an output needs, but that would be computed inside of
      loops over dims that the output lacks;
    - an output that lacks a parallel dim, or a reduction dim whose loop would be
      around its stores: nothing would be stored if the dim has no elements.

    Each is computed by loops over the dims that it needs. With `whole-rows` so is a
    reduction over some of the reduction dims only: kernels for GPUs have rows of
    one kind.
  }];
  let options = [
    Option<"wholeRows", "whole-rows", "bool", /*default=*/"false",
           "All reductions of an op are to be over all its reduction dims">,
  ];
  let statistics = [
    Statistic<"numSplit", "num-split", "Parts that became generics">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
  ];
}

def SplitGroups : Pass<"norm-split-groups"> {
  let summary = "Compute statistics of channels before those of groups";
  let description = [{
    Where the innermost dim is reduced and short and the dim around it is
    parallel, as in a channels-last group normalization, in which the channels
    of a group are few and side by side, rows are made of short pieces of memory.
    A `norm.generic` on tensors with one mean and variance over such rows becomes
    three: the mean of every channel over the spatial dims and the sum of squares
    around it, in f64, or a few elements at a time in f32 where squares that
    underflow there are nothing beside epsilon; the mean of the group, as two
    floats, and what else is uniform in a group, for every channel; the elements.
    In the first and the last all channels are one vectorized dim.

    Applies where the innermost dim of the outputs is short (at most
    four vectors of f32) and all outputs have all dims.
  }];
  let statistics = [
    Statistic<"numSplit", "num-split", "Generics that became three">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
  ];
}

def HoistShared : Pass<"norm-hoist-shared"> {
  let summary = "Compute what many rows have in common once";
  let description = [{
    A value of the body of a `norm.generic` on tensors that does not vary over
    some dims, such as a channel's reciprocal standard deviation in inference
    batch norm or a scale converted from f16, is computed again in every row.
    Where that costs more than a load the value gets a `norm.generic` of its own,
    which writes it to a tensor that the op then reads.

    Costs are divisions, the functions of `math` and conversions from f16. Only
    values that vary over the contiguous dim of the first output are hoisted:
    others are scalars that loops compute once anyway.

    Where the number of rows is dynamic and all that costs are conversions for
    rows of f16, an `scf.if` on the number has the op in both forms. That without
    hoisted values has the attribute `norm.few_rows`, which `norm-plan-rows`
    reads. Elsewhere a dynamic number counts as enough: in a loop, and where the
    two forms would not have the same bits.
  }];
  let options = [
    Option<"minRows", "min-rows", "int64_t", /*default=*/"8",
           "Hoist what at least so many rows have in common">,
    Option<"onlyF64", "only-f64", "bool", /*default=*/"false",
           "Hoist only what is costly in f64">,
  ];
  let statistics = [
    Statistic<"numHoisted", "num-hoisted", "Values computed on their own">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def CopyStrided : Pass<"norm-copy-strided", "::mlir::func::FuncOp"> {
  let summary = "Copy what strides would let be summed in another order";
  let description = [{
    In a function with `norm.strided` arguments and results may have gaps between
    any two dims but the last. Where a `norm.generic` reduces several dims that are
    one where memory has no gaps, their elements would be summed in another order
    than by the function without strides. Of such ops arguments that have these
    dims are copied, and results are computed in memory without gaps and copied.
  }];
  let statistics = [
    Statistic<"numCopied", "num-copied", "Arguments and results copied">,
  ];
  let dependentDialects = [
    "::mlir::norm::NormDialect", "::mlir::tensor::TensorDialect",
  ];
}

def HoistTemporaries
    : Pass<"norm-hoist-temporaries", "::mlir::func::FuncOp"> {
  let summary = "Take no memory inside of loops and branches";
  let description = [{
    A kernel's temporaries are parts of its workspace, which is planned for the ops
    of the function itself. So that bufferization allocates nothing further inside,

    - an `scf.for` that carries a tensor copies what it yields into the memory of
      what it began with, unless it wrote there;
    - a branch (`scf.if`, `scf.index_switch`, `scf.execute_region`) of which a region
      gives a tensor from around it copies what each region gives into one memory;
    - a `tensor.empty` in a loop or branch moves in front of it, with what its sizes
      are computed from, if they are known there.

    Tensors with dynamic sizes are copied, and sizes of what a loop or branch gives
    taken from in front of it, only in functions whose sizes are recorded
    (`norm-record-signature`): their callers are held to what makes each such tensor
    have one shape. Functions that have neither that nor an op of this dialect, and
    elements that `norm.generic` does not take, are left alone.
  }];
  let statistics = [
    Statistic<"numHoisted", "num-hoisted", "Empty tensors that moved">,
    Statistic<"numCopied", "num-copied", "Tensors that loops and branches copy">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::norm::NormDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def GeneralizeCopies : Pass<"norm-generalize-copies"> {
  let summary = "Copies of strided buffers to norm.generic";
  let description = [{
    A `memref.copy` between buffers of which one is not known to be contiguous,
    as `tensor.insert_slice` and `tensor.concat` leave them, becomes a
    `norm.generic` that yields its input: LLVM's dialect has a `memcpy` for
    contiguous ones only. With `all`, every copy does: a GPU's memory is copied by
    kernels.
  }];
  let options = [
    Option<"all", "all", "bool", /*default=*/"false",
           "Also copies between contiguous buffers">,
  ];
  let statistics = [
    Statistic<"numGeneralized", "num-generalized", "Copies that became generics">,
  ];
  let dependentDialects = ["::mlir::norm::NormDialect"];
}

def PlanRows : Pass<"norm-plan-rows"> {
  let summary = "Decide how norm.generic on buffers is lowered";
  let description = [{
    Brings every `norm.generic` on memrefs into the form that `norm-lower-rows`
    takes (dims of one element are dropped; dims that nothing tells apart become
    one; products that are added become `math.fma`; with sums in f32 over parts
    of a row, which nothing would check, the body computes in f64, and a remark
    says so) and sets its attribute `norm.plan`, unless it has one:

    | entry | meaning |
    | --- | --- |
    | `lanes` | lanes of a vector, the native width of the widest float in the body |
    | `unroll` | vectors in an iteration of the innermost loop |
    | `accumulators` | accumulators of a sum, which these vectors take in turn; 0: each has its own |
    | `paired` | vectors come in pairs of even and odd elements, as bf16 does without shuffles |
    | `rows` | rows that go through the stages together, with one transposed reduction for all; with a `lag` of 0, a lane each |
    | `lag` | how many groups of rows the first stage is ahead of the next: their loops are one; 0: one row after the other |
    | `max_pipelined` | rows that turn out longer at run time are computed one after the other |
    | `max_short` | rows that turn out at run time to have at most so many elements are in registers, in groups; 0: none are |
    | `stream_bytes` | operands of more bytes together are taken not to fit the caches: stores bypass them and the next row is prefetched |

    `lanes`, `unroll` and `accumulators` determine the bits of a result; they
    follow from the body, the row length and the target. An op with the attribute
    `norm.few_rows` is planned the same, but its rows go one after the other.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect",
  ];
}

def LowerRows : Pass<"norm-lower-rows", "ModuleOp"> {
  let summary = "Lower norm.generic on buffers to loops over vectors";
  let description = [{
    Every `norm.generic` on memrefs, planned by `norm-plan-rows`, becomes one nest of `scf` loops with `vector`
    loads and stores of the target's native width (`norm.cpu_target`). The dim
    that most operands have as their contiguous one is vectorized, whether it is
    reduced or parallel. A row is read once for each stage of its reductions;
    tails are masked.

    The mean of a `norm.center` is kept as the sum of two floats, and the sum of
    its squares is accumulated in the same read, relative to the mean of the
    row's first vector. A row for which that is not exact enough, or whose f32
    statistics overflow or underflow, is computed again in f64, by a private
    function of its own.

    Reductions of one op must be over sets of dims of which, for any two, one
    contains the other: `norm-split-nests` sees to it.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect",
  ];
}

def LowerMath : Pass<"norm-lower-math", "ModuleOp"> {
  let summary = "Replace math functions on vectors and scalars by inline code";
  let description = [{
    Elementary functions of f32 lanes become arith and fma code with known error
    bounds (include/norm/CPU/VectorMath.h); scalars take the same code, so the
    tail of a row gets the same bits as its body. 16-bit and 8-bit floats are
    computed in f32. What has no inline code (f64 functions, rare f32 ones)
    becomes calls of the C library, one a lane, with a missed-optimization remark
    `slow-path` at each location. Square roots, fused multiply-adds and roundings to
    integers stay: LLVM has instructions for them, or calls the C library where the
    target has none, which is remarked on too. Operations on tensors, on vectors of
    unknown length, and those without any lowering are diagnosed.

    `arith.maximumf` and `minimumf` become two comparisons on x86 (one if an
    operand is constant); a NaN stays one, a zero result may have either sign.
    `vector.reduction` on floats becomes a fixed tree of shuffles, whatever its
    fast-math flags: the same sum in every run.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "func::FuncDialect", "LLVM::LLVMDialect",
    "math::MathDialect", "scf::SCFDialect", "vector::VectorDialect",
  ];
}

def LowerCasts : Pass<"norm-lower-casts", "ModuleOp"> {
  let summary = "Replace narrow floats by integers and their casts by code";
  let description = [{
    f16, bf16, f8E4M3FN and f8E5M2 become integers of their width everywhere:
    in vectors, memrefs, constants and function types. `arith.extf` and
    `truncf` become instructions where the target has them (AVX512_BF16, F16C,
    AArch64) and integer code elsewhere, which LLVM would do by calls of
    compiler-rt, one a lane. Other arithmetic on these types is done in f32
    and rounded.

    `truncf` rounds to nearest, ties to even, f64 too only once; NaNs stay NaNs;
    the 8-bit types saturate. AVX512_BF16 takes subnormal f32 values for zero.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "LLVM::LLVMDialect", "vector::VectorDialect",
  ];
}

#endif // NORM_CPU_PASSES_TD
