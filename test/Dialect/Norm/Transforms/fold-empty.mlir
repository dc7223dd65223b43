// RUN: norm-opt %s --norm-verify-passes=strict --norm-fold-empty --canonicalize -split-input-file | FileCheck %s

// CHECK-LABEL: func.func @no_outputs(
// CHECK-SAME: %[[X:.*]]: tensor<?x8xf32>
// CHECK: %[[ROWS:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[Y:.*]] = tensor.empty(%[[ROWS]]) : tensor<?x0xf32>
// CHECK-NOT: norm.
// CHECK: return %[[Y]]
func.func @no_outputs(%x: tensor<?x8xf32>, %w: tensor<0x8xf32>) -> tensor<?x0xf32> {
  %y = norm.linear %x weight %w : (tensor<?x8xf32>, tensor<0x8xf32>) -> tensor<?x0xf32>
  %z = norm.activation silu %y : (tensor<?x0xf32>) -> tensor<?x0xf32>
  return %z : tensor<?x0xf32>
}

// -----

// CHECK-LABEL: func.func @bias(
// CHECK: norm.generic ins(%{{.*}} : tensor<5xf32>) outs(%{{.*}} : tensor<?x3x5xbf16>)
// CHECK-SAME: maps [(d0, d1, d2) -> (d2), (d0, d1, d2) -> (d0, d1, d2)]
// CHECK: ^bb0(%[[B:.*]]: f32):
// CHECK-NEXT: norm.yield %[[B]]
// CHECK-NOT: norm.linear
func.func @bias(%x: tensor<?x3x0xbf16>, %w: tensor<5x0xbf16>, %b: tensor<5xf32>) -> tensor<?x3x5xbf16> {
  %y = norm.linear %x weight %w bias %b : (tensor<?x3x0xbf16>, tensor<5x0xbf16>, tensor<5xf32>) -> tensor<?x3x5xbf16>
  return %y : tensor<?x3x5xbf16>
}

// -----

// CHECK-LABEL: func.func @zeros(
// CHECK: norm.generic outs(%{{.*}} : tensor<3x5xf16>)
// CHECK: %[[Z:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: norm.yield %[[Z]]
// CHECK-NOT: norm.linear
func.func @zeros(%x: tensor<3x0xf16>, %w: tensor<5x0xf16>) -> tensor<3x5xf16> {
  %y = norm.linear %x weight %w : (tensor<3x0xf16>, tensor<5x0xf16>) -> tensor<3x5xf16>
  return %y : tensor<3x5xf16>
}

// -----

