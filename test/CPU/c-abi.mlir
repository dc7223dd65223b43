// RUN: norm-opt %s --norm-c-abi=symbol-prefix=p_ --canonicalize --cse | FileCheck %s
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v4 --norm-c-abi | FileCheck %s --check-prefix=V4

// V4: passthrough = ["nounwind", ["target-cpu", "x86-64-v4"], ["target-features", "{{.*}}+avx512f{{.*}}"], ["prefer-vector-width", "512"], "noimplicitfloat"]

// A static kernel: constant workspace, of which the second temporary reuses the
// part of the first.
// CHECK-LABEL: func @p_fixed_workspace() -> i64
// CHECK-SAME: constant = 127 : i64
// CHECK: %[[BYTES:.*]] = arith.constant 127 : i64
// CHECK: return %[[BYTES]]
// CHECK-LABEL: func private @p_fixed.check(
// CHECK-SAME: %{{.*}}: memref<f32>, %{{.*}}: memref<f32>, %{{.*}}: memref<i8>) -> i32
// CHECK-SAME: llvm.linkage = #llvm.linkage<internal>
// CHECK-LABEL: func @p_fixed(
// CHECK-SAME: norm.c_function = {kernel = "p_fixed", kind = "kernel", parameters = [
// CHECK-SAME: name = "x", role = "input", sizes = {{[^=]*}}, type = tensor<4x4xf32>
// CHECK-SAME: name = "y", role = "result"
// CHECK-SAME: name = "workspace", role = "workspace"
// CHECK-SAME: source = "fixed"
// CHECK: call @p_fixed.check
// CHECK: scf.if
// CHECK: call @p_fixed.body
// CHECK-LABEL: func private @p_fixed.body(
// CHECK-SAME: %[[X:.*]]: memref<f32> {llvm.align = 4 : i64, llvm.noalias, llvm.nocapture, llvm.readonly},
// CHECK-SAME: %[[Y:.*]]: memref<f32> {llvm.align = 4 : i64, llvm.noalias, llvm.nocapture},
// CHECK-SAME: %[[W:.*]]: memref<i8> {
// CHECK-SAME: "noinline"
// CHECK-DAG: %[[ALL:[a-z0-9_]+]] = memref.reinterpret_cast %[[W]] to offset: [0], sizes: [127], strides: [1] : memref<i8> to memref<127xi8>
// CHECK-DAG: memref.reinterpret_cast %[[X]] to offset: [0], sizes: [4, 4], strides: [4, 1] : memref<f32> to memref<4x4xf32>
// CHECK: %[[VIEW:.*]] = memref.view %[[ALL]][%{{.*}}][] : memref<127xi8> to memref<4x4xf32>
// CHECK: %[[T:.*]] = memref.assume_alignment %[[VIEW]], 64
// CHECK: memref.copy %{{.*}}, %[[T]]
// CHECK: memref.copy %[[T]], %[[OUT:.*]] :
// CHECK: memref.copy %[[OUT]], %[[T]]
// CHECK-NOT: memref.alloc
func.func @fixed(%x: memref<4x4xf32> {norm.name = "x"}, %y: memref<4x4xf32> {norm.result = 0 : i64}) {
  %a = memref.alloc() : memref<4x4xf32>
  memref.copy %x, %a : memref<4x4xf32> to memref<4x4xf32>
  memref.copy %a, %y : memref<4x4xf32> to memref<4x4xf32>
  %b = memref.alloc() : memref<4x4xf32>
  memref.copy %y, %b : memref<4x4xf32> to memref<4x4xf32>
  memref.copy %b, %y : memref<4x4xf32> to memref<4x4xf32>
  return
}

// Memory that is read at an address, as tiles are, is used as long as that is.
// CHECK-LABEL: func private @p_addressed.body(
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [191], strides: [1] : memref<i8> to memref<191xi8>
func.func @addressed(%x: memref<4x4xf32> {norm.name = "x"}, %y: memref<4x4xf32> {norm.result = 0 : i64}) {
  %a = memref.alloc() : memref<4x4xf32>
  memref.copy %x, %a : memref<4x4xf32> to memref<4x4xf32>
  %index = memref.extract_aligned_pointer_as_index %a : memref<4x4xf32> -> index
  %address = arith.index_cast %index : index to i64
  %pointer = llvm.inttoptr %address : i64 to !llvm.ptr
  %b = memref.alloc() : memref<4x4xf32>
  memref.copy %x, %b : memref<4x4xf32> to memref<4x4xf32>
  memref.copy %b, %y : memref<4x4xf32> to memref<4x4xf32>
  %first = llvm.load %pointer : !llvm.ptr -> f32
  %c0 = arith.constant 0 : index
  memref.store %first, %y[%c0, %c0] : memref<4x4xf32>
  return
}

// Names: keywords, what is taken, what no identifier may hold; bits of f16.
// CHECK-LABEL: func @p_na_med(
// CHECK-SAME: memref<f16>, %{{.*}}: i16, %{{.*}}: i64, %{{.*}}: memref<f16>, %{{.*}}: i64, %{{.*}}: memref<i8>) -> i32
// CHECK-SAME: name = "int_"
// CHECK-SAME: name = "workspace"
// CHECK-SAME: name = "arg2"
// CHECK-SAME: name = "int__"
// CHECK-SAME: name = "int__d0"
// CHECK-SAME: name = "workspace_"
#n = affine_map<()[s0] -> (s0)>
func.func @"na-med"(%x: memref<?xf16> {norm.name = "int", norm.sizes = #n}, %s: f16 {norm.name = "workspace"}, %i: index,
                    %y: memref<?xf16> {norm.name = "int", norm.result = 0 : i64, norm.sizes = #n}) {
  memref.copy %x, %y : memref<?xf16> to memref<?xf16>
  return
}

// The number of rows is known to the caller, but not to the body.
// CHECK-LABEL: func @p_rows_of_four(%{{[^ ]*}}: memref<f32>, %{{[^ ]*}}: memref<f32>, %{{[^ ]*}}: memref<i8>) -> i32
// CHECK-SAME: sizes = #{{[a-z0-9]+}}, type = tensor<4x8xf32>
// CHECK: %[[ROWS:.*]] = arith.constant 4 : index
// CHECK: call @p_rows_of_four.body(%{{.*}}, %{{.*}}, %[[ROWS]], %{{.*}})
// CHECK-LABEL: func @p_rows_of_four_rows(
// CHECK: %[[ALL:.*]] = arith.constant 4 : i64
// CHECK: arith.cmpi sgt, %{{.*}}, %[[ALL]] : i64
func.func @rows_of_four(%x: memref<?x8xf32> {norm.rows = 4 : i64, norm.sizes = affine_map<()[s0] -> (s0, 8)>},
                        %y: memref<?x8xf32> {norm.result = 0 : i64, norm.rows = 4 : i64, norm.sizes = affine_map<()[s0] -> (s0, 8)>}) {
  memref.copy %x, %y : memref<?x8xf32> to memref<?x8xf32>
  return
}
