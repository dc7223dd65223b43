// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s
// RUN: norm-opt %s --emit-bytecode | norm-opt | FileCheck %s

// Every form of every op, as it is printed. What is the default is not.

// CHECK-LABEL: func @layer_norm(
// CHECK: norm.layer_norm %{{.*}} axes [2] : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @layer_norm(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.layer_norm %x axes [2] : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @layer_norm_default_epsilon(
// CHECK: norm.layer_norm %{{.*}} axes [2] : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @layer_norm_default_epsilon(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.layer_norm %x axes [2] epsilon 1.0e-5 : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @layer_norm_all(
// CHECK: norm.layer_norm %{{.*}} scale %{{.*}} shift %{{.*}} axes [-1, 1] epsilon 9.9999999999999998E-13 {accumulate = f64, cast_before_scale, scale_offset = 1.000000e+00 : f64} : (tensor<?x6x8xf32>, tensor<6x8xf64>, tensor<6x8xf32>) -> (tensor<?x6x8xf32>, tensor<?xf64>, tensor<?xf64>)
func.func @layer_norm_all(%x: tensor<?x6x8xf32>, %g: tensor<6x8xf64>, %b: tensor<6x8xf32>) -> (tensor<?x6x8xf32>, tensor<?xf64>, tensor<?xf64>) {
  %y:3 = norm.layer_norm %x scale %g shift %b axes [-1, 1] epsilon 9.9999999999999998E-13 {accumulate = f64, cast_before_scale, scale_offset = 1.000000e+00 : f64} : (tensor<?x6x8xf32>, tensor<6x8xf64>, tensor<6x8xf32>) -> (tensor<?x6x8xf32>, tensor<?xf64>, tensor<?xf64>)
  return %y#0, %y#1, %y#2 : tensor<?x6x8xf32>, tensor<?xf64>, tensor<?xf64>
}

