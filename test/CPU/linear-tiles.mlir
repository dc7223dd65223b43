// Linear layers on the tile registers of AMX.

// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-lower-packed-linear --canonicalize --cse -split-input-file | FileCheck %s

// All features and rows are in whole tiles, and there are few panels: tiles are
// loaded from x itself, past the first-level cache. Four loads for four products.
// CHECK-LABEL: func.func @whole(
// CHECK-COUNT-1: memref.alloc() {alignment = 64 : i64} : memref<32x32xf32>
// CHECK-NOT: memref.alloc
// CHECK-NOT: vector.maskedload
// CHECK: scf.for
// CHECK-COUNT-4: "llvm.x86.tilezero.internal"
// CHECK: scf.for {{.*}} -> (!llvm.x86_amx, !llvm.x86_amx, !llvm.x86_amx, !llvm.x86_amx)
// CHECK-COUNT-16: memref.prefetch {{.*}}, read, locality<2>, data
// CHECK-COUNT-2: "llvm.x86.tileloadd64.internal"
// CHECK-COUNT-1: "llvm.x86.tileloaddt164.internal"
// CHECK-COUNT-2: "llvm.x86.tdpbf16ps.internal"
// CHECK-COUNT-1: "llvm.x86.tileloaddt164.internal"
// CHECK-COUNT-2: "llvm.x86.tdpbf16ps.internal"
// CHECK-NEXT: scf.yield
// CHECK-COUNT-4: "llvm.x86.tilestored64.internal"
// CHECK-NOT: "llvm.x86.t
func.func @whole(%x: memref<64x64xbf16>, %w: memref<2x32x32x2xbf16>, %y: memref<64x64xbf16>) {
  norm.packed_linear ins(%x, %w : memref<64x64xbf16>, memref<2x32x32x2xbf16>) outs(%y : memref<64x64xbf16>)
  return
}

// -----

// Many panels read a copy of the rows, tile by tile.
// CHECK-LABEL: func.func @copied(
// CHECK: %[[TILES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<4x2x16x32xbf16>
// CHECK: scf.for %[[GROUP:.*]] = %c0 to %c4 step
// CHECK: scf.for %[[STEP:.*]] = %c0 to %c2 step
// CHECK-COUNT-16: vector.store %{{.*}}, %[[TILES]][%[[GROUP]], %[[STEP]],
// CHECK: memref.extract_aligned_pointer_as_index %[[TILES]]
// CHECK: "llvm.x86.tileloaddt164.internal"
func.func @copied(%x: memref<64x64xbf16>, %w: memref<17x32x32x2xbf16>, %y: memref<64x544xbf16>) {
  norm.packed_linear ins(%x, %w : memref<64x64xbf16>, memref<17x32x32x2xbf16>) outs(%y : memref<64x544xbf16>)
  return
}

// -----

// The last input features are copied with zeros behind them, the last rows as
// far as there are some.
// CHECK-LABEL: func.func @edges(
// CHECK: %[[TILES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2x3x16x32xbf16>
// CHECK: vector.maskedload %arg0[%{{.*}}, %c64]
// CHECK: vector.store %{{.*}}, %[[TILES]][%c0, %c2, %{{.*}}, %c0]
// CHECK: scf.for %{{.*}} = %c0 to %c4 step
// CHECK: vector.maskedload %arg0[%{{.*}}, %c64]
// CHECK: vector.store %{{.*}}, %[[TILES]][%c1, %c2, %{{.*}}, %c0]
// CHECK: "llvm.x86.tdpbf16ps.internal"
func.func @edges(%x: memref<20x65xbf16>, %w: memref<1x48x32x2xbf16>, %y: memref<20x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<20x65xbf16>, memref<1x48x32x2xbf16>) outs(%y : memref<20x32xbf16>)
  return
}

// -----

