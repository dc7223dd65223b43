// RUN: norm-opt %s --norm-verify-passes=strict --norm-fuse --remarks-filter-missed="norm-fuse" 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t

// REMARK: "not fused because ", Remark="the reductions of the producer would be repeated along dim 1 of the consumer"
// CHECK-LABEL: func @repeated_reductions
// CHECK-COUNT-2: norm.generic
func.func @repeated_reductions(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>, %z: tensor<?x3x8xf32>) -> tensor<?x3x8xf32> {
  %n = norm.generic ins(%x : tensor<?x8xf32>) outs(%y : tensor<?x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  %r = norm.generic ins(%n : tensor<?x8xf32>) outs(%z : tensor<?x3x8xf32>)
      iterators [parallel, parallel, parallel] maps [(d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    norm.yield %a : f32
  }
  return %r : tensor<?x3x8xf32>
}

// Per-tensor quantization of normalized rows would make one row of all.
// REMARK: "not fused because ", Remark="no parallel dim would be left"
// CHECK-LABEL: func @no_rows_left
// CHECK-COUNT-2: norm.generic
func.func @no_rows_left(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>, %s: tensor<f32>) -> tensor<f32> {
  %n = norm.generic ins(%x : tensor<?x8xf32>) outs(%y : tensor<?x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  %r = norm.generic ins(%n : tensor<?x8xf32>) outs(%s : tensor<f32>)
      iterators [reduction, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> ()] {
  ^bb0(%a: f32):
    %m = norm.reduce max %a over [0, 1] : f32
    norm.yield %m : f32
  }
  return %r : tensor<f32>
}

// REMARK: "not fused because ", Remark="its reductions are over sets of dims of which neither contains the other"
// CHECK-LABEL: func @crossing_rows
// CHECK-COUNT-2: norm.generic
func.func @crossing_rows(%x: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  %e = tensor.empty() : tensor<2x3x8xf32>
  %n = norm.generic ins(%x : tensor<2x3x8xf32>) outs(%e : tensor<2x3x8xf32>)
      iterators [parallel, parallel, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [2] : f32
    norm.yield %c : f32
  }
  %r = norm.generic ins(%n : tensor<2x3x8xf32>) outs(%e : tensor<2x3x8xf32>)
      iterators [parallel, reduction, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  return %r : tensor<2x3x8xf32>
}

// The sets of the first contain each other, and all of its dims those of the second.
// REMARK: "not fused because ", Remark="its reductions are over sets of dims of which neither contains the other"
// CHECK-LABEL: func @crossing_rows_of_rows
// CHECK-COUNT-2: norm.generic
func.func @crossing_rows_of_rows(%x: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  %e = tensor.empty() : tensor<2x3x8xf32>
  %n = norm.generic ins(%x : tensor<2x3x8xf32>) outs(%e : tensor<2x3x8xf32>)
      iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    %s = norm.reduce max %c over [1, 2] : f32
    %o = arith.subf %c, %s : f32
    norm.yield %o : f32
  }
  %r = norm.generic ins(%n : tensor<2x3x8xf32>) outs(%e : tensor<2x3x8xf32>)
      iterators [parallel, parallel, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [2] : f32
    norm.yield %c : f32
  }
  return %r : tensor<2x3x8xf32>
}

// The sum over dim 2 would be finished within the loop over dim 1, which its output
// lacks.
// REMARK: "not fused because ", Remark="an output would need a reduction over fewer dims than it lacks"
// CHECK-LABEL: func @output_outside
// CHECK-COUNT-2: norm.generic
func.func @output_outside(%x: tensor<2x3x8xf32>, %g: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2xf32>) {
  %e = tensor.empty() : tensor<2x8xf32>
  %s = tensor.empty() : tensor<2xf32>
  %n = norm.generic ins(%x, %g : tensor<2x3x8xf32>, tensor<2x8xf32>) outs(%e : tensor<2x8xf32>)
      iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d0, d2)] {
  ^bb0(%a: f32, %b: f32):
    %m = norm.reduce max %a over [1, 2] : f32
    %o = arith.subf %b, %m : f32
    norm.yield %o : f32
  }
  %r = norm.generic ins(%n : tensor<2x8xf32>) outs(%s : tensor<2xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %m = norm.reduce add %a over [1] : f32
    norm.yield %m : f32
  }
  return %n, %r : tensor<2x8xf32>, tensor<2xf32>
}

// REMARK: "not fused because ", Remark="the second needs the first also through another op"
// CHECK-LABEL: func @around_a_linear
// CHECK: norm.generic
// CHECK: norm.linear
// CHECK: norm.generic
func.func @around_a_linear(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %n = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  %l = norm.linear %n weight %w : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
  %r = norm.generic ins(%n, %l : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %b : f32
    norm.yield %0 : f32
  }
  return %r : tensor<4x8xf32>
}

// REMARK: "not fused because ", Remark="the consumer needs elements of different positions at once"
// CHECK-LABEL: func @and_its_transpose
// CHECK-COUNT-2: norm.generic
func.func @and_its_transpose(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %n = norm.generic ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c = arith.negf %a : f32
    norm.yield %c : f32
  }
  %r = norm.generic ins(%n, %n : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %b : f32
    norm.yield %0 : f32
  }
  return %r : tensor<8x8xf32>
}

// A view is moved for a fusion only: the index of a split dim is not known.
// REMARK: "not fused because ", Remark="the index of a dim that is split is used"
// CHECK-LABEL: func @index_of_a_split_dim
// CHECK: %[[N:.*]] = norm.generic
// CHECK: %[[J:.*]] = tensor.collapse_shape %[[N]]
// CHECK-NEXT: norm.generic ins(%[[J]]
func.func @index_of_a_split_dim(%x: tensor<2x4x8xf32>) -> tensor<2x32xf32> {
  %e = tensor.empty() : tensor<2x4x8xf32>
  %f = tensor.empty() : tensor<2x32xf32>
  %n = norm.generic ins(%x : tensor<2x4x8xf32>) outs(%e : tensor<2x4x8xf32>)
      iterators [parallel, parallel, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [2] : f32
    norm.yield %c : f32
  }
  %j = tensor.collapse_shape %n [[0], [1, 2]] : tensor<2x4x8xf32> into tensor<2x32xf32>
  %r = norm.generic ins(%j : tensor<2x32xf32>) outs(%f : tensor<2x32xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %i = norm.index 1 : index
    %k = arith.index_cast %i : index to i32
    %v = arith.sitofp %k : i32 to f32
    %0 = arith.addf %a, %v : f32
    norm.yield %0 : f32
  }
  return %r : tensor<2x32xf32>
}
