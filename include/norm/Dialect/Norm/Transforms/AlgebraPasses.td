//===- AlgebraPasses.td - Passes that change constant weights -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_TRANSFORMS_ALGEBRAPASSES_TD
#define NORM_DIALECT_NORM_TRANSFORMS_ALGEBRAPASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // NORM_DIALECT_NORM_TRANSFORMS_ALGEBRAPASSES_TD
