// RUN: norm-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" --canonicalize --cse | FileCheck %s
// RUN: norm-opt %s --one-shot-bufferize --canonicalize --cse | FileCheck %s --check-prefix=BODY

// An init is never read: a result goes straight to its place.
// BODY-LABEL: func @destination(
// BODY-SAME:    %[[X:[^ ]*]]: memref<?x8xf32>, %[[Y:[^ ]*]]: memref<?x8xf32>, %[[S:[^ ]*]]: memref<?xf32>)
// BODY-NOT:     memref.alloc
// BODY-NOT:     memref.copy
// BODY:         norm.generic ins(%[[X]] : memref<?x8xf32>) outs(%[[Y]], %[[S]] : memref<?x8xf32>, memref<?xf32>) iterators [parallel, reduction]
// BODY-SAME:      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] attributes {test.kept} {
// BODY:           norm.yield
// BODY-NOT:     memref.alloc
// BODY-NOT:     memref.copy
// BODY:         return
func.func @destination(%x: memref<?x8xf32>, %y: memref<?x8xf32>, %s: memref<?xf32>) {
  %xt = bufferization.to_tensor %x restrict : memref<?x8xf32> to tensor<?x8xf32>
  %yt = bufferization.to_tensor %y restrict writable : memref<?x8xf32> to tensor<?x8xf32>
  %st = bufferization.to_tensor %s restrict writable : memref<?xf32> to tensor<?xf32>
  %r:2 = norm.generic ins(%xt : tensor<?x8xf32>) outs(%yt, %st : tensor<?x8xf32>, tensor<?xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] attributes {test.kept} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d, %m : f32, f32
  }
  bufferization.materialize_in_destination %r#0 in restrict writable %y : (tensor<?x8xf32>, memref<?x8xf32>) -> ()
  bufferization.materialize_in_destination %r#1 in restrict writable %s : (tensor<?xf32>, memref<?xf32>) -> ()
  return
}

// Two generics after each other: one allocation, for what is between them.
// BODY-LABEL: func @chain(
// BODY-SAME:    %[[X:[^ ]*]]: memref<4x8xf32>, %[[Y:[^ ]*]]: memref<4x8xf32>)
// BODY:         %[[T:.*]] = memref.alloc()
// BODY-NOT:     memref.alloc
// BODY-NOT:     memref.copy
// BODY:         norm.generic ins(%[[X]] : {{.*}}) outs(%[[T]] :
// BODY:         norm.generic ins(%[[T]] : {{.*}}) outs(%[[Y]] :
// BODY-NOT:     memref.copy
// BODY:         return
func.func @chain(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  %xt = bufferization.to_tensor %x restrict : memref<4x8xf32> to tensor<4x8xf32>
  %yt = bufferization.to_tensor %y restrict writable : memref<4x8xf32> to tensor<4x8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %t = norm.generic ins(%xt : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  %r = norm.generic ins(%t : tensor<4x8xf32>) outs(%yt : tensor<4x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = arith.negf %v : f32
    norm.yield %m : f32
  }
  bufferization.materialize_in_destination %r in restrict writable %y : (tensor<4x8xf32>, memref<4x8xf32>) -> ()
  return
}

// A tensor that is both an input and an init does not share its buffer between
// them, even where the op is elementwise.
// BODY-LABEL: func @in_place(
// BODY-SAME:    %[[X:[^ ]*]]: memref<4x8xf32>)
// BODY:         %[[T:.*]] = memref.alloc()
// BODY:         norm.generic ins(%[[X]] : {{.*}}) outs(%[[T]] :
// BODY:         memref.copy %[[T]], %[[X]]
func.func @in_place(%x: memref<4x8xf32>) {
  %xt = bufferization.to_tensor %x restrict writable : memref<4x8xf32> to tensor<4x8xf32>
  %r = norm.generic ins(%xt : tensor<4x8xf32>) outs(%xt : tensor<4x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = arith.negf %v : f32
    norm.yield %m : f32
  }
  bufferization.materialize_in_destination %r in restrict writable %x : (tensor<4x8xf32>, memref<4x8xf32>) -> ()
  return
}

// The same init for two outputs gives two buffers.
// BODY-LABEL: func @shared_init(
// BODY-DAG:     %[[A:.*]] = memref.alloc()
// BODY-DAG:     %[[B:.*]] = memref.alloc()
// BODY:         norm.generic ins(%{{.*}}) outs(%[[A]], %[[B]] :
func.func @shared_init(%x: tensor<4x8xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %r:2 = norm.generic ins(%x : tensor<4x8xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %n = norm.reduce min %v over [1] : f32
    norm.yield %m, %n : f32, f32
  }
  return %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>
}

// What is read later is not overwritten.
// CHECK-LABEL: func @argument(
// CHECK-SAME:    %[[X:[^ ]*]]: memref<4x8xf32>)
// CHECK:         %[[T:.*]] = memref.alloc()
// CHECK-NOT:     memref.copy
// CHECK:         norm.generic ins(%[[X]] : memref<4x8xf32>) outs(%[[T]] : memref<4x8xf32>)
// CHECK-NOT:     memref.copy
// CHECK:         return %[[X]], %[[T]]
func.func @argument(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %r = norm.generic ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = arith.negf %v : f32
    norm.yield %m : f32
  }
  return %x, %r : tensor<4x8xf32>, tensor<4x8xf32>
}
