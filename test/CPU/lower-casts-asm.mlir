// The assembly of all casts calls nothing.
// DEFINE: %{lower} = norm-lower-math,norm-lower-casts,convert-vector-to-llvm,convert-math-to-llvm,convert-arith-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts
// DEFINE: %{triple} = x86_64-unknown-linux-gnu
// DEFINE: %{cpu} =
// DEFINE: %{asm} = norm-opt %s --pass-pipeline="builtin.module(norm-attach-cpu-target{triple=%{triple} cpu=%{cpu}},%{lower})" | mlir-translate --mlir-to-llvmir | llc -mtriple=%{triple} -mcpu=%{cpu}
// REDEFINE: %{cpu} = znver4
// RUN: %{asm} | FileCheck %s --check-prefixes=CHECK,BF16,V4
// REDEFINE: %{cpu} = x86-64-v4
// RUN: %{asm} | FileCheck %s --check-prefixes=CHECK,V4
// REDEFINE: %{cpu} = x86-64-v3
// RUN: %{asm} | FileCheck %s --check-prefixes=CHECK
// REDEFINE: %{cpu} = x86-64
// RUN: %{asm} | FileCheck %s --check-prefixes=CHECK
// REDEFINE: %{triple} = aarch64-unknown-linux-gnu
// REDEFINE: %{cpu} = generic
// RUN: %{asm} | FileCheck %s --check-prefixes=CHECK

// CHECK-NOT: {{call|[[:space:]]bl[[:space:]]}}

// V4-LABEL: extend_bf16:
// V4: vpmovzxwd {{.*}}(%r{{.*}}), %zmm0
// V4-NEXT: vpslld $16, %zmm0, %zmm0
// V4-NEXT: retq
func.func @extend_bf16(%m: memref<?xbf16>, %i: index) -> vector<16xf32> {
  %x = vector.load %m[%i] : memref<?xbf16>, vector<16xbf16>
  %y = arith.extf %x : vector<16xbf16> to vector<16xf32>
  return %y : vector<16xf32>
}

// BF16-LABEL: truncate_bf16:
// BF16: vcvtneps2bf16 %zmm{{[0-9]+}}, %[[Y:ymm[0-9]+]]
// BF16: vmovdqu16 %[[Y]], {{.*}} {%k{{[1-7]}}}
func.func @truncate_bf16(%m: memref<?xbf16>, %i: index, %k: vector<16xi1>, %x: vector<16xf32>) {
  %y = arith.truncf %x : vector<16xf32> to vector<16xbf16>
  vector.maskedstore %m[%i], %k, %y : memref<?xbf16>, vector<16xi1>, vector<16xbf16>
  return
}

func.func @scalars(%a: f16, %b: bf16, %c: f32, %d: f64) -> (f32, f32, f16, bf16, f16, bf16) {
  %0 = arith.extf %a : f16 to f32
  %1 = arith.extf %b : bf16 to f32
  %2 = arith.truncf %c : f32 to f16
  %3 = arith.truncf %c : f32 to bf16
  %4 = arith.truncf %d : f64 to f16
  %5 = arith.truncf %d : f64 to bf16
  return %0, %1, %2, %3, %4, %5 : f32, f32, f16, bf16, f16, bf16
}

func.func @f16(%x: vector<8xf16>, %y: vector<8xf32>) -> (vector<8xf32>, vector<8xf16>) {
  %0 = arith.extf %x : vector<8xf16> to vector<8xf32>
  %1 = arith.truncf %y : vector<8xf32> to vector<8xf16>
  return %0, %1 : vector<8xf32>, vector<8xf16>
}

func.func @f8(%x: vector<8xf8E4M3FN>, %y: vector<8xf32>) -> (vector<8xf32>, vector<8xf8E5M2>) {
  %0 = arith.extf %x : vector<8xf8E4M3FN> to vector<8xf32>
  %1 = arith.truncf %y : vector<8xf32> to vector<8xf8E5M2>
  return %0, %1 : vector<8xf32>, vector<8xf8E5M2>
}

func.func @int8(%x: vector<8xf16>, %y: vector<8xi8>) -> (vector<8xi8>, vector<8xbf16>) {
  %0 = arith.fptosi %x : vector<8xf16> to vector<8xi8>
  %1 = arith.sitofp %y : vector<8xi8> to vector<8xbf16>
  return %0, %1 : vector<8xi8>, vector<8xbf16>
}

func.func @exp(%x: vector<8xf16>) -> vector<8xf16> {
  %0 = math.exp %x : vector<8xf16>
  return %0 : vector<8xf16>
}
