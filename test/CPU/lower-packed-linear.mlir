// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" --norm-lower-packed-linear --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// A known number of rows: 20 = 7 + 7 + 6. 50 features: a panel, and a vector of
// which two lanes exist.
// CHECK-LABEL: func.func @known(
// CHECK: scf.for
// CHECK: scf.if
// CHECK: scf.for {{.*}} -> (vector<16xf32>, {{.*}}) {
// CHECK-COUNT-42: vector.fma
// CHECK: scf.yield
// CHECK: } else {
// CHECK-COUNT-36: vector.fma
// CHECK: scf.yield
// CHECK: %[[MASK:.*]] = vector.constant_mask [2] : vector<16xi1>
// CHECK: scf.for
// CHECK-COUNT-14: vector.fma
// CHECK: scf.yield
// CHECK: vector.maskedstore %{{.*}}[%{{.*}}, %c48], %[[MASK]]
func.func @known(%x: memref<20x32xf32>, %w: memref<2x32x48xf32>, %y: memref<20x50xf32>) {
  norm.packed_linear ins(%x, %w : memref<20x32xf32>, memref<2x32x48xf32>) outs(%y : memref<20x50xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @unknown(
// The loop over the tiles carries the first row of the tile.
// CHECK: %[[HIGHER:.*]] = arith.index_castui
// CHECK: %[[HEIGHT:.*]] = arith.addi %{{.*}}, %[[HIGHER]]
// CHECK: %[[NEXT:.*]] = arith.addi %{{.*}}, %[[HEIGHT]]
// CHECK: scf.index_switch %[[HEIGHT]]
// CHECK: case 1 {
// CHECK: case 8 {
// CHECK: default {
// CHECK-NEXT: }
// CHECK: scf.yield %[[NEXT]]
func.func @unknown(%x: memref<?x32xf32>, %w: memref<1x32x48xf32>, %b: memref<48xf32>, %y: memref<?x48xf32>) {
  norm.packed_linear ins(%x, %w, %b : memref<?x32xf32>, memref<1x32x48xf32>, memref<48xf32>) outs(%y : memref<?x48xf32>)
  return
}

// -----

// Rows of 16 bits are widened once, in scratch memory; the bias is added before
// the one rounding.
// CHECK-LABEL: func.func @f16(
// CHECK: %[[SCRATCH:.*]] = memref.alloc() {alignment = 64 : i64} : memref<8x32xf32>
// CHECK: vector.store %{{.*}}, %[[SCRATCH]]
// CHECK: vector.load %{{.*}} : memref<1x32x48xf16>, vector<16xf16>
// CHECK: arith.extf
// CHECK: memref.load %[[SCRATCH]]
// CHECK: vector.fma
// CHECK: scf.yield
// CHECK: arith.addf
// CHECK-NEXT: arith.truncf
// CHECK-NEXT: vector.store
func.func @f16(%x: memref<8x32xf16>, %w: memref<1x32x48xf16>, %b: memref<48xf32>, %y: memref<8x48xf16>) {
  norm.packed_linear ins(%x, %w, %b : memref<8x32xf16>, memref<1x32x48xf16>, memref<48xf32>) outs(%y : memref<8x48xf16>)
  return
}

// -----

// Sums of more than 1536 features are cut in blocks, which four panels take in
// turn: their sums wait in scratch memory.
// CHECK-LABEL: func.func @long(
// CHECK: %[[SUMS:.*]] = memref.alloc() {alignment = 64 : i64} : memref<80x48xf32>
// CHECK: scf.for {{.*}} = %c0 to %c2 step %c1
// CHECK: vector.store %{{.*}}, %[[SUMS]]
// CHECK: scf.for %[[BLOCK:.*]] = %c0 to %c3000 step %c1500
// CHECK: scf.for {{.*}} = %c0 to %c4 step %c1
// CHECK: vector.load %[[SUMS]]
// CHECK: scf.for %{{.*}} = %[[BLOCK]] to
// CHECK: vector.fma
// CHECK: vector.store %{{.*}}, %[[SUMS]]
// CHECK: vector.store %{{.*}}, %arg2
func.func @long(%x: memref<20x3000xf32>, %w: memref<8x3000x48xf32>, %y: memref<20x384xf32>) {
  norm.packed_linear ins(%x, %w : memref<20x3000xf32>, memref<8x3000x48xf32>) outs(%y : memref<20x384xf32>)
  return
}

// -----

// What is made of the elements is computed behind four panels, of memory that
// holds no more.
// CHECK-LABEL: func.func @consumer(
// CHECK: %[[PIECE:.*]] = memref.alloc() {alignment = 64 : i64} : memref<8x192xf32>
// CHECK-NOT: memref<8x480xf32>
// CHECK: scf.for %[[GROUP:.*]] = %c0 to %c2 step %c1
// CHECK: %[[BEGIN:.*]] = arith.muli %[[GROUP]], %c192
// CHECK: scf.for {{.*}} = %c0 to %c4 step %c1
// CHECK: vector.fma
// CHECK: vector.store {{.*}}, %[[PIECE]]
// CHECK: memref.subview %arg2[0, %[[BEGIN]]] [8, 192] [1, 1]
// CHECK: norm.generic
// CHECK: vector.store {{.*}}, %[[PIECE]]
// CHECK: memref.subview %arg2[0, 384] [8, 96] [1, 1]
// CHECK: norm.generic
// CHECK-NOT: norm.generic
func.func @consumer(%x: memref<8x32xf32>, %w: memref<10x32x48xf32>, %y: memref<8x480xf32>) {
  %h = memref.alloc() : memref<8x480xf32>
  norm.packed_linear ins(%x, %w : memref<8x32xf32>, memref<10x32x48xf32>) outs(%h : memref<8x480xf32>)
  norm.generic ins(%h : memref<8x480xf32>) outs(%y : memref<8x480xf32>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %d = arith.mulf %a, %a : f32
    norm.yield %d : f32
  }
  return
}

// -----

// What is written over may be what the layer reads: it is computed behind it.
// CHECK-LABEL: func.func @chosen(
// CHECK: vector.fma
// CHECK-NOT: norm.generic
// CHECK: vector.store
// CHECK: norm.generic {{.*}} outs(%{{.*}} : memref<8x480xf32>)
// CHECK-NOT: norm.generic
func.func @chosen(%w: memref<10x480x48xf32>, %c: i1) {
  %h = memref.alloc() : memref<8x480xf32>
  %a = memref.alloc() : memref<8x480xf32>
  %b = memref.alloc() : memref<8x480xf32>
  %x = scf.if %c -> memref<8x480xf32> {
    scf.yield %a : memref<8x480xf32>
  } else {
    scf.yield %b : memref<8x480xf32>
  }
  norm.packed_linear ins(%x, %w : memref<8x480xf32>, memref<10x480x48xf32>) outs(%h : memref<8x480xf32>)
  norm.generic ins(%h : memref<8x480xf32>) outs(%a : memref<8x480xf32>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %d = arith.mulf %v, %v : f32
    norm.yield %d : f32
  }
  return
}

// -----

// CHECK-LABEL: func.func @pack(
// CHECK-COUNT-4: scf.for
// CHECK-NOT: norm.
func.func @pack(%w: memref<?x?xf32>, %p: memref<?x?x48xf32>) {
  norm.pack_weight ins(%w : memref<?x?xf32>) outs(%p : memref<?x?x48xf32>)
  return
}

// -----

func.func @other_panels(%x: memref<8x32xf32>, %w: memref<4x32x12xf32>, %y: memref<8x48xf32>) {
  // expected-error@+1 {{weight 'memref<4x32x12xf32>' was packed for another target: panels of 16-lane vectors are expected}}
  norm.packed_linear ins(%x, %w : memref<8x32xf32>, memref<4x32x12xf32>) outs(%y : memref<8x48xf32>)
  return
}

// -----

func.func @pairs(%x: memref<8x32xbf16>, %w: memref<1x16x48x2xbf16>, %y: memref<8x48xbf16>) {
  // expected-error@+1 {{was packed for another target}}
  norm.packed_linear ins(%x, %w : memref<8x32xbf16>, memref<1x16x48x2xbf16>) outs(%y : memref<8x48xbf16>)
  return
}

// -----

func.func @strided(%x: memref<8x32xf32>, %w: memref<1x32x48xf32>, %y: memref<8x48xf32, strided<[1, 8]>>) {
  // expected-error@+1 {{operand 2 of type 'memref<8x48xf32, strided<[1, 8]>>' is not contiguous in its last dim}}
  norm.packed_linear ins(%x, %w : memref<8x32xf32>, memref<1x32x48xf32>) outs(%y : memref<8x48xf32, strided<[1, 8]>>)
  return
}

// -----

func.func @tensors(%x: tensor<3x8xf32>, %w: tensor<4x8x48xf32>, %y: tensor<3x192xf32>) -> tensor<3x192xf32> {
  // expected-error@+1 {{is on tensors, but only those on buffers are lowered to loops: bufferize first}}
  %z = norm.packed_linear ins(%x, %w : tensor<3x8xf32>, tensor<4x8x48xf32>) outs(%y : tensor<3x192xf32>) -> tensor<3x192xf32>
  return %z : tensor<3x192xf32>
}
