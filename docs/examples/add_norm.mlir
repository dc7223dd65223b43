// A residual, layer normalization of the sum, and an activation. The sum is a result
// too: the next layer adds to it.
func.func @add_norm(%x: tensor<?x768xf32>, %residual: tensor<?x768xf32>,
                    %scale: tensor<768xf32>, %shift: tensor<768xf32>)
    -> (tensor<?x768xf32>, tensor<?x768xf32>) {
  %sum = arith.addf %x, %residual : tensor<?x768xf32>
  %n = norm.layer_norm %sum scale %scale shift %shift axes [1] epsilon 1.0e-5
      : (tensor<?x768xf32>, tensor<768xf32>, tensor<768xf32>) -> tensor<?x768xf32>
  %y = norm.activation relu %n : (tensor<?x768xf32>) -> tensor<?x768xf32>
  return %sum, %y : tensor<?x768xf32>, tensor<?x768xf32>
}
