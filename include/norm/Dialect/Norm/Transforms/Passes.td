//===- Passes.td - Graph-to-graph passes of the norm dialect --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_PASSES_TD
#define NORM_DIALECT_NORM_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"
include "norm/Dialect/Norm/Transforms/AlgebraPasses.td"
include "norm/Dialect/Norm/Transforms/FunctionPasses.td"

def Raise : Pass<"norm-raise"> {
  let summary = "Recognise the ops of the dialect in linalg, arith and math";
  let description = [{
    What a value is for one element is a scalar expression, however a frontend
    spread it over ops: over `linalg` ops, named or generic, with much or little
    in a body, over `arith` and `math` ops on tensors, reshapes, broadcasts and
    transposes. Where that expression is a normalization, the value is computed
    by the op for it, and what only led to it goes: `norm.layer_norm`,
    `norm.rms_norm` and `norm.l2_norm` for a scale and a shift over the normalized
    axes, `norm.group_norm`, `norm.instance_norm`, `norm.batch_norm_training` and,
    with given statistics, `norm.batch_norm` for those of one channel dim.

    Differences, quotients, squares, roots and re-associated affine parts may be
    written in any way, the variance as the mean of the squared differences or
    as E[x^2] - E[x]^2 (then the result is more exact than before). Which axes a
    row has follows from the reduction. Means and reciprocal roots that are used
    elsewhere become results of the op. Assertions in a body that only led to
    what was raised go with it.

    An op is at least as exact as what it replaces. The type of the sums becomes
    that of the statistics (`accumulate`): sums in 16 bits are left alone, as an
    op would add them up in f32 and nobody asked for that, and so are squares
    and products that are rounded to 16 bits before they are added up, and sums
    in f32 of which the rest is computed in f64. A rounding of the normalized
    value to the type of x becomes `cast_before_scale`; other roundings on the
    way to the type of the result go, which makes a result of 16 bits more
    exact; roundings to a narrower type, or not to nearest even, stay where they
    are. With `rounding=storage` no value of 16 bits is raised, so that all its
    roundings stay. Operands that cancel, as in (x + C) - C, and arithmetic with
    infinite constants are not seen through. Numbers that belong to an op, as
    the count of a row or the constants of GELU, may differ by 8 units of 2^-23,
    in f64 of 2^-52.

    A contraction with an argument of the function or a constant becomes
    `norm.linear`: `linalg.matmul`, `linalg.batch_matmul` of a broadcast weight or
    a generic op, with whatever indexing maps, transposes and reshapes; a bias
    may be added before or after a rounding, or be what the sum starts with.
    Products must be exact and sums in f32, or f64 for f64. Activation functions become `norm.activation`
    where a NaN stays one.

    Remarks of the category `norm-raise` say what was raised, and why a root of
    something like a variance was not.

    ```mlir
    %q = arith.mulf %x, %x : tensor<4x16xf32>
    %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%zero : tensor<4xf32>) dimensions = [1]
    %m = arith.divf %s, %sixteen : tensor<4xf32>
    %v = arith.addf %m, %epsilon : tensor<4xf32>
    %r = math.rsqrt %v : tensor<4xf32>
    %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
    %y = arith.mulf %x, %b : tensor<4x16xf32>
    ```
    becomes
    ```mlir
    %y = norm.rms_norm %x axes [1] : (tensor<4x16xf32>) -> tensor<4x16xf32>
    ```
  }];
  let options = [
    Option<"rounding", "rounding", "::mlir::norm::FusionRounding",
           /*default=*/"::mlir::norm::FusionRounding::Excess",
           "Whether roundings of 16-bit values may go",
           [{::llvm::cl::values(
              clEnumValN(::mlir::norm::FusionRounding::Excess, "excess",
                         "those on the way to a result that is rounded"),
              clEnumValN(::mlir::norm::FusionRounding::Storage, "storage",
                         "none: values of 16 bits are not raised"))}]>,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::norm::NormDialect", "::mlir::tensor::TensorDialect",
  ];
  let statistics = [
    Statistic<"numRaised", "num-raised", "Number of ops made">,
  ];
}

