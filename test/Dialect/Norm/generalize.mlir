// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --cse | FileCheck %s

// The statistics are further outputs.
// CHECK-LABEL: func @layer_norm(
// CHECK-SAME:    %[[X:.*]]: tensor<?x768xf32>, %[[G:.*]]: tensor<768xf32>, %[[B:.*]]: tensor<768xf32>)
// CHECK-DAG:     %[[Y:.*]] = tensor.empty(%{{.*}}) : tensor<?x768xf32>
// CHECK-DAG:     %[[S:.*]] = tensor.empty(%{{.*}}) : tensor<?xf32>
// CHECK:         norm.generic ins(%[[X]], %[[G]], %[[B]] : {{.*}}) outs(%[[Y]], %[[S]], %[[S]] : {{.*}}) iterators [parallel, reduction]
// CHECK-SAME:      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
// CHECK:         ^bb0(%[[XE:.*]]: f32, %[[GE:.*]]: f32, %[[BE:.*]]: f32):
// CHECK-DAG:       %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-DAG:       %[[EPS:.*]] = arith.constant 9.99999997E-7 : f32
// CHECK:           %[[C:.*]], %[[MEAN:.*]] = norm.center %[[XE]] over [1]
// CHECK:           %[[Q:.*]] = arith.mulf %[[C]], %[[C]]
// CHECK:           %[[SUM:.*]] = norm.reduce add %[[Q]] over [1]
// CHECK:           %[[N:.*]] = norm.extent over [1]
// CHECK:           %[[V:.*]] = arith.divf %[[SUM]], %[[N]]
// CHECK:           %[[A:.*]] = arith.addf %[[V]], %[[EPS]]
// CHECK:           %[[D:.*]] = math.sqrt %[[A]]
// CHECK:           %[[R:.*]] = arith.divf %[[ONE]], %[[D]]
// CHECK:           %[[YN:.*]] = arith.mulf %[[C]], %[[R]]
// CHECK:           %[[YG:.*]] = arith.mulf %[[YN]], %[[GE]]
// CHECK:           %[[YB:.*]] = arith.addf %[[YG]], %[[BE]]
// CHECK:           norm.yield %[[YB]], %[[MEAN]], %[[R]]
func.func @layer_norm(%x: tensor<?x768xf32>, %g: tensor<768xf32>, %b: tensor<768xf32>) -> (tensor<?x768xf32>, tensor<?xf32>, tensor<?xf32>) {
  %y:3 = norm.layer_norm %x scale %g shift %b axes [-1] epsilon 1.0e-6 : (tensor<?x768xf32>, tensor<768xf32>, tensor<768xf32>) -> (tensor<?x768xf32>, tensor<?xf32>, tensor<?xf32>)
  return %y#0, %y#1, %y#2 : tensor<?x768xf32>, tensor<?xf32>, tensor<?xf32>
}

// CHECK-LABEL: func @middle_f64(
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d1), (d0, d1, d2) -> (d0, d1, d2)]
// CHECK:         ^bb0(%{{.*}}: f64, %{{.*}}: f64):
func.func @middle_f64(%x: tensor<2x?x3xf64>, %g: tensor<?xf64>) -> tensor<2x?x3xf64> {
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<2x?x3xf64>, tensor<?xf64>) -> tensor<2x?x3xf64>
  return %y : tensor<2x?x3xf64>
}

// Block arguments are f32; the user's rounding point is a pair of casts.
// CHECK-LABEL: func @two_axes_bf16(
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d1, d2), (d0, d1, d2) -> (d1, d2), (d0, d1, d2) -> (d0, d1, d2)]
// CHECK:         ^bb0(%{{.*}}: f32, %[[G:.*]]: f32, %{{.*}}: f32):
// CHECK:           %[[ONE:.*]] = arith.constant 1.0
// CHECK:           norm.center %{{.*}} over [1, 2]
// CHECK:           %[[T:.*]] = arith.truncf %{{.*}} : f32 to bf16
// CHECK:           %[[E:.*]] = arith.extf %[[T]] : bf16 to f32
// CHECK:           %[[S:.*]] = arith.addf %[[G]], %[[ONE]]
// CHECK:           arith.mulf %[[E]], %[[S]]
func.func @two_axes_bf16(%x: tensor<4x6x8xbf16>, %g: tensor<6x8xf32>, %b: tensor<6x8xbf16>) -> tensor<4x6x8xbf16> {
  %y = norm.layer_norm %x scale %g shift %b axes [-1, 1] {cast_before_scale, scale_offset = 1.0} : (tensor<4x6x8xbf16>, tensor<6x8xf32>, tensor<6x8xbf16>) -> tensor<4x6x8xbf16>
  return %y : tensor<4x6x8xbf16>
}

