// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --cse --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --norm-fuse --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=FUSED

// Softmax as frontends write it: with a position of the maximum that nobody
// reads, and sums that keep their dim. It is one row program.
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#kept = affine_map<(d0, d1) -> (d0, 0)>

// CHECK-LABEL: func @softmax(
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)]
// CHECK-NEXT:    ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT:      %[[M:.*]] = norm.reduce max %[[X]] over [1] : f32
// CHECK-NEXT:      norm.yield %[[M]] : f32
// CHECK-NOT:     linalg
// FUSED-LABEL: func @softmax(
// FUSED:         norm.generic
// FUSED:         norm.reduce max
// FUSED:         math.exp
// FUSED:         norm.reduce add
// FUSED-NOT:     norm.generic
// FUSED:         return
func.func @softmax(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.constant 0 : i64
  %0 = tensor.empty() : tensor<4xf32>
  %1 = tensor.empty() : tensor<4xi64>
  %2 = linalg.fill ins(%lowest : f32) outs(%0 : tensor<4xf32>) -> tensor<4xf32>
  %3 = linalg.fill ins(%first : i64) outs(%1 : tensor<4xi64>) -> tensor<4xi64>
  %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%2, %3 : tensor<4xf32>, tensor<4xi64>) {
  ^bb0(%in: f32, %out: f32, %position: i64):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i64
    %a = arith.maximumf %in, %out : f32
    %c = arith.cmpf ogt, %in, %out : f32
    %p = arith.select %c, %j, %position : i64
    linalg.yield %a, %p : f32, i64
  } -> (tensor<4xf32>, tensor<4xi64>)
  %k = tensor.expand_shape %m#0 [[0, 1]] output_shape [4, 1] : tensor<4xf32> into tensor<4x1xf32>
  %4 = tensor.empty() : tensor<4x16xf32>
  %e = linalg.generic {indexing_maps = [#id, #kept, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %k : tensor<4x16xf32>, tensor<4x1xf32>) outs(%4 : tensor<4x16xf32>) {
  ^bb0(%in: f32, %max: f32, %out: f32):
    %d = arith.subf %in, %max : f32
    %f = math.exp %d : f32
    linalg.yield %f : f32
  } -> tensor<4x16xf32>
  %5 = tensor.empty() : tensor<4x1xf32>
  %6 = linalg.fill ins(%zero : f32) outs(%5 : tensor<4x1xf32>) -> tensor<4x1xf32>
  %s = linalg.generic {indexing_maps = [#id, #kept], iterator_types = ["parallel", "reduction"]} ins(%e : tensor<4x16xf32>) outs(%6 : tensor<4x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %a = arith.addf %in, %out : f32
    linalg.yield %a : f32
  } -> tensor<4x1xf32>
  %y = linalg.generic {indexing_maps = [#id, #kept, #id], iterator_types = ["parallel", "parallel"]} ins(%e, %s : tensor<4x16xf32>, tensor<4x1xf32>) outs(%4 : tensor<4x16xf32>) {
  ^bb0(%in: f32, %sum: f32, %out: f32):
    %q = arith.divf %in, %sum : f32
    linalg.yield %q : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// -----

// What a sum begins with is added where it is not nothing.
// CHECK-LABEL: func @begun(
// CHECK:         norm.generic ins(%{{.*}}, %{{.*}} : tensor<?x8xi32>, tensor<?xi32>)
// CHECK:         ^bb0(%[[X:.*]]: i32, %[[B:.*]]: i32):
// CHECK-NEXT:      %[[S:.*]] = norm.reduce add %[[X]] over [1] : i32
// CHECK-NEXT:      arith.addi %[[B]], %[[S]] : i32
func.func @begun(%x: tensor<?x8xi32>, %b: tensor<?xi32>) -> tensor<?xi32> {
  %y = linalg.reduce { arith.addi } ins(%x : tensor<?x8xi32>) outs(%b : tensor<?xi32>) dimensions = [1]
  return %y : tensor<?xi32>
}

// A dim of one element is broadcast.
// CHECK-LABEL: func @broadcast(
// CHECK:         %[[B:.*]] = tensor.collapse_shape %{{.*}} {{\[}}[0, 1]] : tensor<1x8xf32> into tensor<8xf32>
// CHECK:         norm.generic ins(%{{.*}}, %[[B]] : tensor<?x8xf32>, tensor<8xf32>)
func.func @broadcast(%x: tensor<?x8xf32>, %b: tensor<1x8xf32>) -> tensor<?x8xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x, %b : tensor<?x8xf32>, tensor<1x8xf32>) outs(%x : tensor<?x8xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %s = arith.addf %in, %bias : f32
    linalg.yield %s : f32
  } -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// There may be no element to broadcast.
// CHECK-LABEL: func @not_known(
// CHECK:         linalg.generic
func.func @not_known(%x: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%x : tensor<?x?xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %s = arith.addf %in, %bias : f32
    linalg.yield %s : f32
  } -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// Rows that are nowhere in memory, sums whose every step rounds, a position
// that is read, and elements at positions that are data.
// CHECK-LABEL: func @not_rows(
// CHECK-NOT:     norm.generic
// CHECK:         linalg.matmul
// CHECK:         linalg.reduce
// CHECK:         linalg.generic
// CHECK:         linalg.generic
// CHECK:         return
func.func @not_rows(%x: tensor<4x8xf32>, %w: tensor<8x3xf32>, %z: tensor<4x3xf32>, %h: tensor<4x8xf16>, %r: tensor<4xf16>, %m: tensor<4xf32>, %p: tensor<4xi64>, %ids: tensor<5xi64>, %e: tensor<5x8xf32>) -> (tensor<4x3xf32>, tensor<4xf16>, tensor<4xi64>, tensor<5x8xf32>) {
  %0 = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x3xf32>) outs(%z : tensor<4x3xf32>) -> tensor<4x3xf32>
  %1 = linalg.reduce { arith.addf } ins(%h : tensor<4x8xf16>) outs(%r : tensor<4xf16>) dimensions = [1]
  %2:2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x8xf32>) outs(%m, %p : tensor<4xf32>, tensor<4xi64>) {
  ^bb0(%in: f32, %out: f32, %position: i64):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i64
    %a = arith.maximumf %in, %out : f32
    %c = arith.cmpf ogt, %in, %out : f32
    %s = arith.select %c, %j, %position : i64
    linalg.yield %a, %s : f32, i64
  } -> (tensor<4xf32>, tensor<4xi64>)
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%ids : tensor<5xi64>) outs(%e : tensor<5x8xf32>) {
  ^bb0(%in: i64, %out: f32):
    %i = arith.index_cast %in : i64 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %x[%i, %j] : tensor<4x8xf32>
    linalg.yield %v : f32
  } -> tensor<5x8xf32>
  return %0, %1, %2#1, %3 : tensor<4x3xf32>, tensor<4xf16>, tensor<4xi64>, tensor<5x8xf32>
}