// CHECK-LABEL: func @layer_norm_shift(
// CHECK: norm.layer_norm %{{.*}} shift %{{.*}} axes [2] epsilon 0.000000e+00 : (tensor<?x6x8xf32>, tensor<8xf32>) -> tensor<?x6x8xf32>
func.func @layer_norm_shift(%x: tensor<?x6x8xf32>, %b: tensor<8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.layer_norm %x shift %b axes [2] epsilon 0.000000e+00 : (tensor<?x6x8xf32>, tensor<8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @rms_norm(
// CHECK: norm.rms_norm %{{.*}} scale %{{.*}} axes [-1] : (tensor<?x6x8xf32>, tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<?x6xf32>)
func.func @rms_norm(%x: tensor<?x6x8xf32>, %g: tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<?x6xf32>) {
  %y:2 = norm.rms_norm %x scale %g axes [-1] : (tensor<?x6x8xf32>, tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<?x6xf32>)
  return %y#0, %y#1 : tensor<?x6x8xf32>, tensor<?x6xf32>
}

// CHECK-LABEL: func @rms_norm_every_axis(
// CHECK: norm.rms_norm %{{.*}} axes [0] : (tensor<4xbf16>) -> (tensor<4xbf16>, tensor<f32>)
func.func @rms_norm_every_axis(%x: tensor<4xbf16>) -> (tensor<4xbf16>, tensor<f32>) {
  %y:2 = norm.rms_norm %x axes [0] : (tensor<4xbf16>) -> (tensor<4xbf16>, tensor<f32>)
  return %y#0, %y#1 : tensor<4xbf16>, tensor<f32>
}

// CHECK-LABEL: func @group_norm(
// CHECK: norm.group_norm %{{.*}} scale %{{.*}} shift %{{.*}} groups 3 channel_axis -2 epsilon 1.000000e-03 : (tensor<?x6x8xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x6x8xf32>
func.func @group_norm(%x: tensor<?x6x8xf32>, %g: tensor<6xf32>, %b: tensor<6xf32>) -> tensor<?x6x8xf32> {
  %y = norm.group_norm %x scale %g shift %b groups 3 channel_axis -2 epsilon 1.000000e-03 : (tensor<?x6x8xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @instance_norm(
// CHECK: norm.instance_norm %{{.*}} channel_axis 1 : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @instance_norm(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.instance_norm %x channel_axis 1 : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @batch_norm(
// CHECK: norm.batch_norm %{{.*}} scale %{{.*}} mean %{{.*}} variance %{{.*}} channel_axis 2 : (tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x6x8xf32>
func.func @batch_norm(%x: tensor<?x6x8xf32>, %g: tensor<8xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.batch_norm %x scale %g mean %m variance %v channel_axis 2 : (tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @batch_norm_training(
// CHECK: norm.batch_norm_training %{{.*}} shift %{{.*}} channel_axis -1 : (tensor<?x6x8xf32>, tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>)
func.func @batch_norm_training(%x: tensor<?x6x8xf32>, %b: tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %y:3 = norm.batch_norm_training %x shift %b channel_axis -1 : (tensor<?x6x8xf32>, tensor<8xf32>) -> (tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %y#0, %y#1, %y#2 : tensor<?x6x8xf32>, tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: func @l2_norm(
// CHECK: norm.l2_norm %{{.*}} axes [0, 1, 2] epsilon 2.500000e-01 {accumulate = f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @l2_norm(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.l2_norm %x axes [0, 1, 2] epsilon 2.500000e-01 {accumulate = f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @l2_norm_default_epsilon(
// CHECK: norm.l2_norm %{{.*}} axes [0] : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @l2_norm_default_epsilon(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.l2_norm %x axes [0] epsilon 1.0e-12 : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @linear(
// CHECK: norm.linear %{{.*}} weight %{{.*}} bias %{{.*}} : (tensor<?x8xbf16>, tensor<5x8xbf16>, tensor<5xf32>) -> tensor<?x5xf32>
func.func @linear(%x: tensor<?x8xbf16>, %w: tensor<5x8xbf16>, %b: tensor<5xf32>) -> tensor<?x5xf32> {
  %y = norm.linear %x weight %w bias %b : (tensor<?x8xbf16>, tensor<5x8xbf16>, tensor<5xf32>) -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func @linear_in_out(
// CHECK: norm.linear %{{.*}} weight %{{.*}} layout in_out : (tensor<8xf16>, tensor<8x?xf16>) -> tensor<?xf16>
func.func @linear_in_out(%x: tensor<8xf16>, %w: tensor<8x?xf16>) -> tensor<?xf16> {
  %y = norm.linear %x weight %w layout in_out : (tensor<8xf16>, tensor<8x?xf16>) -> tensor<?xf16>
  return %y : tensor<?xf16>
}

// CHECK-LABEL: func @linear_out_in(
// CHECK: norm.linear %{{.*}} weight %{{.*}} : (tensor<8xf64>, tensor<5x8xf64>) -> tensor<5xf64>
func.func @linear_out_in(%x: tensor<8xf64>, %w: tensor<5x8xf64>) -> tensor<5xf64> {
  %y = norm.linear %x weight %w layout out_in : (tensor<8xf64>, tensor<5x8xf64>) -> tensor<5xf64>
  return %y : tensor<5xf64>
}

// CHECK-LABEL: func @relu(
// CHECK: norm.activation relu %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @relu(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation relu %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @gelu_erf(
// CHECK: norm.activation gelu_erf %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @gelu_erf(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation gelu_erf %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @gelu_tanh(
// CHECK: norm.activation gelu_tanh %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @gelu_tanh(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation gelu_tanh %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @silu(
// CHECK: norm.activation silu %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @silu(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation silu %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @sigmoid(
// CHECK: norm.activation sigmoid %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @sigmoid(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation sigmoid %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @tanh(
// CHECK: norm.activation tanh %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @tanh(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation tanh %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @quick_gelu(
// CHECK: norm.activation quick_gelu %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @quick_gelu(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation quick_gelu %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @softplus(
// CHECK: norm.activation softplus %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @softplus(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation softplus %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @leaky_relu(
// CHECK: norm.activation leaky_relu %{{.*}} {alpha = 2.000000e-01 : f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @leaky_relu(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation leaky_relu %x {alpha = 2.000000e-01 : f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @elu(
// CHECK: norm.activation elu %{{.*}} {alpha = 2.000000e-01 : f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @elu(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation elu %x {alpha = 2.000000e-01 : f64} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @hardswish(
// CHECK: norm.activation hardswish %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @hardswish(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation hardswish %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @mish(
// CHECK: norm.activation mish %{{.*}} : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
func.func @mish(%x: tensor<?x6x8xf32>) -> tensor<?x6x8xf32> {
  %y = norm.activation mish %x : (tensor<?x6x8xf32>) -> tensor<?x6x8xf32>
  return %y : tensor<?x6x8xf32>
}

// CHECK-LABEL: func @generic(
// CHECK: norm.generic ins(%{{.*}}, %{{.*}} : tensor<?x8xbf16>, tensor<8xf32>) outs(%{{.*}}, %{{.*}} : tensor<?x8xf8E4M3FN>, tensor<?xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] attributes {test.kept} {
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %{{.*}}: f32):
// CHECK-NEXT: %{{.*}}, %{{.*}} = norm.center %{{.*}} over [1] : f32
// CHECK-NEXT: norm.reduce add %{{.*}} over [1] : f32
// CHECK-NEXT: norm.reduce mul %{{.*}} over [1] : f32
// CHECK-NEXT: norm.reduce max %{{.*}} over [1] : f32
// CHECK-NEXT: norm.reduce min %{{.*}} over [1] : f32
// CHECK-NEXT: norm.extent over [0, 1] : i32
// CHECK-NEXT: norm.index 0 : index
// CHECK: norm.yield %{{.*}}, %{{.*}} : f32, f32
func.func @generic(%x: tensor<?x8xbf16>, %g: tensor<8xf32>, %e: tensor<?x8xf8E4M3FN>, %f: tensor<?xf32>) -> (tensor<?x8xf8E4M3FN>, tensor<?xf32>) {
  %y:2 = norm.generic ins(%x, %g : tensor<?x8xbf16>, tensor<8xf32>) outs(%e, %f : tensor<?x8xf8E4M3FN>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(r, i) -> (r, i), (r, i) -> (i), (r, i) -> (r, i), (r, i) -> (r)] attributes {test.kept} {
  ^bb0(%v: f32, %s: f32):
    %c, %m = norm.center %v over [1] : f32
    %sum = norm.reduce add %c over [1] : f32
    %product = norm.reduce mul %c over [1] : f32
    %max = norm.reduce max %c over [1] : f32
    %min = norm.reduce min %c over [1] : f32
    %n = norm.extent over [0, 1] : i32
    %i = norm.index 0 : index
    %o = arith.mulf %c, %s : f32
    norm.yield %o, %max : f32, f32
  }
  return %y#0, %y#1 : tensor<?x8xf8E4M3FN>, tensor<?xf32>
}

// CHECK-LABEL: func @generic_buffers(
// CHECK: norm.generic outs(%{{.*}} : memref<?x8xf32, strided<[?, 1], offset: ?>>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1)] {
// CHECK-NEXT: norm.yield %{{.*}} : f32
func.func @generic_buffers(%y: memref<?x8xf32, strided<[?, 1], offset: ?>>, %s: f32) {
  norm.generic outs(%y : memref<?x8xf32, strided<[?, 1], offset: ?>>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1)] {
    norm.yield %s : f32
  }
  return
}

// CHECK-LABEL: func @generic_rank_0(
// CHECK: norm.generic ins(%{{.*}} : tensor<f32>) outs(%{{.*}} : tensor<f32>) iterators [] maps [() -> (), () -> ()] {
func.func @generic_rank_0(%x: tensor<f32>) -> tensor<f32> {
  %y = norm.generic ins(%x : tensor<f32>) outs(%x : tensor<f32>) iterators [] maps [() -> (), () -> ()] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return %y : tensor<f32>
}