// Rows that are no whole tile are one of a copy.
// CHECK-LABEL: func.func @any_rows(
// CHECK-DAG: %[[ROWS:.*]] = memref.dim %arg2, %c0
// CHECK-DAG: %[[TILES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<1x2x16x32xbf16>
// CHECK: vector.store %{{.*}}, %[[TILES]][%c0,
// CHECK: scf.if
// CHECK: %[[WHOLE:.*]] = arith.cmpi ule
// CHECK: %[[ADDRESS:.*]] = arith.select %[[WHOLE]], %{{.*}}, %{{.*}} : i64
// CHECK: %[[STRIDE:.*]] = arith.select %[[WHOLE]], %c128_i64, %c64_i64 : i64
// CHECK: "llvm.x86.tileloaddt164.internal"({{.*}}, %[[STRIDE]])
func.func @any_rows(%x: memref<?x64xbf16>, %w: memref<1x32x32x2xbf16>, %y: memref<?x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<?x64xbf16>, memref<1x32x32x2xbf16>) outs(%y : memref<?x32xbf16>)
  return
}

// -----

// A panel of many input features goes through the first-level cache in parts: the
// sums of all rows wait in memory.
// CHECK-LABEL: func.func @parts(
// CHECK-DAG: %[[WAITING:.*]] = memref.alloc() {alignment = 64 : i64} : memref<64x32xf32>
// CHECK-COUNT-4: "llvm.x86.tilezero.internal"
// CHECK: scf.for %{{.*}} = %c0 to %c11
// CHECK: memref.extract_aligned_pointer_as_index %[[WAITING]]
// CHECK-COUNT-4: "llvm.x86.tilestored64.internal"
// CHECK-NOT: "llvm.x86.tilezero.internal"
// CHECK-COUNT-4: "llvm.x86.tileloadd64.internal"
// CHECK: scf.for %{{.*}} = %c11 to %c22
// CHECK-COUNT-4: "llvm.x86.tilestored64.internal"
// CHECK-COUNT-4: "llvm.x86.tileloadd64.internal"
// CHECK: scf.for %{{.*}} = %c22 to %c33
// CHECK-COUNT-4: "llvm.x86.tilestored64.internal"
// CHECK: vector.store {{.*}}, %arg2
func.func @parts(%x: memref<64x1056xbf16>, %w: memref<1x528x32x2xbf16>, %y: memref<64x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<64x1056xbf16>, memref<1x528x32x2xbf16>) outs(%y : memref<64x32xbf16>)
  return
}

// -----

// What is computed of the elements is computed of pieces of four panels. Nothing
// else reads them: they are memory of a piece.
// CHECK-LABEL: func.func @consumer(
// CHECK: %[[PIECE:.*]] = memref.alloc() {alignment = 64 : i64} : memref<32x128xbf16>
// CHECK-NOT: memref<32x320xbf16>
// CHECK: scf.for %{{.*}} = %c0 to %c2
// CHECK: scf.for %{{.*}} = %c0 to %c4
// CHECK: "llvm.x86.tdpbf16ps.internal"
// CHECK: vector.store {{.*}}, %[[PIECE]]
// CHECK: %[[VALUES:.*]] = memref.cast %[[PIECE]]
// CHECK: %[[OTHER:.*]] = memref.subview %arg2[0, %[[BEGIN:.*]]] [32, 128] [1, 1]
// CHECK: %[[SHARED:.*]] = memref.subview %arg3[%[[BEGIN]]] [128] [1]
// CHECK: %[[RESULT:.*]] = memref.subview %arg4[0, %[[BEGIN]]] [32, 128] [1, 1]
// CHECK: norm.generic ins(%[[VALUES]], %[[OTHER]], %[[SHARED]] : {{.*}}) outs(%[[RESULT]] : {{.*}})
// CHECK: memref.subview %[[PIECE]][0, 0] [32, 64] [1, 1]
// CHECK: norm.generic
// CHECK-NOT: norm.generic
func.func @consumer(%x: memref<32x64xbf16>, %w: memref<10x32x32x2xbf16>, %r: memref<32x320xbf16>, %s: memref<320xbf16>, %y: memref<32x320xbf16>) {
  %h = memref.alloc() : memref<32x320xbf16>
  norm.packed_linear ins(%x, %w : memref<32x64xbf16>, memref<10x32x32x2xbf16>) outs(%h : memref<32x320xbf16>)
  norm.generic ins(%h, %r, %s : memref<32x320xbf16>, memref<32x320xbf16>, memref<320xbf16>) outs(%y : memref<32x320xbf16>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %d = arith.addf %a, %b : f32
    %e = arith.mulf %d, %c : f32
    norm.yield %e : f32
  }
  return
}

