// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// The forms in which a layer or RMS normalization arrives: where it is spread
// over ops, and how its arithmetic is written.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#kept = affine_map<(d0, d1) -> (d0, 0)>
#column = affine_map<(d0, d1) -> (d1)>
#one = affine_map<(d0, d1) -> ()>

// An op a step, the mean and the root with a dim of size 1.
// CHECK-LABEL: func @op_by_op
// CHECK-SAME: (%[[X:.*]]: tensor<4x16xf32>, %[[G:.*]]: tensor<16xf32>, %[[B:.*]]: tensor<16xf32>)
// CHECK-NEXT: %[[Y:.*]] = norm.layer_norm %[[X]] scale %[[G]] shift %[[B]] axes [1] : (tensor<4x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return %[[Y]]
func.func @op_by_op(%x: tensor<4x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4x1xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4x1xf32>) -> tensor<4x1xf32>
  %sum = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4x1xf32>
  %mean = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%sum : tensor<4x1xf32>) outs(%e1 : tensor<4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.divf %in, %n : f32
    linalg.yield %0 : f32
  } -> tensor<4x1xf32>
  %flat = tensor.collapse_shape %mean [[0, 1]] : tensor<4x1xf32> into tensor<4xf32>
  %wide = linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]} ins(%flat : tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x16xf32>
  %d = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %wide : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %0 = arith.subf %in, %m : f32
    linalg.yield %0 : f32
  } -> tensor<4x16xf32>
  %q = linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]} ins(%d, %d : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %m: f32, %out: f32):
    %0 = arith.mulf %in, %m : f32
    linalg.yield %0 : f32
  } -> tensor<4x16xf32>
  %squares = linalg.generic {indexing_maps = [#all, #kept], iterator_types = ["parallel", "reduction"]} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %out, %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x1xf32>
  %rstd = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%squares : tensor<4x1xf32>) outs(%e1 : tensor<4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.divf %in, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4x1xf32>
  %normalized = linalg.generic {indexing_maps = [#all, #kept, #all], iterator_types = ["parallel", "parallel"]} ins(%d, %rstd : tensor<4x16xf32>, tensor<4x1xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %r: f32, %out: f32):
    %0 = arith.mulf %in, %r : f32
    linalg.yield %0 : f32
  } -> tensor<4x16xf32>
  %scaled = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%normalized, %g : tensor<4x16xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %r: f32, %out: f32):
    %0 = arith.mulf %r, %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x16xf32>
  %y = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%scaled, %b : tensor<4x16xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %r: f32, %out: f32):
    %0 = arith.addf %r, %in : f32
    linalg.yield %0 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// After elementwise fusion: the square in the reduction, all the rest in one
// body, 16-bit elements.
// CHECK-LABEL: func @fused
// CHECK-NEXT: norm.layer_norm %arg0 scale %arg1 shift %arg2 axes [1] epsilon 9.9999999999999995E-7 : (tensor<?x16xf16>, tensor<16xf32>, tensor<16xf32>) -> tensor<?x16xf16>
// CHECK-NEXT: return
func.func @fused(%x: tensor<?x16xf16>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> tensor<?x16xf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf16>
  %e1 = tensor.empty(%rows) : tensor<?xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x16xf16>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f16, %out: f32):
    %0 = arith.extf %in : f16 to f32
    %1 = arith.addf %0, %out : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<?x16xf16>, tensor<?xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f16, %s: f32, %out: f32):
    %0 = arith.extf %in : f16 to f32
    %m = arith.divf %s, %n : f32
    %1 = arith.subf %0, %m : f32
    %2 = arith.mulf %1, %1 : f32
    %3 = arith.addf %out, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #column, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %squares, %g, %b : tensor<?x16xf16>, tensor<?xf32>, tensor<?xf32>, tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<?x16xf16>) {
  ^bb0(%in: f16, %s: f32, %v: f32, %ge: f32, %be: f32, %out: f16):
    %0 = arith.divf %v, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %3 = arith.extf %in : f16 to f32
    %m = arith.divf %s, %n : f32
    %4 = arith.subf %3, %m : f32
    %5 = arith.mulf %4, %2 : f32
    %6 = arith.mulf %5, %ge : f32
    %7 = arith.addf %6, %be : f32
    %8 = arith.truncf %7 : f32 to f16
    linalg.yield %8 : f16
  } -> tensor<?x16xf16>
  return %y : tensor<?x16xf16>
}

