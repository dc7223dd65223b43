// QK-norm with rotary embeddings: each head of 64 is normalized by its root mean
// square and scaled, then element j of its first half and element j of its second
// half are rotated against each other by the angle of (position, j):
//   y0 = x0 cos - x1 sin,  y1 = x1 cos + x0 sin.
// The head is one dim split into halves (p) and elements (j). Both members of a
// pair are sums over p in which the other member is replaced by zero.
func.func @qk_norm_rope(%x: tensor<?x8x64xbf16>, %g: tensor<64xbf16>, %cos: tensor<?x32xf32>, %sin: tensor<?x32xf32>) -> tensor<?x8x64xbf16> {
  %c0 = arith.constant 0 : index
  %tokens = tensor.dim %x, %c0 : tensor<?x8x64xbf16>
  %xp = tensor.expand_shape %x [[0], [1], [2, 3]] output_shape [%tokens, 8, 2, 32] : tensor<?x8x64xbf16> into tensor<?x8x2x32xbf16>
  %gp = tensor.expand_shape %g [[0, 1]] output_shape [2, 32] : tensor<64xbf16> into tensor<2x32xbf16>
  %e = tensor.empty(%tokens) : tensor<?x8x2x32xbf16>
  %y = norm.generic ins(%xp, %gp, %cos, %sin : tensor<?x8x2x32xbf16>, tensor<2x32xbf16>, tensor<?x32xf32>, tensor<?x32xf32>)
      outs(%e : tensor<?x8x2x32xbf16>)
      iterators [parallel, parallel, reduction, reduction]
      maps [(t, h, p, j) -> (t, h, p, j), (t, h, p, j) -> (p, j), (t, h, p, j) -> (t, j), (t, h, p, j) -> (t, j), (t, h, p, j) -> (t, h, p, j)] {
  ^bb0(%v: f32, %scale: f32, %c: f32, %s: f32):
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %epsilon = arith.constant 1.0e-6 : f32
    %square = arith.mulf %v, %v : f32
    %sum = norm.reduce add %square over [2, 3] : f32
    %n = norm.extent over [2, 3] : f32
    %ms = arith.divf %sum, %n : f32
    %safe = arith.addf %ms, %epsilon : f32
    %rms = math.sqrt %safe : f32
    %rstd = arith.divf %one, %rms : f32
    %normalized = arith.mulf %v, %rstd : f32
    %q = arith.mulf %normalized, %scale : f32
    %p = norm.index 2 : index
    %first = arith.constant 0 : index
    %isFirst = arith.cmpi eq, %p, %first : index
    %firstOnly = arith.select %isFirst, %q, %zero : f32
    %secondOnly = arith.select %isFirst, %zero, %q : f32
    %q0 = norm.reduce add %firstOnly over [2] : f32
    %q1 = norm.reduce add %secondOnly over [2] : f32
    %negated = arith.negf %q1 : f32
    %other = arith.select %isFirst, %negated, %q0 : f32
    %straight = arith.mulf %q, %c : f32
    %crossed = arith.mulf %other, %s : f32
    %o = arith.addf %straight, %crossed : f32
    norm.yield %o : f32
  }
  %flat = tensor.collapse_shape %y [[0], [1], [2, 3]] : tensor<?x8x2x32xbf16> into tensor<?x8x64xbf16>
  return %flat : tensor<?x8x64xbf16>
}
