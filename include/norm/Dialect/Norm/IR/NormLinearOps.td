//===- NormLinearOps.td - Linear layers on packed weights -*- tablegen -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMLINEAROPS_TD
#define NORM_DIALECT_NORM_IR_NORMLINEAROPS_TD

include "norm/Dialect/Norm/IR/NormDialect.td"
include "norm/Dialect/Norm/IR/NormEnums.td"
include "norm/Dialect/Norm/IR/NormGenericOps.td"

/// An op on tensors or memrefs with one output, which it overwrites.
class Norm_DestinationOp<string mnemonic, list<Trait> traits = []>
    : Norm_Op<mnemonic, !listconcat(traits, [
        DestinationStyleOpInterface,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>])> {
  let results = (outs Optional<AnyRankedTensor>:$result);
  let hasVerifier = 1;
}

defvar Norm_PackedText = [{
    The packed form of an out x in weight W[N, K] is a row-major array of panels of
    NR output features each: `[ceil(N/NR)][K][NR]`, or with the input features in
    pairs, as the dot products of two 16-bit elements take them,
    `[ceil(N/NR)][P][NR][2]`, where the number P of row pairs is ceil(K/2), or that
    rounded up to a multiple of 16, as tiles of matrix units take them. What lies past
    N or K is zero.
}];

def Norm_PackWeightOp : Norm_DestinationOp<"pack_weight"> {
  let summary = "arrange a weight in panels";
  let description = !strconcat([{
    }], Norm_PackedText, [{
    With `layout in_out` the weight is W[K, N].

    Constraints:
    - (C1) the weight has rank 2, the output rank 3 or 4; NR is static and
      positive and the last dim of rank 4 is 2.
    - (C2) the output has ceil(N/NR) panels of K rows, or of P row pairs.
    - (C3) weight and output have one element type.
    - (C4) the operands are all tensors or all memrefs; a tensor output has a
      result of its type.

    ```mlir
    %p = norm.pack_weight ins(%w : tensor<768x384xf32>) outs(%e : tensor<16x384x48xf32>)
           -> tensor<16x384x48xf32>
    ```
  }]);
  let arguments = (ins Norm_Shaped:$weight, Norm_Shaped:$init,
    DefaultValuedAttr<Norm_WeightLayout, "::mlir::norm::WeightLayout::OutIn">:$layout);
  let assemblyFormat = [{
    `ins` `(` $weight `:` type($weight) `)` `outs` `(` $init `:` type($init) `)`
    (`layout` $layout^)? attr-dict (`->` type($result)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

def Norm_PackedLinearOp : Norm_DestinationOp<"packed_linear", [
    DeclareOpInterfaceMethods<TilingInterface, [
      "getLoopIteratorTypes", "getIterationDomain", "getTiledImplementation",
      "getResultTilePosition", "generateResultTileValue",
      "getIterationDomainTileFromResultTile", "getIterationDomainTileFromOperandTiles",
      "getTiledImplementationFromOperandTiles"]>]> {
  let summary = "linear layer on a packed weight";
  let description = !strconcat([{
    y[r, o] = sum_k x[r, k] W[o, k] + bias[o] as `norm.linear`: accumulated in f32
    (f64 for f64), the bias added before the one rounding to the type of the output.
    The output is not read; its shape says how many features there are.

    }], Norm_PackedText, [{
    Rows can be tiled at will, output features in multiples of NR, and the input
    features have to be whole.

    Constraints:
    - (C1) x and the output have rank 2 and the same number of rows.
    - (C2) the weight has rank 3 or 4; NR is static and positive and the last dim of
      rank 4 is 2.
    - (C3) the weight has K rows, or P row pairs, K the last dim of x.
    - (C4) the weight has ceil(N/NR) panels, N the last dim of the output.
    - (C5) the bias has rank 1 and N elements.
    - (C6) x and the weight have one element type, f32, f64, f16 or bf16; bias and
      output have that or a wider one.
    - (C7) the operands are all tensors or all memrefs; a tensor output has a
      result of its type.

    ```mlir
    %y = norm.packed_linear ins(%x, %w, %b : tensor<?x384xf32>, tensor<32x384x48xf32>, tensor<1536xf32>)
           outs(%e : tensor<?x1536xf32>) -> tensor<?x1536xf32>
    ```
  }]);
  let arguments = (ins Norm_Shaped:$input, Norm_Shaped:$weight, Optional<Norm_Shaped>:$bias,
                       Norm_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $input `,` $weight (`,` $bias^)? `:` type($input) `,` type($weight)
      (`,` type($bias)^)? `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }

    /// The width NR of a panel.
    int64_t getPanelWidth() {
      return ::llvm::cast<::mlir::ShapedType>(getWeight().getType()).getDimSize(2);
    }
    /// Whether the input features of the weight are in pairs.
    bool hasPairs() {
      return ::llvm::cast<::mlir::ShapedType>(getWeight().getType()).getRank() == 4;
    }
    /// Whether the op is on buffers.
    bool hasBufferSemantics() {
      return ::llvm::isa<::mlir::MemRefType>(getInit().getType());
    }
  }];
}

#endif // NORM_DIALECT_NORM_IR_NORMLINEAROPS_TD
