// RUN: norm-opt %s --norm-expand-ops | FileCheck %s
// RUN: norm-opt %s --norm-expand-ops --norm-generalize --canonicalize --norm-fuse | FileCheck %s --check-prefix=FUSED

// CHECK-LABEL: func @softmax(
// CHECK-NOT:     linalg.softmax
// CHECK:         math.exp
// FUSED-LABEL: func @softmax(
// FUSED:         norm.reduce max
// FUSED:         norm.reduce add
// FUSED-NOT:     norm.generic
// FUSED:         return
func.func @softmax(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x16xf32>
  %e = tensor.empty(%d) : tensor<?x16xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<?x16xf32>) outs(%e : tensor<?x16xf32>) -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// CHECK-LABEL: func @pad(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<?x8xf32>
// CHECK:         %[[F:.*]] = linalg.fill
// CHECK:         tensor.insert_slice %[[X]] into %[[F]][0, 1] [%{{.*}}, 8] [1, 1] : tensor<?x8xf32> into tensor<?x11xf32>
func.func @pad(%x: tensor<?x8xf32>) -> tensor<?x11xf32> {
  %c = arith.constant 1.0 : f32
  %y = tensor.pad %x low[0, 1] high[0, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %c : f32
  } : tensor<?x8xf32> to tensor<?x11xf32>
  return %y : tensor<?x11xf32>
}

// Padding that differs from place to place is nobody's.
// CHECK-LABEL: func @uneven(
// CHECK:         tensor.pad
func.func @uneven(%x: tensor<8xi64>) -> tensor<9xi64> {
  %y = tensor.pad %x low[1] high[0] {
  ^bb0(%i: index):
    %c = arith.index_cast %i : index to i64
    tensor.yield %c : i64
  } : tensor<8xi64> to tensor<9xi64>
  return %y : tensor<9xi64>
}

// Padding that cuts off is no slice of the result.
// CHECK-LABEL: func @cut(
// CHECK:         tensor.pad
func.func @cut(%x: tensor<8xf32>) -> tensor<8xf32> {
  %c = arith.constant 1.0 : f32
  %y = tensor.pad %x low[-1] high[1] {
  ^bb0(%i: index):
    tensor.yield %c : f32
  } : tensor<8xf32> to tensor<8xf32>
  return %y : tensor<8xf32>
}

// CHECK-LABEL: func @generate(
// CHECK:         linalg.generic
// CHECK:         linalg.index 0
func.func @generate() -> tensor<6xi64> {
  %y = tensor.generate {
  ^bb0(%i: index):
    %v = arith.index_cast %i : index to i64
    tensor.yield %v : i64
  } : tensor<6xi64>
  return %y : tensor<6xi64>
}
