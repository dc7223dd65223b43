// Linear layers on the tile registers of AMX.

// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-lower-packed-linear --canonicalize --cse -split-input-file | FileCheck %s

// All features and rows are in whole tiles: they are loaded from x itself.
// CHECK-LABEL: func.func @whole(
// CHECK-COUNT-1: memref.alloc() {alignment = 64 : i64} : memref<32x32xf32>
// CHECK-NOT: memref.alloc
// CHECK-NOT: vector.maskedload
// CHECK: scf.for
// CHECK-COUNT-4: "llvm.x86.tilezero.internal"
// CHECK: scf.for {{.*}} -> (!llvm.x86_amx, !llvm.x86_amx, !llvm.x86_amx, !llvm.x86_amx)
// CHECK-COUNT-3: "llvm.x86.tileloadd64.internal"
// CHECK-COUNT-2: "llvm.x86.tdpbf16ps.internal"
// CHECK: "llvm.x86.tileloadd64.internal"
// CHECK-COUNT-2: "llvm.x86.tdpbf16ps.internal"
// CHECK-COUNT-4: "llvm.x86.tilestored64.internal"
// CHECK-NOT: "llvm.x86.t
func.func @whole(%x: memref<64x64xbf16>, %w: memref<2x32x32x2xbf16>, %y: memref<64x64xbf16>) {
  norm.packed_linear ins(%x, %w : memref<64x64xbf16>, memref<2x32x32x2xbf16>) outs(%y : memref<64x64xbf16>)
  return
}

// -----

// The last input features are copied, with zeros behind them; of 17 to 31 rows
// some are computed twice.
// CHECK-LABEL: func.func @edges(
// CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[EDGE:.*]] = memref.alloc() {alignment = 64 : i64} : memref<48x32xbf16>
// CHECK: vector.maskedload %arg0[%{{.*}}, %c64]
// CHECK: vector.store %{{.*}}, %[[EDGE]]
// CHECK: "llvm.x86.tdpbf16ps.internal"
func.func @edges(%x: memref<20x65xbf16>, %w: memref<1x48x32x2xbf16>, %y: memref<20x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<20x65xbf16>, memref<1x48x32x2xbf16>) outs(%y : memref<20x32xbf16>)
  return
}

// -----

// Fewer than 16 rows are a tile of a copy.
// CHECK-LABEL: func.func @any_rows(
// CHECK-DAG: %[[ROWS:.*]] = memref.dim %arg2, %c0
// CHECK-DAG: memref.alloc() {alignment = 64 : i64} : memref<16x64xbf16>
// CHECK: %[[FEW:.*]] = arith.cmpi ult, %[[ROWS]], %c16
// CHECK: scf.if %[[FEW]] {
// CHECK: vector.maskedload
// CHECK: "llvm.x86.tdpbf16ps.internal"
// CHECK: } else {
// CHECK: "llvm.x86.tdpbf16ps.internal"
func.func @any_rows(%x: memref<?x64xbf16>, %w: memref<1x32x32x2xbf16>, %y: memref<?x32xbf16>) {
  norm.packed_linear ins(%x, %w : memref<?x64xbf16>, memref<1x32x32x2xbf16>) outs(%y : memref<?x32xbf16>)
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
