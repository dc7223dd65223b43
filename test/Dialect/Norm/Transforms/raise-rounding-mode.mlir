// RUN: norm-opt %s --norm-raise | FileCheck %s

// Ops of the dialect round to nearest even: another rounding stays where it is.
// (The interpreter knows none, so that nothing is run here.)

// Rounded towards zero.
// CHECK-LABEL: func @towards_zero
// CHECK:         %[[Y:.*]] = norm.rms_norm %{{.*}} -> tensor<4x16xf32>
// CHECK:         arith.truncf %[[Y]] toward_zero
func.func @towards_zero(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %f = arith.extf %x : tensor<4x16xf16> to tensor<4x16xf32>
  %q = arith.mulf %f, %f : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%zero : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %f, %b : tensor<4x16xf32>
  %h = arith.truncf %z toward_zero : tensor<4x16xf32> to tensor<4x16xf16>
  return %h : tensor<4x16xf16>
}