def ExpandOps : Pass<"norm-expand-ops"> {
  let summary = "Write ops that have no loops as ops that have";
  let description = [{
    - `linalg.softmax` becomes the reductions and elementwise ops that it is made
      of, which `norm-generalize` and `norm-fuse` make one row program,
    - `tensor.pad` of one value a `linalg.fill` over which its source is inserted,
      unless it cuts off (negative padding),
    - `tensor.generate` a `linalg` op that asks for its indices.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect",
  ];
}

def Generalize : Pass<"norm-generalize"> {
  let summary = "Rewrite named and elementwise ops as norm.generic";
  let description = [{
    Rewrites as `norm.generic`
    - every named normalization, its statistics as further outputs
      (`norm.group_norm` between a `tensor.expand_shape` that splits the channels
      into groups and the `tensor.collapse_shape` that joins them again),
    - `norm.activation`,
    - tensor-level elementwise ops (`arith`, `math`: whatever is
      ElementwiseMappable and pure) and `tensor.splat`,
    - `linalg` ops on tensors, whatever their name, whose maps are projected
      permutations (zeros for dims of one element apart) and whose loops are
      parallel, or that add, multiply or take the largest or smallest of what is
      computed from an operand with all dims: rows that are in memory. A result
      that nothing reads, as the position of a maximum, is not computed.

    `norm.linear`, contractions and gathers are left alone. Block arguments and arithmetic are of the
    accumulation type, a result is rounded once, where it is yielded.
    `cast_before_scale`, a tensor-level `arith.truncf` and, in a `linalg` body,
    the rounding of every 16-bit op are the user's rounding points: they stay as
    casts in the body. A positive epsilon that the accumulation type cannot hold
    becomes its smallest normal number, not zero.

    ```mlir
    %y = norm.rms_norm %x axes [1] : (tensor<?x768xf32>) -> tensor<?x768xf32>
    ```
    becomes
    ```mlir
    %e = tensor.empty(%rows) : tensor<?x768xf32>
    %y = norm.generic ins(%x : tensor<?x768xf32>) outs(%e : tensor<?x768xf32>)
        iterators [parallel, reduction]
        maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32):
      %one = arith.constant 1.0 : f32
      %eps = arith.constant 1.0e-5 : f32
      %q = arith.mulf %v, %v : f32
      %s = norm.reduce add %q over [1] : f32
      %n = norm.extent over [1] : f32
      %m = arith.divf %s, %n : f32
      %a = arith.addf %m, %eps : f32
      %d = math.sqrt %a : f32
      %r = arith.divf %one, %d : f32
      %o = arith.mulf %v, %r : f32
      norm.yield %o : f32
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::norm::NormDialect", "::mlir::tensor::TensorDialect",
  ];
}

def Fuse : Pass<"norm-fuse"> {
  let summary = "Make one norm.generic of producers, consumers and siblings";
  let description = [{
    Inlines the body of a `norm.generic` into one that reads its results or
    reads the same tensor over the same iteration space: residual adds,
    activations, casts, scale offsets, quantization, a normalization after a
    normalization. A result with other uses stays a result of the fused op.

    Dims of the two are the same dim where a tensor that both touch is indexed by
    them. A dim that one reduces over and the other does not becomes a
    reduction dim of the fused op. Two generics stay apart if
    - neither iteration space contains the other,
    - reductions or costly work of the producer would be repeated along a dim that
      only the consumer has,
    - a reduction of the one and a reduction of the other are over sets of dims
      of which neither contains the other, an output would need a reduction
      over fewer dims than it lacks (both have no nest of loops), or no parallel
      dim would be left,
    - an op between them needs the one and is needed by the other.

    `tensor.expand_shape` and `tensor.collapse_shape` between two generics are
    moved through one of them if the two then fuse: a group normalization, which works
    on split channels, fuses with a residual add before and an activation behind.

    With `rounding=excess` the consumer reads what the producer yields in the
    type of its arithmetic; with `storage` it reads it rounded to the element
    type of the tensor that was between them. Casts in the bodies stay in both, and so
    does rounding to types of 8 bits.

    Remarks of the category `norm-fuse` say what was fused, and what was not and why.
  }];
  let options = [
    Option<"rounding", "rounding", "::mlir::norm::FusionRounding",
           /*default=*/"::mlir::norm::FusionRounding::Excess",
           "What a value is rounded to where two ops met",
           [{::llvm::cl::values(
              clEnumValN(::mlir::norm::FusionRounding::Excess, "excess",
                         "not at all: it keeps the type of the arithmetic"),
              clEnumValN(::mlir::norm::FusionRounding::Storage, "storage",
                         "the element type of the tensor"))}]>,
  ];
  let statistics = [
    Statistic<"numFusions", "num-fusions", "Number of generics fused into another">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::norm::NormDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def FoldEmpty : Pass<"norm-fold-empty"> {
  let summary = "Compute nothing of tensors without elements";
  let description = [{
    A result of a pure op whose type, or that of what it reshapes, says that it has
    no elements (a static size of 0) becomes a `tensor.empty` of its sizes. What
    computes it can go, so that no pass behind this one has to cut or pack what is
    empty. A `norm.linear` without input features becomes a `norm.generic` that
    gives its bias, or zeros.

    ```mlir
    %y = norm.linear %x weight %w : (tensor<?x8xf32>, tensor<0x8xf32>) -> tensor<?x0xf32>
    ```
    becomes
    ```mlir
    %rows = tensor.dim %x, %c0 : tensor<?x8xf32>
    %y = tensor.empty(%rows) : tensor<?x0xf32>
    ```
  }];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Results that nothing computes now">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def Decompose : Pass<"norm-decompose"> {
  let summary = "Rewrite norm.generic and norm.linear as linalg ops";
  let description = [{
    Rewrites every `norm.generic` on tensors as `linalg.generic` ops, so that any
    other pipeline can take over: one per reduction, one per value that is
    computed of reductions alone, one per distinct map of outputs. Sums of 16-bit
    values are kept in f32. Values are rounded where they are yielded; conversions to
    types of 8 bits saturate.

    `norm.center` becomes a subtraction of the mean and of the mean of what
    remains: a mean in one float is not exact far from zero.

    `norm.linear` becomes a `linalg.contract` on f32 (f64 for f64), and a
    `linalg.generic` that adds the bias and rounds to the type of the result.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def SplitReduction : Pass<"norm-split-reduction"> {
  let summary = "Reduce long rows in chunks of fixed size";
  let description = [{
    Cuts a reduction dim that is longer than `threshold` into chunks of `chunk`
    elements. For each stage of the row program, one `norm.generic` yields
    partial results per chunk (over a parallel dim of chunks) and one over what
    remains behind the last whole chunk, and one combines them; what is left of
    the program reads the results. So threads can share a row, and the order of the
    summation depends on the length alone.

    A mean and the sum of squares about it are combined by the formula of Chan,
    Golub and LeVeque in f64; the mean is handed on as the sum of two floats.
  }];
  let options = [
    Option<"threshold", "threshold", "int64_t", /*default=*/"65536",
           "Dims of at most this size stay whole">,
    // 32 KiB of f32: the passes over a chunk stay in a first-level cache.
    Option<"chunk", "chunk", "int64_t", /*default=*/"8192",
           "Elements of a chunk">,
    Option<"splitDynamic", "split-dynamic", "bool", /*default=*/"false",
           "Also split dims of unknown size">,
  ];
  let statistics = [
    Statistic<"numSplit", "num-split", "Number of stages split">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::norm::NormDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

#endif // NORM_DIALECT_NORM_TRANSFORMS_PASSES_TD
