// Norms, linear layers and activations written in linalg compile as ops of the
// dialect do.
//
// RUN: norm-opt %s --norm-graph-pipeline --norm-verify-passes 2>/dev/null | FileCheck %s
// RUN: norm-opt %s --norm-graph-pipeline=raise=false | FileCheck %s --check-prefix=NOT
// RUN: norm-opt %s --norm-graph-pipeline=rounding=storage | FileCheck %s --check-prefix=STORAGE
// RUN: norm-run %s --entry=block --size x_d0=7 --verify
// RUN: norm-run %s --entry=narrow --verify
// RUN: norm-run %s --entry=block --target=cpu --mcpu=x86-64-v3 --size x_d0=1 --verify

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>

// A LayerNorm, a linear layer with its bias, GELU: the norm is one generic, the
// rest is one of packed weights and one behind it.
// CHECK-LABEL: func.func @block(
// CHECK-NOT:     linalg.
// CHECK:         norm.generic
// CHECK:           norm.center
// CHECK:         norm.packed_linear
// CHECK-NOT:     linalg.
// CHECK:         return
// NOT-LABEL:   func.func @block(
// NOT:           norm.reduce
// NOT:           linalg.matmul
// STORAGE-LABEL: func.func @block(
// STORAGE-NOT:   linalg.
// STORAGE:       return
func.func @block(%x: tensor<?x64xf32>, %g: tensor<64xf32>, %b: tensor<64xf32>, %w: tensor<64x32xf32>, %u: tensor<32xf32>) -> tensor<?x32xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 64.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %root = arith.constant 0.707106769 : f32
  %rows = tensor.dim %x, %c0 : tensor<?x64xf32>
  %e1 = tensor.empty(%rows) : tensor<?xf32>
  %e = tensor.empty(%rows) : tensor<?x64xf32>
  %o = tensor.empty(%rows) : tensor<?x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<?x64xf32>) outs(%init : tensor<?xf32>) dimensions = [1]
  %d = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : tensor<?x64xf32>, tensor<?xf32>) outs(%e : tensor<?x64xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %m = arith.divf %s, %n : f32
    %0 = arith.subf %in, %m : f32
    linalg.yield %0 : f32
  } -> tensor<?x64xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%d : tensor<?x64xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %0 = arith.addf %out, %q : f32
    linalg.yield %0 : f32
  } -> tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #column, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%d, %squares, %g, %b : tensor<?x64xf32>, tensor<?xf32>, tensor<64xf32>, tensor<64xf32>) outs(%e : tensor<?x64xf32>) {
  ^bb0(%in: f32, %s: f32, %scale: f32, %shift: f32, %out: f32):
    %v = arith.divf %s, %n : f32
    %ve = arith.addf %v, %eps : f32
    %r = math.rsqrt %ve : f32
    %0 = arith.mulf %in, %r : f32
    %1 = arith.mulf %0, %scale : f32
    %2 = arith.addf %1, %shift : f32
    linalg.yield %2 : f32
  } -> tensor<?x64xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%o : tensor<?x32xf32>) -> tensor<?x32xf32>
  %h = linalg.matmul ins(%y, %w : tensor<?x64xf32>, tensor<64x32xf32>) outs(%zeros : tensor<?x32xf32>) -> tensor<?x32xf32>
  %z = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%h, %u : tensor<?x32xf32>, tensor<32xf32>) outs(%o : tensor<?x32xf32>) {
  ^bb0(%in: f32, %bias: f32, %out: f32):
    %t = arith.addf %in, %bias : f32
    %0 = arith.mulf %t, %root : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %t, %half : f32
    %4 = arith.mulf %3, %2 : f32
    linalg.yield %4 : f32
  } -> tensor<?x32xf32>
  return %z : tensor<?x32xf32>
}

// An activation of f16, with roundings after every op: with rounding=storage
// all of them stay.
// CHECK-LABEL: func.func @narrow(
// CHECK-NOT:     arith.truncf
// CHECK:         return
// STORAGE-LABEL: func.func @narrow(
// STORAGE-COUNT-3: arith.truncf
// STORAGE:       return
func.func @narrow(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %one = arith.constant 1.0 : f16
  %e = tensor.empty() : tensor<4x16xf16>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x16xf16>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %out: f16):
    %0 = arith.negf %in : f16
    %1 = math.exp %0 : f16
    %2 = arith.addf %1, %one : f16
    %3 = arith.divf %in, %2 : f16
    linalg.yield %3 : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}