// CHECK-LABEL: func @all_axes_f16(
// CHECK:         norm.generic {{.*}} iterators [reduction, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (), (d0, d1) -> ()]
// CHECK:         ^bb0(%{{.*}}: f64, %{{.*}}: f64):
func.func @all_axes_f16(%x: tensor<4x6xf16>, %g: tensor<4x6xf64>) -> (tensor<4x6xf16>, tensor<f64>, tensor<f64>) {
  %y:3 = norm.layer_norm %x scale %g axes [1, 0] {accumulate = f64} : (tensor<4x6xf16>, tensor<4x6xf64>) -> (tensor<4x6xf16>, tensor<f64>, tensor<f64>)
  return %y#0, %y#1, %y#2 : tensor<4x6xf16>, tensor<f64>, tensor<f64>
}

// A scale that is wider than the accumulation type is rounded to it. A statistic
// whose size is known gets it.
// CHECK-LABEL: func @wider(
// CHECK:         norm.generic {{.*}} outs({{.*}} : tensor<4x6xf16>, tensor<4xf32>)
// CHECK:         ^bb0(%[[X:.*]]: f32, %[[G:.*]]: f64):
// CHECK:           %[[Q:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK:           norm.reduce add %[[Q]] over [1]
// CHECK:           arith.truncf %[[G]] : f64 to f32
// CHECK:         tensor.cast %{{.*}} : tensor<4xf32> to tensor<?xf32>
func.func @wider(%x: tensor<4x6xf16>, %g: tensor<6xf64>) -> (tensor<4x6xf16>, tensor<?xf32>) {
  %y:2 = norm.rms_norm %x scale %g axes [1] epsilon 0.0 : (tensor<4x6xf16>, tensor<6xf64>) -> (tensor<4x6xf16>, tensor<?xf32>)
  return %y#0, %y#1 : tensor<4x6xf16>, tensor<?xf32>
}

// CHECK-LABEL: func @rms_first(
// CHECK:         norm.generic {{.*}} iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0, d1)]
func.func @rms_first(%x: tensor<5x?xf32>, %b: tensor<5xf32>) -> tensor<5x?xf32> {
  %y = norm.rms_norm %x shift %b axes [0] {accumulate = f64} : (tensor<5x?xf32>, tensor<5xf32>) -> tensor<5x?xf32>
  return %y : tensor<5x?xf32>
}

// CHECK-LABEL: func @group(
// CHECK-SAME:    %[[X:.*]]: tensor<?x6x?x4xf32>, %[[G:.*]]: tensor<6xf32>, %[[B:.*]]: tensor<?xf32>)
// CHECK:         %[[XX:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3], [4]] output_shape [%{{.*}}, 3, 2, %{{.*}}, 4]
// CHECK:         %[[GX:.*]] = tensor.expand_shape %[[G]] {{\[\[}}0, 1]] output_shape [3, 2]
// CHECK:         %[[BC:.*]] = tensor.cast %[[B]]
// CHECK:         %[[BX:.*]] = tensor.expand_shape %[[BC]] {{\[\[}}0, 1]] output_shape [3, 2]
// CHECK:         %[[Y:.*]] = norm.generic ins(%[[XX]], %[[GX]], %[[BX]] : {{.*}}) outs({{.*}}) iterators [parallel, parallel, reduction, reduction, reduction]
// CHECK-SAME:      maps [(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4), (d0, d1, d2, d3, d4) -> (d1, d2), (d0, d1, d2, d3, d4) -> (d1, d2), (d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)]
// CHECK:         tensor.collapse_shape %[[Y]] {{\[\[}}0], [1, 2], [3], [4]]
func.func @group(%x: tensor<?x6x?x4xf32>, %g: tensor<6xf32>, %b: tensor<?xf32>) -> tensor<?x6x?x4xf32> {
  %y = norm.group_norm %x scale %g shift %b groups 3 channel_axis 1 : (tensor<?x6x?x4xf32>, tensor<6xf32>, tensor<?xf32>) -> tensor<?x6x?x4xf32>
  return %y : tensor<?x6x?x4xf32>
}

