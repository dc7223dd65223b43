// RUN: norm-opt %s --norm-verify-passes=strict --norm-copy-strided | FileCheck %s

// Two dims that are one without gaps: what has them is copied, the row is not.
// CHECK-LABEL: func.func @plane(
// CHECK-SAME: %[[X:[^:]*]]: tensor<?x4x8xf32>, %[[G:[^:]*]]: tensor<?xf32>)
// CHECK: %[[C:.*]] = norm.generic ins(%[[X]] :
// CHECK: %[[Y:.*]] = norm.generic ins(%[[C]], %[[G]] :
// CHECK: norm.reduce add %{{.*}} over [1, 2]
// CHECK: %[[D:.*]] = norm.generic ins(%[[Y]] :
// CHECK: return %[[D]]
func.func @plane(%x: tensor<?x4x8xf32>, %g: tensor<?xf32>) -> tensor<?x4x8xf32> attributes {norm.strided = "f"} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4x8xf32>
  %e = tensor.empty(%n) : tensor<?x4x8xf32>
  %y = norm.generic ins(%x, %g : tensor<?x4x8xf32>, tensor<?xf32>) outs(%e : tensor<?x4x8xf32>) iterators [parallel, reduction, reduction]
      maps [(r, a, b) -> (r, a, b), (r, a, b) -> (r), (r, a, b) -> (r, a, b)] {
  ^bb0(%v: f32, %w: f32):
    %s = norm.reduce add %v over [1, 2] : f32
    %o = arith.subf %v, %s : f32
    %p = arith.mulf %o, %w : f32
    norm.yield %p : f32
  }
  return %y : tensor<?x4x8xf32>
}

// Dims that another one is between; a function without strides.
// CHECK-LABEL: func.func @apart(
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
// CHECK-LABEL: func.func @plain(
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
func.func @apart(%x: tensor<4x3x8xf32>) -> tensor<3xf32> attributes {norm.strided = "f"} {
  %e = tensor.empty() : tensor<3xf32>
  %y = norm.generic ins(%x : tensor<4x3x8xf32>) outs(%e : tensor<3xf32>) iterators [reduction, parallel, reduction]
      maps [(a, r, b) -> (a, r, b), (a, r, b) -> (r)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [0, 2] : f32
    norm.yield %s : f32
  }
  return %y : tensor<3xf32>
}
func.func @plain(%x: tensor<3x4x8xf32>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  %y = norm.generic ins(%x : tensor<3x4x8xf32>) outs(%e : tensor<3xf32>) iterators [parallel, reduction, reduction]
      maps [(r, a, b) -> (r, a, b), (r, a, b) -> (r)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1, 2] : f32
    norm.yield %s : f32
  }
  return %y : tensor<3xf32>
}
