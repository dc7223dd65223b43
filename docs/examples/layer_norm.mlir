// Layer normalization of rows of five elements. Every row is a sample; its mean
// and variance are those of its own elements.
func.func @layer_norm(%x: tensor<?x5xf32>, %scale: tensor<5xf32>,
                      %shift: tensor<5xf32>) -> tensor<?x5xf32> {
  %y = norm.layer_norm %x scale %scale shift %shift axes [1] epsilon 1.0e-5
      : (tensor<?x5xf32>, tensor<5xf32>, tensor<5xf32>) -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}
