// A linear layer of five inputs and five outputs, then layer normalization.
func.func @simple_model(%x: tensor<?x5xf32>, %weight: tensor<5x5xf32>,
                        %bias: tensor<5xf32>, %scale: tensor<5xf32>,
                        %shift: tensor<5xf32>) -> tensor<?x5xf32> {
  %h = norm.linear %x weight %weight bias %bias
      : (tensor<?x5xf32>, tensor<5x5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  %y = norm.layer_norm %h scale %scale shift %shift axes [1] epsilon 1.0e-5
      : (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}
