// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// Normalizations with a scale and a shift for each channel, and the division by
// a Euclidean norm.

#m4 = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#m4c = affine_map<(d0, d1, d2, d3) -> (d1)>
#m4n = affine_map<(d0, d1, d2, d3) -> (d0, d1)>
#m4last = affine_map<(d0, d1, d2, d3) -> (d3)>

// Channels split into groups, each group one row of a reshaped tensor.
// CHECK-LABEL: func @group_norm_reshaped
// CHECK-NEXT: %[[Y:.*]] = norm.group_norm %arg0 scale %arg1 shift %arg2 groups 2 channel_axis 1 : (tensor<2x6x4x5xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4x5xf32>
// CHECK-NEXT: return %[[Y]]
func.func @group_norm_reshaped(%x: tensor<2x6x4x5xf32>, %g: tensor<6xf32>, %b: tensor<6xf32>) -> tensor<2x6x4x5xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<60.0> : tensor<2x2xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<2x2xf32>
  %e1 = tensor.empty() : tensor<2x2xf32>
  %e = tensor.empty() : tensor<2x2x60xf32>
  %e4 = tensor.empty() : tensor<2x6x4x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x2xf32>) -> tensor<2x2xf32>
  %flat = tensor.collapse_shape %x [[0], [1, 2, 3]] : tensor<2x6x4x5xf32> into tensor<2x120xf32>
  %r = tensor.expand_shape %flat [[0], [1, 2]] output_shape [2, 2, 60] : tensor<2x120xf32> into tensor<2x2x60xf32>
  %sum = linalg.reduce {arith.addf} ins(%r : tensor<2x2x60xf32>) outs(%init : tensor<2x2xf32>) dimensions = [2]
  %mean = arith.divf %sum, %n : tensor<2x2xf32>
  %means = linalg.broadcast ins(%mean : tensor<2x2xf32>) outs(%e : tensor<2x2x60xf32>) dimensions = [2]
  %d = arith.subf %r, %means : tensor<2x2x60xf32>
  %q = arith.mulf %d, %d : tensor<2x2x60xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<2x2x60xf32>) outs(%init : tensor<2x2xf32>) dimensions = [2]
  %v = arith.divf %squares, %n : tensor<2x2xf32>
  %ve = arith.addf %v, %eps : tensor<2x2xf32>
  %rstd = math.rsqrt %ve : tensor<2x2xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<2x2xf32>) outs(%e : tensor<2x2x60xf32>) dimensions = [2]
  %normalized = arith.mulf %d, %rstds : tensor<2x2x60xf32>
  %back = tensor.collapse_shape %normalized [[0], [1, 2]] : tensor<2x2x60xf32> into tensor<2x120xf32>
  %y4 = tensor.expand_shape %back [[0], [1, 2, 3]] output_shape [2, 6, 4, 5] : tensor<2x120xf32> into tensor<2x6x4x5xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4c, #m4c, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%y4, %g, %b : tensor<2x6x4x5xf32>, tensor<6xf32>, tensor<6xf32>) outs(%e4 : tensor<2x6x4x5xf32>) {
  ^bb0(%in: f32, %ge: f32, %be: f32, %out: f32):
    %0 = arith.mulf %in, %ge : f32
    %1 = arith.addf %0, %be : f32
    linalg.yield %1 : f32
  } -> tensor<2x6x4x5xf32>
  return %y : tensor<2x6x4x5xf32>
}

