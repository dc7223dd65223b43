// An assertion in a body holds for every element, or that is an error. Where
// the errors of a condition's operands are bounded, it is not asked. (A pass that
// changes nothing is not verified: there is something dead in each function.)
//
// RUN: split-file %s %t
// RUN: norm-opt %t/holds.mlir --norm-verify-passes=strict --canonicalize | FileCheck %t/holds.mlir
// RUN: not norm-opt %t/fails.mlir --norm-verify-passes=strict --canonicalize 2>&1 | FileCheck %t/fails.mlir
// RUN: not norm-opt %t/generate.mlir --norm-verify-passes=strict --canonicalize 2>&1 | FileCheck %t/generate.mlir

//--- holds.mlir
#all = affine_map<(d0, d1) -> (d0, d1)>
// The square of one is at least 1, and less with the errors of the square.
// CHECK: cf.assert
func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %dead = arith.negf %x : tensor<4x8xf32>
  %one = arith.constant 1.0 : f32
  %zero = arith.constant dense<0.0> : tensor<4x8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %u = arith.mulf %x, %zero : tensor<4x8xf32>
  %c = math.exp %u : tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%c : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %h = arith.cmpf oge, %in, %one : f32
    cf.assert %h, "at least one"
    linalg.yield %in : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

//--- fails.mlir
#line = affine_map<(d0) -> (d0)>
// Of one element alone.
// CHECK: fails.mlir:4:1: error: pass 'canonicalize' on 'f' could not be verified: does not hold: not the last
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %dead = arith.negf %x : tensor<8xf32>
  %last = arith.constant 7 : index
  %e = tensor.empty() : tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#line, #line], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %i = linalg.index 0 : index
    %h = arith.cmpi ne, %i, %last : index
    cf.assert %h, "not the last"
    linalg.yield %in : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

//--- generate.mlir
// CHECK: generate.mlir:2:1: error: pass 'canonicalize' on 'f' could not be verified: does not hold: below four
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %dead = arith.negf %x : tensor<8xf32>
  %four = arith.constant 4 : index
  %y = tensor.generate {
  ^bb0(%i: index):
    %h = arith.cmpi slt, %i, %four : index
    cf.assert %h, "below four"
    %v = tensor.extract %x[%i] : tensor<8xf32>
    tensor.yield %v : f32
  } : tensor<8xf32>
  return %y : tensor<8xf32>
}
