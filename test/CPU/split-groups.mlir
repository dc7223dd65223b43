// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --norm-fuse --canonicalize --cse --norm-split-groups | FileCheck %s

// Ten channels a group: sums of all channels, statistics, elements.
// CHECK-LABEL: func.func @channels_last
// CHECK: norm.generic {{.*}} iterators [parallel, reduction, parallel, parallel]
// CHECK-SAME: norm.f32_sums
// CHECK: arith.extf
// CHECK: norm.center
// CHECK: norm.generic {{.*}} iterators [parallel, parallel, reduction]
// CHECK: math.sqrt
// CHECK: norm.generic {{.*}} iterators [parallel, parallel, parallel, parallel]
// CHECK-NOT: norm.reduce
// CHECK-NOT: math.sqrt
// CHECK: math.exp
func.func @channels_last(%x: tensor<2x?x20xf32>, %g: tensor<20xf32>, %b: tensor<20xf32>) -> tensor<2x?x20xf32> {
  %y = norm.group_norm %x scale %g shift %b groups 2 channel_axis 2 : (tensor<2x?x20xf32>, tensor<20xf32>, tensor<20xf32>) -> tensor<2x?x20xf32>
  %z = norm.activation silu %y : (tensor<2x?x20xf32>) -> tensor<2x?x20xf32>
  return %z : tensor<2x?x20xf32>
}

// Without epsilon squares that underflow matter.
// CHECK-LABEL: func.func @no_epsilon
// CHECK-NOT: norm.f32_sums
func.func @no_epsilon(%x: tensor<2x?x20xf32>) -> tensor<2x?x20xf32> {
  %y = norm.group_norm %x groups 2 channel_axis 2 epsilon 0.0 : (tensor<2x?x20xf32>) -> tensor<2x?x20xf32>
  return %y : tensor<2x?x20xf32>
}

// The spatial dims are the contiguous ones here.
// CHECK-LABEL: func.func @channels_first
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
func.func @channels_first(%x: tensor<2x20x7xf32>) -> tensor<2x20x7xf32> {
  %y = norm.group_norm %x groups 2 channel_axis 1 : (tensor<2x20x7xf32>) -> tensor<2x20x7xf32>
  return %y : tensor<2x20x7xf32>
}

// Enough channels for several vectors.
// CHECK-LABEL: func.func @wide_groups
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
func.func @wide_groups(%x: tensor<2x7x80xf32>) -> tensor<2x7x80xf32> {
  %y = norm.group_norm %x groups 2 channel_axis 2 : (tensor<2x7x80xf32>) -> tensor<2x7x80xf32>
  return %y : tensor<2x7x80xf32>
}

// Results without the dims of a group, and extents of parts of it, do not fit.
// CHECK-LABEL: func.func @mean_result
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
func.func @mean_result(%x: tensor<7x3x10xf32>) -> (tensor<7x3x10xf32>, tensor<3xf32>) {
  %y, %m, %r = norm.layer_norm %x axes [0, 2] : (tensor<7x3x10xf32>) -> (tensor<7x3x10xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y, %m : tensor<7x3x10xf32>, tensor<3xf32>
}
