// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=znver4" --norm-lower-casts | FileCheck %s --check-prefixes=CHECK,BF16
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v3" --norm-lower-casts | FileCheck %s --check-prefixes=CHECK,V3
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64" --norm-lower-casts | FileCheck %s --check-prefixes=CHECK,SSE
// RUN: not norm-opt %S/Inputs/unknown-format.mlir --norm-lower-casts 2>&1 | FileCheck %s --check-prefix=ERROR

// ERROR: error: 'arith.extf' op of 'f8E4M3FNUZ' has no CPU lowering

// CHECK-NOT: {{[^a-z]}}f8E
// CHECK: memref.global "private" constant @table : memref<2xi16> = dense<[16256, 16384]>
memref.global "private" constant @table : memref<2xbf16> = dense<[1.0, 2.0]>

// Types change everywhere; loads stay loads.
// CHECK-LABEL: func @extend(
// CHECK-SAME: memref<?xi16>
// CHECK: %[[L:.*]] = vector.load {{.*}} : memref<?xi16>, vector<16xi16>
// CHECK: %[[W:.*]] = arith.extui %[[L]] : vector<16xi16> to vector<16xi32>
// CHECK: arith.shli %[[W]]
func.func @extend(%m: memref<?xbf16>, %i: index) -> vector<16xf32> {
  %x = vector.load %m[%i] : memref<?xbf16>, vector<16xbf16>
  %y = arith.extf %x : vector<16xbf16> to vector<16xf32>
  return %y : vector<16xf32>
}

// CHECK-LABEL: func @truncate(
// BF16: llvm.call_intrinsic "llvm.x86.avx512bf16.cvtneps2bf16.512"
// V3-NOT: call_intrinsic
// V3: arith.cmpf uno
// CHECK: vector.maskedstore {{.*}} : memref<?xi16>, vector<16xi1>, vector<16xi16>
func.func @truncate(%m: memref<?xbf16>, %i: index, %k: vector<16xi1>, %x: vector<16xf32>) {
  %y = arith.truncf %x : vector<16xf32> to vector<16xbf16>
  vector.maskedstore %m[%i], %k, %y : memref<?xbf16>, vector<16xi1>, vector<16xbf16>
  return
}

// CHECK-LABEL: func @f16(
// BF16: llvm.fpext
// V3: llvm.fpext
// SSE-NOT: llvm.fpext
// CHECK: return
func.func @f16(%x: vector<8xf16>) -> vector<8xf32> {
  %y = arith.extf %x : vector<8xf16> to vector<8xf32>
  return %y : vector<8xf32>
}

// From f64 by way of rounding to odd.
// CHECK-LABEL: func @once(
// CHECK: arith.truncf %{{.*}} : f64 to f32
// CHECK: arith.ori
func.func @once(%x: f64) -> bf16 {
  %y = arith.truncf %x : f64 to bf16
  return %y : bf16
}

// CHECK-LABEL: func @loop(
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (i8)
// CHECK: arith.addf {{.*}} : f32
func.func @loop(%x: f8E5M2, %n: index) -> f8E5M2 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (f8E5M2) {
    %s = arith.addf %a, %x : f8E5M2
    scf.yield %s : f8E5M2
  }
  return %r : f8E5M2
}
