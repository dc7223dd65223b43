// Normalization by the mean absolute deviation over the last axis:
// y = g (x - mean(x)) / (mean(|x - mean(x)|) + 1e-5).
func.func @mad_norm(%x: tensor<?x768xf32>, %g: tensor<768xf32>) -> tensor<?x768xf32> {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x768xf32>
  %e = tensor.empty(%rows) : tensor<?x768xf32>
  %y = norm.generic ins(%x, %g : tensor<?x768xf32>, tensor<768xf32>)
      outs(%e : tensor<?x768xf32>)
      iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (i), (r, i) -> (r, i)] {
  ^bb0(%v: f32, %scale: f32):
    %epsilon = arith.constant 1.0e-5 : f32
    %centered, %mean = norm.center %v over [1] : f32
    %distance = math.absf %centered : f32
    %sum = norm.reduce add %distance over [1] : f32
    %n = norm.extent over [1] : f32
    %deviation = arith.divf %sum, %n : f32
    %divisor = arith.addf %deviation, %epsilon : f32
    %normalized = arith.divf %centered, %divisor : f32
    %o = arith.mulf %normalized, %scale : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x768xf32>
}
