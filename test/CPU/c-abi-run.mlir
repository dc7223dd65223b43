// The whole way from memref functions to a C program, twice with two prefixes.
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v3 --norm-c-abi="symbol-prefix=a_ invoke" --norm-llvm-pipeline -o %t.a.mlir
// RUN: mlir-translate --mlir-to-llvmir %t.a.mlir | llc -O2 -filetype=obj -relocation-model=pic -o %t.a.o
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v3 --norm-c-abi=symbol-prefix=b_ --norm-llvm-pipeline -o %t.b.mlir
// RUN: mlir-translate --mlir-to-llvmir %t.b.mlir | llc -O2 -filetype=obj -relocation-model=pic -o %t.b.o
// RUN: %cc -std=c11 -Wall -Wextra -pedantic -Werror %S/Inputs/c-abi-run.c %t.a.o %t.b.o -o %t
// RUN: %t | FileCheck %s
// RUN: llvm-nm --defined-only --extern-only %t.b.o | FileCheck %s --check-prefix=SYMBOLS --implicit-check-not=" T "

// The headers of packed data are read and written at any address.
// RUN: FileCheck %s --check-prefix=HEADER < %t.a.mlir
// HEADER: llvm.func {{.*}}@a_scale.check(
// HEADER: llvm.load {{.*}} {alignment = 1 : i64} : !llvm.ptr -> i64
// HEADER: llvm.func {{.*}}@a_scale_pack_w.body(
// HEADER: llvm.store {{.*}} {alignment = 1 : i64} : i64, !llvm.ptr

// CHECK: all checks passed
// SYMBOLS: T b_scale{{$}}
// SYMBOLS: T b_scale_pack_w
// SYMBOLS: T b_scale_packed_size_w
// SYMBOLS: T b_scale_parallel{{$}}
// SYMBOLS: T b_scale_parallel_workspace
// SYMBOLS: T b_scale_rows
// SYMBOLS: T b_scale_workspace
// SYMBOLS: T b_split{{$}}
// SYMBOLS: T b_split_parallel{{$}}
// SYMBOLS: T b_split_parallel_workspace
// SYMBOLS: T b_split_workspace

#x = affine_map<()[s0, s1] -> (s0, s1)>
#g = affine_map<()[s0, s1] -> (s1)>

// y = x * g + s, by way of two temporaries of a row that live at once and one
// that comes later; w holds the constant 0.5 four times, packed.
func.func @scale(%x: memref<?x?xf32> {norm.name = "x", norm.rows, norm.sizes = #x},
                 %g: memref<?xf32> {norm.name = "g", norm.sizes = #g},
                 %s: f32 {norm.name = "s"},
                 %w: memref<4xf32> {norm.name = "w", norm.packed = {tag = 1234567890123 : i64, type = tensor<4xf32>}},
                 %y: memref<?x?xf32> {norm.result = 0 : i64, norm.rows, norm.sizes = #x}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %two = arith.constant 2.0 : f32
  %rows = memref.dim %x, %c0 : memref<?x?xf32>
  %n = memref.dim %x, %c1 : memref<?x?xf32>
  %t0 = memref.alloc(%n) : memref<?xf32>
  %t1 = memref.alloc(%n) : memref<?xf32>
  %t2 = memref.alloc(%n) : memref<?xf32>
  %half = memref.load %w[%c1] : memref<4xf32>
  scf.for %j = %c0 to %n step %c1 {
    %e = memref.load %g[%j] : memref<?xf32>
    %d = arith.mulf %e, %half : f32
    memref.store %d, %t0[%j] : memref<?xf32>
    memref.store %s, %t1[%j] : memref<?xf32>
  }
  scf.for %j = %c0 to %n step %c1 {
    %a = memref.load %t0[%j] : memref<?xf32>
    %e = arith.mulf %a, %two : f32
    memref.store %e, %t0[%j] : memref<?xf32>
  }
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %n step %c1 {
      %a = memref.load %x[%i, %j] : memref<?x?xf32>
      %b = memref.load %t0[%j] : memref<?xf32>
      %c = memref.load %t1[%j] : memref<?xf32>
      %p = arith.mulf %a, %b : f32
      %q = arith.addf %p, %c : f32
      memref.store %q, %y[%i, %j] : memref<?x?xf32>
    }
  }
  scf.for %j = %c0 to %n step %c1 {
    memref.store %two, %t2[%j] : memref<?xf32>
  }
  return
}

func.func @scale_pack_w(%w: memref<4xf32>, %p: memref<4xf32> {norm.result = 0 : i64})
    attributes {norm.pack_of = {function = @scale, argument = 3 : i64}} {
  memref.copy %w, %p : memref<4xf32> to memref<4xf32>
  return
}

// A size that must divide, a result whose size is an expression, a type that C
// lacks by value.
func.func @split(%x: memref<?xf32> {norm.sizes = affine_map<()[s0] -> (s0)>}, %h: f16,
                 %y: memref<?x4xf32> {norm.result = 0 : i64, norm.sizes = affine_map<()[s0] -> (s0 floordiv 4, 4)>})
    attributes {norm.size_constraints = affine_set<()[s0] : (s0 mod 4 == 0)>} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %rows = memref.dim %y, %c0 : memref<?x4xf32>
  %e = arith.extf %h : f16 to f32
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %c4 step %c1 {
      %r = arith.muli %i, %c4 : index
      %k = arith.addi %r, %j : index
      %a = memref.load %x[%k] : memref<?xf32>
      %b = arith.addf %a, %e : f32
      memref.store %b, %y[%i, %j] : memref<?x4xf32>
    }
  }
  return
}
