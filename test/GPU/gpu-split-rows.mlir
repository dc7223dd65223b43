// RUN: norm-opt %s --norm-gpu-split-rows | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-gpu-split-rows > /dev/null

// Partial results of pieces, in f64; their sum; the row once more, with what
// follows from the sum alone in f64.
// CHECK-LABEL: @long
// CHECK: norm.generic ins(%{{.*}} : tensor<2x4x7500xf32>) outs(%{{.*}} : tensor<2x4xf64>) iterators [parallel, parallel, reduction]
// CHECK: norm.reduce add %{{.*}} over [2] : f32
// CHECK: arith.extf
// CHECK: norm.generic ins(%{{.*}} : tensor<2x4xf64>) outs(%{{.*}} : tensor<2xf64>) iterators [parallel, reduction]
// CHECK: norm.reduce add %{{.*}} over [1] : f64
// CHECK: norm.generic ins(%{{.*}} : tensor<2x30000xf32>, tensor<2xf64>) outs(%{{.*}} : tensor<2x30000xf32>) iterators [parallel, parallel]
// CHECK: ^bb0(%[[X:.*]]: f32, %[[S:.*]]: f64):
// CHECK: %[[ROOT:.*]] = math.sqrt %[[S]] : f64
// CHECK: %[[NARROW:.*]] = arith.truncf %[[ROOT]] : f64 to f32
// CHECK: arith.divf %[[X]], %[[NARROW]] : f32
func.func @long(%x: tensor<2x30000xf32>) -> tensor<2x30000xf32> {
  %e = tensor.empty() : tensor<2x30000xf32>
  %y = norm.generic ins(%x : tensor<2x30000xf32>) outs(%e : tensor<2x30000xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %q = arith.mulf %v, %v : f32
    %s = norm.reduce add %q over [1] : f32
    %r = math.sqrt %s : f32
    %o = arith.divf %v, %r : f32
    norm.yield %o : f32
  }
  return %y : tensor<2x30000xf32>
}

// What a block's registers hold stays, and lengths that are not known.
// CHECK-LABEL: @short
// CHECK-COUNT-2: norm.generic
// CHECK-NOT: norm.generic
// CHECK: return
func.func @short(%x: tensor<2x24576xf32>, %z: tensor<2x?xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %e = tensor.empty() : tensor<2xf32>
  %y = norm.generic ins(%x : tensor<2x24576xf32>) outs(%e : tensor<2xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %s = norm.reduce max %v over [1] : f32
    norm.yield %s : f32
  }
  %w = norm.generic ins(%z : tensor<2x?xf32>) outs(%e : tensor<2xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %s = norm.reduce max %v over [1] : f32
    norm.yield %s : f32
  }
  return %y, %w : tensor<2xf32>, tensor<2xf32>
}

// A cluster of blocks keeps such rows in registers.
module attributes {norm.gpu_target = {arch = "sm_90", features = ""}} {
  // CHECK-LABEL: @cluster
  // CHECK-COUNT-1: norm.generic
  // CHECK-NOT: norm.generic
  // CHECK: return
  func.func @cluster(%x: tensor<2x30000xf32>) -> tensor<2x30000xf32> {
    %e = tensor.empty() : tensor<2x30000xf32>
    %y = norm.generic ins(%x : tensor<2x30000xf32>) outs(%e : tensor<2x30000xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32):
      %s = norm.reduce add %v over [1] : f32
      %o = arith.divf %v, %s : f32
      norm.yield %o : f32
    }
    return %y : tensor<2x30000xf32>
  }
}