// -----

// The result is asked for, too: pieces are read where they have been stored.
// CHECK-LABEL: func.func @also_result(
// CHECK: vector.store {{.*}}, %arg2
// CHECK: %[[VALUES:.*]] = memref.cast %arg2
// CHECK: norm.generic ins(%[[VALUES]] :
func.func @also_result(%x: memref<32x64xbf16>, %w: memref<1x32x32x2xbf16>, %h: memref<32x32xbf16>, %y: memref<32x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<32x64xbf16>, memref<1x32x32x2xbf16>) outs(%h : memref<32x32xbf16>)
  norm.generic ins(%h : memref<32x32xbf16>) outs(%y : memref<32x32xbf16>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %d = arith.addf %a, %a : f32
    norm.yield %d : f32
  }
  return
}

// -----

// What overwrites the layer's input waits for all of it, and so does what needs
// whole rows or tells where an element is.
// CHECK-LABEL: func.func @not_consumers(
// CHECK-NOT: memref.subview
// CHECK: norm.generic ins(%arg2 : memref<32x32xbf16>) outs(%arg0 : memref<32x32xbf16>)
// CHECK: norm.generic ins(%arg2 : memref<32x32xbf16>) outs(%arg3 : memref<32xf32>)
// CHECK: norm.generic ins(%arg2 : memref<32x32xbf16>) outs(%arg4 : memref<32x32xbf16>)
func.func @not_consumers(%x: memref<32x32xbf16>, %w: memref<1x16x32x2xbf16>, %h: memref<32x32xbf16>, %s: memref<32xf32>, %y: memref<32x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<32x32xbf16>, memref<1x16x32x2xbf16>) outs(%h : memref<32x32xbf16>)
  norm.generic ins(%h : memref<32x32xbf16>) outs(%x : memref<32x32xbf16>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    norm.yield %a : f32
  }
  norm.packed_linear ins(%x, %w : memref<32x32xbf16>, memref<1x16x32x2xbf16>) outs(%h : memref<32x32xbf16>)
  norm.generic ins(%h : memref<32x32xbf16>) outs(%s : memref<32xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %m = norm.reduce max %a over [1] : f32
    norm.yield %m : f32
  }
  norm.packed_linear ins(%x, %w : memref<32x32xbf16>, memref<1x16x32x2xbf16>) outs(%h : memref<32x32xbf16>)
  norm.generic ins(%h : memref<32x32xbf16>) outs(%y : memref<32x32xbf16>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %i = norm.index 1 : index
    %j = arith.index_cast %i : index to i32
    %f = arith.sitofp %j : i32 to f32
    %m = arith.mulf %a, %f : f32
    norm.yield %m : f32
  }
  return
}

// -----

// Panels of pairs that are no tiles are read by vectors.
// CHECK-LABEL: func.func @vectors(
// CHECK-NOT: llvm.x86.t
// CHECK: "llvm.x86.avx512bf16.dpbf16ps.512"
func.func @vectors(%x: memref<4x64xbf16>, %w: memref<1x32x48x2xbf16>, %y: memref<4x48xbf16>) {
  norm.packed_linear ins(%x, %w : memref<4x64xbf16>, memref<1x32x48x2xbf16>) outs(%y : memref<4x48xbf16>)
  return
}

// -----

// No input features: the sums are zeros.
// CHECK-LABEL: func.func @no_features(
// CHECK: "llvm.x86.tilezero.internal"
// CHECK-NOT: "llvm.x86.tdpbf16ps.internal"
// CHECK: "llvm.x86.tilestored64.internal"
// CHECK: vector.store {{.*}}, %arg2
func.func @no_features(%x: memref<8x0xbf16>, %w: memref<1x0x32x2xbf16>, %y: memref<8x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<8x0xbf16>, memref<1x0x32x2xbf16>) outs(%y : memref<8x32xbf16>)
  return
}
