// RUN: norm-opt %s --norm-record-signature | FileCheck %s
// RUN: norm-opt %s --norm-record-signature --norm-verify-passes=strict -o /dev/null

// CHECK-DAG: #[[XY:.+]] = affine_map<()[s0, s1] -> (s0, s1)>
// CHECK-DAG: #[[X:.+]] = affine_map<()[s0, s1] -> (s0)>
// CHECK-DAG: #[[FOUR:.+]] = affine_map<()[s0] -> (4)>
// CHECK-DAG: #[[FLAT:.+]] = affine_map<()[s0, s1] -> (s0 * s1)>
// CHECK-DAG: #[[BLOCKS:.+]] = affine_map<()[s0] -> (s0 floordiv 32, 32)>
// CHECK-DAG: #[[DIVIDES:.+]] = affine_set<()[s0] : (s0 mod 32 == 0)>

// CHECK-LABEL: func @block(
// CHECK-SAME: %{{.*}}: tensor<?x768xf32> {norm.rows, norm.sizes = affine_map<()[s0] -> (s0, 768)>},
// CHECK-SAME: %{{.*}}: tensor<768xf32> {norm.sizes = affine_map<()[s0] -> (768)>},
// CHECK-SAME: -> (tensor<?x3072xf32> {norm.rows, norm.sizes = #{{.*}}})
func.func @block(%x: tensor<?x768xf32>, %g: tensor<768xf32>, %w: tensor<3072x768xf32>)
    -> tensor<?x3072xf32> {
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x768xf32>, tensor<768xf32>) -> tensor<?x768xf32>
  %h = norm.linear %n weight %w : (tensor<?x768xf32>, tensor<3072x768xf32>) -> tensor<?x3072xf32>
  return %h : tensor<?x3072xf32>
}

// Equal sizes get equal symbols, also through a residual.
// CHECK-LABEL: func @residual(
// CHECK-SAME: tensor<?x?xf32> {norm.rows, norm.sizes = #[[XY]]}, %{{.*}}: tensor<?x?xf32> {norm.rows, norm.sizes = #[[XY]]},
// CHECK-SAME: tensor<?xf32> {norm.sizes = affine_map<()[s0, s1] -> (s1)>}, %{{.*}}: f32)
// CHECK-SAME: -> (tensor<?x?xf32> {norm.rows, norm.sizes = #[[XY]]}, tensor<?xf32> {norm.rows, norm.sizes = #[[X]]})
func.func @residual(%x: tensor<?x?xf32>, %r: tensor<?x?xf32>, %g: tensor<?xf32>, %unused: f32)
    -> (tensor<?x?xf32>, tensor<?xf32>) {
  %s = arith.addf %x, %r : tensor<?x?xf32>
  %y, %m, %v = norm.layer_norm %s scale %g axes [-1]
    : (tensor<?x?xf32>, tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>)
  return %y, %v : tensor<?x?xf32>, tensor<?xf32>
}

// A static size that a cast promises holds for the argument too.
// CHECK-LABEL: func @promised(
// CHECK-SAME: tensor<?xf32> {norm.sizes = #[[FOUR]]}, %{{.*}}: tensor<?xf32>
func.func @promised(%x: tensor<?xf32>, %other: tensor<?xf32>) -> tensor<4xf32> {
  %c = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
  return %c : tensor<4xf32>
}

// CHECK-LABEL: func @collapsed(
// CHECK-SAME: tensor<?x?xf32> {norm.sizes = #[[XY]]}, %{{.*}}: tensor<?xf32> {norm.sizes = #[[FLAT]]})
// CHECK-SAME: -> (tensor<?xf32> {norm.sizes = #[[FLAT]]})
func.func @collapsed(%x: tensor<?x?xf32>, %r: tensor<?xf32>) -> tensor<?xf32> {
  %c = tensor.collapse_shape %x [[0, 1]] : tensor<?x?xf32> into tensor<?xf32>
  %s = arith.addf %c, %r : tensor<?xf32>
  return %s : tensor<?xf32>
}

// CHECK-LABEL: func @split(
// CHECK-SAME: -> (tensor<?x32xf32> {norm.sizes = #[[BLOCKS]]})
// CHECK-SAME: attributes {norm.size_constraints = #[[DIVIDES]]}
func.func @split(%x: tensor<?xf32>) -> tensor<?x32xf32> {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %m = arith.divui %n, %c32 : index
  %e = tensor.expand_shape %x [[0, 1]] output_shape [%m, 32] : tensor<?xf32> into tensor<?x32xf32>
  return %e : tensor<?x32xf32>
}

// A generic relates what its maps index by one dim; an init has the size that
// its tensor.empty is given.
// CHECK-LABEL: func @generic(
// CHECK-SAME: tensor<?x?xf32> {norm.rows, norm.sizes = #[[XY]]})
// CHECK-SAME: -> (tensor<?xf32> {norm.rows, norm.sizes = #[[X]]})
func.func @generic(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = norm.generic ins(%x : tensor<?x?xf32>) outs(%e : tensor<?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1] : f32
    norm.yield %s : f32
  }
  return %y : tensor<?xf32>
}

// Rows that depend on each other, or on where they are, are not marked.
// CHECK-LABEL: func @over_rows(
// CHECK-NOT: norm.rows
func.func @over_rows(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.rms_norm %x axes [0] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: func @training(
// CHECK-NOT: norm.rows
func.func @training(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y, %m, %v = norm.batch_norm_training %x channel_axis 1 : (tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>)
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: func @position(
// CHECK-NOT: norm.rows
func.func @position(%x: tensor<?xi64>) -> tensor<?xi64> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xi64>
  %e = tensor.empty(%n) : tensor<?xi64>
  %y = norm.generic ins(%x : tensor<?xi64>) outs(%e : tensor<?xi64>) iterators [parallel]
      maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: i64):
    %i = norm.index 0 : index
    %j = arith.index_cast %i : index to i64
    %s = arith.addi %v, %j : i64
    norm.yield %s : i64
  }
  return %y : tensor<?xi64>
}

// What is computed from a size may be computed from the number of rows.
// CHECK-LABEL: func @captured_size(
// CHECK-NOT: norm.rows
func.func @captured_size(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %y = linalg.map ins(%x : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) (%a: f32, %o: f32) {
    %i = arith.index_cast %n : index to i32
    %f = arith.sitofp %i : i32 to f32
    %p = arith.mulf %a, %f : f32
    linalg.yield %p : f32
  }
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: func @compared_size(
// CHECK-NOT: norm.rows
func.func @compared_size(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %c100 = arith.constant 100 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %many = arith.cmpi ugt, %n, %c100 : index
  %m = arith.negf %x : tensor<?x8xf32>
  %y = arith.select %many, %x, %m : tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// CHECK-LABEL: func @square(
// CHECK-NOT: norm.rows
func.func @square(%x: tensor<?x?xf32>, %g: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %z = linalg.exp ins(%g : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %y, %z : tensor<?x?xf32>, tensor<?xf32>
}

// An instance norm keeps samples apart, its scale is all channels'.
// CHECK-LABEL: func @instance(
// CHECK-SAME: tensor<?x3x4xf32> {norm.rows, norm.sizes = {{.*}}}, %{{.*}}: tensor<3xf32> {norm.sizes =
func.func @instance(%x: tensor<?x3x4xf32>, %g: tensor<3xf32>) -> tensor<?x3x4xf32> {
  %y = norm.instance_norm %x scale %g channel_axis 1 : (tensor<?x3x4xf32>, tensor<3xf32>) -> tensor<?x3x4xf32>
  return %y : tensor<?x3x4xf32>
}
