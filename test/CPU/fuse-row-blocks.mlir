// RUN: norm-opt %s --split-input-file --norm-verify-passes=strict --norm-fuse-row-blocks=rows=3 --canonicalize --cse --remarks-filter="norm-fuse-row-blocks" 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t

// The linear layer's rows are normalized block by block: its result is memory of
// one block, not of all rows.
// CHECK-LABEL: func.func @layer_norm(
// CHECK-DAG: %[[M:.*]] = tensor.dim %arg0
// CHECK-DAG: %[[ROWS:.*]] = arith.minui %[[M]], %c3
// CHECK-DAG: %[[COUNT:.*]] = arith.ceildivui %[[M]], %c3
// CHECK-DAG: %[[SCRATCH:.*]] = tensor.empty(%[[ROWS]]) : tensor<?x50xf32>
// CHECK: scf.for %{{.*}} = %c0 to %[[COUNT]] step %c1 iter_args(%[[Y:.*]] = %{{.*}}, %[[BEGIN:.*]] = %c0)
// CHECK:   %[[LEFT:.*]] = arith.subi %[[M]], %[[BEGIN]]
// CHECK:   %[[SIZE:.*]] = arith.minui %{{.*}}, %[[LEFT]]
// CHECK:   %[[NEXT:.*]] = arith.addi %[[BEGIN]], %[[SIZE]]
// CHECK:   %[[X:.*]] = tensor.extract_slice %arg0[%[[BEGIN]], 0] [%[[SIZE]], 31]
// CHECK:   %[[E:.*]] = tensor.extract_slice %[[SCRATCH]][0, 0] [%[[SIZE]], 50]
// CHECK:   %[[L:.*]] = norm.packed_linear ins(%[[X]], %arg1 : {{.*}}) outs(%[[E]] : {{.*}}) {norm.row_block = 3 : i64}
// CHECK:   %[[R:.*]] = tensor.extract_slice %arg2[%[[BEGIN]], 0] [%[[SIZE]], 50]
// CHECK:   %[[D:.*]] = tensor.extract_slice %[[Y]][%[[BEGIN]], 0] [%[[SIZE]], 50]
// CHECK:   %[[N:.*]] = norm.generic ins(%[[L]], %[[R]] : {{.*}}) outs(%[[D]] : {{.*}})
// CHECK:   %[[Z:.*]] = tensor.insert_slice %[[N]] into %[[Y]][%[[BEGIN]], 0]
// CHECK:   scf.yield %[[Z]], %[[NEXT]]
// CHECK: norm.plan = {rows = 3 : i64}}
// REMARK: Fused {{.*}}2 ops, 3 rows at a time
func.func @layer_norm(%x: tensor<?x31xf32>, %w: tensor<2x31x48xf32>, %r: tensor<?x50xf32>) -> tensor<?x50xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x31xf32>
  %e = tensor.empty(%m) : tensor<?x50xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<?x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<?x50xf32>) -> tensor<?x50xf32>
  %y = norm.generic ins(%l, %r : tensor<?x50xf32>, tensor<?x50xf32>) outs(%e : tensor<?x50xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %q: f32):
    %s = arith.addf %v, %q : f32
    %c, %mean = norm.center %s over [1] : f32
    norm.yield %c : f32
  }
  return %y : tensor<?x50xf32>
}

// -----

