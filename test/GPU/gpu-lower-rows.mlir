// RUN: norm-opt %s --norm-gpu-plan-rows --norm-gpu-lower-rows --canonicalize --cse | FileCheck %s

// CHECK: module attributes {gpu.container_module}
// CHECK: gpu.module @norm_kernels
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
