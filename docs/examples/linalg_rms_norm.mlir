// RMS normalization as torch-mlir lowers that of Llama: x * rsqrt(mean(x^2) + eps) * g,
// an op of linalg for each op of the model.
#row = affine_map<(d0, d1) -> (d0, d1)>
#statistic = affine_map<(d0, d1) -> (d0, 0)>
#scale = affine_map<(d0, d1) -> (d1)>
func.func @rms_norm(%x: tensor<8x64xf32>, %g: tensor<64xf32>) -> tensor<8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %size = arith.constant 64.0 : f32
  %epsilon = arith.constant 1.0e-6 : f32
  %e = tensor.empty() : tensor<8x64xf32>
  %s = tensor.empty() : tensor<8x1xf32>
  %squares = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x64xf32>) outs(%e : tensor<8x64xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    linalg.yield %q : f32
  } -> tensor<8x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%s : tensor<8x1xf32>) -> tensor<8x1xf32>
  %sums = linalg.generic {indexing_maps = [#row, #statistic], iterator_types = ["parallel", "reduction"]}
      ins(%squares : tensor<8x64xf32>) outs(%init : tensor<8x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<8x1xf32>
  %roots = linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%sums : tensor<8x1xf32>) outs(%s : tensor<8x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %mean = arith.divf %in, %size : f32
    %v = arith.addf %mean, %epsilon : f32
    %r = math.rsqrt %v : f32
    linalg.yield %r : f32
  } -> tensor<8x1xf32>
  %normalized = linalg.generic {indexing_maps = [#row, #statistic, #row], iterator_types = ["parallel", "parallel"]}
      ins(%x, %roots : tensor<8x64xf32>, tensor<8x1xf32>) outs(%e : tensor<8x64xf32>) {
  ^bb0(%in: f32, %root: f32, %out: f32):
    %n = arith.mulf %in, %root : f32
    linalg.yield %n : f32
  } -> tensor<8x64xf32>
  %y = linalg.generic {indexing_maps = [#scale, #row, #row], iterator_types = ["parallel", "parallel"]}
      ins(%g, %normalized : tensor<64xf32>, tensor<8x64xf32>) outs(%e : tensor<8x64xf32>) {
  ^bb0(%scale: f32, %in: f32, %out: f32):
    %o = arith.mulf %scale, %in : f32
    linalg.yield %o : f32
  } -> tensor<8x64xf32>
  return %y : tensor<8x64xf32>
}