// The statistics of nothing are not nothing.
// CHECK-LABEL: func.func @statistics(
// CHECK: %[[E:.*]] = tensor.empty() : tensor<3x0xf32>
// CHECK: %{{.*}}, %[[STATISTICS:.*]]:2 = norm.layer_norm
// CHECK: return %[[E]], %[[STATISTICS]]#0, %[[STATISTICS]]#1
func.func @statistics(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y, %m, %r = norm.layer_norm %x axes [1] : (tensor<3x0xf32>) -> (tensor<3x0xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y, %m, %r : tensor<3x0xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// Elementwise ops say their sizes by their operands, views by themselves.
// CHECK-LABEL: func.func @others(
// CHECK-SAME: %[[X:.*]]: tensor<?x0x2xf32>
// CHECK: tensor.empty(%{{.*}}) : tensor<?x0x2xf32>
// CHECK: tensor.empty(%{{.*}}) : tensor<?x0xf32>
// CHECK-NOT: math.exp
// CHECK-NOT: tensor.collapse_shape
// CHECK: return
// CHECK-SAME: tensor<?xf32>
func.func @others(%x: tensor<?x0x2xf32>) -> (tensor<?x0x2xf32>, tensor<?x0xf32>, tensor<?xf32>) {
  %e = math.exp %x : tensor<?x0x2xf32>
  %c = tensor.collapse_shape %e [[0], [1, 2]] : tensor<?x0x2xf32> into tensor<?x0xf32>
  %d = tensor.collapse_shape %x [[0, 1, 2]] : tensor<?x0x2xf32> into tensor<?xf32>
  return %e, %c, %d : tensor<?x0x2xf32>, tensor<?x0xf32>, tensor<?xf32>
}

// -----

// Types of results that say less than those of operands, or more, are kept.
// CHECK-LABEL: func.func @less_known(
// CHECK: tensor.cast %{{.*}} : tensor<2x5xf32> to tensor<?x5xf32>
// CHECK: tensor.cast %{{.*}} : tensor<2x0xf32> to tensor<?x0xf32>
// CHECK-NOT: norm.linear
func.func @less_known(%x: tensor<2x0xf32>, %w: tensor<5x0xf32>, %u: tensor<2x4xf32>, %v: tensor<0x4xf32>)
    -> (tensor<?x5xf32>, tensor<?x0xf32>) {
  %y = norm.linear %x weight %w : (tensor<2x0xf32>, tensor<5x0xf32>) -> tensor<?x5xf32>
  %z = norm.linear %u weight %v : (tensor<2x4xf32>, tensor<0x4xf32>) -> tensor<?x0xf32>
  return %y, %z : tensor<?x5xf32>, tensor<?x0xf32>
}

// CHECK-LABEL: func.func @more_known(
// CHECK: norm.generic outs(%{{.*}} : tensor<5x5xf32>)
// CHECK-NOT: norm.linear
func.func @more_known(%x: tensor<?x0xf32>, %w: tensor<?x0xf32>) -> tensor<5x5xf32> {
  %y = norm.linear %x weight %w : (tensor<?x0xf32>, tensor<?x0xf32>) -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// -----

// What a tensor is encoded by is a part of its type.
// CHECK-LABEL: func.func @encoded(
// CHECK: tensor.empty(%{{.*}}) : tensor<?x0xf32, "blocks">
// CHECK-NOT: math.exp
func.func @encoded(%x: tensor<?x0xf32, "blocks">) -> tensor<?x0xf32, "blocks"> {
  %y = math.exp %x : tensor<?x0xf32, "blocks">
  return %y : tensor<?x0xf32, "blocks">
}

// -----

// A branch whose result is empty goes as a whole.
// CHECK-LABEL: func.func @branch(
// CHECK-NEXT: tensor.empty() : tensor<3x0xf32>
// CHECK-NEXT: return
func.func @branch(%k: i1, %x: tensor<3x0xf32>) -> tensor<3x0xf32> {
  %r = scf.if %k -> tensor<3x0xf32> {
    %y = norm.activation silu %x : (tensor<3x0xf32>) -> tensor<3x0xf32>
    scf.yield %y : tensor<3x0xf32>
  } else {
    scf.yield %x : tensor<3x0xf32>
  }
  return %r : tensor<3x0xf32>
}

// In one whose result is not, only the empty does.
// CHECK-LABEL: func.func @in_branch(
// CHECK: scf.if
// CHECK-NOT: norm.activation
// CHECK-NOT: norm.linear
// CHECK: norm.generic
// CHECK: else
func.func @in_branch(%k: i1, %x: tensor<3x0xf32>, %w: tensor<5x0xf32>, %z: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %r = scf.if %k -> tensor<3x5xf32> {
    %a = norm.activation silu %x : (tensor<3x0xf32>) -> tensor<3x0xf32>
    %y = norm.linear %a weight %w : (tensor<3x0xf32>, tensor<5x0xf32>) -> tensor<3x5xf32>
    scf.yield %y : tensor<3x5xf32>
  } else {
    scf.yield %z : tensor<3x5xf32>
  }
  return %r : tensor<3x5xf32>
}

// -----

// CHECK-LABEL: func.func @second(
// CHECK-NOT: norm.layer_norm
// CHECK: return
func.func @second(%x: tensor<0x3xf32>) -> tensor<0xf32> {
  %y, %m, %r = norm.layer_norm %x axes [1] : (tensor<0x3xf32>) -> (tensor<0x3xf32>, tensor<0xf32>, tensor<0xf32>)
  return %m : tensor<0xf32>
}
