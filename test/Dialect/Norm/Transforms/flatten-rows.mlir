// RUN: norm-opt %s --norm-verify-passes=strict --norm-flatten-rows --canonicalize --cse | FileCheck %s

// A batch of sequences before and behind a layer: no views are left between.
// CHECK-LABEL: func.func @batch(
// CHECK: %[[X:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0, 1], [2]]
// CHECK: %[[N:.*]] = norm.generic ins(%[[X]], %arg1 : tensor<?x31xf32>, tensor<31xf32>) {{.*}} iterators [parallel, reduction]
// CHECK-SAME: maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)]
// CHECK:   norm.center %{{.*}} over [1]
// CHECK: %[[L:.*]] = norm.packed_linear ins(%[[N]], %arg2
// CHECK: %[[Y:.*]]:2 = norm.generic ins(%[[L]] : tensor<?x50xf32>) outs(%{{.*}}, %{{.*}} : tensor<?x50xf32>, tensor<?xf32>) iterators [parallel, reduction]
// CHECK-DAG: tensor.expand_shape %[[Y]]#0 {{\[\[}}0, 1], [2]]
// CHECK-DAG: tensor.expand_shape %[[Y]]#1 {{\[\[}}0, 1]]
func.func @batch(%x: tensor<?x?x31xf32>, %g: tensor<31xf32>, %w: tensor<2x31x48xf32>) -> (tensor<?x?x50xf32>, tensor<?x?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x31xf32>
  %s = tensor.dim %x, %c1 : tensor<?x?x31xf32>
  %e = tensor.empty(%b, %s) : tensor<?x?x31xf32>
  %n = norm.generic ins(%x, %g : tensor<?x?x31xf32>, tensor<31xf32>) outs(%e : tensor<?x?x31xf32>) iterators [parallel, parallel, reduction]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32, %u: f32):
    %c, %mean = norm.center %v over [2] : f32
    %o = arith.mulf %c, %u : f32
    norm.yield %o : f32
  }
  %rows = tensor.collapse_shape %n [[0, 1], [2]] : tensor<?x?x31xf32> into tensor<?x31xf32>
  %m = arith.muli %b, %s : index
  %f = tensor.empty(%m) : tensor<?x50xf32>
  %l = norm.packed_linear ins(%rows, %w : tensor<?x31xf32>, tensor<2x31x48xf32>) outs(%f : tensor<?x50xf32>) -> tensor<?x50xf32>
  %h = tensor.expand_shape %l [[0, 1], [2]] output_shape [%b, %s, 50] : tensor<?x50xf32> into tensor<?x?x50xf32>
  %e2 = tensor.empty(%b, %s) : tensor<?x?x50xf32>
  %e3 = tensor.empty(%b, %s) : tensor<?x?xf32>
  %y:2 = norm.generic ins(%h : tensor<?x?x50xf32>) outs(%e2, %e3 : tensor<?x?x50xf32>, tensor<?x?xf32>) iterators [parallel, parallel, reduction]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [2] : f32
    norm.yield %c, %mean : f32, f32
  }
  return %y#0, %y#1 : tensor<?x?x50xf32>, tensor<?x?xf32>
}

// What is added differs from position to position: the dims stay apart.
// CHECK-LABEL: func.func @positions(
// CHECK: norm.generic {{.*}} iterators [parallel, parallel, parallel]
func.func @positions(%x: tensor<6x31xf32>, %w: tensor<2x31x48xf32>, %p: tensor<3x50xf32>) -> tensor<2x3x50xf32> {
  %f = tensor.empty() : tensor<6x50xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<6x31xf32>, tensor<2x31x48xf32>) outs(%f : tensor<6x50xf32>) -> tensor<6x50xf32>
  %h = tensor.expand_shape %l [[0, 1], [2]] output_shape [2, 3, 50] : tensor<6x50xf32> into tensor<2x3x50xf32>
  %e = tensor.empty() : tensor<2x3x50xf32>
  %y = norm.generic ins(%h, %p : tensor<2x3x50xf32>, tensor<3x50xf32>) outs(%e : tensor<2x3x50xf32>) iterators [parallel, parallel, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32, %q: f32):
    %s = arith.addf %v, %q : f32
    norm.yield %s : f32
  }
  return %y : tensor<2x3x50xf32>
}
