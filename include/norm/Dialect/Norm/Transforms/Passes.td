//===- Passes.td - Graph-to-graph passes of the norm dialect --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_PASSES_TD
#define NORM_DIALECT_NORM_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

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

def FoldAffine : Pass<"norm-fold-affine"> {
  let summary = "Fold scale and shift of a normalization into linear layers";
  let description = [{
    Where the result of a normalization with scale g and shift s, one element
    each for each of the last dim, is the input of linear layers and of nothing
    else, these take over scale and shift: W' = W diag(g), b' = b + W s. Reshapes
    of leading dims may be between.

    It saves a multiplication, an addition and two reads for each element of the
    input and adds nothing, unless a layer had no bias: then one addition for each
    element of its output. All of scale, shift, weights and biases must be
    constant and finite, and nothing else may use the weights. Products that
    overflow, or that lose digits below the smallest normal number where all of
    an output's weights are small, are declined.

    W' is rounded once, b' is summed in long double and rounded once, in the
    wider of the bias's type and that of the accumulation. That stays in the
    table of `norm/Interpreter/Tolerance.h` for f32 and f64. Weights of 16 bits are
    changed with `relaxed` only: they have been rounded once already.

    ```mlir
    %n = norm.layer_norm %x scale %g shift %s axes [1] : …
    %y = norm.linear %n weight %w bias %b : …
    ```
    becomes
    ```mlir
    %n = norm.layer_norm %x axes [1] : …
    %y = norm.linear %n weight %w1 bias %b1 : …
    ```

    Remarks of the category `norm-fold-affine` say what was folded, and what was not
    and why.
  }];
  let options = [
    Option<"relaxed", "relaxed", "bool", /*default=*/"false",
           "Also change weights of 16 bits, which rounds them anew">,
  ];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Normalizations without scale and shift now">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FoldBatchNorm : Pass<"norm-fold-batch-norm"> {
  let summary = "Fold inference batch norms into linear layers";
  let description = [{
    A `norm.batch_norm` whose channels are the last dim and whose statistics, scale
    and shift are constant is one multiplication and one addition for each
    element. The linear layer that computes its input takes them over in its weight
    and bias, if nothing else uses its result; else those that read its result do,
    if nothing else does. Reshapes of leading dims may be between. The op is gone
    then, and a layer without a bias has one.

    Weights and biases must be constant, weights, factors and terms finite, and
    nothing else may use the weights. Before linear layers, no mean may be more
    than 8 standard deviations from zero: the products that are summed are of x
    then, no longer of x - mean, and their roundings grow with that ratio. Each
    new number is computed in long double and rounded once, so that the results
    stay in the table of `norm/Interpreter/Tolerance.h`. `relaxed` changes
    weights of 16 bits, too, and lets means be as large as they are.

    ```mlir
    %h = norm.linear %x weight %w bias %b : …
    %y = norm.batch_norm %h scale %g shift %s mean %m variance %v channel_axis 1 : …
    ```
    becomes
    ```mlir
    %y = norm.linear %x weight %w1 bias %b1 : …
    ```

    Remarks of the category `norm-fold-batch-norm` say what was folded, and what was
    not and why.
  }];
  let options = [
    Option<"relaxed", "relaxed", "bool", /*default=*/"false",
           "Also change weights of 16 bits, and before linear layers fold means "
           "of any size">,
  ];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Batch norms that are gone">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def FoldCentering : Pass<"norm-fold-centering"> {
  let summary = "Fold the mean of layer norms into linear layers";
  let description = [{
    Layer norms over the last dim whose input is computed by linear layers with
    constant weights, by sums and differences (`arith.addf`, `arith.subf`) of
    them and by reshapes of leading dims become `norm.rms_norm`: each layer's
    weight loses the mean over the output features, W' = W - 1 1^T W / N, its bias
    likewise. A residual that is added must be of that kind, too, or the result
    of a layer norm without scale and shift, whose mean is zero as it is. Nothing
    but layer norms may read the sums, and nothing may use their means: they
    become zero.

    It saves a reduction and a subtraction for each element. The weights are rounded
    anew, so this is for `--accuracy=relaxed`. The result is no less exact than
    before: products with the mean, which grow with mean/std and cancel, are not
    summed any more.

    ```mlir
    %h = norm.linear %x weight %w bias %b : …
    %y = norm.layer_norm %h scale %g shift %s axes [1] : …
    ```
    becomes
    ```mlir
    %h = norm.linear %x weight %w1 bias %b1 : …
    %y = norm.rms_norm %h scale %g shift %s axes [1] : …
    ```

    Remarks of the category `norm-fold-centering` say which norms lost their mean, and
    which did not and why.
  }];
  let statistics = [
    Statistic<"numReplaced", "num-replaced", "Layer norms that became rms norms">,
    Statistic<"numCentered", "num-centered", "Linear layers with centred weights">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def DeferNormalization : Pass<"norm-defer-normalization"> {
  let summary = "Normalize the results of linear layers, not their input";
  let description = [{
    Where linear layers are all that reads a layer norm or rms norm over the last
    dim, without scale and shift, they read x itself, and their results are
    normalized: y = rstd * (W x - mean * c) + b, where c has the sums of each
    output's weights. The sums are of the weights as they are stored, computed in
    long double, which needs constant weights; an rms norm has no mean, and takes
    any.

    It saves one read for each of the K elements of a row, and a write where x is in
    memory as it is; it adds a write and a read for each of the N elements of the
    results. So it is done where the layers together have at most half as many
    output features as input features: a router, a bottleneck, a head of few
    classes. Elsewhere the row block in which norm and layer are fused costs less.

    W x and mean * c cancel, so that the error grows with mean/std, as that of the
    norm before the layer does not: for `--accuracy=relaxed`. x itself is multiplied,
    and may overflow where normalized values do not.

    ```mlir
    %n = norm.layer_norm %x axes [1] : …
    %y = norm.linear %n weight %w bias %b : …
    ```
    becomes
    ```mlir
    %n, %mean, %rstd = norm.layer_norm %x axes [1] : …
    %p = norm.linear %x weight %w : …
    %y = norm.generic ins(%p, %rstd, %mean, %c, %b : …) …
    ```

    Remarks of the category `norm-defer-normalization` say what was deferred, and what
    was not and why.
  }];
  let statistics = [
    Statistic<"numDeferred", "num-deferred", "Linear layers before their normalization">,
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
