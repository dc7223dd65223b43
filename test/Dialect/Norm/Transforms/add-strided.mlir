// RUN: norm-opt %s --norm-add-strided --norm-destination-passing | FileCheck %s

// CHECK-LABEL: func @f(
// CHECK-SAME: memref<?x8xf32> {norm.name = "x"}, %{{.*}}: memref<8xf32>,
// CHECK-SAME: memref<?x8xf32> {norm.result = 0 : i64})
// CHECK-LABEL: func @f_strided(
// CHECK-SAME: memref<?x8xf32, strided<[?, 1]>> {norm.name = "x"}, %{{.*}}: memref<8xf32>,
// CHECK-SAME: memref<?x8xf32, strided<[?, 1]>> {norm.result = 0 : i64})
// CHECK-SAME: norm.strided = "f"
func.func @f(%x: tensor<?x8xf32> {norm.name = "x"}, %g: tensor<8xf32>) -> tensor<?x8xf32> {
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// Private functions are no kernels.
// CHECK: func private @helper(
// CHECK-NOT: helper_strided
func.func private @helper(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  return %x : tensor<4x8xf32>
}
