// The end of a MiniLM layer's attention: output projection, residual and layer
// normalization. The weights' keys are those of layer 0; run.sh makes the other
// layers' from them.
func.func @attention_output(
    %context: tensor<?x384xf32>,
    %weight: tensor<384x384xf32>
        {norm.weight = "encoder.layer.0.attention.output.dense.weight"},
    %bias: tensor<384xf32>
        {norm.weight = "encoder.layer.0.attention.output.dense.bias"},
    %residual: tensor<?x384xf32>,
    %scale: tensor<384xf32>
        {norm.weight = "encoder.layer.0.attention.output.LayerNorm.weight"},
    %shift: tensor<384xf32>
        {norm.weight = "encoder.layer.0.attention.output.LayerNorm.bias"})
    -> tensor<?x384xf32> {
  %projected = norm.linear %context weight %weight bias %bias
      : (tensor<?x384xf32>, tensor<384x384xf32>, tensor<384xf32>)
      -> tensor<?x384xf32>
  %sum = arith.addf %projected, %residual : tensor<?x384xf32>
  %y = norm.layer_norm %sum scale %scale shift %shift axes [1] epsilon 1.0e-12
      : (tensor<?x384xf32>, tensor<384xf32>, tensor<384xf32>)
      -> tensor<?x384xf32>
  return %y : tensor<?x384xf32>
}
