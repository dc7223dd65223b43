// RUN: norm-opt %s --norm-llvm-pipeline | FileCheck %s
// RUN: norm-opt %s --norm-llvm-pipeline=debug-info --mlir-print-debuginfo | FileCheck %s --check-prefix=DEBUG

// The elements of narrow floats are stored as what LLVM has of that size.
// CHECK-LABEL: llvm.func @rows(
// CHECK: llvm.load {{.*}} -> vector<16xi16>
// CHECK: llvm.zext {{.*}} vector<16xi16> to vector<16xi32>
// CHECK: llvm.store {{.*}} : vector<16xi8>, !llvm.ptr
// CHECK-NOT: unrealized_conversion_cast
// DEBUG-LABEL: llvm.func @rows(
// DEBUG: loc(
// DEBUG: #llvm.di_subprogram<{{.*}}name = "rows"
func.func @rows(%x: memref<8x16xbf16>, %y: memref<8x16xf8E4M3FN>, %s: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = memref.dim %x, %c0 : memref<8x16xbf16>
  scf.for %i = %c0 to %rows step %c1 {
    %v = vector.load %x[%i, %c0] : memref<8x16xbf16>, vector<16xbf16>
    %e = arith.extf %v : vector<16xbf16> to vector<16xf32>
    %sum = vector.reduction <add>, %e : vector<16xf32> into f32
    memref.store %sum, %s[%i] : memref<8xf32>
    %bits = arith.constant dense<0> : vector<16xi8>
    %q = arith.bitcast %bits : vector<16xi8> to vector<16xf8E4M3FN>
    vector.store %q, %y[%i, %c0] : memref<8x16xf8E4M3FN>, vector<16xf8E4M3FN>
  }
  return
}

// Constants stay in read-only memory, aligned to a cache line.
// CHECK: llvm.mlir.global private constant @table({{.*}}) {addr_space = 0 : i32, alignment = 64 : i64} : !llvm.array<4 x f32>
memref.global "private" constant @table : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]> {alignment = 64}
func.func @look_up(%i: index) -> f32 {
  %t = memref.get_global @table : memref<4xf32>
  %v = memref.load %t[%i] : memref<4xf32>
  return %v : f32
}