// Channels split by a reshape, three dims reduced, dynamic image sizes, all the
// rest on the channels as they are; channels last.
// CHECK-LABEL: func @group_norm_split
// CHECK-NOT: linalg
// CHECK: norm.group_norm %arg0 scale %arg1 groups 3 channel_axis 2 : (tensor<2x?x6xf32>, tensor<6xf32>) -> tensor<2x?x6xf32>
// CHECK-NOT: linalg
// CHECK: return
#m3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#m3c = affine_map<(d0, d1, d2) -> (d2)>
func.func @group_norm_split(%x: tensor<2x?x6xf32>, %g: tensor<6xf32>) -> tensor<2x?x6xf32> {
  %zero = arith.constant 0.0 : f32
  %two = arith.constant 2.0 : f32
  %eps = arith.constant dense<1.0e-5> : tensor<2x3xf32>
  %c1 = arith.constant 1 : index
  %size = tensor.dim %x, %c1 : tensor<2x?x6xf32>
  %i = arith.index_cast %size : index to i64
  %f = arith.sitofp %i : i64 to f32
  %n = arith.mulf %f, %two : f32
  %ns = tensor.splat %n : tensor<2x3xf32>
  %e1 = tensor.empty() : tensor<2x3xf32>
  %e = tensor.empty(%size) : tensor<2x?x3x2xf32>
  %e3 = tensor.empty(%size) : tensor<2x?x6xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %r = tensor.expand_shape %x [[0], [1], [2, 3]] output_shape [2, %size, 3, 2] : tensor<2x?x6xf32> into tensor<2x?x3x2xf32>
  %sum = linalg.reduce {arith.addf} ins(%r : tensor<2x?x3x2xf32>) outs(%init : tensor<2x3xf32>) dimensions = [1, 3]
  %mean = arith.divf %sum, %ns : tensor<2x3xf32>
  %means = linalg.broadcast ins(%mean : tensor<2x3xf32>) outs(%e : tensor<2x?x3x2xf32>) dimensions = [1, 3]
  %d = arith.subf %r, %means : tensor<2x?x3x2xf32>
  %q = arith.mulf %d, %d : tensor<2x?x3x2xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<2x?x3x2xf32>) outs(%init : tensor<2x3xf32>) dimensions = [1, 3]
  %v = arith.divf %squares, %ns : tensor<2x3xf32>
  %ve = arith.addf %v, %eps : tensor<2x3xf32>
  %rstd = math.rsqrt %ve : tensor<2x3xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<2x3xf32>) outs(%e : tensor<2x?x3x2xf32>) dimensions = [1, 3]
  %normalized = arith.mulf %d, %rstds : tensor<2x?x3x2xf32>
  %y3 = tensor.collapse_shape %normalized [[0], [1], [2, 3]] : tensor<2x?x3x2xf32> into tensor<2x?x6xf32>
  %y = linalg.generic {indexing_maps = [#m3, #m3c, #m3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%y3, %g : tensor<2x?x6xf32>, tensor<6xf32>) outs(%e3 : tensor<2x?x6xf32>) {
  ^bb0(%in: f32, %ge: f32, %out: f32):
    %0 = arith.mulf %in, %ge : f32
    linalg.yield %0 : f32
  } -> tensor<2x?x6xf32>
  return %y : tensor<2x?x6xf32>
}

// CHECK-LABEL: func @instance_norm
// CHECK-NEXT: norm.instance_norm %arg0 scale %arg1 shift %arg2 channel_axis 1 : (tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x4x5xf32>
// CHECK-NEXT: return
func.func @instance_norm(%x: tensor<2x3x4x5xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x3x4x5xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<0.05> : tensor<2x3xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<2x3xf32>
  %e1 = tensor.empty() : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<2x3x4x5xf32>) outs(%init : tensor<2x3xf32>) dimensions = [2, 3]
  %mean = arith.mulf %sum, %n : tensor<2x3xf32>
  %means = linalg.broadcast ins(%mean : tensor<2x3xf32>) outs(%e : tensor<2x3x4x5xf32>) dimensions = [2, 3]
  %d = arith.subf %x, %means : tensor<2x3x4x5xf32>
  %q = arith.mulf %d, %d : tensor<2x3x4x5xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<2x3x4x5xf32>) outs(%init : tensor<2x3xf32>) dimensions = [2, 3]
  %v = arith.mulf %squares, %n : tensor<2x3xf32>
  %ve = arith.addf %v, %eps : tensor<2x3xf32>
  %rstd = math.rsqrt %ve : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4n, #m4c, #m4c, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%d, %rstd, %g, %b : tensor<2x3x4x5xf32>, tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<2x3x4x5xf32>) {
  ^bb0(%in: f32, %r: f32, %ge: f32, %be: f32, %out: f32):
    %0 = arith.mulf %in, %r : f32
    %1 = arith.mulf %0, %ge : f32
    %2 = arith.addf %1, %be : f32
    linalg.yield %2 : f32
  } -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}

// StableHLO: statistics of the batch, channels last.
// CHECK-LABEL: func @batch_norm_training
// CHECK-NEXT: %[[Y:.*]], %{{.*}}, %{{.*}} = norm.batch_norm_training %arg0 scale %arg1 shift %arg2 channel_axis 3 : (tensor<2x4x5x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<2x4x5x3xf32>, tensor<3xf32>, tensor<3xf32>)
// CHECK-NEXT: return %[[Y]]
func.func @batch_norm_training(%x: tensor<2x4x5x3xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x4x5x3xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<40.0> : tensor<3xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<3xf32>
  %e1 = tensor.empty() : tensor<3xf32>
  %e = tensor.empty() : tensor<2x4x5x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<3xf32>) -> tensor<3xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<2x4x5x3xf32>) outs(%init : tensor<3xf32>) dimensions = [0, 1, 2]
  %mean = arith.divf %sum, %n : tensor<3xf32>
  %q = arith.mulf %x, %x : tensor<2x4x5x3xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<2x4x5x3xf32>) outs(%init : tensor<3xf32>) dimensions = [0, 1, 2]
  %s = arith.divf %squares, %n : tensor<3xf32>
  %m2 = arith.mulf %mean, %mean : tensor<3xf32>
  %v = arith.subf %s, %m2 : tensor<3xf32>
  %ve = arith.addf %v, %eps : tensor<3xf32>
  %rstd = math.rsqrt %ve : tensor<3xf32>
  %factor = arith.mulf %rstd, %g : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4last, #m4last, #m4last, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %mean, %factor, %b : tensor<2x4x5x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<2x4x5x3xf32>) {
  ^bb0(%in: f32, %me: f32, %fe: f32, %be: f32, %out: f32):
    %0 = arith.subf %in, %me : f32
    %1 = arith.mulf %0, %fe : f32
    %2 = arith.addf %1, %be : f32
    linalg.yield %2 : f32
  } -> tensor<2x4x5x3xf32>
  return %y : tensor<2x4x5x3xf32>
}

