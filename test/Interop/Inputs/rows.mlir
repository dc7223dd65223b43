// What transform.mlir tiles: a residual, a norm, an activation, a gate.
func.func @rows(%x: tensor<?x16xf32>, %r: tensor<?x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> tensor<?x16xf32> {
  %s = arith.addf %x, %r : tensor<?x16xf32>
  %n = norm.layer_norm %s scale %g shift %b axes [1] : (tensor<?x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %a = norm.activation silu %n : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %y = arith.mulf %a, %s : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
