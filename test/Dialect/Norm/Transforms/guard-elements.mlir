// RUN: norm-opt %s --norm-guard-elements | FileCheck %s
// RUN: norm-opt %s --norm-guard-elements --norm-record-signature -o /dev/null

// Only the index that is data is compared, with the size that the table has.
// CHECK-LABEL: func @gather(
// CHECK-SAME:    %[[TABLE:[^:]*]]: tensor<?x8xf32>
// CHECK:         ^bb0(%[[ID:.*]]: i64,
// CHECK:           %[[I:.*]] = arith.index_cast %[[ID]] : i64 to index
// CHECK:           %[[J:.*]] = linalg.index 1 : index
// CHECK:           %[[SIZE:.*]] = tensor.dim %[[TABLE]], %{{.*}} : tensor<?x8xf32>
// CHECK:           %[[INSIDE:.*]] = arith.cmpi ult, %[[I]], %[[SIZE]] : index
// CHECK:           cf.assert %[[INSIDE]], "an index is outside of the tensor that it is into"
// CHECK:           %[[ROW:.*]] = arith.select %[[INSIDE]], %[[I]], %{{.*}} : index
// CHECK:           tensor.extract %[[TABLE]][%[[ROW]], %[[J]]] : tensor<?x8xf32>
func.func @gather(%table: tensor<?x8xf32>, %ids: tensor<5xi64>) -> tensor<5x8xf32> {
  %e = tensor.empty() : tensor<5x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%ids : tensor<5xi64>) outs(%e : tensor<5x8xf32>) {
  ^bb0(%in: i64, %out: f32):
    %i = arith.index_cast %in : i64 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %table[%i, %j] : tensor<?x8xf32>
    linalg.yield %v : f32
  } -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// An element that says where the next one is.
// CHECK-LABEL: func @chain(
// CHECK:         tensor.extract %{{.*}}[%{{.*}}] : tensor<4xi64>
// CHECK:         cf.assert
// CHECK:         tensor.extract
func.func @chain(%x: tensor<4xi64>) -> i64 {
  %c1 = arith.constant 1 : index
  %a = tensor.extract %x[%c1] : tensor<4xi64>
  %i = arith.index_cast %a : i64 to index
  %b = tensor.extract %x[%i] : tensor<4xi64>
  return %b : i64
}

// Loops and integer arguments are for norm-record-signature.
// CHECK-LABEL: func @known(
// CHECK-NOT:     cf.assert
// CHECK:         return
func.func @known(%x: tensor<4xf32>, %n: index) -> (f32, f32) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %s = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %zero) -> f32 {
    %v = tensor.extract %x[%i] : tensor<4xf32>
    %b = arith.addf %a, %v : f32
    scf.yield %b : f32
  }
  %e = tensor.extract %x[%n] : tensor<4xf32>
  return %s, %e : f32, f32
}
