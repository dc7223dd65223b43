// In a block that nothing reaches, a view may be a view of itself: passes that
// look for what is behind views come to an end.
//
// RUN: norm-opt %s --norm-fold-batch-norm | FileCheck %s
// RUN: norm-opt %s --norm-fold-affine --norm-fold-centering --norm-defer-normalization | FileCheck %s

// CHECK-LABEL: func.func @casts(
// CHECK:         norm.batch_norm
// CHECK:         norm.linear
func.func @casts(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
^unreachable:
  %c = arith.constant dense<1.0> : tensor<4xf32>
  %w = arith.constant dense<1.0> : tensor<4x4xf32>
  %a = tensor.cast %b : tensor<?x4xf32> to tensor<8x4xf32>
  %b = tensor.cast %a : tensor<8x4xf32> to tensor<?x4xf32>
  %n = norm.batch_norm %b mean %c variance %c channel_axis 1 : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %n : tensor<?x4xf32>
^another:
  %d = tensor.cast %e : tensor<?x4xf32> to tensor<4x4xf32>
  %e = tensor.cast %d : tensor<4x4xf32> to tensor<?x4xf32>
  %m = norm.layer_norm %x axes [1] : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = norm.linear %m weight %d : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
