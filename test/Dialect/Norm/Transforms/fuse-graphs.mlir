// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --norm-fuse | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --norm-fuse=rounding=storage | FileCheck %s

// The graphs that people write: each becomes one row program.

// CHECK-LABEL: func @residual_layer_norm
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @residual_layer_norm(%x: tensor<?x16xbf16>, %r: tensor<?x16xbf16>, %g: tensor<16xbf16>, %b: tensor<16xbf16>) -> (tensor<?x16xbf16>, tensor<?x16xbf16>) {
  %s = arith.addf %x, %r : tensor<?x16xbf16>
  %y = norm.layer_norm %s scale %g shift %b axes [1] : (tensor<?x16xbf16>, tensor<16xbf16>, tensor<16xbf16>) -> tensor<?x16xbf16>
  return %s, %y : tensor<?x16xbf16>, tensor<?x16xbf16>
}

// CHECK-LABEL: func @layer_norm_gelu
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @layer_norm_gelu(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = norm.layer_norm %x axes [1] : (tensor<?x?xf32>) -> tensor<?x?xf32>
  %z = norm.activation gelu_erf %y : (tensor<?x?xf32>) -> tensor<?x?xf32>
  return %z : tensor<?x?xf32>
}

// CHECK-LABEL: func @group_norm_silu
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel, reduction, reduction, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @group_norm_silu(%x: tensor<2x8x?x4xf32>, %r: tensor<2x8x?x4xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<2x8x?x4xf32> {
  %s = arith.addf %x, %r : tensor<2x8x?x4xf32>
  %y = norm.group_norm %s scale %g shift %b groups 4 channel_axis 1 : (tensor<2x8x?x4xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8x?x4xf32>
  %z = norm.activation silu %y : (tensor<2x8x?x4xf32>) -> tensor<2x8x?x4xf32>
  return %z : tensor<2x8x?x4xf32>
}

// CHECK-LABEL: func @group_norm_sum_returned
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel, reduction, reduction, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @group_norm_sum_returned(%x: tensor<?x8x3x4xf16>, %r: tensor<?x8x3x4xf16>, %g: tensor<8xf16>, %b: tensor<8xf16>) -> (tensor<?x8x3x4xf16>, tensor<?x8x3x4xf16>) {
  %s = arith.addf %x, %r : tensor<?x8x3x4xf16>
  %y = norm.group_norm %s scale %g shift %b groups 4 channel_axis 1 : (tensor<?x8x3x4xf16>, tensor<8xf16>, tensor<8xf16>) -> tensor<?x8x3x4xf16>
  %z = norm.activation silu %y : (tensor<?x8x3x4xf16>) -> tensor<?x8x3x4xf16>
  %w = arith.addf %z, %x : tensor<?x8x3x4xf16>
  return %s, %w : tensor<?x8x3x4xf16>, tensor<?x8x3x4xf16>
}

// CHECK-LABEL: func @norm_after_norm
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @norm_after_norm(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %y = norm.rms_norm %x axes [1] : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %z = norm.layer_norm %y axes [1] : (tensor<?x16xf32>) -> tensor<?x16xf32>
  return %z : tensor<?x16xf32>
}

// CHECK-LABEL: func @post_and_pre_norm
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @post_and_pre_norm(%x: tensor<?x16xf32>, %r: tensor<?x16xf32>, %g: tensor<16xf32>, %h: tensor<16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %y = norm.rms_norm %x scale %g axes [1] {scale_offset = 1.0 : f64} : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %s = arith.addf %y, %r : tensor<?x16xf32>
  %z = norm.rms_norm %s scale %h axes [1] {scale_offset = 1.0 : f64} : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  return %s, %z : tensor<?x16xf32>, tensor<?x16xf32>
}

// CHECK-LABEL: func @rms_norm_cast_before_scale
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @rms_norm_cast_before_scale(%x: tensor<?x16xbf16>, %r: tensor<?x16xbf16>, %g: tensor<16xbf16>) -> (tensor<?x16xbf16>, tensor<?x16xbf16>) {
  %s = arith.addf %x, %r : tensor<?x16xbf16>
  %z = norm.rms_norm %s scale %g axes [1] {cast_before_scale} : (tensor<?x16xbf16>, tensor<16xbf16>) -> tensor<?x16xbf16>
  return %s, %z : tensor<?x16xbf16>, tensor<?x16xbf16>
}

// CHECK-LABEL: func @batch_norm_relu_residual
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel, parallel, parallel]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @batch_norm_relu_residual(%x: tensor<?x4x?x3xf32>, %r: tensor<?x4x?x3xf32>, %g: tensor<4xf32>, %b: tensor<4xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<?x4x?x3xf32> {
  %y = norm.batch_norm %x scale %g shift %b mean %m variance %v channel_axis 1 : (tensor<?x4x?x3xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x?x3xf32>
  %s = arith.addf %y, %r : tensor<?x4x?x3xf32>
  %z = norm.activation relu %s : (tensor<?x4x?x3xf32>) -> tensor<?x4x?x3xf32>
  return %z : tensor<?x4x?x3xf32>
}

// CHECK-LABEL: func @statistics_used
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @statistics_used(%x: tensor<?x16xf32>) -> (tensor<?xf32>, tensor<?x16xf32>) {
  %y, %mean, %rstd = norm.layer_norm %x axes [1] : (tensor<?x16xf32>) -> (tensor<?x16xf32>, tensor<?xf32>, tensor<?xf32>)
  %t = arith.mulf %mean, %rstd : tensor<?xf32>
  return %t, %y : tensor<?xf32>, tensor<?x16xf32>
}

// CHECK-LABEL: func @qk_norm_rope
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel, reduction, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @qk_norm_rope(%x: tensor<?x2x8xbf16>, %g: tensor<8xbf16>, %cos: tensor<?x4xf32>, %sin: tensor<?x4xf32>) -> tensor<?x2x2x4xbf16> {
  %c0 = arith.constant 0 : index
  %n = norm.rms_norm %x scale %g axes [2] : (tensor<?x2x8xbf16>, tensor<8xbf16>) -> tensor<?x2x8xbf16>
  %d = tensor.dim %n, %c0 : tensor<?x2x8xbf16>
  %p = tensor.expand_shape %n [[0], [1], [2, 3]] output_shape [%d, 2, 2, 4] : tensor<?x2x8xbf16> into tensor<?x2x2x4xbf16>
  %e = tensor.empty(%d) : tensor<?x2x2x4xbf16>
  %y = norm.generic ins(%p, %cos, %sin : tensor<?x2x2x4xbf16>, tensor<?x4xf32>, tensor<?x4xf32>) outs(%e : tensor<?x2x2x4xbf16>)
      iterators [parallel, parallel, reduction, parallel]
      maps [(t, h, p, j) -> (t, h, p, j), (t, h, p, j) -> (t, j), (t, h, p, j) -> (t, j), (t, h, p, j) -> (t, h, p, j)] {
  ^bb0(%v: f32, %c: f32, %s: f32):
    %zero = arith.constant 0.0 : f32
    %i0 = arith.constant 0 : index
    %i = norm.index 2 : index
    %first = arith.cmpi eq, %i, %i0 : index
    %v0 = arith.select %first, %v, %zero : f32
    %v1 = arith.select %first, %zero, %v : f32
    %a = norm.reduce add %v0 over [2] : f32
    %b = norm.reduce add %v1 over [2] : f32
    %ac = arith.mulf %a, %c : f32
    %bs = arith.mulf %b, %s : f32
    %bc = arith.mulf %b, %c : f32
    %as = arith.mulf %a, %s : f32
    %lo = arith.subf %ac, %bs : f32
    %hi = arith.addf %bc, %as : f32
    %o = arith.select %first, %lo, %hi : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x2x2x4xbf16>
}

// CHECK-LABEL: func @layer_norm_int8
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @layer_norm_int8(%x: tensor<?x16xf32>, %g: tensor<16xf32>) -> (tensor<?x16xi8>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %d = tensor.dim %n, %c0 : tensor<?x16xf32>
  %q = tensor.empty(%d) : tensor<?x16xi8>
  %k = tensor.empty(%d) : tensor<?xf32>
  %r:2 = norm.generic ins(%n : tensor<?x16xf32>) outs(%q, %k : tensor<?x16xi8>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %c127 = arith.constant 127.0 : f32
    %u = math.absf %a : f32
    %m = norm.reduce max %u over [1] : f32
    %s = arith.divf %m, %c127 : f32
    %v = arith.divf %a, %s : f32
    %w = math.roundeven %v : f32
    %f = arith.fptosi %w : f32 to i8
    norm.yield %f, %s : i8, f32
  }
  return %r#0, %r#1 : tensor<?x16xi8>, tensor<?xf32>
}

// CHECK-LABEL: func @masked_softmax
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @masked_softmax(%x: tensor<2x?x8xf16>, %mask: tensor<?x8xf16>, %k: f32) -> tensor<2x?x8xf16> {
  %c1 = arith.constant 1 : index
  %d = tensor.dim %x, %c1 : tensor<2x?x8xf16>
  %e = tensor.empty(%d) : tensor<2x?x8xf16>
  %s = norm.generic ins(%x : tensor<2x?x8xf16>) outs(%e : tensor<2x?x8xf16>)
      iterators [parallel, parallel, parallel] maps [(h, q, k) -> (h, q, k), (h, q, k) -> (h, q, k)] {
  ^bb0(%a: f32):
    %0 = arith.mulf %a, %k : f32
    norm.yield %0 : f32
  }
  %m = norm.generic ins(%s, %mask : tensor<2x?x8xf16>, tensor<?x8xf16>) outs(%e : tensor<2x?x8xf16>)
      iterators [parallel, parallel, parallel] maps [(h, q, k) -> (h, q, k), (h, q, k) -> (q, k), (h, q, k) -> (h, q, k)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %b : f32
    norm.yield %0 : f32
  }
  %y = norm.generic ins(%m : tensor<2x?x8xf16>) outs(%e : tensor<2x?x8xf16>)
      iterators [parallel, parallel, reduction] maps [(h, q, k) -> (h, q, k), (h, q, k) -> (h, q, k)] {
  ^bb0(%a: f32):
    %mx = norm.reduce max %a over [2] : f32
    %c = arith.subf %a, %mx : f32
    %p = math.exp %c : f32
    %t = norm.reduce add %p over [2] : f32
    %o = arith.divf %p, %t : f32
    norm.yield %o : f32
  }
  return %y : tensor<2x?x8xf16>
}

// CHECK-LABEL: func @three_in_a_row
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @three_in_a_row(%x: tensor<?x16xf32>, %r: tensor<?x16xf32>, %g: tensor<16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>, tensor<?xf32>) {
  %a = norm.rms_norm %x scale %g axes [1] : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %s = arith.addf %a, %r : tensor<?x16xf32>
  %b = norm.layer_norm %s axes [1] : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %t = arith.addf %b, %s : tensor<?x16xf32>
  %c, %rstd = norm.rms_norm %t axes [1] : (tensor<?x16xf32>) -> (tensor<?x16xf32>, tensor<?xf32>)
  return %s, %c, %rstd : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?xf32>
}

// CHECK-LABEL: func @batch_norm_training_relu
// CHECK: norm.generic
// CHECK-SAME: iterators [reduction, parallel, reduction]
// CHECK-NOT: norm.generic
// CHECK: return
func.func @batch_norm_training_relu(%x: tensor<3x4x5xf32>, %r: tensor<3x4x5xf32>) -> (tensor<3x4x5xf32>, tensor<4xf32>) {
  %y, %m, %v = norm.batch_norm_training %x channel_axis 1 : (tensor<3x4x5xf32>) -> (tensor<3x4x5xf32>, tensor<4xf32>, tensor<4xf32>)
  %s = arith.addf %y, %r : tensor<3x4x5xf32>
  %z = norm.activation relu %s : (tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
  return %z, %m : tensor<3x4x5xf32>, tensor<4xf32>
}
