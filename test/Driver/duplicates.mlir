// Norms that are computed twice are computed once, and those that nobody reads not
// at all.
//
// RUN: norm-opt %s --norm-graph-pipeline | FileCheck %s

// Two layers read what is written as two norms of the same rows: one generic, with
// one mean and one variance.
// CHECK-LABEL: func.func @layers(
// CHECK: norm.generic
// CHECK: norm.center
// CHECK: norm.reduce add
// CHECK-NOT: norm.center
// CHECK-NOT: norm.reduce
// CHECK-NOT: norm.generic
// CHECK-COUNT-2: norm.packed_linear
// CHECK-NOT: norm.packed_linear
// CHECK: return
func.func @layers(%x: tensor<?x16xf32>, %g: tensor<16xf32>, %w: tensor<8x16xf32>, %v: tensor<8x16xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %m = norm.layer_norm %x scale %g axes [-1] epsilon 1.0e-5 : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %dead = norm.rms_norm %n axes [1] : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %unread = norm.linear %dead weight %w : (tensor<?x16xf32>, tensor<8x16xf32>) -> tensor<?x8xf32>
  %a = norm.linear %n weight %w : (tensor<?x16xf32>, tensor<8x16xf32>) -> tensor<?x8xf32>
  %b = norm.linear %m weight %v : (tensor<?x16xf32>, tensor<8x16xf32>) -> tensor<?x8xf32>
  return %a, %b : tensor<?x8xf32>, tensor<?x8xf32>
}

// Another epsilon is another norm.
// CHECK-LABEL: func.func @different(
// CHECK-COUNT-2: math.sqrt
// CHECK: return
func.func @different(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %n = norm.layer_norm %x axes [1] epsilon 1.0e-5 : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %m = norm.layer_norm %x axes [1] epsilon 1.0e-3 : (tensor<?x16xf32>) -> tensor<?x16xf32>
  %y = arith.addf %n, %m : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}