// Inference: given statistics.
// CHECK-LABEL: func @batch_norm
// CHECK-NEXT: norm.batch_norm %arg0 scale %arg1 shift %arg2 mean %arg3 variance %arg4 channel_axis 1 : (tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x4x5xf32>
// CHECK-NEXT: return
func.func @batch_norm(%x: tensor<2x3x4x5xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<2x3x4x5xf32> {
  %eps = arith.constant 1.0e-5 : f32
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4c, #m4c, #m4c, #m4c, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %g, %b, %m, %v : tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<2x3x4x5xf32>) {
  ^bb0(%in: f32, %ge: f32, %be: f32, %me: f32, %v_: f32, %out: f32):
    %0 = arith.addf %v_, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.subf %in, %me : f32
    %3 = arith.mulf %2, %1 : f32
    %4 = arith.mulf %3, %ge : f32
    %5 = arith.addf %4, %be : f32
    linalg.yield %5 : f32
  } -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}

// The same with the channels' factors and shifts computed before.
// CHECK-LABEL: func @batch_norm_folded
// CHECK: norm.batch_norm %arg0 scale %arg1 shift %arg2 mean %arg3 variance %arg4 channel_axis 1
// CHECK-NEXT: return
func.func @batch_norm_folded(%x: tensor<2x3x4x5xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<2x3x4x5xf32> {
  %eps = arith.constant dense<1.0e-5> : tensor<3xf32>
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %ve = arith.addf %v, %eps : tensor<3xf32>
  %r = math.rsqrt %ve : tensor<3xf32>
  %s = arith.mulf %g, %r : tensor<3xf32>
  %ms = arith.mulf %m, %s : tensor<3xf32>
  %t = arith.subf %b, %ms : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4c, #m4c, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %s, %t : tensor<2x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<2x3x4x5xf32>) {
  ^bb0(%in: f32, %se: f32, %te: f32, %out: f32):
    %0 = arith.mulf %in, %se : f32
    %1 = arith.addf %0, %te : f32
    linalg.yield %1 : f32
  } -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}

// The larger of the norm and epsilon, above or under the root.
// CHECK-LABEL: func @l2_norm
// CHECK-NEXT: norm.l2_norm %arg0 axes [1] : (tensor<4x16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @l2_norm(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %two = arith.constant dense<2.0> : tensor<4x16xf32>
  %half = arith.constant dense<0.5> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-12> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %a = math.absf %x : tensor<4x16xf32>
  %q = math.powf %a, %two : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %norm = math.powf %squares, %half : tensor<4xf32>
  %larger = arith.maximumf %norm, %eps : tensor<4xf32>
  %norms = linalg.broadcast ins(%larger : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.divf %x, %norms : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// CHECK-LABEL: func @l2_norm_of_squares
// CHECK-NEXT: norm.l2_norm %arg0 axes [1] epsilon 9.9999999999999995E-7 : (tensor<4x16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: return
func.func @l2_norm_of_squares(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant dense<1.0e-12> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %larger = arith.maximumf %squares, %eps : tensor<4xf32>
  %r = math.rsqrt %larger : tensor<4xf32>
  %rs = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %x, %rs : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// A NaN in the norm would be lost.
// CHECK-LABEL: func @not_l2_norm_of_nan
// CHECK-NOT: norm.
// CHECK: return
func.func @not_l2_norm_of_nan(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant dense<1.0e-12> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %larger = arith.maxnumf %squares, %eps : tensor<4xf32>
  %r = math.rsqrt %larger : tensor<4xf32>
  %rs = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %x, %rs : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// A mean for each row, a variance for each channel.
// CHECK-LABEL: func @not_batch_norm
// CHECK-NOT: norm.
// CHECK: return
func.func @not_batch_norm(%x: tensor<2x3x4x5xf32>, %m: tensor<2x3xf32>, %v: tensor<3xf32>) -> tensor<2x3x4x5xf32> {
  %eps = arith.constant 1.0e-5 : f32
  %e = tensor.empty() : tensor<2x3x4x5xf32>
  %y = linalg.generic {indexing_maps = [#m4, #m4n, #m4c, #m4], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%x, %m, %v : tensor<2x3x4x5xf32>, tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3x4x5xf32>) {
  ^bb0(%in: f32, %me: f32, %ve: f32, %out: f32):
    %0 = arith.addf %ve, %eps : f32
    %1 = math.rsqrt %0 : f32
    %2 = arith.subf %in, %me : f32
    %3 = arith.mulf %2, %1 : f32
    linalg.yield %3 : f32
  } -> tensor<2x3x4x5xf32>
  return %y : tensor<2x3x4x5xf32>
}
