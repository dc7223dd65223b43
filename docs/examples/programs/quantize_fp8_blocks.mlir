// RMSNorm with its result quantized to fp8 in blocks of 32, one scale a block:
// scale = max|y| / 448 over the block (448 is the largest f8E4M3FN). The row of 1024
// is one dim split in two; the norm reduces over both parts, the block's maximum
// over one of them.
func.func @quantize_fp8_blocks(%x: tensor<?x1024xbf16>, %g: tensor<1024xbf16>) -> (tensor<?x1024xf8E4M3FN>, tensor<?x32xf32>) {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x1024xbf16>
  %xb = tensor.expand_shape %x [[0], [1, 2]] output_shape [%rows, 32, 32] : tensor<?x1024xbf16> into tensor<?x32x32xbf16>
  %gb = tensor.expand_shape %g [[0, 1]] output_shape [32, 32] : tensor<1024xbf16> into tensor<32x32xbf16>
  %e = tensor.empty(%rows) : tensor<?x32x32xf8E4M3FN>
  %f = tensor.empty(%rows) : tensor<?x32xf32>
  %q, %scales = norm.generic ins(%xb, %gb : tensor<?x32x32xbf16>, tensor<32x32xbf16>)
      outs(%e, %f : tensor<?x32x32xf8E4M3FN>, tensor<?x32xf32>)
      iterators [parallel, reduction, reduction]
      maps [(r, b, i) -> (r, b, i), (r, b, i) -> (b, i), (r, b, i) -> (r, b, i), (r, b, i) -> (r, b)] {
  ^bb0(%v: f32, %scale: f32):
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %limit = arith.constant 448.0 : f32
    %epsilon = arith.constant 1.0e-6 : f32
    %square = arith.mulf %v, %v : f32
    %sum = norm.reduce add %square over [1, 2] : f32
    %n = norm.extent over [1, 2] : f32
    %ms = arith.divf %sum, %n : f32
    %safe = arith.addf %ms, %epsilon : f32
    %rms = math.sqrt %safe : f32
    %rstd = arith.divf %one, %rms : f32
    %normalized = arith.mulf %v, %rstd : f32
    %y = arith.mulf %normalized, %scale : f32
    %abs = math.absf %y : f32
    %max = norm.reduce max %abs over [2] : f32
    %s = arith.divf %max, %limit : f32
    %reciprocal = arith.divf %limit, %max : f32
    %isZero = arith.cmpf oeq, %max, %zero : f32
    %factor = arith.select %isZero, %zero, %reciprocal : f32
    %ratio = arith.mulf %y, %factor : f32
    norm.yield %ratio, %s : f32, f32
  }
  %flat = tensor.collapse_shape %q [[0], [1, 2]] : tensor<?x32x32xf8E4M3FN> into tensor<?x1024xf8E4M3FN>
  return %flat, %scales : tensor<?x1024xf8E4M3FN>, tensor<?x32xf32>
}
