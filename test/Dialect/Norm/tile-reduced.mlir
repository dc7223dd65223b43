// RUN: norm-opt %s --transform-interpreter -split-input-file -verify-diagnostics

// Statistics of a part of a row would be silently wrong: tiling it is refused.
func.func @static(%x: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %e = tensor.empty() : tensor<6x8xf32>
  // expected-error @+3 {{'norm.generic' op faild to tile operation}}
  // expected-error @+2 {{'norm.generic' op failed to generate tiling loops}}
  // expected-note @+1 2 {{see current operation}}
  %y = norm.generic ins(%x : tensor<6x8xf32>) outs(%e : tensor<6x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c, %m = norm.center %v over [1] : f32
    norm.yield %c : f32
  }
  return %y : tensor<6x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2:2 = transform.structured.tile_using_for %0 tile_sizes [2, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @dynamic(%x: tensor<6x?xf32>, %e: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @+3 {{'norm.generic' op faild to tile operation}}
  // expected-error @+2 {{'norm.generic' op failed to generate tiling loops}}
  // expected-note @+1 2 {{see current operation}}
  %y = norm.generic ins(%x : tensor<6x?xf32>) outs(%e : tensor<6xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    norm.yield %m : f32
  }
  return %y : tensor<6xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %0 = transform.structured.match ops{["norm.generic"]} in %root : (!transform.any_op) -> !transform.any_op
    %1, %2 = transform.structured.tile_using_for %0 tile_sizes [0, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
