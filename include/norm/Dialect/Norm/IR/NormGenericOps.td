//===- NormGenericOps.td - Row programs --------------------*- tablegen -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMGENERICOPS_TD
#define NORM_DIALECT_NORM_IR_NORMGENERICOPS_TD

include "norm/Dialect/Norm/IR/NormDialect.td"
include "norm/Dialect/Norm/IR/NormEnums.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/TilingInterface.td"

def Norm_Shaped : AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>;
def Norm_Scalar : AnyTypeOf<[AnyFloat, AnySignlessInteger, Index]>;

def Norm_GenericOp : Norm_Op<"generic", [
    AttrSizedOperandSegments, SingleBlock, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<TilingInterface, [
      "getLoopIteratorTypes", "getIterationDomain", "getTiledImplementation",
      "getResultTilePosition", "generateResultTileValue",
      "getIterationDomainTileFromResultTile", "getIterationDomainTileFromOperandTiles",
      "getTiledImplementationFromOperandTiles"]>]> {
  let summary = "a scalar program over every element of an iteration space";
  let description = [{
    The body computes one element of the iteration space; `norm.reduce` and
    `norm.center` are the only ops in it that see the other elements. Each
    operand is indexed by a projected permutation of the dims. Inits are never
    read. A value of the body *varies* over a set of dims: a block argument over
    those of its operand's map, an op over those of its operands, `norm.index d`
    over d, a reduction over those of its operand without the reduced ones.

    Constraints:
    - (C1) there is one map per operand, a projected permutation of the dims whose
      results are as many as the operand's rank.
    - (C2) every dim is indexed by at least one operand; operands agree on its size.
    - (C3) the operands are all tensors or all memrefs; there is one result per
      output tensor, of its type.
    - (C4) there is one block argument per input, of its element type or a wider float.
    - (C5) the terminator yields one value per output, of its element type or a wider
      float (rounded there, once; conversions to fp8 saturate).
    - (C6) the body holds constants, `norm` ops on scalars and other pure,
      speculatable ops on scalars that are elementwise on vectors (those of `arith`
      and `math` are); tensors and memrefs are not captured, scalars may be.
    - (C7) a yielded value does not vary over a dim that its output's map lacks.
    - (C8) `over` names distinct dims of the op; those of `norm.reduce` and
      `norm.center` are reduction dims.
    - (C9) no type has more elements than fit in 63 bits at 8 bytes each.

    ```mlir
    %y = norm.generic ins(%x : tensor<?x768xf32>) outs(%e : tensor<?x768xf32>)
        iterators [parallel, reduction]
        maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32):
      %m = norm.reduce max %v over [1] : f32
      %d = arith.subf %v, %m : f32
      %p = math.exp %d : f32
      %s = norm.reduce add %p over [1] : f32
      %q = arith.divf %p, %s : f32
      norm.yield %q : f32
    }
    ```
  }];
  let arguments = (ins Variadic<Norm_Shaped>:$inputs, Variadic<Norm_Shaped>:$outputs,
                       AffineMapArrayAttr:$indexing_maps, StrArrayAttr:$iterator_types);
  let results = (outs Variadic<AnyRankedTensor>:$result_tensors);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizer = 1;
  let builders = [
    OpBuilder<(ins "::mlir::ValueRange":$inputs, "::mlir::ValueRange":$outputs,
                   "::llvm::ArrayRef<::mlir::AffineMap>":$maps,
                   "::llvm::ArrayRef<::mlir::utils::IteratorType>":$iterators,
                   "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>
  ];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutputsMutable(); }

    /// The block of the body.
    ::mlir::Block *getBodyBlock() { return &getBody().front(); }
    /// The number of dims of the iteration space.
    unsigned getNumLoops() { return getIteratorTypes().size(); }
    /// The map of operand `i` (inputs first, then outputs).
    ::mlir::AffineMap getMap(unsigned i) {
      return ::llvm::cast<::mlir::AffineMapAttr>(getIndexingMaps()[i]).getValue();
    }
    /// The map of output `i`.
    ::mlir::AffineMap getOutputMap(unsigned i) { return getMap(getInputs().size() + i); }
    /// All maps, in operand order.
    ::llvm::SmallVector<::mlir::AffineMap> getMaps();
    /// Whether dim `d` is a reduction dim.
    bool isReductionDim(unsigned d) {
      return ::llvm::cast<::mlir::StringAttr>(getIteratorTypes()[d]).getValue() == "reduction";
    }
    /// The positions of the dims that operand `i` is indexed by, in the order of its shape.
    ::llvm::SmallVector<unsigned> getOperandDims(unsigned i);
    /// The sizes of the dims; ShapedType::kDynamic where no operand knows it.
    ::llvm::SmallVector<int64_t> getStaticLoopSizes();
    /// An operand and its dimension that carry dim `d`.
    std::pair<::mlir::Value, unsigned> getDimSource(unsigned d);
    /// Whether the op is on buffers.
    bool hasBufferSemantics() {
      return !getOutputs().empty() && ::llvm::isa<::mlir::MemRefType>(getOutputs().front().getType());
    }
    /// The terminator.
    ::mlir::norm::YieldOp getYield();
  }];
}

