// RUN: norm-opt %s --norm-record-signature --norm-generalize --norm-free-rows --canonicalize | FileCheck %s
// RUN: norm-opt %s --norm-record-signature --norm-generalize --norm-free-rows --remarks-filter-missed=norm-free-rows 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v3 --norm-record-signature --norm-pack-linear --norm-generalize --norm-fuse --norm-free-rows | FileCheck %s --check-prefix=LINEAR

// The rows get a symbol of their own; the scale as long as there are rows is
// none of them.
// CHECK-DAG: #[[SIZES:.+]] = affine_map<()[s0] -> (s0, 64)>
// CHECK-LABEL: func @square(
// CHECK-SAME: %[[X:.*]]: tensor<?x64xf32> {norm.rows = 64 : i64, norm.sizes = #[[SIZES]]}, %{{.*}}: tensor<64xf32> {norm.sizes = affine_map<() -> (64)>})
// CHECK-SAME: -> (tensor<?x64xf32> {norm.rows = 64 : i64, norm.sizes = #[[SIZES]]}, tensor<?xf32> {norm.rows = 64 : i64,
// CHECK: %[[ROWS:.*]] = tensor.dim %[[X]], %c0
// CHECK: tensor.empty(%[[ROWS]]) : tensor<?x64xf32>
// CHECK: norm.generic
// CHECK-SAME: tensor<?x64xf32>
func.func @square(%x: tensor<64x64xf32>, %g: tensor<64xf32>) -> (tensor<64x64xf32>, tensor<64xf32>) {
  %y, %r = norm.rms_norm %x scale %g axes [1] : (tensor<64x64xf32>, tensor<64xf32>) -> (tensor<64x64xf32>, tensor<64xf32>)
  return %y, %r : tensor<64x64xf32>, tensor<64xf32>
}

// A layer over the last of three dims has 3 x 5 rows; its weight stays.
// LINEAR-LABEL: func.func @layer(
// LINEAR-SAME: tensor<?x5x8xf32> {norm.name = "x", norm.rows = 3 : i64, norm.sizes = {{.*}}}, %{{.*}}: tensor<1x8x{{[0-9]+}}xf32>
// LINEAR-SAME: -> (tensor<?x5x4xf32> {norm.rows = 3 : i64
// LINEAR-DAG: tensor.dim %{{.*}}, %c0{{.*}} : tensor<?x5x8xf32>
// LINEAR-DAG: affine.apply #{{.*}}(%{{.*}})
// LINEAR: norm.packed_linear ins(%{{.*}} : tensor<?x8xf32>
// LINEAR: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2]] output_shape [%{{.*}}, 5, 4] : tensor<?x4xf32> into tensor<?x5x4xf32>
func.func @layer(%x: tensor<3x5x8xf32> {norm.name = "x"}, %w: tensor<4x8xf32>) -> tensor<3x5x4xf32> {
  %y = norm.linear %x weight %w : (tensor<3x5x8xf32>, tensor<4x8xf32>) -> tensor<3x5x4xf32>
  return %y : tensor<3x5x4xf32>
}

// Tensors may have other dynamic sizes.
// LINEAR-LABEL: func.func @features(
// LINEAR: tensor.empty(%{{.*}}, %{{.*}}) : tensor<?x?xf32>
// LINEAR: norm.packed_linear ins(%{{.*}} : tensor<?x8xf32>
func.func @features(%x: tensor<9x8xf32>, %w: tensor<?x8xf32>) -> tensor<9x?xf32> {
  %y = norm.linear %x weight %w : (tensor<9x8xf32>, tensor<?x8xf32>) -> tensor<9x?xf32>
  return %y : tensor<9x?xf32>
}

// One that has rows already keeps its signature.
// CHECK-LABEL: func @dynamic(
// CHECK-SAME: tensor<?x8xf32> {norm.rows, norm.sizes
func.func @dynamic(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.rms_norm %x axes [1] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// REMARK-NOT: 'square'
// REMARK-NOT: 'dynamic'
// REMARK: 'batch': rows are reduced: no function computes a block of rows
// CHECK-LABEL: func @batch(
// CHECK-SAME: tensor<4x3x8xf32> {norm.sizes
func.func @batch(%x: tensor<4x3x8xf32>) -> (tensor<4x3x8xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y, %m, %v = norm.batch_norm_training %x channel_axis 1
    : (tensor<4x3x8xf32>) -> (tensor<4x3x8xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y, %m, %v : tensor<4x3x8xf32>, tensor<3xf32>, tensor<3xf32>
}

// RUN: norm-opt %s --norm-record-signature --norm-generalize --norm-free-rows=min-rows=65 --remarks-filter-missed=norm-free-rows 2>&1 | FileCheck %s --check-prefix=FEW
// FEW-DAG: 'square': there are few rows to share out
// FEW-DAG: func @square(%{{[^:]*}}: tensor<64x64xf32>
// REMARK: 'one': there are no rows to share out
func.func @one(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %y = norm.rms_norm %x axes [1] : (tensor<1x8xf32>) -> tensor<1x8xf32>
  return %y : tensor<1x8xf32>
}

// REMARK: 'vector': a row is a single element
func.func @vector(%x: tensor<8xf32>, %g: tensor<8xf32>) -> tensor<8xf32> {
  %y = arith.addf %x, %g : tensor<8xf32>
  return %y : tensor<8xf32>
}

// REMARK: 'two_ways': rows are not the leading dim everywhere
// CHECK-LABEL: func @two_ways(
// CHECK-SAME: tensor<4x4xf32> {norm.sizes
func.func @two_ways(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %y = norm.generic ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    norm.yield %s : f32
  }
  return %y : tensor<4x4xf32>
}

// REMARK: 'statistics': 'norm.generic' reads all rows at once
func.func @statistics(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %s = tensor.empty() : tensor<8xf32>
  %m = norm.generic ins(%x : tensor<4x8xf32>) outs(%s : tensor<8xf32>)
      iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%a: f32):
    %t = norm.reduce add %a over [0] : f32
    norm.yield %t : f32
  }
  %e = tensor.empty() : tensor<4x8xf32>
  %y = norm.generic ins(%x, %m : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %t: f32):
    %d = arith.subf %a, %t : f32
    norm.yield %d : f32
  }
  return %y : tensor<4x8xf32>
}

// REMARK: 'position': a row depends on its position
func.func @position(%x: tensor<4x8xf32>) -> tensor<4x8xi64> {
  %e = tensor.empty() : tensor<4x8xi64>
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xi64>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %i = norm.index 0 : index
    %j = arith.index_cast %i : index to i64
    norm.yield %j : i64
  }
  return %y : tensor<4x8xi64>
}

// REMARK: 'constant': 'arith.constant' is not known to compute rows alone
func.func @constant(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.addf %x, %c : tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// A row is multiplied with all rows: they are read once as rows, once as a whole.
// REMARK: 'gram': 'norm.generic' reads all rows at once
func.func @gram(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = norm.generic ins(%x, %x : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4xf32>)
      iterators [parallel, reduction, reduction]
      maps [(d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d1, d2), (d0, d1, d2) -> (d0)] {
  ^bb0(%a: f32, %b: f32):
    %p = arith.mulf %a, %b : f32
    %s = norm.reduce add %p over [1, 2] : f32
    norm.yield %s : f32
  }
  return %y : tensor<4xf32>
}