// Two layers share the rows of a norm; what else reads them gets them all. The
// number of rows is a multiple of the block: every block has as many.
// CHECK-LABEL: func.func @shared(
// CHECK: scf.for %[[I:.*]] = %c0 to %c6 step %c3 iter_args(
// CHECK:   %[[N:.*]]:2 = norm.generic ins(%{{.*}} : tensor<3x31xf32>)
// CHECK:   norm.packed_linear ins(%[[N]]#0, %arg1 : tensor<3x31xf32>
// CHECK:   norm.packed_linear ins(%[[N]]#0, %arg2 : tensor<3x31xf32>
// CHECK-DAG: tensor.insert_slice %[[N]]#0
// CHECK-DAG: tensor.insert_slice %[[N]]#1 into %{{.*}}[%[[I]]] [3] [1]
// CHECK:   scf.yield
func.func @shared(%x: tensor<6x31xf32>, %w: tensor<2x31x48xf32>, %v: tensor<1x31x48xf32>)
    -> (tensor<6x31xf32>, tensor<6xf32>, tensor<6x50xf32>, tensor<6x40xf32>) {
  %e = tensor.empty() : tensor<6x31xf32>
  %s = tensor.empty() : tensor<6xf32>
  %n:2 = norm.generic ins(%x : tensor<6x31xf32>) outs(%e, %s : tensor<6x31xf32>, tensor<6xf32>) iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %c, %mean = norm.center %a over [1] : f32
    norm.yield %c, %mean : f32, f32
  }
  %f = tensor.empty() : tensor<6x50xf32>
  %l = norm.packed_linear ins(%n#0, %w : tensor<6x31xf32>, tensor<2x31x48xf32>) outs(%f : tensor<6x50xf32>) -> tensor<6x50xf32>
  %g = tensor.empty() : tensor<6x40xf32>
  %k = norm.packed_linear ins(%n#0, %v : tensor<6x31xf32>, tensor<1x31x48xf32>) outs(%g : tensor<6x40xf32>) -> tensor<6x40xf32>
  return %n#0, %n#1, %l, %k : tensor<6x31xf32>, tensor<6xf32>, tensor<6x50xf32>, tensor<6x40xf32>
}

// -----

// Layer, gate, layer, with sizes of results that are asked of results; an op
// between them that needs nothing of them stays outside.
// CHECK-LABEL: func.func @feed_forward(
// CHECK: tensor.pad
// CHECK: scf.for
// CHECK:   norm.packed_linear
// CHECK:   norm.packed_linear
// CHECK:   norm.generic
// CHECK:   norm.packed_linear
// CHECK-COUNT-1: tensor.insert_slice
// CHECK-NOT: tensor.insert_slice
func.func @feed_forward(%x: tensor<?x31xf32>, %w: tensor<2x31x48xf32>, %v: tensor<2x31x48xf32>, %u: tensor<1x60x48xf32>, %b: tensor<6xf32>) -> tensor<?x7xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x31xf32>
  %e = tensor.empty(%m) : tensor<?x60xf32>
  %p = norm.packed_linear ins(%x, %w : tensor<?x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<?x60xf32>) -> tensor<?x60xf32>
  %q = norm.packed_linear ins(%x, %v : tensor<?x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<?x60xf32>) -> tensor<?x60xf32>
  %pad = tensor.pad %b low[0] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<6xf32> to tensor<7xf32>
  %g = norm.generic ins(%p, %q : tensor<?x60xf32>, tensor<?x60xf32>) outs(%e : tensor<?x60xf32>) iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %c: f32):
    %s = arith.mulf %a, %c : f32
    norm.yield %s : f32
  }
  %f = tensor.empty(%m) : tensor<?x7xf32>
  %y = norm.packed_linear ins(%g, %u, %pad : tensor<?x60xf32>, tensor<1x60x48xf32>, tensor<7xf32>) outs(%f : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}

// -----

// Statistics of columns need all rows.
// CHECK-LABEL: func.func @columns(
// CHECK-NOT: scf.for
// REMARK: NotFused {{.*}}the rows are reduced
func.func @columns(%x: tensor<6x31xf32>, %w: tensor<2x31x48xf32>) -> tensor<50xf32> {
  %e = tensor.empty() : tensor<6x50xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<6x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<6x50xf32>) -> tensor<6x50xf32>
  %f = tensor.empty() : tensor<50xf32>
  %y = norm.generic ins(%l : tensor<6x50xf32>) outs(%f : tensor<50xf32>) iterators [reduction, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [0] : f32
    norm.yield %s : f32
  }
  return %y : tensor<50xf32>
}

// -----

