// What norm-fuse makes of several normalizations can be lowered, and gives what
// the ops give one by one.
//
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline --norm-cpu-pipeline | FileCheck %s
// RUN: norm-run %s --entry=crossing --verify
// RUN: norm-run %s --entry=output_outside --verify
// RUN: norm-run %s --entry=nested --verify
// RUN: norm-opt %s --norm-generalize --norm-fuse | FileCheck %s --check-prefix=FUSED

// CHECK-NOT: norm.generic
func.func @crossing(%x: tensor<4x8x64xf32>) -> tensor<4x8x64xf32> {
  %a = norm.rms_norm %x axes [1] : (tensor<4x8x64xf32>) -> tensor<4x8x64xf32>
  %b = norm.rms_norm %a axes [1, 2] : (tensor<4x8x64xf32>) -> tensor<4x8x64xf32>
  %c = norm.rms_norm %b axes [2] : (tensor<4x8x64xf32>) -> tensor<4x8x64xf32>
  return %c : tensor<4x8x64xf32>
}

func.func @output_outside(%x: tensor<4x3x64xf32>, %g: tensor<4x64xf32>) -> (tensor<4x64xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4x64xf32>
  %s = tensor.empty() : tensor<4xf32>
  %n = norm.generic ins(%x, %g : tensor<4x3x64xf32>, tensor<4x64xf32>) outs(%e : tensor<4x64xf32>)
      iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d0, d2)] {
  ^bb0(%a: f32, %b: f32):
    %m = norm.reduce max %a over [1, 2] : f32
    %o = arith.subf %b, %m : f32
    norm.yield %o : f32
  }
  %r = norm.generic ins(%n : tensor<4x64xf32>) outs(%s : tensor<4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %m = norm.reduce add %a over [1] : f32
    norm.yield %m : f32
  }
  return %n, %r : tensor<4x64xf32>, tensor<4xf32>
}

// Sets of dims that contain each other are one nest of loops.
// FUSED-LABEL: func @nested
// FUSED: norm.generic
// FUSED: over [2]
// FUSED: over [1, 2]
// FUSED-NOT: norm.generic
// FUSED: return
func.func @nested(%x: tensor<4x8x64xf32>) -> tensor<4x8x64xf32> {
  %a = norm.rms_norm %x axes [2] : (tensor<4x8x64xf32>) -> tensor<4x8x64xf32>
  %b = norm.rms_norm %a axes [1, 2] : (tensor<4x8x64xf32>) -> tensor<4x8x64xf32>
  return %b : tensor<4x8x64xf32>
}