// CHECK-LABEL: func @group_last(
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction, reduction, parallel, reduction] maps [(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4), (d0, d1, d2, d3, d4) -> (d3, d4),
func.func @group_last(%x: tensor<2x3x5x8xbf16>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<2x3x5x8xbf16> {
  %y = norm.group_norm %x scale %g shift %b groups 4 channel_axis -1 : (tensor<2x3x5x8xbf16>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x3x5x8xbf16>
  return %y : tensor<2x3x5x8xbf16>
}

// One group is all channels, as many as channels is an instance norm: nothing to
// split.
// CHECK-LABEL: func @group_one(
// CHECK-NOT:     expand_shape
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction]
func.func @group_one(%x: tensor<?x6xf32>) -> tensor<?x6xf32> {
  %y = norm.group_norm %x groups 1 channel_axis 1 : (tensor<?x6xf32>) -> tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

// CHECK-LABEL: func @group_each(
// CHECK-NOT:     expand_shape
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel, reduction]
func.func @group_each(%x: tensor<2x6x4xf32>, %g: tensor<6xf32>) -> tensor<2x6x4xf32> {
  %y = norm.group_norm %x scale %g groups 6 channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return %y : tensor<2x6x4xf32>
}

// CHECK-LABEL: func @instance(
// CHECK:         norm.generic {{.*}} iterators [parallel, reduction, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d2),
func.func @instance(%x: tensor<2x?x?xf32>, %g: tensor<?xf32>) -> tensor<2x?x?xf32> {
  %y = norm.instance_norm %x scale %g channel_axis 2 : (tensor<2x?x?xf32>, tensor<?xf32>) -> tensor<2x?x?xf32>
  return %y : tensor<2x?x?xf32>
}

// Without spatial dims each element is its own mean; an infinity gives NaN.
// CHECK-LABEL: func @instance2(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:         ^bb0(%[[X:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK:           arith.subf %[[X]], %[[X]]
func.func @instance2(%x: tensor<2x?xf32>, %g: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<2x?xf32> {
  %y = norm.instance_norm %x scale %g shift %b channel_axis 1 : (tensor<2x?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<2x?xf32>
  return %y : tensor<2x?xf32>
}

// CHECK-LABEL: func @batch(
// CHECK-SAME:    %[[X:.*]]: tensor<2x7x?xf32>, %[[G:.*]]: tensor<7xf32>, %[[B:.*]]: tensor<7xf32>, %[[M:.*]]: tensor<7xf32>, %[[V:.*]]: tensor<7xf32>)
// CHECK:         norm.generic ins(%[[X]], %[[G]], %[[B]], %[[M]], %[[V]] : {{.*}} iterators [parallel, parallel, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d1),
// CHECK:         ^bb0(%[[XE:.*]]: f32, %[[GE:.*]]: f32, %[[BE:.*]]: f32, %[[ME:.*]]: f32, %[[VE:.*]]: f32):
// CHECK:           %[[A:.*]] = arith.addf %[[VE]],
// CHECK:           %[[D:.*]] = math.sqrt %[[A]]
// CHECK:           %[[R:.*]] = arith.divf %{{.*}}, %[[D]]
// CHECK:           %[[C:.*]] = arith.subf %[[XE]], %[[ME]]
// CHECK:           %[[N:.*]] = arith.mulf %[[C]], %[[R]]
// CHECK:           %[[S:.*]] = arith.mulf %[[N]], %[[GE]]
// CHECK:           %[[Y:.*]] = arith.addf %[[S]], %[[BE]]
func.func @batch(%x: tensor<2x7x?xf32>, %g: tensor<7xf32>, %b: tensor<7xf32>, %m: tensor<7xf32>, %v: tensor<7xf32>) -> tensor<2x7x?xf32> {
  %y = norm.batch_norm %x scale %g shift %b mean %m variance %v channel_axis 1 : (tensor<2x7x?xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>) -> tensor<2x7x?xf32>
  return %y : tensor<2x7x?xf32>
}

// CHECK-LABEL: func @batch_wider(
// CHECK:         ^bb0(%{{.*}}: f32, %[[M:.*]]: f64, %{{.*}}: f32):
// CHECK:           arith.truncf %[[M]] : f64 to f32
func.func @batch_wider(%x: tensor<2x5x7xf16>, %m: tensor<7xf64>, %v: tensor<7xf32>) -> tensor<2x5x7xf16> {
  %y = norm.batch_norm %x mean %m variance %v channel_axis -1 : (tensor<2x5x7xf16>, tensor<7xf64>, tensor<7xf32>) -> tensor<2x5x7xf16>
  return %y : tensor<2x5x7xf16>
}

// CHECK-LABEL: func @training(
// CHECK:         norm.generic {{.*}} outs({{.*}} : tensor<?x5x7xbf16>, tensor<7xf32>, tensor<7xf32>) iterators [reduction, reduction, parallel]
// CHECK:           %{{.*}}, %[[MEAN:.*]] = norm.center %{{.*}} over [0, 1]
// CHECK:           %[[V:.*]] = arith.divf
// CHECK:           norm.yield %{{.*}}, %[[MEAN]], %[[V]] : f32, f32, f32
func.func @training(%x: tensor<?x5x7xbf16>, %g: tensor<7xbf16>, %b: tensor<7xf32>) -> (tensor<?x5x7xbf16>, tensor<7xf32>, tensor<7xf32>) {
  %y:3 = norm.batch_norm_training %x scale %g shift %b channel_axis 2 : (tensor<?x5x7xbf16>, tensor<7xbf16>, tensor<7xf32>) -> (tensor<?x5x7xbf16>, tensor<7xf32>, tensor<7xf32>)
  return %y#0, %y#1, %y#2 : tensor<?x5x7xbf16>, tensor<7xf32>, tensor<7xf32>
}

// A NaN length stays NaN in maximumf.
// CHECK-LABEL: func @l2(
// CHECK:         norm.generic {{.*}} iterators [reduction, parallel, reduction]
// CHECK:           %[[S:.*]] = norm.reduce add %{{.*}} over [0, 2]
// CHECK:           %[[L:.*]] = math.sqrt %[[S]]
// CHECK:           %[[M:.*]] = arith.maximumf %[[L]],
// CHECK:           %[[R:.*]] = arith.divf %{{.*}}, %[[M]]
// CHECK:           arith.mulf %{{.*}}, %[[R]]
func.func @l2(%x: tensor<?x5x7xf32>) -> tensor<?x5x7xf32> {
  %y = norm.l2_norm %x axes [2, 0] : (tensor<?x5x7xf32>) -> tensor<?x5x7xf32>
  return %y : tensor<?x5x7xf32>
}

func.func @l2_eps(%x: tensor<3x7xf16>) -> tensor<3x7xf16> {
  %y = norm.l2_norm %x axes [-1] epsilon 0.5 : (tensor<3x7xf16>) -> tensor<3x7xf16>
  return %y : tensor<3x7xf16>
}

// An epsilon that f32 cannot hold does not become zero: zeros stay zeros.
// CHECK-LABEL: func @tiny_epsilon(
// CHECK:         arith.constant 1.17549435E-38 : f32
func.func @tiny_epsilon(%x: tensor<3x7xf32>) -> tensor<3x7xf32> {
  %y = norm.layer_norm %x axes [1] epsilon 1.0e-60 : (tensor<3x7xf32>) -> tensor<3x7xf32>
  return %y : tensor<3x7xf32>
}

// The linear layer is left alone.
// CHECK-LABEL: func @linear(
// CHECK:         norm.linear
// CHECK:         norm.generic
// CHECK-NOT:     norm.layer_norm
func.func @linear(%x: tensor<?x4xf32>, %w: tensor<3x4xf32>) -> tensor<?x3xf32> {
  %h = norm.linear %x weight %w : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x3xf32>
  %y = norm.layer_norm %h axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
