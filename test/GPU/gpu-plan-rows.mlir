// RUN: norm-opt %s --norm-gpu-plan-rows | FileCheck %s


// Short rows: several a warp, each on as many threads as keep about four vectors.
// CHECK-LABEL: @short
// CHECK: norm.plan = [{parts = false, rows = 16 : i64, threads = 8 : i64, vector = 8 : i64, vectors = 4 : i64}]
func.func @short(%x: memref<?x256xbf16>, %y: memref<?x256xbf16>) {
  norm.generic ins(%x : memref<?x256xbf16>) outs(%y : memref<?x256xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// A block a row, with no idle lane.
// CHECK-LABEL: @long
// CHECK: norm.plan = [{parts = false, rows = 1 : i64, threads = 256 : i64, vector = 8 : i64, vectors = 3 : i64}]
func.func @long(%x: memref<?x6144xbf16>, %y: memref<?x6144xbf16>) {
  norm.generic ins(%x : memref<?x6144xbf16>) outs(%y : memref<?x6144xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// What no registers hold is read again.
// CHECK-LABEL: @longer
// CHECK: norm.plan = [{parts = false, rows = 1 : i64, threads = 512 : i64, vector = 4 : i64, vectors = 0 : i64}]
func.func @longer(%x: memref<?x100000xf32>, %y: memref<?x100000xf32>) {
  norm.generic ins(%x : memref<?x100000xf32>) outs(%y : memref<?x100000xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// Lengths that 16 bytes do not divide.
// CHECK-LABEL: @odd
// CHECK: vector = 1 : i64
func.func @odd(%x: memref<?x111xf32>, %y: memref<?x111xf32>) {
  norm.generic ins(%x : memref<?x111xf32>) outs(%y : memref<?x111xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// Lengths that are known later: the first plan that admits one is used, and one
// admits all.
// CHECK-LABEL: @dynamic
// CHECK: norm.plan = [{parts = false, rows = 8 : i64, threads = 16 : i64, vector = 4 : i64, vectors = 4 : i64},
// CHECK-SAME: vector = 4 : i64, vectors = 0 : i64}, {
// CHECK-SAME: vector = 1 : i64, vectors = 0 : i64}]
func.func @dynamic(%x: memref<?x?xf32>, %y: memref<?x?xf32>) {
  norm.generic ins(%x : memref<?x?xf32>) outs(%y : memref<?x?xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// Nothing is reduced: the dims are one, and blocks take parts of it.
// CHECK-LABEL: @elements
// CHECK: iterators [parallel]
// CHECK-SAME: norm.plan = [{parts = true, rows = 1 : i64, threads = 128 : i64, vector = 4 : i64, vectors = 2 : i64}
func.func @elements(%x: memref<?x256xf32>, %y: memref<?x256xf32>) {
  norm.generic ins(%x : memref<?x256xf32>) outs(%y : memref<?x256xf32>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %d = arith.addf %v, %v : f32
    norm.yield %d : f32
  }
  return
}

// A plan that is there stays.
// CHECK-LABEL: @given
// CHECK: norm.plan = [{parts = false, rows = 1 : i64, threads = 64 : i64, vector = 2 : i64, vectors = 2 : i64}]
func.func @given(%x: memref<?x256xf32>, %y: memref<?xf32>) {
  norm.generic ins(%x : memref<?x256xf32>) outs(%y : memref<?xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)]
      attributes {norm.plan = [{parts = false, rows = 1, threads = 64, vector = 2, vectors = 2}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}

// Rows side by side: neighbouring threads have neighbouring rows.
// CHECK-LABEL: @across
// CHECK: norm.plan = [{across = true, parts = false, rows = 32 : i64, threads = 8 : i64, vector = 1 : i64, vectors = 8 : i64}]
func.func @across(%x: memref<64x?xf32>, %y: memref<64x?xf32>) {
  norm.generic ins(%x : memref<64x?xf32>) outs(%y : memref<64x?xf32>) iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [0] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return
}

// Rows that no block's registers hold, where the GPU has clusters of blocks: the
// fewest blocks that need no more than 256 threads each, at most 8.
module attributes {norm.gpu_target = {arch = "sm_90", features = ""}} {
  // CHECK-LABEL: @cluster
  // CHECK: norm.plan = [{cluster = 4 : i64, parts = false, rows = 1 : i64, threads = 256 : i64, vector = 8 : i64, vectors = 4 : i64}]
  func.func @cluster(%x: memref<?x32768xbf16>, %y: memref<?x32768xbf16>) {
    norm.generic ins(%x : memref<?x32768xbf16>) outs(%y : memref<?x32768xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32):
      %m = norm.reduce max %v over [1] : f32
      %d = arith.subf %v, %m : f32
      norm.yield %d : f32
    }
    return
  }
  // CHECK-LABEL: @longest
  // CHECK: norm.plan = [{cluster = 8 : i64, parts = false, rows = 1 : i64, threads = 1024 : i64, vector = 1 : i64, vectors = 24 : i64}]
  func.func @longest(%x: memref<?x196607xbf16>, %y: memref<?x196607xbf16>) {
    norm.generic ins(%x : memref<?x196607xbf16>) outs(%y : memref<?x196607xbf16>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32):
      %m = norm.reduce max %v over [1] : f32
      %d = arith.subf %v, %m : f32
      norm.yield %d : f32
    }
    return
  }
}
