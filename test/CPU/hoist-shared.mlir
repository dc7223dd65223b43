// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --norm-fuse --canonicalize --cse --norm-hoist-shared --canonicalize | FileCheck %s
// RUN: norm-opt %s --norm-generalize --norm-fuse --canonicalize --cse --norm-hoist-shared=min-rows=4 --canonicalize | FileCheck %s --check-prefix=FOUR

// The standard deviation of a channel, not the centred element.
// CHECK-LABEL: func.func @batch_norm
// CHECK: %[[S:.*]] = norm.generic {{.*}} iterators [parallel]
// CHECK: math.sqrt
// CHECK: norm.generic ins({{.*}}%[[S]]{{.*}} iterators [parallel, parallel]
// CHECK-NOT: math.sqrt
// CHECK: return
func.func @batch_norm(%x: tensor<?x20xf32>, %m: tensor<20xf32>, %v: tensor<20xf32>) -> tensor<?x20xf32> {
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<?x20xf32>, tensor<20xf32>, tensor<20xf32>) -> tensor<?x20xf32>
  return %y : tensor<?x20xf32>
}

// Channels are rows here: a scalar for each.
// CHECK-LABEL: func.func @channels_first
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
func.func @channels_first(%x: tensor<9x20x32xf32>, %m: tensor<20xf32>, %v: tensor<20xf32>) -> tensor<9x20x32xf32> {
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<9x20x32xf32>, tensor<20xf32>, tensor<20xf32>) -> tensor<9x20x32xf32>
  return %y : tensor<9x20x32xf32>
}

// Scale and shift are converted once where there are many rows, the elements of x
// where they are read.
// CHECK-LABEL: func.func @converted
// CHECK: %[[MANY:.*]] = arith.cmpi uge, %{{.*}}, %c8
// CHECK: scf.if %[[MANY]]
// CHECK: %[[G:.*]] = norm.generic ins(%{{.*}} : tensor<32xf16>) outs(%{{.*}} : tensor<32xf32>)
// CHECK: %[[B:.*]] = norm.generic ins(%{{.*}} : tensor<32xf16>) outs(%{{.*}} : tensor<32xf32>)
// CHECK: norm.generic ins(%{{.*}}, %[[G]], %[[B]] : tensor<?x32xf16>, tensor<32xf32>, tensor<32xf32>)
// CHECK: else
// CHECK: norm.generic ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x32xf16>, tensor<32xf16>, tensor<32xf16>)
// CHECK-SAME: norm.few_rows
func.func @converted(%x: tensor<?x32xf16>, %g: tensor<32xf16>, %b: tensor<32xf16>) -> tensor<?x32xf16> {
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x32xf16>, tensor<32xf16>, tensor<32xf16>) -> tensor<?x32xf16>
  return %y : tensor<?x32xf16>
}

// Too few rows.
// CHECK-LABEL: func.func @four_rows
// CHECK-COUNT-1: norm.generic
// CHECK-NOT: norm.generic
// FOUR-LABEL: func.func @four_rows
// FOUR-COUNT-3: norm.generic
// FOUR-NOT: norm.generic
// FOUR: return
func.func @four_rows(%x: tensor<4x32xf16>, %g: tensor<32xf16>, %b: tensor<32xf16>) -> tensor<4x32xf16> {
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<4x32xf16>, tensor<32xf16>, tensor<32xf16>) -> tensor<4x32xf16>
  return %y : tensor<4x32xf16>
}

// Rows of f32 would have other bits beside a scale of f16.
// CHECK-LABEL: func.func @rows_of_f32
// CHECK-NOT: scf.if
// CHECK-COUNT-2: norm.generic
// CHECK: return
func.func @rows_of_f32(%x: tensor<?x32xf32>, %g: tensor<32xf16>) -> tensor<?x32xf32> {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x32xf32>
  %e = tensor.empty(%d) : tensor<?x32xf32>
  %y = norm.generic ins(%x, %g : tensor<?x32xf32>, tensor<32xf16>) outs(%e : tensor<?x32xf32>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32):
    %o = arith.mulf %v, %s : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x32xf32>
}

// The rows of a block are many.
// CHECK-LABEL: func.func @in_a_loop
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: tensor<32xf32>
// CHECK: return
func.func @in_a_loop(%x: tensor<?x32xf16>, %g: tensor<32xf16>, %b: tensor<32xf16>) -> tensor<?x32xf16> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %x) -> tensor<?x32xf16> {
    %y = norm.layer_norm %a scale %g shift %b axes [1] : (tensor<?x32xf16>, tensor<32xf16>, tensor<32xf16>) -> tensor<?x32xf16>
    scf.yield %y : tensor<?x32xf16>
  }
  return %r : tensor<?x32xf16>
}
