//===- NormOps.td - Graph-level operations -----------------*- tablegen -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMOPS_TD
#define NORM_DIALECT_NORM_IR_NORMOPS_TD

include "norm/Dialect/Norm/IR/NormDialect.td"
include "norm/Dialect/Norm/IR/NormEnums.td"
include "norm/Dialect/Norm/IR/NormGenericOps.td"
include "norm/Dialect/Norm/IR/NormLinearOps.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// The element types that graph-level ops take.
def Norm_Tensor : TensorRankOf<[F32, F64, F16, BF16], [1, 2, 3, 4, 5, 6, 7, 8]>;

/// A pure op on tensors whose first result has the shape of its first operand.
class Norm_GraphOp<string mnemonic, list<Trait> traits = []>
    : Norm_Op<mnemonic, !listconcat(traits, [Pure,
        DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>])> {
  let hasVerifier = 1;
}

class Norm_NormalizationOp<string mnemonic, list<Trait> traits = []>
    : Norm_GraphOp<mnemonic, !listconcat(traits, [AttrSizedOperandSegments])> {
  // Axes have one canonical spelling.
  let hasCanonicalizeMethod = 1;
}

/// The parts of a description that the row normalizations share. Joined by
/// !strconcat: operands of # see no variable of this level.
defvar Norm_OptionalText = [{
    Optional attributes:
    - `accumulate`: the float type of statistics and of the arithmetic, at least
      as wide as the element type; f32 for 16-bit elements, else the element type.
    - `scale_offset` (0.0): added to the scale in the accumulation type; 1.0 is
      the Gemma form.
    - `cast_before_scale`: the normalized value is rounded to the type of x before
      scale and shift are applied (the Llama form).
  }];
defvar Norm_AxesText = [{
    Constraints:
    - (C1) `axes` is not empty.
    - (C2) every axis is in [-rank(x), rank(x)).
    - (C3) no axis is given twice.
    - (C4) `epsilon` is finite and not negative.
    - (C5) the result has the type of x.
  }];
defvar Norm_AffineText = [{
    - (C6) scale and shift have the shape of the normalized axes of x, in
      ascending axis order.
    - (C7) the element types of scale and shift are that of x or wider.
    - (C8) `accumulate` is f32 or f64 and not narrower than the element type of x.
    - (C9) `scale_offset` is finite; `scale_offset` and `cast_before_scale` need a scale.
  }];
defvar Norm_ChannelText = [{
    Constraints:
    - (C1) the rank of x is at least 2.
    - (C2) `channel_axis` is in [-rank(x), rank(x)) and is not dim 0, the batch.
    - (C3) `epsilon` is finite and not negative.
    - (C4) the result y has the type of x.
    - (C5) scale, shift, mean and variance have the shape [C], C the size of the
      channel dim.
    - (C6) the element types of scale, shift, mean and variance are that of x or wider.
    - (C7) `accumulate` is f32 or f64 and not narrower than the element type of x.
    - (C8) `scale_offset` is finite; `scale_offset` and `cast_before_scale` need a scale.
  }];

