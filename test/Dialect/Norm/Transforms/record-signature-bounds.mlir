// RUN: norm-opt %s --norm-record-signature | FileCheck %s

// CHECK-DAG: #[[FIRST:.+]] = affine_set<()[s0] : (s0 - 4 >= 0)>
// CHECK-DAG: #[[AT:.+]] = affine_set<()[s0, s1] : (s1 >= 0, s0 - s1 >= 0, s0 - s1 - 7 >= 0)>
// CHECK-DAG: #[[WRITTEN:.+]] = affine_set<()[s0] : (s0 >= 0, -s0 + 8 >= 0, -s0 + 5 >= 0)>
// CHECK-DAG: #[[SIZE:.+]] = affine_set<()[s0, s1] : (s1 - s0 == 0)>
// CHECK-DAG: #[[REST:.+]] = affine_set<()[s0] : (s0 - 1 >= 0)>

// Slices and elements are in bounds: in those that sizes decide, in those that
// integer arguments decide, and, without a word, in those that loops decide.
// CHECK-LABEL: func @first_rows(
// CHECK-SAME: norm.size_constraints = #[[FIRST]]
func.func @first_rows(%x: tensor<?x8xf32>) -> tensor<4x8xf32> {
  %s = tensor.extract_slice %x[0, 0] [4, 8] [1, 1] : tensor<?x8xf32> to tensor<4x8xf32>
  return %s : tensor<4x8xf32>
}

// CHECK-LABEL: func @rows_at(
// CHECK-SAME: norm.size_constraints = #[[AT]]
func.func @rows_at(%x: tensor<?x8xf32>, %i: i32) -> tensor<4x8xf32> {
  %p = arith.index_cast %i : i32 to index
  %s = tensor.extract_slice %x[%p, 0] [4, 8] [2, 1] : tensor<?x8xf32> to tensor<4x8xf32>
  return %s : tensor<4x8xf32>
}

// CHECK-LABEL: func @written_at(
// CHECK-SAME: norm.size_constraints = #[[WRITTEN]]
func.func @written_at(%x: tensor<8xf32>, %y: tensor<3xf32>, %i: index) -> tensor<8xf32> {
  %s = tensor.insert_slice %y into %x[%i] [3] [1] : tensor<3xf32> into tensor<8xf32>
  return %s : tensor<8xf32>
}

// CHECK-LABEL: func @size_as_argument(
// CHECK-SAME: norm.size_constraints = #[[SIZE]]
func.func @size_as_argument(%x: tensor<?xf32>, %n: index) -> tensor<?xf32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  %y = linalg.exp ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// CHECK-LABEL: func @all_but_the_first(
// CHECK-SAME: norm.size_constraints = #[[REST]]
func.func @all_but_the_first(%x: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d = tensor.dim %x, %c0 : tensor<?xf32>
  %n = arith.subi %d, %c1 : index
  %s = tensor.extract_slice %x[1] [%n] [1] : tensor<?xf32> to tensor<?xf32>
  return %s : tensor<?xf32>
}

// CHECK-LABEL: func @blocks(
// CHECK-NOT: norm.size_constraints
// CHECK: scf.for
func.func @blocks(%x: tensor<64xf32>) -> tensor<16xf32> {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c64 = arith.constant 64 : index
  %e = tensor.empty() : tensor<16xf32>
  %r = scf.for %i = %c0 to %c64 step %c16 iter_args(%a = %e) -> tensor<16xf32> {
    %s = tensor.extract_slice %x[%i] [16] [1] : tensor<64xf32> to tensor<16xf32>
    scf.yield %s : tensor<16xf32>
  }
  return %r : tensor<16xf32>
}
