// RUN: norm-opt %s -split-input-file --norm-attach-cpu-target=cpu=x86-64-v4 --norm-plan-rows --norm-lower-rows --canonicalize --cse | FileCheck %s

// One read for mean and variance, relative to the mean of the first vector;
// the output in a second; a row that is not good again in f64.
// CHECK-LABEL: func.func private @layer_norm.exact_row(
// CHECK-SAME: %{{[^:]*}}: memref<f32>, %[[ROWS:[^:]*]]: index,
// CHECK-SAME: %[[ROW:[^:]*]]: index) attributes {passthrough = ["cold", "noinline", "nounwind", "optsize"]}
// CHECK: %[[X:.*]] = memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [%[[ROWS]], 768], strides: [768, 1] : memref<f32> to memref<?x768xf32>
// CHECK: vector.load %[[X]][%[[ROW]], %c0]
// CHECK: vector<8xf64>
// CHECK-LABEL: func.func @layer_norm(
// CHECK-DAG: %[[SIXTEENTH:.*]] = arith.constant 6.250000e-02 : f32
// CHECK-DAG: %[[RATIO:.*]] = arith.constant 4.000000e+00 : f32
// CHECK: scf.for %[[ROW:[^ ]*]] =
// CHECK: %[[FIRST:.*]] = vector.load %{{.*}} : memref<?x768xf32>, vector<16xf32>
// CHECK-COUNT-4: vector.shuffle
// CHECK: %[[SHIFT:.*]] = arith.mulf %{{.*}}, %[[SIXTEENTH]]
// CHECK: scf.for {{.*}} -> (vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>, vector<16xf32>) {
// CHECK: math.fma
// CHECK: %[[LIMIT:.*]] = arith.mulf %{{.*}}, %[[RATIO]]
// CHECK: arith.cmpf ole, %{{.*}}, %[[LIMIT]]
// CHECK: math.sqrt
// CHECK: scf.for
// CHECK-COUNT-4: vector.store
// CHECK: scf.if
// CHECK-NEXT: func.call @layer_norm.exact_row({{.*}}, %[[ROW]])
func.func @layer_norm(%x: memref<?x768xf32>, %g: memref<768xf32>, %b: memref<768xf32>, %y: memref<?x768xf32>) {
  norm.generic ins(%x, %g, %b : memref<?x768xf32>, memref<768xf32>, memref<768xf32>) outs(%y : memref<?x768xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32, %t: f32):
    %c, %m = norm.center %v over [1] : f32
    %q = arith.mulf %c, %c : f32
    %ss = norm.reduce add %q over [1] : f32
    %n = norm.extent over [1] : f32
    %var = arith.divf %ss, %n : f32
    %eps = arith.constant 1.0e-5 : f32
    %ve = arith.addf %var, %eps : f32
    %sd = math.sqrt %ve : f32
    %one = arith.constant 1.0 : f32
    %r = arith.divf %one, %sd : f32
    %cr = arith.mulf %c, %r : f32
    %crs = arith.mulf %cr, %s : f32
    %o = arith.addf %crs, %t : f32
    norm.yield %o : f32
  }
  return
}

// -----

// A reduction across vectors: the contiguous dim is parallel.
// CHECK-LABEL: func.func @softmax_columns
// CHECK: scf.for %[[J:.*]] = %c0 to
// CHECK: scf.for %[[I:.*]] = %c0 to
// CHECK: vector.load %{{.*}}[%[[I]], %[[J]]] : memref<?x128xf32>, vector<16xf32>
// CHECK: arith.maximumf
func.func @softmax_columns(%x: memref<?x128xf32>, %y: memref<?x128xf32>) {
  norm.generic ins(%x : memref<?x128xf32>) outs(%y : memref<?x128xf32>)
      iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [0] : f32
    %d = arith.subf %v, %m : f32
    %p = math.exp %d : f32
    %s = norm.reduce add %p over [0] : f32
    %q = arith.divf %p, %s : f32
    norm.yield %q : f32
  }
  return
}

// -----

// Dims that nothing tells apart become one: a single loop of vectors.
// CHECK-LABEL: func.func @elementwise
// CHECK: memref.collapse_shape %{{.*}} {{\[\[}}0, 1, 2]]
// CHECK: vector.load
// CHECK: vector.maskedstore
func.func @elementwise(%x: memref<?x7x5xf32>, %y: memref<?x7x5xbf16>) {
  norm.generic ins(%x : memref<?x7x5xf32>) outs(%y : memref<?x7x5xbf16>)
      iterators [parallel, parallel, parallel] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %q = arith.mulf %v, %v : f32
    norm.yield %q : f32
  }
  return
}

// -----

// What a body captures, and what is known of a buffer at run time only, is
// passed to the function that computes a row in f64.
// CHECK-LABEL: func.func private @strided.exact_row
// CHECK-SAME: (%{{[^:]*}}: memref<f32>, %[[OFFSET:[^:]*]]: index, %[[ROWS:[^:]*]]: index, %[[STRIDE:[^:]*]]: index, {{.*}}, %{{[^:]*}}: f32, %{{[^:]*}}: index)
// CHECK: memref.reinterpret_cast %{{.*}} to offset: [%[[OFFSET]]], sizes: [%[[ROWS]], 40], strides: [%[[STRIDE]], 1]
func.func @strided(%x: memref<?x40xf32, strided<[?, 1], offset: ?>>, %y: memref<?x40xf32>, %e: f32) {
  norm.generic ins(%x : memref<?x40xf32, strided<[?, 1], offset: ?>>) outs(%y : memref<?x40xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1] : f32
    %t = arith.addf %s, %e : f32
    %q = arith.divf %v, %t : f32
    norm.yield %q : f32
  }
  return
}

