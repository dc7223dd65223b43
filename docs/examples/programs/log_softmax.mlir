// Log-softmax over the last axis, with the logarithm of the sum of exponentials
// of each row as a second result: y = x - lse(x),
// lse(x) = max(x) + log(sum(exp(x - max(x)))).
func.func @log_softmax(%x: tensor<?x1000xbf16>) -> (tensor<?x1000xbf16>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x1000xbf16>
  %e = tensor.empty(%rows) : tensor<?x1000xbf16>
  %f = tensor.empty(%rows) : tensor<?xf32>
  %y, %lse = norm.generic ins(%x : tensor<?x1000xbf16>)
      outs(%e, %f : tensor<?x1000xbf16>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (r, i), (r, i) -> (r)] {
  ^bb0(%v: f32):
    %max = norm.reduce max %v over [1] : f32
    %shifted = arith.subf %v, %max : f32
    %exp = math.exp %shifted : f32
    %sum = norm.reduce add %exp over [1] : f32
    %log = math.log %sum : f32
    %o = arith.subf %shifted, %log : f32
    %l = arith.addf %max, %log : f32
    norm.yield %o, %l : f32, f32
  }
  return %y, %lse : tensor<?x1000xbf16>, tensor<?xf32>
}
