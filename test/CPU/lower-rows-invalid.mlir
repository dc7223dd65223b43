// RUN: norm-opt %s -split-input-file -verify-diagnostics --norm-plan-rows --norm-lower-rows

func.func @tensors(%x: tensor<4xf32>, %e: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'norm.generic' op is on tensors, but only those on buffers are lowered to loops: bufferize first}}
  %y = norm.generic ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return %y : tensor<4xf32>
}

// -----

func.func @crossing(%x: memref<4x5xf32>, %y: memref<4x5xf32>) {
  // expected-error @below {{cannot be lowered: its reductions are over sets of dims of which neither contains the other}}
  norm.generic ins(%x : memref<4x5xf32>) outs(%y : memref<4x5xf32>) iterators [reduction, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %a = norm.reduce add %v over [0] : f32
    %b = norm.reduce add %v over [1] : f32
    %c = arith.addf %a, %b : f32
    norm.yield %c : f32
  }
  return
}

// -----

func.func @wrong_plan(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{cannot be lowered as its 'norm.plan' says on this target}}
  norm.generic ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] attributes {norm.plan = {accumulators = 0 : i64, lag = 0 : i64, lanes = 8 : i64, max_pipelined = 0 : i64, max_short = 0 : i64, paired = true, rows = 1 : i64, stream_bytes = 0 : i64, unroll = 4 : i64}} {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

func.func @short_of_known_length(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  // expected-error @below {{cannot be lowered as its 'norm.plan' says on this target}}
  norm.generic ins(%x : memref<4x8xf32>) outs(%y : memref<4x8xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] attributes {norm.plan = {accumulators = 0 : i64, lag = 2 : i64, lanes = 8 : i64, max_pipelined = 8 : i64, max_short = 64 : i64, paired = false, rows = 1 : i64, stream_bytes = 0 : i64, unroll = 4 : i64}} {
  ^bb0(%v: f32):
    %m = norm.reduce add %v over [1] : f32
    %o = arith.subf %v, %m : f32
    norm.yield %o : f32
  }
  return
}
