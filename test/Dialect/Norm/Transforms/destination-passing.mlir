// RUN: norm-opt %s --norm-destination-passing | FileCheck %s
// RUN: norm-opt %s --norm-destination-passing --one-shot-bufferize --canonicalize --cse | FileCheck %s --check-prefix=MEM

// CHECK-LABEL: func @elementwise(
// CHECK-SAME: %[[X:.*]]: memref<?x8xf32> {norm.name = "x"}, %[[Y:.*]]: memref<?x8xf32> {norm.result = 0 : i64})
// CHECK: bufferization.to_tensor %[[X]] restrict :
// CHECK: %[[OUT:.*]] = bufferization.to_tensor %[[Y]] restrict writable
// CHECK: %[[R:.*]] = linalg.exp {{.*}} outs(%[[OUT]] :
// CHECK: bufferization.materialize_in_destination %[[R]] in restrict writable %[[Y]]
// CHECK: return{{$}}
// MEM-LABEL: func @elementwise(
// MEM-NOT: memref.alloc
// MEM: linalg.exp ins(%arg0 : memref<?x8xf32>) outs(%arg1 : memref<?x8xf32>)
// MEM-NOT: memref.copy
// MEM: return
func.func @elementwise(%x: tensor<?x8xf32> {norm.name = "x"}) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %y = linalg.exp ins(%x : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// Through reshapes and casts, both ways, and a fill before a matmul.
// MEM-LABEL: func @reshaped(
// MEM-NOT: memref.{{alloc|copy}}
// MEM: memref.collapse_shape %arg1
// MEM: linalg.exp
// MEM-NOT: memref.{{alloc|copy}}
// MEM: return
func.func @reshaped(%x: tensor<?x32xf32>) -> tensor<?x4x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x32xf32>
  %e = tensor.empty(%n) : tensor<?x32xf32>
  %y = linalg.exp ins(%x : tensor<?x32xf32>) outs(%e : tensor<?x32xf32>) -> tensor<?x32xf32>
  %z = tensor.expand_shape %y [[0], [1, 2]] output_shape [%n, 4, 8] : tensor<?x32xf32> into tensor<?x4x8xf32>
  return %z : tensor<?x4x8xf32>
}

// MEM-LABEL: func @collapsed(
// MEM-NOT: memref.{{alloc|copy}}
// MEM: %[[CAST:.*]] = memref.cast %arg1
// MEM: memref.expand_shape %[[CAST]]
// MEM: linalg.exp
// MEM-NOT: memref.{{alloc|copy}}
// MEM: return
func.func @collapsed(%x: tensor<?x4x8xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4x8xf32>
  %e = tensor.empty(%n) : tensor<?x4x8xf32>
  %y = linalg.exp ins(%x : tensor<?x4x8xf32>) outs(%e : tensor<?x4x8xf32>) -> tensor<?x4x8xf32>
  %z = tensor.collapse_shape %y [[0], [1, 2]] : tensor<?x4x8xf32> into tensor<?x32xf32>
  %c = tensor.cast %z : tensor<?x32xf32> to tensor<?x?xf32>
  return %c : tensor<?x?xf32>
}

// MEM-LABEL: func @filled(
// MEM-NOT: memref.{{alloc|copy}}
// MEM: linalg.fill {{.*}} outs(%arg2 :
// MEM: linalg.matmul {{.*}} outs(%arg2 :
// MEM-NOT: memref.{{alloc|copy}}
// MEM: return
func.func @filled(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x2xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x2xf32>) -> tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) outs(%f : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// A result that the next op reads too; a temporary; one tensor.empty for all.
// MEM-LABEL: func @shared(
// MEM: %[[T:.*]] = memref.alloc
// MEM-NOT: memref.alloc
// MEM: linalg.exp ins(%arg0 : memref<8xf32>) outs(%arg1 :
// MEM: linalg.exp ins(%arg1 : memref<8xf32>) outs(%[[T]] :
// MEM: linalg.exp ins(%[[T]] : {{.*}}) outs(%arg2 :
// MEM-NOT: memref.{{alloc|copy}}
// MEM: return
func.func @shared(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %a = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %b = linalg.exp ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %c = linalg.exp ins(%b : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %a, %c : tensor<8xf32>, tensor<8xf32>
}

// What no op computes, and what is returned twice, is copied; a scalar is stored.
// MEM-LABEL: func @copied(
// MEM-SAME: %[[X:.*]]: memref<8xf32>, %[[S:.*]]: f32, %[[R0:.*]]: memref<8xf32> {norm.result = 0 : i64}, %[[R1:.*]]: memref<8xf32> {norm.result = 1 : i64},
// MEM-SAME: %[[R2:.*]]: memref<8xf32> {norm.result = 2 : i64}, %[[R3:.*]]: memref<f32> {norm.result = 3 : i64})
// MEM: linalg.exp ins(%[[X]] : {{.*}}) outs(%[[R1]] :
// MEM: memref.copy %[[X]], %[[R0]]
// MEM: memref.copy %[[R1]], %[[R2]]
// MEM: memref.store %[[S]], %[[R3]][]
func.func @copied(%x: tensor<8xf32>, %s: f32) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, f32) {
  %e = tensor.empty() : tensor<8xf32>
  %y = linalg.exp ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %x, %y, %y, %s : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, f32
}
