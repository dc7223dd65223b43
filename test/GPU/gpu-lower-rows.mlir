// RUN: norm-opt %s --norm-gpu-plan-rows --norm-gpu-lower-rows --canonicalize --cse | FileCheck %s

// CHECK: module attributes {gpu.container_module}
// CHECK: gpu.module @norm_kernels
// Constants: at an address that every vector may have, one array for equal bytes, and
// no arguments of kernels.
// CHECK: llvm.mlir.global internal constant @norm_constant.0(dense<[0, 0, -128, 63, 0, 0, 0, 64]> : tensor<8xi8>) {addr_space = 1 : i32, alignment = 128 : i64} : !llvm.array<8 x i8>
// CHECK: llvm.mlir.global internal constant @norm_constant.1(dense<[1, 0, 1]> : tensor<3xi8>)
// CHECK-NOT: llvm.mlir.global
// A warp a row: all loads first, no barrier, every lane has the sum.
// CHECK: gpu.func @warp_0(%{{.*}}: !llvm.ptr<1>, %{{.*}}: !llvm.ptr<1>, %[[ROWS:[a-z0-9]+]]: i64) kernel attributes {known_block_size = array<i32: 128, 1, 1>, norm.work = {blocks_per_row = 1 : i64, common = 0 : i64, early = 64 : i64, length = 512 : i64, passes = 1 : i64, read = 2048 : i64, rows = -9223372036854775808 : i64, rows_per_block = 4 : i64, threads = 128 : i64, written = 2048 : i64}, nvvm.minctasm = 4 : i32}
// CHECK-COUNT-4: llvm.load %{{.*}} {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
// CHECK-NOT: llvm.load
// CHECK-COUNT-5: gpu.shuffle xor
// CHECK-NOT: gpu.barrier
// CHECK-COUNT-4: llvm.store %{{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<1>
// CHECK: gpu.return
// The same for other addresses.
// CHECK: gpu.func @warp_0_unaligned
// CHECK: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr<1> -> vector<4xf32>

// Several warps a row: through shared memory, with one barrier for both sums.
// CHECK: llvm.mlir.global internal @block_0_shared0() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<8 x f32>
// CHECK: llvm.mlir.global internal @block_0_shared1()
// CHECK-NOT: llvm.mlir.global
// CHECK: gpu.func @block_0(
// CHECK-COUNT-10: gpu.shuffle xor
// CHECK: gpu.barrier
// CHECK-NOT: gpu.barrier
// CHECK: llvm.load %{{.*}} {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xf32>
// CHECK: gpu.return

// Rows side by side: every thread stores, and reads what those of its row stored.
// CHECK: llvm.mlir.global internal @across_0_shared0() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<256 x i32>
// CHECK: gpu.func @across_0(
// CHECK-NOT: gpu.shuffle
// CHECK: gpu.barrier
// CHECK-NOT: gpu.barrier
// CHECK-COUNT-8: llvm.load %{{.*}} : !llvm.ptr<3> -> f32
// CHECK: gpu.return

// Few of them: first the lanes of a warp, then one value of every warp.
// CHECK: llvm.mlir.global internal @narrow_0_shared0() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<8 x i32>
// CHECK: gpu.func @narrow_0(
// CHECK-COUNT-4: gpu.shuffle xor
// CHECK-NOT: gpu.shuffle
// CHECK: gpu.barrier
// CHECK-COUNT-4: llvm.load %{{.*}} : !llvm.ptr<3> -> f32
// CHECK-NOT: !llvm.ptr<3> -> f32
// CHECK: gpu.return

// CHECK-LABEL: func.func @warp(
// CHECK: %[[MIXED:.*]] = arith.ori
// CHECK: %[[ALIGNED:.*]] = arith.cmpi eq, %[[MIXED]]
// CHECK: scf.if %[[ALIGNED]] {
// CHECK: gpu.launch_func @norm_kernels::@warp_0 blocks in
// CHECK: } else {
// CHECK: gpu.launch_func @norm_kernels::@warp_0_unaligned
func.func @warp(%x: memref<?x512xf32>, %y: memref<?x512xf32>) {
  norm.generic ins(%x : memref<?x512xf32>) outs(%y : memref<?x512xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1] : f32
    %d = arith.subf %v, %s : f32
    norm.yield %d : f32
  }
  return
}
func.func @block(%x: memref<?x4096xf32>, %y: memref<?x4096xf32>) {
  norm.generic ins(%x : memref<?x4096xf32>) outs(%y : memref<?x4096xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1] : f32
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %s : f32
    %e = arith.mulf %d, %m : f32
    norm.yield %e : f32
  }
  return
}
func.func @across(%x: memref<64x?xf32>, %y: memref<64x?xf32>) {
  norm.generic ins(%x : memref<64x?xf32>) outs(%y : memref<64x?xf32>) iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [0] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}
func.func @narrow(%x: memref<64x2xf32>, %y: memref<64x2xf32>) {
  norm.generic ins(%x : memref<64x2xf32>) outs(%y : memref<64x2xf32>) iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [0] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// Kernels know where constants are, and take the offsets of views that types do not tell.
// CHECK-NOT: memref.global
// CHECK-LABEL: func.func @constants(
// CHECK-NOT: memref.get_global
// CHECK: %[[UNKNOWN:.*]] = ub.poison : memref<2xf32>
// CHECK: memref.subview %[[UNKNOWN]]
// CHECK: %[[OFFSET:.*]] = arith.index_cast %offset : index to i64
// CHECK: %[[BYTES:.*]] = arith.muli %[[OFFSET]]
// CHECK: arith.andi %[[BYTES]]
// CHECK: gpu.launch_func @norm_kernels::@constants_0_v0 {{.*}} args(%[[OFFSET]] : i64, %{{[a-z0-9]+}} : !llvm.ptr<1>, %{{[a-z0-9]+}} : i64)
// CHECK: gpu.launch_func @norm_kernels::@constants_1 {{.*}} args(%{{[a-z0-9]+}} : !llvm.ptr<1>)
memref.global "private" constant @pair : memref<2xf32> = dense<[1.0, 2.0]>
memref.global "private" constant @integers : memref<1x2xi32> = dense<[[0x3F800000, 0x40000000]]>
memref.global "private" constant @truth : memref<3xi1> = dense<[true, false, true]>
func.func @constants(%x: memref<?xf32>, %y: memref<3xi32>, %at: index, %count: index) {
  %pair = memref.get_global @pair : memref<2xf32>
  %part = memref.subview %pair[%at] [%count] [1] : memref<2xf32> to memref<?xf32, strided<[1], offset: ?>>
  norm.generic ins(%part : memref<?xf32, strided<[1], offset: ?>>) outs(%x : memref<?xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  %integers = memref.get_global @integers : memref<1x2xi32>
  %one = memref.subview %integers[0, 1] [1, 1] [1, 1] : memref<1x2xi32> to memref<i32, strided<[], offset: 1>>
  %truth = memref.get_global @truth : memref<3xi1>
  norm.generic ins(%truth, %one : memref<3xi1>, memref<i32, strided<[], offset: 1>>) outs(%y : memref<3xi32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (), (d0) -> (d0)] {
  ^bb0(%c: i1, %v: i32):
    %zero = arith.constant 0 : i32
    %s = arith.select %c, %v, %zero : i32
    norm.yield %s : i32
  }
  return
}