def Norm_LayerNormOp : Norm_NormalizationOp<"layer_norm"> {
  let summary = "layer normalization over any subset of the axes";
  let description = !strconcat([{
    y = (x - mean) * rstd * (scale + scale_offset) + shift, where over the
    normalized axes mean = sum(x) / N, rstd = 1 / sqrt(sum((x - mean)^2) / N + epsilon)
    (Ba et al., arXiv:1607.06450). With three results the mean and rstd are
    returned too; they drop the normalized axes and have the accumulation type.

    }], Norm_OptionalText, Norm_AxesText, Norm_AffineText, [{
    - (C10) there are one or three results; mean and rstd have the shape of x
      without the normalized axes and the accumulation type.
    - (C11) no type has more elements than fit in 63 bits at 8 bytes each.

    ```mlir
    %y = norm.layer_norm %x scale %g shift %b axes [1] epsilon 1.0e-6
      : (tensor<?x768xf32>, tensor<768xf32>, tensor<768xf32>) -> tensor<?x768xf32>
    ```
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    DenseI64ArrayAttr:$axes, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result, Variadic<AnyRankedTensor>:$statistics);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `axes` $axes (`epsilon` $epsilon^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_RmsNormOp : Norm_NormalizationOp<"rms_norm"> {
  let summary = "root-mean-square normalization over any subset of the axes";
  let description = !strconcat([{
    y = x * rstd * (scale + scale_offset) + shift, where over the normalized axes
    rstd = 1 / sqrt(sum(x^2) / N + epsilon) (Zhang and Sennrich, arXiv:1910.07467).
    With two results rstd is returned too.

    }], Norm_OptionalText, Norm_AxesText, Norm_AffineText, [{
    - (C10) there are one or two results; rstd has the shape of x without the
      normalized axes and the accumulation type.
    - (C11) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    DenseI64ArrayAttr:$axes, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result, Variadic<AnyRankedTensor>:$statistics);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `axes` $axes (`epsilon` $epsilon^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_GroupNormOp : Norm_NormalizationOp<"group_norm"> {
  let summary = "group normalization";
  let description = !strconcat([{
    The channels are split into `groups` groups of consecutive channels; each
    sample's group, with all spatial dims, is normalized as by `norm.layer_norm`;
    scale and shift are per channel (Wu and He, arXiv:1803.08494).

    }], Norm_OptionalText, Norm_ChannelText, [{
    - (C9) `groups` is positive and divides the number of channels, which is static.
    - (C10) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    I64Attr:$groups, I64Attr:$channel_axis, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `groups` $groups
    `channel_axis` $channel_axis (`epsilon` $epsilon^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_InstanceNormOp : Norm_NormalizationOp<"instance_norm"> {
  let summary = "instance normalization";
  let description = !strconcat([{
    Each channel of each sample is normalized over the spatial dims as by
    `norm.layer_norm`; scale and shift are per channel (Ulyanov et al.,
    arXiv:1607.08022). Without spatial dims each element is its own mean.

    }], Norm_OptionalText, Norm_ChannelText, [{
    - (C9) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    I64Attr:$channel_axis, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `channel_axis` $channel_axis
    (`epsilon` $epsilon^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_BatchNormOp : Norm_NormalizationOp<"batch_norm"> {
  let summary = "batch normalization with given statistics (inference)";
  let description = !strconcat([{
    y = (x - mean[c]) / sqrt(variance[c] + epsilon) * (scale[c] + scale_offset) + shift[c]
    (Ioffe and Szegedy, arXiv:1502.03167).

    }], Norm_OptionalText, Norm_ChannelText, [{
    - (C9) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    Norm_Tensor:$mean, Norm_Tensor:$variance,
    I64Attr:$channel_axis, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `mean` $mean `variance` $variance
    `channel_axis` $channel_axis (`epsilon` $epsilon^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_BatchNormTrainingOp : Norm_NormalizationOp<"batch_norm_training"> {
  let summary = "batch normalization with the statistics of the batch";
  let description = !strconcat([{
    Each channel is normalized over the batch and the spatial dims. Results: y, the
    mean and the biased variance of each channel, in the accumulation type.
    Running statistics are the caller's.

    }], Norm_OptionalText, Norm_ChannelText, [{
    - (C9) mean and variance results have the shape [C] and the accumulation type.
    - (C10) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins
    Norm_Tensor:$input, Optional<Norm_Tensor>:$scale, Optional<Norm_Tensor>:$shift,
    I64Attr:$channel_axis, DefaultValuedAttr<F64Attr, "1.0e-5">:$epsilon,
    OptionalAttr<TypeAttr>:$accumulate, DefaultValuedAttr<F64Attr, "0.0">:$scale_offset,
    UnitAttr:$cast_before_scale);
  let results = (outs AnyRankedTensor:$result, AnyRankedTensor:$mean, AnyRankedTensor:$variance);
  let assemblyFormat = [{
    $input (`scale` $scale^)? (`shift` $shift^)? `channel_axis` $channel_axis
    (`epsilon` $epsilon^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_L2NormOp : Norm_GraphOp<"l2_norm"> {
  let hasCanonicalizeMethod = 1;
  let summary = "division by the Euclidean norm";
  let description = !strconcat([{
    y = x / max(sqrt(sum(x^2)), epsilon) over the normalized axes. The default
    epsilon is 1e-12.

    }], Norm_AxesText, [{
    - (C6) `accumulate` is f32 or f64 and not narrower than the element type of x.
    - (C7) no type has more elements than fit in 63 bits at 8 bytes each.
  }]);
  let arguments = (ins Norm_Tensor:$input, DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<F64Attr, "1.0e-12">:$epsilon, OptionalAttr<TypeAttr>:$accumulate);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `axes` $axes (`epsilon` $epsilon^)? attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_LinearOp : Norm_GraphOp<"linear"> {
  let summary = "linear layer over the last axis";
  let description = [{
    y[..., o] = sum_k x[..., k] * w[o, k] + bias[o], accumulated in f32 (f64 for
    f64), the bias added, in f64 if it is f64, before the one rounding to the
    result's type. With `layout in_out` the weight is indexed w[k, o] (ONNX).

    Constraints:
    - (C1) the weight has rank 2.
    - (C2) the last dim of x has the size of the weight's input dim.
    - (C3) the bias has rank 1 and the size of the weight's output dim.
    - (C4) the result has the shape of x with the weight's output dim as the last.
    - (C5) the weight has the element type of x; the bias that of x or wider.
    - (C6) the result's element type is that of x or wider.
    - (C7) no type has more elements than fit in 63 bits at 8 bytes each.
  }];
  let arguments = (ins Norm_Tensor:$input, Norm_Tensor:$weight, Optional<Norm_Tensor>:$bias,
    DefaultValuedAttr<Norm_WeightLayout, "::mlir::norm::WeightLayout::OutIn">:$layout);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? (`layout` $layout^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def Norm_ActivationOp : Norm_GraphOp<"activation"> {
  let summary = "elementwise activation function";
  let description = [{
    | kind | y |
    | --- | --- |
    | `relu` | max(x, 0) |
    | `gelu_erf` | x/2 (1 + erf(x / sqrt 2)) |
    | `gelu_tanh` | x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) |
    | `silu` | x / (1 + exp(-x)) |
    | `sigmoid` | 1 / (1 + exp(-x)) |
    | `tanh` | tanh(x) |
    | `quick_gelu` | x / (1 + exp(-1.702 x)) |
    | `softplus` | log(1 + exp(x)) |
    | `leaky_relu` | x < 0 ? alpha x : x, alpha 0.01 |
    | `elu` | x < 0 ? alpha (exp(x) - 1) : x, alpha 1 |
    | `hardswish` | x min(max(x + 3, 0), 6) / 6 |
    | `mish` | x tanh(log(1 + exp(x))) |

    Computed in f32 for 16-bit elements and rounded once. NaN propagates.

    Constraints:
    - (C1) the result has the type of x.
    - (C2) `alpha` is given for `leaky_relu` and `elu` only, and is finite.
    - (C3) no type has more elements than fit in 63 bits at 8 bytes each.
  }];
  let arguments = (ins Norm_ActivationKind:$kind, Norm_Tensor:$input, OptionalAttr<F64Attr>:$alpha);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$kind $input attr-dict `:` functional-type(operands, results)";
}

#endif // NORM_DIALECT_NORM_IR_NORMOPS_TD
