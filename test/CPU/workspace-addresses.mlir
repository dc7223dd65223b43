// Temporaries that are used by their addresses, as tile registers use them, live
// until the last of these uses.

// RUN: norm-opt %s --norm-c-abi | FileCheck %s

// The second temporary has a place of its own: the first one is read behind it.
// CHECK-LABEL: func @kept_workspace() -> i64
// CHECK-SAME: constant = 191 : i64
// CHECK-LABEL: func private @kept.body(
// CHECK: memref.view %{{.*}} : memref<191xi8> to memref<16xf32>
func.func @kept(%x: memref<16xf32> {norm.name = "x"}, %y: memref<16xf32> {norm.name = "y", norm.result = 0 : i64}) {
  %c4 = arith.constant 4 : index
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %address = memref.extract_aligned_pointer_as_index %a : memref<16xf32> -> index
  %b = memref.alloc() : memref<16xf32>
  memref.copy %x, %b : memref<16xf32> to memref<16xf32>
  memref.copy %b, %y : memref<16xf32> to memref<16xf32>
  %moved = arith.addi %address, %c4 : index
  %number = arith.index_cast %moved : index to i64
  %pointer = llvm.inttoptr %number : i64 to !llvm.ptr
  %value = llvm.load %pointer : !llvm.ptr -> f32
  memref.store %value, %y[%c4] : memref<16xf32>
  return
}

// What is loaded is no address: the temporaries share one place.
// CHECK-LABEL: func @shared_workspace() -> i64
// CHECK-SAME: constant = 127 : i64
func.func @shared(%x: memref<16xf32> {norm.name = "x"}, %y: memref<16xf32> {norm.name = "y", norm.result = 0 : i64}) {
  %c4 = arith.constant 4 : index
  %a = memref.alloc() : memref<16xf32>
  memref.copy %x, %a : memref<16xf32> to memref<16xf32>
  %address = memref.extract_aligned_pointer_as_index %a : memref<16xf32> -> index
  %number = arith.index_cast %address : index to i64
  %pointer = llvm.inttoptr %number : i64 to !llvm.ptr
  %value = llvm.load %pointer : !llvm.ptr -> f32
  %b = memref.alloc() : memref<16xf32>
  memref.copy %x, %b : memref<16xf32> to memref<16xf32>
  memref.copy %b, %y : memref<16xf32> to memref<16xf32>
  memref.store %value, %y[%c4] : memref<16xf32>
  return
}
