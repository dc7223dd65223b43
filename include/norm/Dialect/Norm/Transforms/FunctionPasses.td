//===- FunctionPasses.td - What callers see of functions on tensors -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_FUNCTIONPASSES_TD
#define NORM_DIALECT_NORM_TRANSFORMS_FUNCTIONPASSES_TD

include "mlir/Pass/PassBase.td"

def GuardElements : Pass<"norm-guard-elements", "::mlir::func::FuncOp"> {
  let summary = "Assert that indices that are data are in bounds";
  let description = [{
    An index of a `tensor.extract` that is computed from elements of tensors, as in
    a gather of rows by token ids, may be anything. Each such index is compared with the
    size of its dim: a `cf.assert` says that it is in bounds, and element 0 is read
    where it is not, so that nothing outside of the tensor is.

    ```mlir
    %e = tensor.extract %table[%id, %d] : tensor<128x64xf32>
    ```
    becomes
    ```mlir
    %inside = arith.cmpi ult, %id, %c128 : index
    cf.assert %inside, "an index is outside of the tensor that it is into"
    %i = arith.select %inside, %id, %c0 : index
    %e = tensor.extract %table[%i, %d] : tensor<128x64xf32>
    ```

    Indices that follow from sizes, integer arguments and loops are checked when
    the kernel is called (`norm-record-signature`).
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::tensor::TensorDialect",
  ];
  let statistics = [
    Statistic<"numGuarded", "num-guarded", "Indices that are compared">,
  ];
}

def RecordSignature : Pass<"norm-record-signature", "func::FuncOp"> {
  let summary = "Record the sizes of arguments and results as attributes";
  let description = [{
    Gives every tensor argument and result of a function the attribute
    `norm.sizes`: its sizes as functions of symbols, each of which is the size of
    an argument dim. Dims that the ops of the body need equal have the same
    symbol; a symbol is defined by the first argument dim that is just it. What
    must hold beyond that (a dim that is split must divide, a slice must be in
    bounds) becomes the function attribute `norm.size_constraints`, an affine set
    over the same symbols and, behind them, the arguments that are integers.
    Where all results have one symbol as leading size and row i of each follows
    from row i of some arguments and from all of the others, these and the results
    get `norm.rows`.

    Later passes change the body and its types, so this runs while the ops still
    say what must be equal. Diagnosed, naming the function, the argument or
    result and its type: arguments and results that are neither ranked tensors
    nor scalars, element types without a C counterpart, results whose sizes do
    not follow from those of the arguments, sizes that cannot be equal, slices
    and elements of tensors at positions that follow neither from sizes and
    integer arguments nor from the loops around them.

    ```mlir
    func.func @f(%x: tensor<?x?xf32> {norm.sizes = affine_map<()[s0, s1] -> (s0, s1)>},
                 %g: tensor<?xf32> {norm.sizes = affine_map<()[s0, s1] -> (s1)>})
        -> (tensor<?x?xf32> {norm.sizes = affine_map<()[s0, s1] -> (s0, s1)>})
    ```
  }];
}

def DestinationPassing : Pass<"norm-destination-passing", "func::FuncOp"> {
  let summary = "Pass function results as memref arguments";
  let description = [{
    Tensor arguments of the function become memrefs with identity layouts, and so
    do its results: as arguments after all others, with the attribute
    `norm.result`, the number of the result, and the result's attributes. The
    body stays on tensors, ready for one-shot-bufferize without function
    boundaries.

    The destination-style op that computes a result, found through casts,
    reshapes and the ops that initialize its destination, writes into the
    argument: no allocation and no copy remain. Any other result (an argument, a
    constant, a value that is returned twice) is copied. A scalar result is
    stored to a memref of rank 0.
  }];
  let dependentDialects = [
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::memref::MemRefDialect",
  ];
  let statistics = [
    Statistic<"numDirect", "direct-results", "Results written in place">,
    Statistic<"numCopied", "copied-results", "Results copied at the end">,
  ];
}

def AddStrided : Pass<"norm-add-strided", "ModuleOp"> {
  let summary = "Add functions on tensors with strides";
  let description = [{
    Copies every public function. The copy says in `norm.strided` of which
    function: `norm-destination-passing` gives its tensors strides, all but that of the
    last dim dynamic, and `norm-c-abi` makes `Pf_strided` of it.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def FreeRows : Pass<"norm-free-rows"> {
  let summary = "Compute any number of rows where it is static";
  let description = [{
    Where all results have the same static leading dim, of two rows or more, and
    no row of a result depends on another row, that dim becomes dynamic in the
    function: then `norm-c-abi` can make entries that compute some of the rows.
    The leading dim becomes a symbol of its own in `norm.sizes`, and `norm.rows` of the
    arguments and results that have it says which number it stands for.

    It is for `norm.generic`, `norm.packed_linear` and reshapes, after fusion. A
    function that `norm-record-signature` found rows in stays as it is.
  }];
  let options = [
    Option<"minRows", "min-rows", "int64_t", /*default=*/"2",
           "Leave functions of fewer rows as they are: too few to share out">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::tensor::TensorDialect",
  ];
  let statistics = [
    Statistic<"numFreed", "num-freed", "Functions of any number of rows">,
  ];
}

def FlattenRows : Pass<"norm-flatten-rows"> {
  let summary = "Make the leading dims of generics beside linear layers one";
  let description = [{
    `norm.packed_linear` has one dim of rows: the leading dims of its input are
    collapsed before it and expanded behind it. A `norm.generic` on tensors whose
    result is so collapsed or whose input so expanded gets one dim of rows as
    well, unless its body or an operand tells the dims apart. The views between
    layer and generic then cancel.
  }];
  let statistics = [
    Statistic<"numFlattened", "num-flattened", "Generics with one dim of rows">,
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::tensor::TensorDialect",
  ];
}

#endif // NORM_DIALECT_NORM_TRANSFORMS_FUNCTIONPASSES_TD
