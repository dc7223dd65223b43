// RUN: norm-opt %s --norm-verify-passes=strict --transform-interpreter --canonicalize --cse -split-input-file | FileCheck %s

// Parallel dims are tiled, reduced dims are whole in every tile; index and extent
// are those of the untiled space.
// CHECK-LABEL: func @rows(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<?x?xf32>, %[[G:[^ ]*]]: tensor<?xf32>)
// CHECK-DAG:     %[[ROWS:.*]] = tensor.dim %[[X]], %c0
// CHECK-DAG:     %[[SIZE:.*]] = tensor.dim %[[X]], %c1
// CHECK:         scf.for %[[I:.*]] = %{{.*}} to %[[ROWS]] step %{{.*}} iter_args(
// CHECK-DAG:       %[[XT:.*]] = tensor.extract_slice %[[X]][%[[I]], 0] [%[[T:.*]], %[[SIZE]]] [1, 1]
// CHECK:           %{{.*}}:2 = norm.generic ins(%[[XT]], %[[G]] :
// CHECK:             %[[J:.*]] = norm.index 0 : index
// CHECK:             arith.addi %[[J]], %[[I]] : index
// CHECK-NOT:         norm.extent over [0]
// CHECK:             norm.extent over [1]
func.func @rows(%x: tensor<?x?xf32>, %g: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c0 : tensor<?x?xf32>
  %size = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%rows, %size) : tensor<?x?xf32>
  %f = tensor.empty(%rows) : tensor<?xf32>
  %y:2 = norm.generic ins(%x, %g : tensor<?x?xf32>, tensor<?xf32>) outs(%e, %f : tensor<?x?xf32>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32, %w: f32):
    %c, %m = norm.center %v over [1] : f32
    %i = norm.index 0 : index
    %ii = arith.index_cast %i : index to i64
    %if = arith.sitofp %ii : i64 to f32
    %n = norm.extent over [0] : f32
    %k = norm.extent over [1] : f32
    %q = arith.divf %if, %n : f32
    %a = arith.addf %c, %q : f32
    %b = arith.addf %a, %k : f32
    %s = arith.mulf %b, %w : f32
    norm.yield %s, %m : f32, f32
  }
  return %y#0, %y#1 : tensor<?x?xf32>, tensor<?xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2 = transform.structured.tile_using_for %0 tile_sizes [2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Dims on both sides of the reduced one.
// CHECK-LABEL: func @around(
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             norm.generic ins(%{{.*}} : tensor<2x8x?xf32>)
func.func @around(%x: tensor<6x8x?xf32>) -> tensor<6x8x?xf32> {
  %c2 = arith.constant 2 : index
  %size = tensor.dim %x, %c2 : tensor<6x8x?xf32>
  %e = tensor.empty(%size) : tensor<6x8x?xf32>
  %y = norm.generic ins(%x : tensor<6x8x?xf32>) outs(%e : tensor<6x8x?xf32>)
      iterators [parallel, reduction, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  return %y : tensor<6x8x?xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2:2 = transform.structured.tile_using_for %0 tile_sizes [2, 0, 3] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A row program is fused as a producer into the tiles of the matmul that reads it:
// rows of dynamic length are whole there.
// CHECK-LABEL: func @producer(
// CHECK-NOT:     norm.generic
// CHECK:         scf.for
// CHECK:           %[[N:.*]] = norm.generic
// CHECK:           linalg.matmul ins(%[[N]],
func.func @producer(%x: tensor<?x?xf32>, %w: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %rows = tensor.dim %x, %c0 : tensor<?x?xf32>
  %size = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%rows, %size) : tensor<?x?xf32>
  %n = norm.generic ins(%x : tensor<?x?xf32>) outs(%e : tensor<?x?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  %f = tensor.empty(%rows) : tensor<?x16xf32>
  %z = linalg.fill ins(%zero : f32) outs(%f : tensor<?x16xf32>) -> tensor<?x16xf32>
  %y = linalg.matmul ins(%n, %w : tensor<?x?xf32>, tensor<?x16xf32>) outs(%z : tensor<?x16xf32>) -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["linalg.matmul"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2 = transform.structured.fuse %0 tile_sizes [2, 0, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Two results of a producer, one of them per row, in the tiles of a consumer. The
// tiling makes each in a generic of its own.
// CHECK-LABEL: func @two_results(
// CHECK-NOT:     norm.generic
// CHECK:         scf.for
// CHECK:           %[[C:.*]] = norm.generic ins(%{{.*}} : tensor<2x8xf32>) outs(%{{.*}} : tensor<2x8xf32>) iterators [parallel, reduction]
// CHECK:           %[[M:.*]] = norm.generic ins(%{{.*}} : tensor<2x8xf32>) outs(%{{.*}} : tensor<2xf32>) iterators [parallel, reduction]
// CHECK:           norm.generic ins(%[[C]], %[[M]] :
func.func @two_results(%x: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %e = tensor.empty() : tensor<6x8xf32>
  %f = tensor.empty() : tensor<6xf32>
  %n:2 = norm.generic ins(%x : tensor<6x8xf32>) outs(%e, %f : tensor<6x8xf32>, tensor<6xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c, %m : f32, f32
  }
  %y = norm.generic ins(%n#0, %n#1 : tensor<6x8xf32>, tensor<6xf32>) outs(%e : tensor<6x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %m: f32):
    %s = arith.mulf %v, %m : f32
    norm.yield %s : f32
  }
  return %y : tensor<6x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2 = transform.split_handle %0 : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %3, %4 = transform.structured.fuse %2 tile_sizes [2, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
