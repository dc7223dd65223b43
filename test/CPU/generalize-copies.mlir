// RUN: norm-opt %s --norm-generalize-copies | FileCheck %s

// CHECK-LABEL: func @into_strided(
// CHECK: %[[PART:.*]] = memref.subview
// CHECK: norm.generic ins(%{{.*}} : memref<4x8xf32>) outs(%[[PART]] : memref<4x8xf32, strided<[16, 1], offset: 8>>) iterators [parallel, parallel]
// CHECK-NEXT: ^bb0(%[[V:.*]]: f32):
// CHECK-NEXT: norm.yield %[[V]]
// CHECK-NOT: memref.copy
func.func @into_strided(%x: memref<4x8xf32>, %y: memref<4x16xf32>) {
  %part = memref.subview %y[0, 8] [4, 8] [1, 1] : memref<4x16xf32> to memref<4x8xf32, strided<[16, 1], offset: 8>>
  memref.copy %x, %part : memref<4x8xf32> to memref<4x8xf32, strided<[16, 1], offset: 8>>
  return
}

// CHECK-LABEL: func @out_of_strided(
// CHECK-NOT: memref.copy
// CHECK: norm.generic ins(%{{.*}} : memref<?xf16, strided<[?], offset: ?>>) outs(%{{.*}} : memref<?xf16>)
func.func @out_of_strided(%x: memref<?xf16, strided<[?], offset: ?>>, %y: memref<?xf16>) {
  memref.copy %x, %y : memref<?xf16, strided<[?], offset: ?>> to memref<?xf16>
  return
}

// What lies side by side is copied by memcpy.
// CHECK-LABEL: func @contiguous(
// CHECK: memref.copy
// CHECK: memref.copy
// CHECK-NOT: norm.generic
func.func @contiguous(%x: memref<?x8xf32>, %y: memref<?x8xf32>, %z: memref<8x8xf32>) {
  memref.copy %x, %y : memref<?x8xf32> to memref<?x8xf32>
  %from = memref.subview %z[0, 0] [4, 8] [1, 1] : memref<8x8xf32> to memref<4x8xf32, strided<[8, 1]>>
  %to = memref.subview %z[4, 0] [4, 8] [1, 1] : memref<8x8xf32> to memref<4x8xf32, strided<[8, 1], offset: 32>>
  memref.copy %from, %to : memref<4x8xf32, strided<[8, 1]>> to memref<4x8xf32, strided<[8, 1], offset: 32>>
  return
}
