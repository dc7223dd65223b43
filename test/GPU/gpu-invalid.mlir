// RUN: norm-opt %s --split-input-file --norm-gpu-plan-rows --norm-gpu-lower-rows --verify-diagnostics

func.func @tensors(%x: tensor<?x8xf32>, %y: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is on tensors, but only those on buffers become kernels}}
  %r = norm.generic ins(%x : tensor<?x8xf32>) outs(%y : tensor<?x8xf32>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return %r : tensor<?x8xf32>
}

// -----

func.func @blocks(%x: memref<?x4x8xf32>, %y: memref<?x4x8xf32>) {
  // expected-error @+1 {{'norm.generic' op cannot run on a GPU: a reduction over a part of the row}}
  norm.generic ins(%x : memref<?x4x8xf32>) outs(%y : memref<?x4x8xf32>) iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [2] : f32
    %s = norm.reduce add %m over [1, 2] : f32
    %d = arith.subf %v, %s : f32
    norm.yield %d : f32
  }
  return
}

// -----

func.func @bits(%x: memref<?x8xi4>, %y: memref<?x8xi4>) {
  // expected-error @+1 {{cannot run on a GPU: elements of type i4}}
  norm.generic ins(%x : memref<?x8xi4>) outs(%y : memref<?x8xi4>) iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: i4):
    norm.yield %v : i4
  }
  return
}

// -----

func.func @plan(%x: memref<?x512xf32>, %y: memref<?x512xf32>) {
  // expected-error @+1 {{has no valid 'norm.plan': run norm-gpu-plan-rows first}}
  norm.generic ins(%x : memref<?x512xf32>) outs(%y : memref<?x512xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = [{parts = false, rows = 3, threads = 32, vector = 4, vectors = 4}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}

// -----

func.func @small(%x: memref<?x512xf32>, %y: memref<?x512xf32>) {
  // expected-error @+1 {{cannot be lowered as its 'norm.plan' says: longer rows have no plan}}
  norm.generic ins(%x : memref<?x512xf32>) outs(%y : memref<?x512xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = [{parts = false, rows = 1, threads = 32, vector = 4, vectors = 2}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}

// -----

func.func @wide(%x: memref<?x511xf32>, %y: memref<?x511xf32>) {
  // expected-error @+1 {{says: rows are no multiple of vectors}}
  norm.generic ins(%x : memref<?x511xf32>) outs(%y : memref<?x511xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = [{parts = false, rows = 1, threads = 32, vector = 4, vectors = 8}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}

// -----

memref.global "private" constant @weights : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
func.func @written(%x: memref<4xf32>) {
  %w = memref.get_global @weights : memref<4xf32>
  // expected-error @+1 {{would write a constant tensor}}
  norm.generic ins(%x : memref<4xf32>) outs(%w : memref<4xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

memref.global "private" @variable : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
func.func @no_constant(%y: memref<4xf32>) {
  // expected-error @+1 {{is no constant: a GPU has no other memory of its own}}
  %w = memref.get_global @variable : memref<4xf32>
  norm.generic ins(%w : memref<4xf32>) outs(%y : memref<4xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

memref.global "private" constant @short : memref<4xf32> = dense_resource<short>
func.func @too_short(%y: memref<4xf32>) {
  // expected-error @+1 {{a constant's data has not the size that its type tells}}
  %w = memref.get_global @short : memref<4xf32>
  norm.generic ins(%w : memref<4xf32>) outs(%y : memref<4xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

{-# dialect_resources: { builtin: { short: "0x040000000000803f" } } #-}

// -----

memref.global "private" constant @returned : memref<4xf32> = dense<[1.0, 2.0, 3.0, 4.0]>
func.func @on_the_host() -> memref<4xf32> {
  // expected-error @+1 {{is a constant tensor that is used on the host, which has none of them}}
  %w = memref.get_global @returned : memref<4xf32>
  return %w : memref<4xf32>
}

// -----

func.func @host(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @+1 {{would use a tensor on the host}}
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  return
}

// -----

func.func @clusters(%x: memref<?x8192xf32>, %y: memref<?x8192xf32>) {
  // expected-error @+1 {{cannot be lowered as its 'norm.plan' says: the GPU has no clusters of blocks}}
  norm.generic ins(%x : memref<?x8192xf32>) outs(%y : memref<?x8192xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = [{cluster = 2, parts = false, rows = 1, threads = 256, vector = 4, vectors = 4}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}

// -----

func.func @several(%x: memref<?x8192xf32>, %y: memref<?x8192xf32>) {
  // expected-error @+1 {{has no valid 'norm.plan': run norm-gpu-plan-rows first}}
  norm.generic ins(%x : memref<?x8192xf32>) outs(%y : memref<?x8192xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
      attributes {norm.plan = [{cluster = 2, parts = false, rows = 2, threads = 256, vector = 4, vectors = 4}]} {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return
}
