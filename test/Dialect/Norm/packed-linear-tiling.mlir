// RUN: norm-opt %s --split-input-file --transform-interpreter --canonicalize --cse --norm-verify-passes=strict | FileCheck %s

// The linear layer computes the rows that a normalization of its result needs.
// CHECK-LABEL: func.func @producer(
// CHECK: scf.for {{.*}} step %c32
// CHECK:   %[[X:.*]] = tensor.extract_slice %arg0[%{{.*}}, 0] [%[[ROWS:.*]], 31] [1, 1]
// CHECK:   %[[L:.*]] = norm.packed_linear ins(%[[X]], %arg1, %arg2 : tensor<?x31xf32>, tensor<2x31x48xf32>, tensor<50xf32>) outs(%{{.*}} : tensor<?x50xf32>)
// CHECK:   norm.generic ins(%[[L]] : tensor<?x50xf32>)
func.func @producer(%x: tensor<?x31xf32>, %w: tensor<2x31x48xf32>, %b: tensor<50xf32>) -> tensor<?x50xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x31xf32>
  %e = tensor.empty(%m) : tensor<?x50xf32>
  %l = norm.packed_linear ins(%x, %w, %b : tensor<?x31xf32>, tensor<2x31x48xf32>, tensor<50xf32>)
         outs(%e : tensor<?x50xf32>) -> tensor<?x50xf32>
  %f = tensor.empty(%m) : tensor<?x50xf32>
  %y = norm.generic ins(%l : tensor<?x50xf32>) outs(%f : tensor<?x50xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  return %y : tensor<?x50xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %generic = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %generic tile_sizes [32, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A normalization computes the rows that a linear layer needs.
// CHECK-LABEL: func.func @consumer(
// CHECK: scf.for {{.*}} step %c32
// CHECK:   %[[N:.*]] = norm.generic ins(%{{.*}} : tensor<?x31xf32>)
// CHECK:   norm.packed_linear ins(%[[N]], %arg1 : tensor<?x31xf32>, tensor<2x31x48xf32>) outs(%{{.*}} : tensor<?x50xf32>)
func.func @consumer(%x: tensor<?x31xf32>, %w: tensor<2x31x48xf32>) -> tensor<?x50xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x31xf32>
  %f = tensor.empty(%m) : tensor<?x31xf32>
  %n = norm.generic ins(%x : tensor<?x31xf32>) outs(%f : tensor<?x31xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  %e = tensor.empty(%m) : tensor<?x50xf32>
  %l = norm.packed_linear ins(%n, %w : tensor<?x31xf32>, tensor<2x31x48xf32>)
         outs(%e : tensor<?x50xf32>) -> tensor<?x50xf32>
  return %l : tensor<?x50xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %linear = transform.structured.match ops{["norm.packed_linear"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.fuse %linear tile_sizes [32, 0, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Output features are tiled in whole panels.
// CHECK-LABEL: func.func @panels(
// CHECK: scf.for %[[I:.*]] = %c0 to %c200 step %c96
// CHECK-DAG: %[[SIZE:.*]] = affine.min
// CHECK-DAG: %[[PANEL:.*]] = affine.apply {{.*}}(%[[I]])
// CHECK-DAG: %[[COUNT:.*]] = affine.apply {{.*}}(%[[SIZE]])
// CHECK: tensor.extract_slice %arg1[%[[PANEL]], 0, 0] [%[[COUNT]], 31, 48] [1, 1, 1]
// CHECK: tensor.extract_slice %arg2[%[[I]]] [%[[SIZE]]] [1]
// CHECK: norm.packed_linear {{.*}} outs(%{{.*}} : tensor<4x?xf32>)
func.func @panels(%x: tensor<4x31xf32>, %w: tensor<5x31x48xf32>, %b: tensor<200xf32>) -> tensor<4x200xf32> {
  %e = tensor.empty() : tensor<4x200xf32>
  %l = norm.packed_linear ins(%x, %w, %b : tensor<4x31xf32>, tensor<5x31x48xf32>, tensor<200xf32>)
         outs(%e : tensor<4x200xf32>) -> tensor<4x200xf32>
  return %l : tensor<4x200xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %linear = transform.structured.match ops{["norm.packed_linear"]} in %root : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_for %linear tile_sizes [0, 96, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
