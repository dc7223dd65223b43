// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --norm-fuse --norm-fold-layouts --canonicalize --cse | FileCheck %s

// Scores of attention: transposes and the reshapes around them become indexing
// maps.
// CHECK-DAG:   #[[Q:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>
// CHECK-DAG:   #[[K:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>
// CHECK-DAG:   #[[S:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
// CHECK-DAG:   #[[A:.*]] = affine_map<(d0, d1, d2) -> (d2, d0)>
// CHECK-DAG:   #[[B:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG:   #[[C:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK-LABEL: func @scores(
// CHECK-SAME:    %[[QUERY:[^:]*]]: tensor<2x16x4x8xf32>, %[[KEY:[^:]*]]: tensor<2x16x4x8xf32>)
// CHECK:         linalg.generic {indexing_maps = [#[[Q]], #[[K]], #[[S]]]
// CHECK-SAME:      ins(%[[QUERY]], %[[KEY]] : tensor<2x16x4x8xf32>, tensor<2x16x4x8xf32>)
// CHECK-NOT:     linalg.transpose
func.func @scores(%query: tensor<2x16x4x8xf32>, %key: tensor<2x16x4x8xf32>) -> tensor<2x4x16x16xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.empty() : tensor<2x4x16x8xf32>
  %q = linalg.transpose ins(%query : tensor<2x16x4x8xf32>) outs(%0 : tensor<2x4x16x8xf32>) permutation = [0, 2, 1, 3]
  %k = linalg.transpose ins(%key : tensor<2x16x4x8xf32>) outs(%0 : tensor<2x4x16x8xf32>) permutation = [0, 2, 1, 3]
  %heads = tensor.collapse_shape %k [[0, 1], [2], [3]] : tensor<2x4x16x8xf32> into tensor<8x16x8xf32>
  %1 = tensor.empty() : tensor<8x8x16xf32>
  %t = linalg.transpose ins(%heads : tensor<8x16x8xf32>) outs(%1 : tensor<8x8x16xf32>) permutation = [0, 2, 1]
  %rows = tensor.collapse_shape %q [[0, 1], [2], [3]] : tensor<2x4x16x8xf32> into tensor<8x16x8xf32>
  %2 = tensor.empty() : tensor<8x16x16xf32>
  %3 = linalg.fill ins(%zero : f32) outs(%2 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
  %s = linalg.batch_matmul ins(%rows, %t : tensor<8x16x8xf32>, tensor<8x8x16xf32>) outs(%3 : tensor<8x16x16xf32>) -> tensor<8x16x16xf32>
  %y = tensor.expand_shape %s [[0, 1], [2], [3]] output_shape [2, 4, 16, 16] : tensor<8x16x16xf32> into tensor<2x4x16x16xf32>
  return %y : tensor<2x4x16x16xf32>
}

// A scale before is computed in the order of its input; the result is written
// transposed.
// CHECK-LABEL: func @scaled(
// CHECK:         %[[V:.*]] = norm.generic ins({{.*}} maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
// CHECK:           arith.mulf
// CHECK:         linalg.generic {indexing_maps = [#[[A]], #[[B]], #[[C]]]
// CHECK-SAME:      ins(%[[V]], %{{.*}} : tensor<?x8xf32>, tensor<?x5xf32>)
// CHECK-SAME:      outs(%{{.*}} : tensor<5x8xf32>)
// CHECK-NOT:     norm.generic
// CHECK:         return
func.func @scaled(%x: tensor<?x8xf32>, %w: tensor<?x5xf32>) -> tensor<5x8xf32> {
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.5 : f32
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x8xf32>
  %0 = tensor.empty(%d) : tensor<8x?xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x8xf32>) outs(%0 : tensor<8x?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.mulf %in, %half : f32
    linalg.yield %m : f32
  } -> tensor<8x?xf32>
  %1 = tensor.empty() : tensor<8x5xf32>
  %2 = linalg.fill ins(%zero : f32) outs(%1 : tensor<8x5xf32>) -> tensor<8x5xf32>
  %p = linalg.matmul ins(%s, %w : tensor<8x?xf32>, tensor<?x5xf32>) outs(%2 : tensor<8x5xf32>) -> tensor<8x5xf32>
  %3 = tensor.empty() : tensor<5x8xf32>
  %y = linalg.transpose ins(%p : tensor<8x5xf32>) outs(%3 : tensor<5x8xf32>) permutation = [1, 0]
  return %y : tensor<5x8xf32>
}

// What else reads the transposed tensor needs it; sums that begin with
// something are written where that is.
// CHECK-LABEL: func @kept(
// CHECK:         %[[T:.*]] = norm.generic
// CHECK:         %[[P:.*]] = linalg.generic
// CHECK:         norm.generic ins(%[[P]]
// CHECK:         return %{{.*}}, %[[T]]
func.func @kept(%x: tensor<4x8xf32>, %w: tensor<4x5xf32>, %z: tensor<8x5xf32>) -> (tensor<5x8xf32>, tensor<8x4xf32>) {
  %half = arith.constant 0.5 : f32
  %0 = tensor.empty() : tensor<8x4xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%0 : tensor<8x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.mulf %in, %half : f32
    linalg.yield %m : f32
  } -> tensor<8x4xf32>
  %p = linalg.matmul ins(%s, %w : tensor<8x4xf32>, tensor<4x5xf32>) outs(%z : tensor<8x5xf32>) -> tensor<8x5xf32>
  %3 = tensor.empty() : tensor<5x8xf32>
  %y = linalg.transpose ins(%p : tensor<8x5xf32>) outs(%3 : tensor<5x8xf32>) permutation = [1, 0]
  return %y, %s : tensor<5x8xf32>, tensor<8x4xf32>
}

// What is summed over stays in both inputs, and is one dim: that is a matmul.
// CHECK-LABEL: func @matmuls(
// CHECK:         %[[A:.*]] = norm.generic ins(%arg0
// CHECK:         %[[C:.*]] = tensor.collapse_shape %arg1
// CHECK:         linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[A]], %[[C]] : tensor<8x12xf32>, tensor<12x5xf32>)
func.func @matmuls(%x: tensor<8xf32>, %w: tensor<3x4x5xf32>) -> tensor<8x5xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.empty() : tensor<8x12xf32>
  %a = linalg.broadcast ins(%x : tensor<8xf32>) outs(%0 : tensor<8x12xf32>) dimensions = [1]
  %c = tensor.collapse_shape %w [[0, 1], [2]] : tensor<3x4x5xf32> into tensor<12x5xf32>
  %1 = tensor.empty() : tensor<8x5xf32>
  %2 = linalg.fill ins(%zero : f32) outs(%1 : tensor<8x5xf32>) -> tensor<8x5xf32>
  %p = linalg.matmul ins(%a, %c : tensor<8x12xf32>, tensor<12x5xf32>) outs(%2 : tensor<8x5xf32>) -> tensor<8x5xf32>
  return %p : tensor<8x5xf32>
}
