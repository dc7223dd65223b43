// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// Loops that are in another order than the dims of the result: what is raised
// is not transposed.

#all = affine_map<(d0, d1) -> (d0, d1)>
#swapped = affine_map<(d0, d1) -> (d1, d0)>

// CHECK: #[[ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func @swapped
// CHECK:         %[[SUM:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ALL]], #[[ALL]]]
// CHECK:         %[[Y:.*]] = norm.activation tanh %[[SUM]]
// CHECK-NEXT:    return %[[Y]]
func.func @swapped(%x: tensor<3x4xf32>, %z: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %e = tensor.empty() : tensor<3x4xf32>
  %y = linalg.generic {indexing_maps = [#swapped, #swapped, #swapped], iterator_types = ["parallel", "parallel"]} ins(%x, %z : tensor<3x4xf32>, tensor<3x4xf32>) outs(%e : tensor<3x4xf32>) {
  ^bb0(%in: f32, %other: f32, %out: f32):
    %0 = arith.addf %in, %other : f32
    %1 = math.tanh %0 : f32
    linalg.yield %1 : f32
  } -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// With a dim of size 1, of which the loop is still one.
// CHECK-LABEL: func @unit
// CHECK:         %[[SUM:.*]] = linalg.generic {indexing_maps = [#[[ALL]], #[[ALL]], #[[ALL]]]
// CHECK:         %[[Y:.*]] = norm.activation tanh %[[SUM]]
// CHECK-NEXT:    return %[[Y]]
func.func @unit(%x: tensor<1x4xf32>, %z: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %e = tensor.empty() : tensor<1x4xf32>
  %y = linalg.generic {indexing_maps = [#swapped, #swapped, #swapped], iterator_types = ["parallel", "parallel"]} ins(%x, %z : tensor<1x4xf32>, tensor<1x4xf32>) outs(%e : tensor<1x4xf32>) {
  ^bb0(%in: f32, %other: f32, %out: f32):
    %0 = arith.addf %in, %other : f32
    %1 = math.tanh %0 : f32
    linalg.yield %1 : f32
  } -> tensor<1x4xf32>
  return %y : tensor<1x4xf32>
}

// The numbers of loops move with them.
// CHECK-LABEL: func @numbered
// CHECK:         %[[X:.*]] = linalg.generic
// CHECK:           %[[I:.*]] = linalg.index 0 : index
// CHECK:           %[[J:.*]] = linalg.index 1 : index
// CHECK:           tensor.extract %arg0[%[[I]], %[[J]]]
// CHECK:         return %[[X]]
func.func @numbered(%x: tensor<3x4xf32>, %z: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %e = tensor.empty() : tensor<3x4xf32>
  %y = linalg.generic {indexing_maps = [#swapped, #swapped], iterator_types = ["parallel", "parallel"]} ins(%z : tensor<3x4xf32>) outs(%e : tensor<3x4xf32>) {
  ^bb0(%other: f32, %out: f32):
    %i = linalg.index 1 : index
    %j = linalg.index 0 : index
    %in = tensor.extract %x[%i, %j] : tensor<3x4xf32>
    %0 = arith.addf %in, %other : f32
    linalg.yield %0 : f32
  } -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
