// The register tiles are in registers: no accumulator is spilled, an iteration
// of the loop over input features is two steps of multiply-adds.
//
// RUN: split-file %s %t
// RUN: norm-opt %t/avx512.mlir --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" --norm-lower-packed-linear --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=x86-64-v4 | llc -O3 -mtriple=x86_64-linux-gnu -mcpu=x86-64-v4 -mattr=-prefer-256-bit \
// RUN:   | FileCheck %t/avx512.mlir --implicit-check-not="{{zmm.*rsp|rsp.*zmm}}"
// RUN: norm-opt %t/avx2.mlir --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v3" --norm-lower-packed-linear --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=x86-64-v3 | llc -O3 -mtriple=x86_64-linux-gnu -mcpu=x86-64-v3 \
// RUN:   | FileCheck %t/avx2.mlir --implicit-check-not="{{ymm.*rsp|rsp.*ymm}}"
// RUN: norm-opt %t/bf16.mlir --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=znver4" --norm-lower-packed-linear --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=znver4 | llc -O3 -mtriple=x86_64-linux-gnu -mcpu=znver4 \
// RUN:   | FileCheck %t/bf16.mlir --implicit-check-not="{{zmm.*rsp|rsp.*zmm}}"
// RUN: norm-opt %t/tiles.mlir --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-lower-packed-linear --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=sapphirerapids | llc -O3 -mtriple=x86_64-linux-gnu -mcpu=sapphirerapids \
// RUN:   | FileCheck %t/tiles.mlir --implicit-check-not="{{tile(loadd|stored).*rsp}}"
// RUN: norm-opt %t/consumer.mlir --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-lower-packed-linear --norm-plan-rows --norm-lower-rows --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=sapphirerapids | llc -O3 -mtriple=x86_64-linux-gnu -mcpu=sapphirerapids \
// RUN:   | FileCheck %t/consumer.mlir --implicit-check-not="{{tile(loadd|stored).*rsp}}"
// RUN: norm-opt %t/neon.mlir --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=cortex-a76" --norm-lower-packed-linear --norm-llvm-pipeline \
// RUN:   | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=aarch64-linux-gnu -mcpu=cortex-a76 | llc -O3 -mtriple=aarch64-linux-gnu -mcpu=cortex-a76 \
// RUN:   | FileCheck %t/neon.mlir

//--- avx512.mlir
// CHECK-LABEL: tile:
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}Parent Loop
// CHECK-NEXT: Inner Loop
// CHECK-COUNT-48: vfmadd231ps %zmm{{[0-9]+}}, %zmm{{[0-9]+}}, %zmm{{[0-9]+}}
// CHECK-NOT: vfmadd
// CHECK: j{{[a-z]+}} {{ *}}[[LOOP]]
func.func @tile(%x: memref<8x768xf32>, %w: memref<16x768x48xf32>, %b: memref<768xf32>, %y: memref<8x768xf32>) {
  norm.packed_linear ins(%x, %w, %b : memref<8x768xf32>, memref<16x768x48xf32>, memref<768xf32>) outs(%y : memref<8x768xf32>)
  return
}

//--- avx2.mlir
// CHECK-LABEL: tile:
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}Parent Loop
// CHECK-NEXT: Inner Loop
// CHECK-COUNT-24: vfmadd231ps {{.*}}%ymm{{[0-9]+}}
// CHECK-NOT: vfmadd
// CHECK: j{{[a-z]+}} {{ *}}[[LOOP]]
func.func @tile(%x: memref<6x768xf32>, %w: memref<48x768x16xf32>, %b: memref<768xf32>, %y: memref<6x768xf32>) {
  norm.packed_linear ins(%x, %w, %b : memref<6x768xf32>, memref<48x768x16xf32>, memref<768xf32>) outs(%y : memref<6x768xf32>)
  return
}

//--- bf16.mlir
// CHECK-LABEL: tile:
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}Parent Loop
// CHECK-NEXT: Inner Loop
// CHECK-COUNT-48: vdpbf16ps {{.*}}%zmm{{[0-9]+}}
// CHECK-NOT: vdpbf16ps
// CHECK: j{{[a-z]+}} {{ *}}[[LOOP]]
func.func @tile(%x: memref<8x768xbf16>, %w: memref<16x384x48x2xbf16>, %b: memref<768xf32>, %y: memref<8x768xbf16>) {
  norm.packed_linear ins(%x, %w, %b : memref<8x768xbf16>, memref<16x384x48x2xbf16>, memref<768xf32>) outs(%y : memref<8x768xbf16>)
  return
}

//--- tiles.mlir
// CHECK-LABEL: tile:
// CHECK: ldtilecfg
// CHECK-NOT: ldtilecfg
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}Parent Loop
// CHECK: Inner Loop
// CHECK-COUNT-4: tdpbf16ps %tmm{{[0-9]}}, %tmm{{[0-9]}}, %tmm{{[0-9]}}
// CHECK-NOT: tdpbf16ps
// CHECK: j{{[a-z]+}} {{ *}}[[LOOP]]
// CHECK-COUNT-4: tilestored
func.func @tile(%x: memref<32x768xbf16>, %w: memref<24x384x32x2xbf16>, %b: memref<768xf32>, %y: memref<32x768xbf16>) {
  norm.packed_linear ins(%x, %w, %b : memref<32x768xbf16>, memref<24x384x32x2xbf16>, memref<768xf32>) outs(%y : memref<32x768xbf16>)
  return
}

//--- consumer.mlir
// What is made of the result is computed in the loop over its panels. Four loads
// for four products, none of a tile that was spilled.
// CHECK-LABEL: tile:
// CHECK: [[PIECES:\.LBB[0-9_]+]]: {{.*}}=>This Loop Header: Depth=1
// CHECK: tileloadd (
// CHECK-NEXT: leaq
// CHECK-NEXT: tileloadd (
// CHECK: tileloaddt1 (
// CHECK-NEXT: tdpbf16ps
// CHECK-NEXT: tdpbf16ps
// CHECK: tileloaddt1 (
// CHECK-NEXT: tdpbf16ps
// CHECK-NEXT: tdpbf16ps
// CHECK: vmulps
// CHECK: j{{[a-z]+}} {{ *}}[[PIECES]]
// CHECK-NOT: vmulps
func.func @tile(%x: memref<128x1024xbf16>, %w: memref<16x512x32x2xbf16>, %b: memref<512xf32>, %y: memref<128x512xbf16>) {
  %h = memref.alloc() : memref<128x512xbf16>
  norm.packed_linear ins(%x, %w, %b : memref<128x1024xbf16>, memref<16x512x32x2xbf16>, memref<512xf32>) outs(%h : memref<128x512xbf16>)
  norm.generic ins(%h : memref<128x512xbf16>) outs(%y : memref<128x512xbf16>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %d = arith.mulf %a, %a : f32
    norm.yield %d : f32
  }
  return
}

//--- neon.mlir
// CHECK-LABEL: tile:
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}Parent Loop
// CHECK-NEXT: Inner Loop
// CHECK-COUNT-48: fmla v{{[0-9]+}}.4s
// CHECK: b.{{[a-z]+}} [[LOOP]]
func.func @tile(%x: memref<8x768xf32>, %w: memref<64x768x12xf32>, %b: memref<768xf32>, %y: memref<8x768xf32>) {
  norm.packed_linear ins(%x, %w, %b : memref<8x768xf32>, memref<64x768x12xf32>, memref<768xf32>) outs(%y : memref<8x768xf32>)
  return
}
