// LayerNorm with its result quantized to int8, one scale a row:
// scale = max|y| / 127, q = round(y / scale), so that y is about q * scale. A row
// of zeros has the scale 0 and is quantized to zeros.
func.func @quantize_int8(%x: tensor<?x768xf32>, %g: tensor<768xf32>, %b: tensor<768xf32>) -> (tensor<?x768xi8>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x768xf32>
  %e = tensor.empty(%rows) : tensor<?x768xi8>
  %f = tensor.empty(%rows) : tensor<?xf32>
  %q, %scales = norm.generic ins(%x, %g, %b : tensor<?x768xf32>, tensor<768xf32>, tensor<768xf32>)
      outs(%e, %f : tensor<?x768xi8>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (i), (r, i) -> (i), (r, i) -> (r, i), (r, i) -> (r)] {
  ^bb0(%v: f32, %scale: f32, %shift: f32):
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %limit = arith.constant 127.0 : f32
    %epsilon = arith.constant 1.0e-5 : f32
    %c, %mean = norm.center %v over [1] : f32
    %square = arith.mulf %c, %c : f32
    %sum = norm.reduce add %square over [1] : f32
    %n = norm.extent over [1] : f32
    %variance = arith.divf %sum, %n : f32
    %safe = arith.addf %variance, %epsilon : f32
    %deviation = math.sqrt %safe : f32
    %rstd = arith.divf %one, %deviation : f32
    %normalized = arith.mulf %c, %rstd : f32
    %scaled = arith.mulf %normalized, %scale : f32
    %y = arith.addf %scaled, %shift : f32
    %abs = math.absf %y : f32
    %max = norm.reduce max %abs over [1] : f32
    %s = arith.divf %max, %limit : f32
    %reciprocal = arith.divf %limit, %max : f32
    %isZero = arith.cmpf oeq, %max, %zero : f32
    %factor = arith.select %isZero, %zero, %reciprocal : f32
    %ratio = arith.mulf %y, %factor : f32
    %rounded = math.roundeven %ratio : f32
    %low = arith.constant -127.0 : f32
    %above = arith.maximumf %rounded, %low : f32
    %clamped = arith.minimumf %above, %limit : f32
    %i = arith.fptosi %clamped : f32 to i8
    norm.yield %i, %s : i8, f32
  }
  return %q, %scales : tensor<?x768xi8>, tensor<?xf32>
}
