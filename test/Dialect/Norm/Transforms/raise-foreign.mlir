// RUN: norm-opt %s --norm-raise | FileCheck %s --implicit-check-not=norm.

// Types that no op of the dialect has.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// CHECK-LABEL: func @encoding
func.func @encoding(%x: tensor<4x16xf32, "packed">) -> tensor<4x16xf32, "packed"> {
  %0 = math.tanh %x : tensor<4x16xf32, "packed">
  return %0 : tensor<4x16xf32, "packed">
}

// CHECK-LABEL: func @encoding_of_operand
func.func @encoding_of_operand(%x: tensor<4x16xf32, "packed">) -> tensor<4x16xf32> {
  %e = tensor.empty() : tensor<4x16xf32>
  %0 = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x16xf32, "packed">) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = math.tanh %in : f32
    linalg.yield %1 : f32
  } -> tensor<4x16xf32>
  return %0 : tensor<4x16xf32>
}

// CHECK-LABEL: func @sums_in_f80
func.func @sums_in_f80(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f80
  %eps = arith.constant 1.0e-5 : f80
  %n = arith.constant 16.0 : f80
  %e1 = tensor.empty() : tensor<4xf80>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f80) outs(%e1 : tensor<4xf80>) -> tensor<4xf80>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf80>) {
  ^bb0(%in: f32, %out: f80):
    %0 = arith.extf %in : f32 to f80
    %1 = arith.mulf %0, %0 : f80
    %2 = arith.addf %1, %out : f80
    linalg.yield %2 : f80
  } -> tensor<4xf80>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf80>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %v: f80, %out: f32):
    %0 = arith.extf %in : f32 to f80
    %1 = arith.divf %v, %n : f80
    %2 = arith.addf %1, %eps : f80
    %3 = math.rsqrt %2 : f80
    %4 = arith.mulf %0, %3 : f80
    %5 = arith.truncf %4 : f80 to f32
    linalg.yield %5 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