// -----

// Four rows share the loads of what is the same in all; two are left.
// CHECK-LABEL: func.func @shared_inputs
// CHECK: scf.for {{.*}} step %c4
// CHECK: vector.load %{{.*}} : memref<64xf32>, vector<16xf32>
// CHECK-COUNT-4: vector.load %{{.*}} : memref<10x64xf32>, vector<16xf32>
// CHECK: vector.load %{{.*}} : memref<64xf32>, vector<16xf32>
// CHECK: scf.for {{.*}} step %c1
func.func @shared_inputs(%x: memref<10x64xf32>, %g: memref<64xf32>, %y: memref<10x64xf32>) {
  norm.generic ins(%x, %g : memref<10x64xf32>, memref<64xf32>) outs(%y : memref<10x64xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32):
    %o = arith.mulf %v, %s : f32
    norm.yield %o : f32
  }
  return
}

// -----

// Rows of two elements, a row in every lane: what is loaded is taken apart, and
// put together again to be stored.
// CHECK-LABEL: func.func @rows_of_two
// CHECK: scf.for
// CHECK: %[[A:.*]] = vector.load
// CHECK: %[[B:.*]] = vector.load
// CHECK: %[[X:.*]] = vector.shuffle %[[A]], %[[B]] [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]
// CHECK: %[[Y:.*]] = vector.shuffle %[[A]], %[[B]] [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31]
// CHECK-NOT: vector.load
// CHECK: arith.maximumf
// CHECK: %[[P:.*]] = arith.subf %[[X]],
// CHECK: %[[Q:.*]] = arith.subf %[[Y]],
// CHECK: vector.shuffle %[[P]], %[[Q]] [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23]
// CHECK: vector.shuffle %[[P]], %[[Q]] [8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31]
// CHECK-COUNT-2: vector.store
// CHECK: scf.for
// CHECK: vector.maskedload
func.func @rows_of_two(%x: memref<?x2xf32>, %y: memref<?x2xf32>) {
  norm.generic ins(%x : memref<?x2xf32>) outs(%y : memref<?x2xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// -----

// What is large and aligned goes past the caches, and a fence follows the loops.
// CHECK-LABEL: func.func @streams(
// CHECK: scf.if
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-4: vector.store {{.*}} {alignment = 64 : i64, nontemporal = true}
// CHECK-NOT: vector.store
// CHECK: llvm.call_intrinsic "llvm.x86.sse.sfence"
// CHECK-NEXT: } else {
// CHECK: vector.store
// CHECK-NOT: nontemporal
// CHECK-NOT: sfence
// CHECK: return
func.func @streams(%x: memref<8192x1024xf32>, %y: memref<8192x1024xf32>) {
  norm.generic ins(%x : memref<8192x1024xf32>) outs(%y : memref<8192x1024xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// Rows that do not begin at multiples of vectors do not.
// CHECK-LABEL: func.func @unaligned_rows(
// CHECK-NOT: nontemporal
// CHECK-NOT: sfence
// CHECK: return
func.func @unaligned_rows(%x: memref<8192x1025xf32>, %y: memref<8192x1025xf32>) {
  norm.generic ins(%x : memref<8192x1025xf32>) outs(%y : memref<8192x1025xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// Nor does what a plan without a limit says.
// CHECK-LABEL: func.func @cached(
// CHECK-NOT: nontemporal
// CHECK-NOT: sfence
// CHECK: return
func.func @cached(%x: memref<8192x1024xf32>, %y: memref<8192x1024xf32>) {
  norm.generic ins(%x : memref<8192x1024xf32>) outs(%y : memref<8192x1024xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = {accumulators = 0 : i64, lag = 0 : i64, lanes = 16 : i64, max_pipelined = 0 : i64, max_short = 0 : i64, paired = false, rows = 1 : i64, stream_bytes = 0 : i64, unroll = 4 : i64}} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}

// -----

// Rows that turn out to be short go through the stages together: all their
// vectors are masked, those beyond the end as well.
// CHECK-LABEL: func.func @short_rows(
// CHECK: %[[SHORT:.*]] = arith.cmpi ule, %[[N:.*]], %c64
// CHECK: scf.if %[[SHORT]]
// CHECK: %[[SECOND:.*]] = arith.maxui %[[N]], %c16
// CHECK: %[[LEFT:.*]] = arith.subi %[[SECOND]], %c16
// CHECK: %[[MASK:.*]] = vector.create_mask %[[LEFT]]
// CHECK: vector.maskedload %{{.*}}[%{{.*}}, %c16], %[[MASK]]
// CHECK: } else {
func.func @short_rows(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  norm.generic ins(%x : memref<?x?xf32>) outs(%y : memref<?x?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}
