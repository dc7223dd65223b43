// RUN: norm-opt %s -split-input-file --norm-verify-passes=strict --norm-split-nests --canonicalize --cse | FileCheck %s

// The mean of columns and that of rows: the first in a nest of its own.
// CHECK-LABEL: func.func @crossing
// CHECK: %[[MEAN:.*]] = norm.generic ins(%{{.*}} : tensor<6x9xf32>) outs(%{{.*}} : tensor<9xf64>)
// CHECK-SAME: iterators [reduction, parallel]
// CHECK: norm.center %{{.*}} over [0] : f64
// CHECK: norm.generic ins(%{{.*}}, %[[MEAN]] : tensor<6x9xf32>, tensor<9xf64>)
// CHECK: arith.subf %{{.*}} : f64
// CHECK-NOT: over [0]
// CHECK: norm.center %{{.*}} over [1]
// CHECK: return
func.func @crossing(%x: tensor<6x9xf32>) -> tensor<6x9xf32> {
  %e = tensor.empty() : tensor<6x9xf32>
  %y = norm.generic ins(%x : tensor<6x9xf32>) outs(%e : tensor<6x9xf32>) iterators [reduction, reduction]
      maps [(a, b) -> (a, b), (a, b) -> (a, b)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [0] : f32
    %d, %n = norm.center %c over [1] : f32
    norm.yield %d : f32
  }
  return %y : tensor<6x9xf32>
}

// -----

// Three that cross each other, one of which needs another.
// CHECK-LABEL: func.func @three
// CHECK-COUNT-4: norm.generic
// CHECK-NOT: norm.generic
func.func @three(%x: tensor<?x4x5xf32>) -> tensor<?x4x5xf32> {
  %c0 = arith.constant 0 : index
  %n0 = tensor.dim %x, %c0 : tensor<?x4x5xf32>
  %e = tensor.empty(%n0) : tensor<?x4x5xf32>
  %y = norm.generic ins(%x : tensor<?x4x5xf32>) outs(%e : tensor<?x4x5xf32>) iterators [reduction, reduction, reduction]
      maps [(a, b, c) -> (a, b, c), (a, b, c) -> (a, b, c)] {
  ^bb0(%v: f32):
    %p = norm.reduce max %v over [0] : f32
    %d = arith.subf %v, %p : f32
    %q = norm.reduce add %d over [1] : f32
    %r = norm.reduce max %v over [2, 0] : f32
    %s = norm.reduce min %v over [1, 2] : f32
    %t = arith.addf %q, %r : f32
    %o = arith.subf %t, %s : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x4x5xf32>
}

// -----

// An output that needs a sum over fewer dims than it lacks.
// CHECK-LABEL: func.func @too_far_inside
// CHECK: %[[SUM:.*]] = norm.generic ins(%{{.*}} : tensor<7x5xf32>) outs(%{{.*}} : tensor<7xf32>)
// CHECK-SAME: iterators [parallel, reduction]
// CHECK: norm.generic ins(%{{.*}}, %[[SUM]] : tensor<7x3x5xf32>, tensor<7xf32>)
// CHECK-NOT: norm.generic
func.func @too_far_inside(%x: tensor<7x3x5xf32>, %z: tensor<7x5xf32>) -> tensor<7xf32> {
  %e = tensor.empty() : tensor<7xf32>
  %y = norm.generic ins(%x, %z : tensor<7x3x5xf32>, tensor<7x5xf32>) outs(%e : tensor<7xf32>) iterators [parallel, reduction, reduction]
      maps [(r, a, b) -> (r, a, b), (r, a, b) -> (r, b), (r, a, b) -> (r)] {
  ^bb0(%v: f32, %w: f32):
    %s = norm.reduce add %w over [2] : f32
    %m = norm.reduce max %v over [1, 2] : f32
    %o = arith.addf %s, %m : f32
    norm.yield %o : f32
  }
  return %y : tensor<7xf32>
}

// -----

// The sum over more dims is cut off, not the one that needs it.
// CHECK-LABEL: func.func @outer_first
// CHECK: norm.generic
// CHECK: norm.reduce add %{{.*}} over [1, 2]
// CHECK: norm.generic
// CHECK: norm.reduce max
func.func @outer_first(%x: tensor<7x3x5xf32>, %z: tensor<7x5xf32>) -> tensor<7xf32> {
  %e = tensor.empty() : tensor<7xf32>
  %y = norm.generic ins(%x, %z : tensor<7x3x5xf32>, tensor<7x5xf32>) outs(%e : tensor<7xf32>) iterators [parallel, reduction, reduction]
      maps [(r, a, b) -> (r, a, b), (r, a, b) -> (r, b), (r, a, b) -> (r)] {
  ^bb0(%v: f32, %w: f32):
    %s = norm.reduce add %v over [1, 2] : f32
    %t = arith.addf %w, %s : f32
    %m = norm.reduce max %t over [2] : f32
    norm.yield %m : f32
  }
  return %y : tensor<7xf32>
}

// -----

// What lacks a parallel dim is computed without its loop, which may have no
// iterations; the extent of a dim needs the dim.
// CHECK-LABEL: func.func @fewer_rows
// CHECK: norm.generic ins(%{{.*}} : tensor<?xf32>, tensor<?xi8>) outs(%{{.*}} : tensor<?xf32>) iterators [reduction, parallel]
// CHECK: norm.extent over [0]
// CHECK: norm.generic
// CHECK-SAME: iterators [parallel, parallel]
func.func @fewer_rows(%x: tensor<?x?xf32>, %z: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n0 = tensor.dim %x, %c0 : tensor<?x?xf32>
  %n1 = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n0, %n1) : tensor<?x?xf32>
  %f = tensor.empty(%n1) : tensor<?xf32>
  %y:2 = norm.generic ins(%x, %z : tensor<?x?xf32>, tensor<?xf32>) outs(%e, %f : tensor<?x?xf32>, tensor<?xf32>) iterators [parallel, parallel]
      maps [(r, i) -> (r, i), (r, i) -> (i), (r, i) -> (r, i), (r, i) -> (i)] {
  ^bb0(%v: f32, %w: f32):
    %n = norm.extent over [0] : f32
    %s = arith.mulf %w, %n : f32
    %o = arith.addf %v, %w : f32
    norm.yield %o, %s : f32, f32
  }
  return %y#0, %y#1 : tensor<?x?xf32>, tensor<?xf32>
}