// A norm over columns between the layers: neither needs the other's rows alone.
// CHECK-LABEL: func.func @between(
// CHECK-NOT: scf.for
// REMARK: NotFused {{.*}}an op between them needs all rows
func.func @between(%x: tensor<6x31xf32>, %w: tensor<2x31x48xf32>) -> tensor<6x50xf32> {
  %e = tensor.empty() : tensor<6x50xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<6x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<6x50xf32>) -> tensor<6x50xf32>
  %f = tensor.empty() : tensor<50xf32>
  %s = norm.generic ins(%l : tensor<6x50xf32>) outs(%f : tensor<50xf32>) iterators [reduction, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%v: f32):
    %t = norm.reduce add %v over [0] : f32
    norm.yield %t : f32
  }
  %y = norm.generic ins(%l, %s : tensor<6x50xf32>, tensor<50xf32>) outs(%e : tensor<6x50xf32>) iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %t: f32):
    %d = arith.divf %v, %t : f32
    norm.yield %d : f32
  }
  return %y : tensor<6x50xf32>
}

// -----

// As few rows as a block has.
// CHECK-LABEL: func.func @one_block(
// CHECK-NOT: scf.for
// REMARK: NotFused {{.*}}they are one block
func.func @one_block(%x: tensor<3x31xf32>, %w: tensor<2x31x48xf32>) -> tensor<3x50xf32> {
  %e = tensor.empty() : tensor<3x50xf32>
  %l = norm.packed_linear ins(%x, %w : tensor<3x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<3x50xf32>) -> tensor<3x50xf32>
  %y = norm.generic ins(%l : tensor<3x50xf32>) outs(%e : tensor<3x50xf32>) iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %d = math.exp %v : f32
    norm.yield %d : f32
  }
  return %y : tensor<3x50xf32>
}

// -----

// Rows that two ops read are in the cache when the second does.
// CHECK-LABEL: func.func @read_twice(
// CHECK: scf.for
// CHECK:   %[[X:.*]] = tensor.extract_slice %arg0
// CHECK:   %[[S:.*]] = norm.generic ins(%[[X]] :
// CHECK:   norm.generic ins(%[[X]], %[[S]] :
// CHECK: norm.plan = {rows = 3 : i64}, norm.shared_rows}
// CHECK: return
// REMARK: Fused {{.*}}2 ops, 3 rows at a time
func.func @read_twice(%x: tensor<?x256x64xf32>) -> tensor<?x256x64xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x256x64xf32>
  %e = tensor.empty(%m) : tensor<?x64xf32>
  %f = tensor.empty(%m) : tensor<?x256x64xf32>
  %s = norm.generic ins(%x : tensor<?x256x64xf32>) outs(%e : tensor<?x64xf32>) iterators [parallel, reduction, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2)] {
  ^bb0(%v: f32):
    %t = norm.reduce add %v over [1] : f32
    norm.yield %t : f32
  }
  %y = norm.generic ins(%x, %s : tensor<?x256x64xf32>, tensor<?x64xf32>) outs(%f : tensor<?x256x64xf32>) iterators [parallel, parallel, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32, %t: f32):
    %o = arith.subf %v, %t : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x256x64xf32>
}

// -----

// Short ones are better many at a time.
// CHECK-LABEL: func.func @short_rows(
// CHECK-NOT: scf.for
// CHECK: return
func.func @short_rows(%x: tensor<?x64x64xf32>) -> tensor<?x64x64xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x64x64xf32>
  %e = tensor.empty(%m) : tensor<?x64xf32>
  %f = tensor.empty(%m) : tensor<?x64x64xf32>
  %s = norm.generic ins(%x : tensor<?x64x64xf32>) outs(%e : tensor<?x64xf32>) iterators [parallel, reduction, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2)] {
  ^bb0(%v: f32):
    %t = norm.reduce add %v over [1] : f32
    norm.yield %t : f32
  }
  %y = norm.generic ins(%x, %s : tensor<?x64x64xf32>, tensor<?x64xf32>) outs(%f : tensor<?x64x64xf32>) iterators [parallel, parallel, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32, %t: f32):
    %o = arith.subf %v, %t : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x64x64xf32>
}
