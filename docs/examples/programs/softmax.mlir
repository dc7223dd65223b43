// Softmax over the last axis: p = exp(x - max(x)) / sum(exp(x - max(x))).
func.func @softmax(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c0 : tensor<?x?xf32>
  %size = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%rows, %size) : tensor<?x?xf32>
  %p = norm.generic ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
      iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (r, i)] {
  ^bb0(%v: f32):
    %max = norm.reduce max %v over [1] : f32
    %shifted = arith.subf %v, %max : f32
    %exp = math.exp %shifted : f32
    %sum = norm.reduce add %exp over [1] : f32
    %q = arith.divf %exp, %sum : f32
    norm.yield %q : f32
  }
  return %p : tensor<?x?xf32>
}
