//===- LinearPasses.td - Linear layers and other contractions -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_LINEARPASSES_TD
#define NORM_CPU_LINEARPASSES_TD

include "mlir/Pass/PassBase.td"

def FoldLayouts : Pass<"norm-fold-layouts", "::mlir::func::FuncOp"> {
  let summary = "Let contractions read and write tensors as they lie";
  let description = [{
    Frontends bring the operands of a matmul into its form by transposes,
    broadcasts and reshapes. Contractions on tensors (`linalg` ops that add
    products of two floats) become `linalg.generic` ops whose indexing maps do
    that instead: a transpose, broadcast or reshape of an input or of the result
    goes, and what is computed element by element before is computed in the order
    in which its own inputs lie. What would leave no matmul stays: a broadcast along
    the dim that is summed over, or a reshape that splits it.

    ```mlir
    %t = norm.generic ins(%k : tensor<8x128x4x32xf32>) outs(%e : tensor<8x4x32x128xf32>)
        iterators [...] maps [(d0, d1, d2, d3) -> (d0, d3, d1, d2), ...] { yield the element }
    %c = tensor.collapse_shape %t [[0, 1], [2], [3]] : ...
    %s = linalg.batch_matmul ins(%q, %c : tensor<32x128x32xf32>, tensor<32x32x128xf32>) ...
    ```
    becomes one `linalg.generic` of five loops that reads `%k`.

    Functions without a recorded signature or an op of this dialect are left alone.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::norm::NormDialect", "::mlir::tensor::TensorDialect",
  ];
}

def TileContractions
    : Pass<"norm-tile-contractions", "::mlir::func::FuncOp"> {
  let summary = "Contractions as loops of linear layers with packed weights";
  let description = [{
    A contraction on tensors (a `linalg` op that adds products of two floats of
    one type over one dim) becomes `scf.for` loops over all dims but three: the
    rows, which only one input has, the columns, which only the other one has, and the dim
    that is summed over. In the loops the input with the columns is packed
    (`norm.pack_weight`) and the two are multiplied (`norm.packed_linear`), added to
    the init where that is not filled with zeros.

    What a contraction reads and nothing else does is computed in its loops if it
    is a `norm.generic` that reads a contraction, or a contraction: the two
    matmuls of attention and the softmax between them are one nest of loops.

    Functions without a recorded signature or an op of this dialect are left alone.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::norm::NormDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect",
  ];
  let statistics = [
    Statistic<"numMultiplications", "num-multiplications", "Linear layers in loops">,
  ];
}

def FuseRowBlocks : Pass<"norm-fuse-row-blocks"> {
  let summary = "Compute linear layers and other ops that share rows by row block";
  let description = [{
    `norm.packed_linear` and `norm.generic` on tensors that follow each other,
    where row i is computed from rows i, become one `scf.for` over blocks of rows:
    layer and norm, norm and the layers that share its rows, whole feed-forward
    halves. What only they read is a tensor of one block, allocated before the
    loop. Blocks are as equal as they can be; fewer rows than a block are one.

    So do `norm.generic` of which several read the same tensor, if its rows have
    between 64 KiB and 1 MiB, as the three steps of a channels-last group
    normalization: they find a row in the cache that one of them has read. Their
    stores bypass the caches as those of whole tensors do.

    Rows are not computed by block where the ops are one block, and where a norm's
    rows are so long that a block of them, 16 MiB, is in no cache when a linear
    layer reads it (but if `rows` is given). A remark says so, and why two ops stay
    apart: one reduces the rows of the other, or an op between them needs all rows.

    The loop's `norm.plan` says how many rows a block has at most; a loop without
    linear layers has the attribute `norm.shared_rows`. No bit of a
    result depends on the blocks.
  }];
  let options = [
    Option<"rows", "rows", "int64_t", /*default=*/"0",
           "The most rows of a block; chosen by the caches if 0">,
  ];
  let statistics = [
    Statistic<"numLoops", "num-loops", "Loops over row blocks">,
    Statistic<"numFused", "num-fused", "Ops in them">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect",
  ];
}

def PackLinear : Pass<"norm-pack-linear", "ModuleOp"> {
  let summary = "Put the weights of linear layers into panels";
  let description = [{
    Turns `norm.linear` into `norm.packed_linear`, whose weight is packed in
    panels as wide as the CPU's register tile. The rows of x are its leading
    dims, collapsed.

    - A constant weight is packed by the compiler.
    - A function argument of static shape, all of whose uses are weights of
      `norm.linear` in one layout, becomes the packed weight, with the attribute
      `norm.packed` (the original type, and a tag of shape, type, layout and
      panel), and a function `@<f>_pack_<name>` with the attribute
      `norm.pack_of` is added, which packs it.
    - Any other weight is packed where it is used, at every call.
  }];
  let dependentDialects = [
    "affine::AffineDialect", "arith::ArithDialect", "func::FuncDialect",
    "tensor::TensorDialect",
  ];
  let statistics = [
    Statistic<"numConstants", "num-constants", "Weights packed by the compiler">,
    Statistic<"numArguments", "num-arguments", "Arguments that are passed packed">,
    Statistic<"numPerCall", "num-per-call", "Weights packed at every call">,
  ];
}

def LowerPackedLinear : Pass<"norm-lower-packed-linear"> {
  let summary = "Linear layers on memrefs to loops and vectors";
  let description = [{
    Lowers `norm.packed_linear` and `norm.pack_weight` on memrefs to `scf`,
    `vector` and `memref`: row blocks, panels of the weight, register tiles, and
    in them a loop over the input features that carries the accumulators. Every
    element is one chain of multiply-adds in f32 (f64) in the order of the input
    features, so that its bits depend on nothing but its row and its weights.
    AVX512_BF16 multiplies pairs of bf16: it takes subnormal elements and sums for zero,
    so that a weight below 2^-126 is lost however large what it is multiplied by.

    A `norm.generic` behind a layer that computes elements of its results from
    single elements of the layer's result is computed by pieces, as soon as these
    are there: the pass copies it into the loop over panels. What only that reads is
    then a temporary of one piece. Arguments that the function writes are taken to
    overlap no others, as `norm-c-abi` makes sure.

    Scratch memory is allocated at the start of the function. A weight that was
    packed for another target is an error.
  }];
  let dependentDialects = [
    "arith::ArithDialect", "LLVM::LLVMDialect", "memref::MemRefDialect",
    "scf::SCFDialect", "vector::VectorDialect",
  ];
}

#endif // NORM_CPU_LINEARPASSES_TD