class Norm_BodyOp<string mnemonic, list<Trait> traits = []>
    : Norm_Op<mnemonic, !listconcat(traits, [Pure, HasParent<"GenericOp">])>;

def Norm_ReduceOp : Norm_BodyOp<"reduce", [SameOperandsAndResultType]> {
  let summary = "combine a value over reduction dims";
  let description = [{
    The combination of the value over all elements of the dims in `over`. The
    order of the combination is the back end's choice, fixed for a row length,
    a type and a target. A NaN element makes the result NaN. `max` and `min` of
    integers are signed. Over no elements the result is the neutral element.

    ```mlir
    %s = norm.reduce add %v over [1] : f32
    ```
  }];
  let arguments = (ins Norm_ReduceKind:$kind, Norm_Scalar:$value, DenseI64ArrayAttr:$dims);
  let results = (outs Norm_Scalar:$result);
  let assemblyFormat = "$kind $value `over` $dims attr-dict `:` type($value)";
}

def Norm_CenterOp : Norm_BodyOp<"center", [AllTypesMatch<["value", "centered", "mean"]>]> {
  let summary = "subtract the mean over reduction dims";
  let description = [{
    `centered` is the value minus its mean over the dims in `over`, `mean` that mean:
    that of the elements over the dims in which the value varies. Over the others
    it is the value itself, even if they have no elements; the mean of no elements
    is NaN.
    A back end may keep the mean as the sum of two floats and compute the
    mean and sums of squares of `centered` in one read.

    ```mlir
    %c, %mean = norm.center %v over [1] : f32
    ```
  }];
  let arguments = (ins AnyFloat:$value, DenseI64ArrayAttr:$dims);
  let results = (outs AnyFloat:$centered, AnyFloat:$mean);
  let assemblyFormat = "$value `over` $dims attr-dict `:` type($value)";
}

def Norm_ExtentOp : Norm_BodyOp<"extent"> {
  let summary = "the number of elements of dims";
  let description = [{
    The product of the sizes of the dims in `over`, of the untiled iteration space.
    ```mlir
    %n = norm.extent over [1] : f32
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$dims);
  let results = (outs Norm_Scalar:$result);
  let assemblyFormat = "`over` $dims attr-dict `:` type($result)";
}

def Norm_IndexOp : Norm_BodyOp<"index"> {
  let summary = "the position of the element in a dim";
  let description = [{
    ```mlir
    %i = norm.index 1 : index
    ```
  }];
  let arguments = (ins I64Attr:$dim);
  let results = (outs Index:$result);
  let assemblyFormat = "$dim attr-dict `:` type($result)";
}

def Norm_YieldOp : Norm_Op<"yield", [Pure, Terminator, HasParent<"GenericOp">]> {
  let summary = "the outputs' elements";
  let arguments = (ins Variadic<Norm_Scalar>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

#endif // NORM_DIALECT_NORM_IR_NORMGENERICOPS_TD