// -----

// The last dim is that of the output which is cut off only.
// CHECK-LABEL: func.func @lost_dim
// CHECK: norm.generic outs(%{{.*}} : tensor<3x4xf32>)
// CHECK: norm.generic ins(%{{.*}} : tensor<4xi8>) outs(%{{.*}} : tensor<3x2xf32>)
func.func @lost_dim() -> (tensor<3x2xf32>, tensor<3x4xf32>) {
  %e = tensor.empty() : tensor<3x2xf32>
  %f = tensor.empty() : tensor<3x4xf32>
  %y, %z = norm.generic outs(%e, %f : tensor<3x2xf32>, tensor<3x4xf32>) iterators [parallel, parallel, reduction]
      maps [(a, b, c) -> (b, a), (a, b, c) -> (b, c)] {
    %i = norm.index 1 : index
    %j = arith.index_cast %i : index to i32
    %k = arith.sitofp %j : i32 to f32
    %s = norm.reduce add %k over [2] : f32
    norm.yield %s, %s : f32, f32
  }
  return %y, %z : tensor<3x2xf32>, tensor<3x4xf32>
}

// -----

// One of which the loop over a dim that an output lacks, and that may have no
// elements, would be around its stores.
// CHECK-LABEL: func.func @inside
// CHECK: norm.generic ins(%{{.*}} : tensor<?x4xf32>) outs(%{{.*}} : tensor<f32>)
// CHECK-SAME: iterators [reduction, reduction]
// CHECK: norm.generic ins(%{{.*}} : tensor<f32>) outs(%{{.*}} : tensor<?xf32>) iterators [parallel]
// CHECK: norm.generic ins(%{{.*}}, %{{.*}} : tensor<?x4xf32>, tensor<f32>) outs(%{{.*}} : tensor<4xf32>)
// CHECK-NOT: norm.generic
func.func @inside(%x: tensor<?x4xf32>) -> (tensor<?xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %f = tensor.empty() : tensor<4xf32>
  %y:2 = norm.generic ins(%x : tensor<?x4xf32>) outs(%e, %f : tensor<?xf32>, tensor<4xf32>) iterators [reduction, reduction]
      maps [(a, b) -> (a, b), (a, b) -> (a), (a, b) -> (b)] {
  ^bb0(%v: f32):
    %a = norm.reduce add %v over [0, 1] : f32
    norm.yield %a, %a : f32, f32
  }
  return %y#0, %y#1 : tensor<?xf32>, tensor<4xf32>
}
