// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s --implicit-check-not=norm.

// What differs in one place from something that is raised is told from it.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>

// An accumulator is not what it started with.
// CHECK-LABEL: func @of_accumulator
func.func @of_accumulator(%x: tensor<4x16xf32>, %i: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%i : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %out : f32
    %1 = math.tanh %0 : f32
    %2 = arith.addf %1, %in : f32
    linalg.yield %2 : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Nor is a sum that is squashed in every step.
// CHECK-LABEL: func @of_partial_sum
func.func @of_partial_sum(%x: tensor<4x16xf32>, %w: tensor<8x16xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<4x16xf32>, tensor<8x16xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%in: f32, %we: f32, %out: f32):
    %0 = arith.mulf %in, %we : f32
    %1 = arith.addf %0, %out : f32
    %2 = math.tanh %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The mean of the first half of each row is not the mean of the row: what is
// left is a root mean square of the differences.
// CHECK-LABEL: func @mean_of_part
// CHECK:           %[[D:.*]] = arith.subf
// CHECK-NEXT:      linalg.yield %[[D]]
// CHECK-NEXT:    }
// CHECK-NEXT:    norm.rms_norm %{{.*}} axes [1] :
#first = affine_map<(d0, d1) -> (d0, 0, d1)>
func.func @mean_of_part(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %n = arith.constant 8.0 : f32
  %m = arith.constant 16.0 : f32
  %loop = arith.constant dense<1.0> : tensor<8xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %halves = tensor.expand_shape %x [[0], [1, 2]] output_shape [4, 2, 8] : tensor<4x16xf32> into tensor<4x2x8xf32>
  %sum = linalg.generic {indexing_maps = [#first, #column, #row], iterator_types = ["parallel", "reduction"]} ins(%halves, %loop : tensor<4x2x8xf32>, tensor<8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %l: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<4x16xf32>, tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.subf %in, %0 : f32
    %2 = arith.mulf %1, %1 : f32
    %3 = arith.addf %2, %out : f32
    linalg.yield %3 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %squares : tensor<4x16xf32>, tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %v: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.subf %in, %0 : f32
    %2 = arith.divf %v, %m : f32
    %3 = arith.addf %2, %eps : f32
    %4 = math.rsqrt %3 : f32
    %5 = arith.mulf %1, %4 : f32
    linalg.yield %5 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// At 0, the row has another element than the statistic is of.
// CHECK-LABEL: func @other_at_zero
func.func @other_at_zero(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %five = arith.constant 5.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %n = arith.constant 16.0 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %whole = math.trunc %x : tensor<4x16xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%whole : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.cmpf ogt, %in, %zero : f32
    %1 = arith.select %0, %in, %five : f32
    %2 = arith.mulf %1, %1 : f32
    %3 = arith.addf %2, %out : f32
    linalg.yield %3 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%whole, %squares : tensor<4x16xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %v: f32, %out: f32):
    %0 = arith.cmpf oge, %in, %zero : f32
    %1 = arith.select %0, %in, %five : f32
    %2 = arith.divf %v, %n : f32
    %3 = arith.addf %2, %eps : f32
    %4 = math.rsqrt %3 : f32
    %5 = arith.mulf %1, %4 : f32
    linalg.yield %5 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// An ELU on the way to something like it.
// CHECK-LABEL: func @select_of_elu
// CHECK:         %[[ELU:.*]] = norm.activation elu %arg0 {alpha = 1.000000e+00 : f64}
// CHECK-NEXT:    %[[TWICE:.*]] = arith.mulf %[[ELU]]
// CHECK:         %[[Y:.*]] = norm.activation leaky_relu %[[TWICE]] {alpha = 3.000000e+00 : f64}
// CHECK-NEXT:    return %[[Y]]
func.func @select_of_elu(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x16xf32>
  %two = arith.constant dense<2.0> : tensor<4x16xf32>
  %three = arith.constant dense<3.0> : tensor<4x16xf32>
  %0 = arith.cmpf ogt, %x, %zero : tensor<4x16xf32>
  %1 = math.expm1 %x : tensor<4x16xf32>
  %2 = arith.select %0, %x, %1 : tensor<4x16xi1>, tensor<4x16xf32>
  %3 = arith.mulf %2, %two : tensor<4x16xf32>
  %4 = arith.cmpf olt, %3, %zero : tensor<4x16xf32>
  %5 = arith.mulf %3, %three : tensor<4x16xf32>
  %6 = arith.select %4, %5, %3 : tensor<4x16xi1>, tensor<4x16xf32>
  return %6 : tensor<4x16xf32>
}

// -N as an unsigned integer is no -N.
// CHECK-LABEL: func @negative_count
func.func @negative_count(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %minus = arith.constant -1 : i64
  %minusf = arith.constant -1.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %rows = tensor.dim %x, %c0 : tensor<?x?xf32>
  %columns = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e1 = tensor.empty(%rows) : tensor<?xf32>
  %e = tensor.empty(%rows, %columns) : tensor<?x?xf32>
  %count = arith.index_cast %columns : index to i64
  %negated = arith.muli %count, %minus : i64
  %unsigned = arith.uitofp %negated : i64 to f32
  %n = arith.mulf %unsigned, %minusf : f32
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x?xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %in : f32
    %1 = arith.addf %0, %out : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<?x?xf32>, tensor<?xf32>) outs(%e : tensor<?x?xf32>) {
  ^bb0(%in: f32, %v: f32, %out: f32):
    %0 = arith.divf %v, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %3 = arith.mulf %in, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// A mean that is clipped so that a NaN is lost.
// CHECK-LABEL: func @without_nan
func.func @without_nan(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %n = arith.constant 16.0 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.mulf %in, %in : f32
    %1 = arith.addf %0, %out : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %v: f32, %out: f32):
    %0 = arith.divf %v, %n : f32
    %1 = arith.maxnumf %0, %zero : f32
    %2 = arith.addf %1, %eps : f32
    %3 = math.rsqrt %2 : f32
    %4 = arith.mulf %in, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
