// The feed-forward part of a MiniLM layer: two linear layers with a GELU between
// them, residual and layer normalization. The weights' keys are those of layer
// 0; run.sh makes the other layers' from them.
func.func @feed_forward(
    %x: tensor<?x384xf32>,
    %weight1: tensor<1536x384xf32>
        {norm.weight = "encoder.layer.0.intermediate.dense.weight"},
    %bias1: tensor<1536xf32>
        {norm.weight = "encoder.layer.0.intermediate.dense.bias"},
    %weight2: tensor<384x1536xf32>
        {norm.weight = "encoder.layer.0.output.dense.weight"},
    %bias2: tensor<384xf32>
        {norm.weight = "encoder.layer.0.output.dense.bias"},
    %scale: tensor<384xf32>
        {norm.weight = "encoder.layer.0.output.LayerNorm.weight"},
    %shift: tensor<384xf32>
        {norm.weight = "encoder.layer.0.output.LayerNorm.bias"})
    -> tensor<?x384xf32> {
  %wide = norm.linear %x weight %weight1 bias %bias1
      : (tensor<?x384xf32>, tensor<1536x384xf32>, tensor<1536xf32>)
      -> tensor<?x1536xf32>
  %active = norm.activation gelu_erf %wide
      : (tensor<?x1536xf32>) -> tensor<?x1536xf32>
  %narrow = norm.linear %active weight %weight2 bias %bias2
      : (tensor<?x1536xf32>, tensor<384x1536xf32>, tensor<384xf32>)
      -> tensor<?x384xf32>
  %sum = arith.addf %narrow, %x : tensor<?x384xf32>
  %y = norm.layer_norm %sum scale %scale shift %shift axes [1] epsilon 1.0e-12
      : (tensor<?x384xf32>, tensor<384xf32>, tensor<384xf32>)
      -> tensor<?x384xf32>
  return %y : tensor<?x384xf32>
}
