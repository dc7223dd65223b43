// RUN: norm-opt %s --norm-attach-cpu-target=cpu=znver4 --norm-plan-rows | FileCheck %s --check-prefixes=CHECK,AVX512
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v3 --norm-plan-rows | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-n1" --norm-plan-rows | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64 --norm-plan-rows | FileCheck %s --check-prefix=NOFMA


// CHECK-LABEL: func.func @rows_of_768
// AVX512: norm.plan = {accumulators = 0 : i64, lag = 2 : i64, lanes = 16 : i64, max_pipelined = 768 : i64, max_short = 0 : i64, paired = false, rows = 1 : i64, stream_bytes = 16777216 : i64, unroll = 4 : i64}
// AVX2: lanes = 8
// NEON: lanes = 4
// NEON-SAME: stream_bytes = 0
func.func @rows_of_768(%x: memref<?x768xf32>, %g: memref<768xf32>, %y: memref<?x768xf32>) {
  norm.generic ins(%x, %g : memref<?x768xf32>, memref<768xf32>) outs(%y : memref<?x768xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %m = norm.reduce add %q over [1] : f32
    %r = arith.mulf %v, %m : f32
    %o = arith.mulf %r, %s : f32
    norm.yield %o : f32
  }
  return
}

// Rows in registers go through the stages together, as many as a vector has lanes
// where they are centered; with their sums, one accumulator a row is enough.
// CHECK-LABEL: func.func @rows_of_64
// AVX512: accumulators = 1 : i64, lag = 2
// AVX512-SAME: rows = 16
// AVX2: accumulators = 2 : i64, lag = 2
// AVX2-SAME: rows = 8
func.func @rows_of_64(%x: memref<?x64xf32>, %y: memref<?x64xf32>) {
  norm.generic ins(%x : memref<?x64xf32>) outs(%y : memref<?x64xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  return
}

// Without a center the sums of a few rows are known two steps later.
// CHECK-LABEL: func.func @squares_of_64
// AVX512: accumulators = 1 : i64, lag = 2
// AVX512-SAME: rows = 4
func.func @squares_of_64(%x: memref<?x64xf32>, %y: memref<?x64xf32>) {
  norm.generic ins(%x : memref<?x64xf32>) outs(%y : memref<?x64xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %q = arith.mulf %v, %v : f32
    %m = norm.reduce add %q over [1] : f32
    %r = arith.mulf %v, %m : f32
    norm.yield %r : f32
  }
  return
}

// bf16 in pairs of even and odd elements.
// CHECK-LABEL: func.func @bf16
// AVX512: lag = 2
// AVX512-SAME: paired = true, rows = 2
// AVX2: paired = true
// NEON: paired = false
func.func @bf16(%x: memref<?x768xbf16>, %g: memref<768xbf16>, %y: memref<?x768xbf16>) {
  norm.generic ins(%x, %g : memref<?x768xbf16>, memref<768xbf16>) outs(%y : memref<?x768xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %m = norm.reduce add %q over [1] : f32
    %r = arith.mulf %v, %m : f32
    %o = arith.mulf %r, %s : f32
    norm.yield %o : f32
  }
  return
}

// Four dot products of bf16 at a time hide how long one takes; a pair of vectors
// is one of them.
// CHECK-LABEL: func.func @bf16_long
// AVX512: lag = 1
// AVX512-SAME: paired = true
// AVX512-SAME: unroll = 8
// AVX2: paired = true
// AVX2-SAME: unroll = 4
func.func @bf16_long(%x: memref<?x4096xbf16>, %y: memref<?x4096xbf16>) {
  norm.generic ins(%x : memref<?x4096xbf16>) outs(%y : memref<?x4096xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %q = arith.mulf %v, %v : f32
    %m = norm.reduce add %q over [1] : f32
    %r = arith.mulf %v, %m : f32
    norm.yield %r : f32
  }
  return
}

// A length known at run time only: short rows have code of their own where a
// vector may lack elements at no cost. Dims that nothing tells apart are one; a
// product that is added is one operation where the target has it.
// CHECK-LABEL: func.func @dynamic
// CHECK: memref.collapse_shape
// AVX512: lag = 2 : i64, lanes = 16 : i64, max_pipelined = 1536 : i64, max_short = 64 : i64
// AVX2: max_short = 0
// CHECK: math.fma
// NOFMA-LABEL: func.func @dynamic
// NOFMA-NOT: math.fma
func.func @dynamic(%x: memref<?x?x?xf32>, %y: memref<?x?x?xf32>) {
  norm.generic ins(%x : memref<?x?x?xf32>) outs(%y : memref<?x?x?xf32>) iterators [parallel, parallel, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [2] : f32
    %p = arith.mulf %v, %m : f32
    %o = arith.addf %p, %v : f32
    norm.yield %o : f32
  }
  return
}

// Dims of one element are no loops.
// CHECK-LABEL: func.func @unit_dims
// CHECK-DAG: memref.collapse_shape %{{.*}} {{\[\[}}0], [1, 2]] : memref<?x768x1xf32> into memref<?x768xf32>
// CHECK: iterators [parallel, reduction]
// AVX512: max_pipelined = 768
// CHECK: norm.reduce add %{{.*}} over [1]
func.func @unit_dims(%x: memref<?x768x1xf32>, %y: memref<?x768x1xf32>) {
  norm.generic ins(%x : memref<?x768x1xf32>) outs(%y : memref<?x768x1xf32>) iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %m = norm.reduce add %v over [1, 2] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// Sums over a part of a row are not checked: the row is computed in f64.
// CHECK-LABEL: func.func @inner_sums
// CHECK: ^bb0(%{{.*}}: f64):
// CHECK: norm.reduce add %{{.*}} over [2] : f64
func.func @inner_sums(%x: memref<3x6x40xf32>, %y: memref<3x6x40xf32>) {
  norm.generic ins(%x : memref<3x6x40xf32>) outs(%y : memref<3x6x40xf32>) iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %q = arith.mulf %v, %v : f32
    %s = norm.reduce add %q over [2] : f32
    %m = norm.reduce max %s over [1, 2] : f32
    %o = arith.divf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// A vector of rows where rows are short.
// CHECK-LABEL: func.func @rows_of_5
// AVX512: lag = 0
// AVX512-SAME: rows = 16
// AVX2: rows = 8
func.func @rows_of_5(%x: memref<?x5xf32>, %y: memref<?x5xf32>) {
  norm.generic ins(%x : memref<?x5xf32>) outs(%y : memref<?x5xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  return
}

// The same bits as of many rows, without what only these gain from.
// CHECK-LABEL: func.func @few_rows
// AVX512: norm.plan = {accumulators = 0 : i64, lag = 0 : i64, lanes = 16 : i64, max_pipelined = 0 : i64, max_short = 0 : i64, paired = false, rows = 1 : i64
// AVX512-SAME: unroll = 4
func.func @few_rows(%x: memref<?x768xf16>, %g: memref<768xf16>, %y: memref<?x768xf16>) {
  norm.generic ins(%x, %g : memref<?x768xf16>, memref<768xf16>) outs(%y : memref<?x768xf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] attributes {norm.few_rows} {
  ^bb0(%v: f32, %s: f32):
    %q = arith.mulf %v, %v : f32
    %m = norm.reduce add %q over [1] : f32
    %r = arith.mulf %v, %m : f32
    %o = arith.mulf %r, %s : f32
    norm.yield %o : f32
  }
  return
}
