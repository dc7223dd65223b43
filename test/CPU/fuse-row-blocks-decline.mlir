// What norm-fuse-row-blocks leaves alone: in one loop it would take longer, or the
// loop would need its own results.
// RUN: norm-opt %s --split-input-file --norm-fuse-row-blocks --remarks-filter="norm-fuse-row-blocks" 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// RUN: norm-opt %s --split-input-file --norm-fuse-row-blocks=rows=8 | FileCheck %s --check-prefix=ASKED

// A norm of rows so long that no cache has a block of them, and a layer: nothing
// is won, unless blocks are asked for.
// ASKED-LABEL: func.func @long_rows(
// ASKED: scf.for
// REMARK: NotFused {{.*}}its rows are not computed block by block: the norm's rows of a block, 16 MiB, are in no cache
// CHECK-LABEL: func.func @long_rows(
// CHECK-NOT: scf.for
func.func @long_rows(%x: tensor<1024x32768xf32>, %w: tensor<1x32768x48xf32>) -> tensor<1024x40xf32> {
  %e = tensor.empty() : tensor<1024x32768xf32>
  %n = norm.generic ins(%x : tensor<1024x32768xf32>) outs(%e : tensor<1024x32768xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  %f = tensor.empty() : tensor<1024x40xf32>
  %y = norm.packed_linear ins(%n, %w : tensor<1024x32768xf32>, tensor<1x32768x48xf32>) outs(%f : tensor<1024x40xf32>) -> tensor<1024x40xf32>
  return %y : tensor<1024x40xf32>
}

// -----

// Behind a layer rows as long are worth it: they need not be read from memory.
// CHECK-LABEL: func.func @long_hidden(
// CHECK: scf.for
func.func @long_hidden(%x: tensor<1024x40xf32>, %w: tensor<683x40x48xf32>, %u: tensor<1x32784x48xf32>) -> tensor<1024x40xf32> {
  %e = tensor.empty() : tensor<1024x32784xf32>
  %h = norm.packed_linear ins(%x, %w : tensor<1024x40xf32>, tensor<683x40x48xf32>) outs(%e : tensor<1024x32784xf32>) -> tensor<1024x32784xf32>
  %n = norm.generic ins(%h : tensor<1024x32784xf32>) outs(%e : tensor<1024x32784xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %mean = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  %f = tensor.empty() : tensor<1024x40xf32>
  %y = norm.packed_linear ins(%n, %u : tensor<1024x32784xf32>, tensor<1x32784x48xf32>) outs(%f : tensor<1024x40xf32>) -> tensor<1024x40xf32>
  return %y : tensor<1024x40xf32>
}
// -----

// A scalar that the norm's body captures needs all rows of the layer.
// REMARK: NotFused {{.*}}an op between them needs all rows
// CHECK-LABEL: func.func @captured(
// CHECK-NOT: scf.for
func.func @captured(%x: tensor<300x64xf32>, %w: tensor<2x64x48xf32>) -> tensor<300x64xf32> {
  %c0 = arith.constant 0 : index
  %e = tensor.empty() : tensor<300x64xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<300x64xf32>, tensor<2x64x48xf32>) outs(%e : tensor<300x64xf32>) -> tensor<300x64xf32>
  %s = tensor.extract %l[%c0, %c0] : tensor<300x64xf32>
  %y = norm.generic ins(%l : tensor<300x64xf32>) outs(%e : tensor<300x64xf32>) iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %p = arith.mulf %v, %s : f32
    norm.yield %p : f32
  }
  return %y : tensor<300x64xf32>
}

// -----

// Each of two pairs computes a weight of the other: only one of them is a loop.
// CHECK-LABEL: func.func @weights_of_each_other(
// CHECK: scf.for
// CHECK-NOT: scf.for
func.func @weights_of_each_other(%x: tensor<300x64xf32>, %w: tensor<2x64x48xf32>) -> (tensor<300x300xf32>, tensor<300x300xf32>) {
  %e = tensor.empty() : tensor<300x64xf32>
  %f = tensor.empty() : tensor<300x300xf32>
  %p = tensor.empty() : tensor<7x64x48xf32>
  %a = norm.packed_linear ins(%x, %w : tensor<300x64xf32>, tensor<2x64x48xf32>) outs(%e : tensor<300x64xf32>) -> tensor<300x64xf32>
  %ap = norm.pack_weight ins(%a : tensor<300x64xf32>) outs(%p : tensor<7x64x48xf32>) -> tensor<7x64x48xf32>
  %b = norm.packed_linear ins(%x, %w : tensor<300x64xf32>, tensor<2x64x48xf32>) outs(%e : tensor<300x64xf32>) -> tensor<300x64xf32>
  %bp = norm.pack_weight ins(%b : tensor<300x64xf32>) outs(%p : tensor<7x64x48xf32>) -> tensor<7x64x48xf32>
  %y = norm.packed_linear ins(%a, %bp : tensor<300x64xf32>, tensor<7x64x48xf32>) outs(%f : tensor<300x300xf32>) -> tensor<300x300xf32>
  %z = norm.packed_linear ins(%b, %ap : tensor<300x64xf32>, tensor<7x64x48xf32>) outs(%f : tensor<300x300xf32>) -> tensor<300x300xf32>
  return %y, %z : tensor<300x300xf32>, tensor<300x300xf32>
}
