// Ops of the graph are pure: CSE computes once what is there twice, and what nothing
// uses is gone. Canonicalization makes norms the same that are spelled differently.
//
// RUN: norm-opt %s --cse --norm-verify-passes=strict | FileCheck %s
// RUN: norm-opt %s --canonicalize --cse --norm-verify-passes=strict | FileCheck %s --check-prefixes=CHECK,CANON

// One norm for three layers, of which two are one.
// CHECK-LABEL: func.func @norms(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<?x4xf32>
// CHECK-COUNT-1: norm.layer_norm
// CHECK-NOT:     norm.layer_norm
// CHECK:         %[[Y:.*]] = norm.linear
// CHECK-NOT:     norm.linear
// CHECK:         return %[[Y]], %[[Y]]
func.func @norms(%x: tensor<?x4xf32>, %g: tensor<4xf32>, %w: tensor<4x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %a = norm.layer_norm %x scale %g axes [1] : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %b = norm.layer_norm %x scale %g axes [1] : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %y = norm.linear %a weight %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %z = norm.linear %b weight %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  return %y, %z : tensor<?x4xf32>, tensor<?x4xf32>
}

// Every kind, and only the same: attributes count.
// CHECK-LABEL: func.func @kinds(
// CHECK-NEXT:    norm.rms_norm {{.*}} axes [2] :
// CHECK-NEXT:    norm.rms_norm {{.*}} axes [2] epsilon
// CHECK-NEXT:    norm.group_norm
// CHECK-NEXT:    norm.instance_norm
// CHECK-NEXT:    norm.batch_norm %
// CHECK-NEXT:    norm.batch_norm_training
// CHECK-NEXT:    norm.l2_norm
// CHECK-NEXT:    norm.activation silu
// CHECK-NEXT:    norm.activation relu
// CHECK-NEXT:    return
!t = tensor<2x3x4xf32>
func.func @kinds(%x: !t, %c: tensor<4xf32>) -> (!t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t) {
  %0 = norm.rms_norm %x axes [2] : (!t) -> !t
  %1 = norm.rms_norm %x axes [2] : (!t) -> !t
  %2 = norm.rms_norm %x axes [2] epsilon 0.5 : (!t) -> !t
  %3 = norm.group_norm %x groups 2 channel_axis 2 : (!t) -> !t
  %4 = norm.group_norm %x groups 2 channel_axis 2 : (!t) -> !t
  %5 = norm.instance_norm %x channel_axis 2 : (!t) -> !t
  %6 = norm.instance_norm %x channel_axis 2 : (!t) -> !t
  %7 = norm.batch_norm %x mean %c variance %c channel_axis 2 : (!t, tensor<4xf32>, tensor<4xf32>) -> !t
  %8 = norm.batch_norm %x mean %c variance %c channel_axis 2 : (!t, tensor<4xf32>, tensor<4xf32>) -> !t
  %9, %m0, %v0 = norm.batch_norm_training %x channel_axis 2 : (!t) -> (!t, tensor<4xf32>, tensor<4xf32>)
  %10, %m1, %v1 = norm.batch_norm_training %x channel_axis 2 : (!t) -> (!t, tensor<4xf32>, tensor<4xf32>)
  %11 = norm.l2_norm %x axes [2] : (!t) -> !t
  %12 = norm.l2_norm %x axes [2] : (!t) -> !t
  %13 = norm.activation silu %x : (!t) -> !t
  %14 = norm.activation silu %x : (!t) -> !t
  %15 = norm.activation relu %x : (!t) -> !t
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15 : !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t, !t
}

// Axes that are the same, written in another way; a default that is given.
// CANON-LABEL: func.func @spellings(
// CANON-COUNT-1: norm.layer_norm
// CANON-NOT:     norm.layer_norm
// CANON-COUNT-1: norm.group_norm
// CANON-NOT:     norm.group_norm
// CANON:         return
func.func @spellings(%x: !t) -> (!t, !t, !t, !t, !t) {
  %0 = norm.layer_norm %x axes [1, 2] : (!t) -> !t
  %1 = norm.layer_norm %x axes [-1, -2] : (!t) -> !t
  %2 = norm.layer_norm %x axes [2, 1] epsilon 1.0e-5 : (!t) -> !t
  %3 = norm.group_norm %x groups 2 channel_axis 2 : (!t) -> !t
  %4 = norm.group_norm %x groups 2 channel_axis -1 : (!t) -> !t
  return %0, %1, %2, %3, %4 : !t, !t, !t, !t, !t
}

// Nothing of a chain that nothing uses is left. A norm without a user of its
// statistics keeps them until it is a norm.generic.
// CANON-LABEL: func.func @dead(
// CANON-NEXT:    return
func.func @dead(%x: tensor<?x4xf32>, %w: tensor<4x4xf32>) -> tensor<?x4xf32> {
  %n, %mean, %rstd = norm.layer_norm %x axes [1] : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?xf32>, tensor<?xf32>)
  %h = norm.linear %n weight %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %a = norm.activation silu %h : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %s = arith.addf %a, %h : tensor<?x4xf32>
  return %x : tensor<?x4xf32>
}