// TOSA: 1/N is a tensor, the mean is in its consumers, one reduction an axis.
// CHECK-LABEL: func @reciprocal_of_count
// CHECK: norm.layer_norm %arg0 scale %arg1 axes [1, 2] : (tensor<3x4x8xf32>, tensor<4x8xf32>) -> tensor<3x4x8xf32>
// CHECK-NEXT: return
#m3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#m3k2 = affine_map<(d0, d1, d2) -> (d0, d1, 0)>
#m3k1 = affine_map<(d0, d1, d2) -> (d0, 0, d2)>
#m3k12 = affine_map<(d0, d1, d2) -> (d0, 0, 0)>
#m3k012 = affine_map<(d0, d1, d2) -> (0, 0, 0)>
#m3p = affine_map<(d0, d1, d2) -> (d1, d2)>
func.func @reciprocal_of_count(%x: tensor<3x4x8xf32>, %g: tensor<4x8xf32>) -> tensor<3x4x8xf32> {
  %zero = arith.constant -0.0 : f32
  %n = arith.constant dense<32.0> : tensor<1x1x1xf32>
  %one = arith.constant dense<1.0> : tensor<1x1x1xf32>
  %eps = arith.constant 1.0e-5 : f32
  %inverse = arith.divf %one, %n : tensor<1x1x1xf32>
  %e2 = tensor.empty() : tensor<3x4x1xf32>
  %e12 = tensor.empty() : tensor<3x1x1xf32>
  %e = tensor.empty() : tensor<3x4x8xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<3x4x1xf32>) -> tensor<3x4x1xf32>
  %init12 = linalg.fill ins(%zero : f32) outs(%e12 : tensor<3x1x1xf32>) -> tensor<3x1x1xf32>
  %s2 = linalg.generic {indexing_maps = [#m3, #m3k2], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x : tensor<3x4x8xf32>) outs(%init2 : tensor<3x4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<3x4x1xf32>
  %s = linalg.generic {indexing_maps = [#m3, #m3k1], iterator_types = ["parallel", "reduction", "parallel"]} ins(%s2 : tensor<3x4x1xf32>) outs(%init12 : tensor<3x1x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<3x1x1xf32>
  %d = linalg.generic {indexing_maps = [#m3, #m3k12, #m3k012, #m3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %s, %inverse : tensor<3x4x8xf32>, tensor<3x1x1xf32>, tensor<1x1x1xf32>) outs(%e : tensor<3x4x8xf32>) {
  ^bb0(%in: f32, %se: f32, %ie: f32, %out: f32):
    %m = arith.mulf %se, %ie : f32
    %0 = arith.subf %in, %m : f32
    linalg.yield %0 : f32
  } -> tensor<3x4x8xf32>
  %q = arith.mulf %d, %d : tensor<3x4x8xf32>
  %v2 = linalg.generic {indexing_maps = [#m3, #m3k2], iterator_types = ["parallel", "parallel", "reduction"]} ins(%q : tensor<3x4x8xf32>) outs(%init2 : tensor<3x4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<3x4x1xf32>
  %v = linalg.generic {indexing_maps = [#m3, #m3k1], iterator_types = ["parallel", "reduction", "parallel"]} ins(%v2 : tensor<3x4x1xf32>) outs(%init12 : tensor<3x1x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<3x1x1xf32>
  %y = linalg.generic {indexing_maps = [#m3, #m3k12, #m3k012, #m3p, #m3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%d, %v, %inverse, %g : tensor<3x4x8xf32>, tensor<3x1x1xf32>, tensor<1x1x1xf32>, tensor<4x8xf32>) outs(%e : tensor<3x4x8xf32>) {
  ^bb0(%in: f32, %ve: f32, %ie: f32, %ge: f32, %out: f32):
    %0 = arith.mulf %ve, %ie : f32
    %1 = arith.addf %eps, %0 : f32
    %2 = math.rsqrt %1 : f32
    %3 = arith.mulf %2, %in : f32
    %4 = arith.mulf %3, %ge : f32
    linalg.yield %4 : f32
  } -> tensor<3x4x8xf32>
  return %y : tensor<3x4x8xf32>
}

// The affine part re-associated: y = x s + (b - mean s) with s = rstd g.
// CHECK-LABEL: func @reassociated
// CHECK-NEXT: norm.layer_norm %arg0 scale %arg1 shift %arg2 axes [1] : (tensor<4x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @reassociated(%x: tensor<4x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant -0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %gs = linalg.broadcast ins(%g : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %bs = linalg.broadcast ins(%b : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %s = arith.mulf %rstds, %gs : tensor<4x16xf32>
  %ms = arith.mulf %wide, %s : tensor<4x16xf32>
  %t = arith.subf %bs, %ms : tensor<4x16xf32>
  %xs = arith.mulf %x, %s : tensor<4x16xf32>
  %y = arith.addf %xs, %t : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// ONNX and flax: the variance as E[x^2] - E[x]^2, clipped, the quotient by the
// square root. What is raised is more exact.
// CHECK-LABEL: func @mean_of_squares
// CHECK-NEXT: norm.layer_norm %arg0 axes [1] epsilon 1.000000e-03 : (tensor<4x16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @mean_of_squares(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %zeros = arith.constant dense<0.0> : tensor<4xf32>
  %n = arith.constant dense<0.0625> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.mulf %sum, %n : tensor<4xf32>
  %q = linalg.square ins(%x : tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %square = arith.mulf %squares, %n : tensor<4xf32>
  %mean2 = arith.mulf %mean, %mean : tensor<4xf32>
  %v = arith.subf %square, %mean2 : tensor<4xf32>
  %clipped = arith.maximumf %v, %zeros : tensor<4xf32>
  %ve = arith.addf %clipped, %eps : tensor<4xf32>
  %std = math.sqrt %ve : tensor<4xf32>
  %means = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %stds = linalg.broadcast ins(%std : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %means : tensor<4x16xf32>
  %y = arith.divf %d, %stds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Named ops, and the reciprocal of the root.
// CHECK-LABEL: func @named_ops
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @named_ops(%x: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %ns = linalg.fill ins(%n : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %epss = linalg.fill ins(%eps : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = linalg.elementwise kind=#linalg.elementwise_kind<square> ins(%x : tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = linalg.div ins(%squares, %ns : tensor<4xf32>, tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %ve = linalg.add ins(%v, %epss : tensor<4xf32>, tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %std = linalg.sqrt ins(%ve : tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %r = linalg.reciprocal ins(%std : tensor<4xf32>) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %rs = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %gs = linalg.broadcast ins(%g : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %m = linalg.mul ins(%x, %rs : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %y = linalg.map { arith.mulf } ins(%m, %gs : tensor<4x16xf32>, tensor<4x16xf32>) outs(%e : tensor<4x16xf32>)
  return %y : tensor<4x16xf32>
}

// 16-bit elements: squared and added up in f32, scaled in 16 bits.
// CHECK-LABEL: func @half
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] epsilon 9.9999999999999995E-7 {cast_before_scale} : (tensor<4x16xf16>, tensor<16xf16>) -> tensor<4x16xf16>
// CHECK-NEXT: return
func.func @half(%x: tensor<4x16xf16>, %g: tensor<16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %c2 = arith.constant 2 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf16>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f16, %out: f32):
    %f = arith.extf %in : f16 to f32
    %q = arith.mulf %f, %f : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %g : tensor<4x16xf16>, tensor<4xf32>, tensor<16xf16>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %s: f32, %ge: f16, %out: f16):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %f = arith.extf %in : f16 to f32
    %3 = arith.mulf %f, %2 : f32
    %4 = arith.truncf %3 : f32 to f16
    %y = arith.mulf %ge, %4 : f16
    linalg.yield %y : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}

// Gemma: times 1 + g, in f32.
// CHECK-LABEL: func @gemma
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] epsilon 9.9999999999999995E-7 {scale_offset = 1.000000e+00 : f64} : (tensor<4x16xbf16>, tensor<16xbf16>) -> tensor<4x16xbf16>
// CHECK-NEXT: return
func.func @gemma(%x: tensor<4x16xbf16>, %g: tensor<16xbf16>) -> tensor<4x16xbf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %c2 = arith.constant 2 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xbf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xbf16>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %f = arith.extf %in : bf16 to f32
    %q = arith.mulf %f, %f : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %g : tensor<4x16xbf16>, tensor<4xf32>, tensor<16xbf16>) outs(%e : tensor<4x16xbf16>) {
  ^bb0(%in: bf16, %s: f32, %ge: bf16, %out: bf16):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %f = arith.extf %in : bf16 to f32
    %3 = arith.mulf %f, %2 : f32
    %4 = arith.extf %ge : bf16 to f32
    %5 = arith.addf %4, %one : f32
    %6 = arith.mulf %3, %5 : f32
    %y = arith.truncf %6 : f32 to bf16
    linalg.yield %y : bf16
  } -> tensor<4x16xbf16>
  return %y : tensor<4x16xbf16>
}

// Squares as powers.
// CHECK-LABEL: func @powf
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] epsilon 9.9999999999999995E-7 : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @powf(%x: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %c2 = arith.constant 2 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = math.powf %in, %two : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %g : tensor<4x16xf32>, tensor<4xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %ge: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %3, %in : f32
    %y = arith.mulf %ge, %4 : f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Squares as integer powers, and a guard of the reciprocal.
// CHECK-LABEL: func @fpowi
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] epsilon 9.9999999999999995E-7 : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @fpowi(%x: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %c2 = arith.constant 2 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = math.fpowi %in, %c2 : f32, i32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %g : tensor<4x16xf32>, tensor<4xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %ge: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %isnt = arith.cmpf one, %2, %zero : f32
    cf.assert %isnt, "division by zero"
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %3, %in : f32
    %y = arith.mulf %ge, %4 : f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Squares of magnitudes.
// CHECK-LABEL: func @absolute
// CHECK-NEXT: norm.rms_norm %arg0 scale %arg1 axes [1] epsilon 9.9999999999999995E-7 : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @absolute(%x: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-6 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %c2 = arith.constant 2 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = math.absf %in : f32
    %q = arith.mulf %a, %a : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %g : tensor<4x16xf32>, tensor<4xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %ge: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %4 = arith.divf %in, %2 : f32
    %y = arith.mulf %ge, %4 : f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
