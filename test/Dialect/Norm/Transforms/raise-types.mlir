// RUN: norm-opt %s --norm-raise --remarks-filter-missed="norm-raise" 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t
// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise -o /dev/null

// An op computes in the type of its sums and rounds to that of its result: what
// is computed in a wider type, or rounded to a narrower one, is another thing.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>

// Sums in f32, the rest in f64.
// REMARK: Remark="the sum is accumulated in a type narrower than the result's"
// CHECK-LABEL: func @not_computed_in_f64
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_computed_in_f64(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %n = arith.constant 16.0 : f64
  %eps = arith.constant 1.0e-5 : f64
  %e = tensor.empty() : tensor<4x16xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%zero : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %f = arith.extf %s : f32 to f64
    %0 = arith.divf %f, %n : f64
    %1 = arith.addf %0, %eps : f64
    %2 = math.rsqrt %1 : f64
    %wide = arith.extf %in : f32 to f64
    %3 = arith.mulf %wide, %2 : f64
    %y = arith.truncf %3 : f64 to f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// All of it in f64: so is the op.
// CHECK-LABEL: func @all_in_f64
// CHECK:         norm.rms_norm %{{.*}} axes [1] {accumulate = f64} :
func.func @all_in_f64(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %n = arith.constant 16.0 : f64
  %eps = arith.constant 1.0e-5 : f64
  %e = tensor.empty() : tensor<4x16xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%zero : tensor<4xf64>) {
  ^bb0(%in: f32, %out: f64):
    %f = arith.extf %in : f32 to f64
    %q = arith.mulf %f, %f : f64
    %s = arith.addf %out, %q : f64
    linalg.yield %s : f64
  } -> tensor<4xf64>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf64>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f64, %out: f32):
    %0 = arith.divf %s, %n : f64
    %1 = arith.addf %0, %eps : f64
    %2 = math.rsqrt %1 : f64
    %wide = arith.extf %in : f32 to f64
    %3 = arith.mulf %wide, %2 : f64
    %y = arith.truncf %3 : f64 to f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// An activation of f32 in f64.
// CHECK-LABEL: func @not_activation_in_f64
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_activation_in_f64(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %one = arith.constant dense<1.0> : tensor<4x16xf64>
  %f = arith.extf %x : tensor<4x16xf32> to tensor<4x16xf64>
  %n = arith.negf %f : tensor<4x16xf64>
  %exp = math.exp %n : tensor<4x16xf64>
  %d = arith.addf %exp, %one : tensor<4x16xf64>
  %s = arith.divf %f, %d : tensor<4x16xf64>
  %y = arith.truncf %s : tensor<4x16xf64> to tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// One whose operand and result are rounded to f16 is one of f16.
// CHECK-LABEL: func @rounded_activation
// CHECK:         %[[H:.*]] = arith.truncf
// CHECK:         %[[Y:.*]] = norm.activation tanh %[[H]] : (tensor<4x16xf16>) -> tensor<4x16xf16>
// CHECK:         arith.extf %[[Y]]
func.func @rounded_activation(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %h = arith.truncf %x : tensor<4x16xf32> to tensor<4x16xf16>
  %g = arith.extf %h : tensor<4x16xf16> to tensor<4x16xf32>
  %y = math.tanh %g : tensor<4x16xf32>
  %t = arith.truncf %y : tensor<4x16xf32> to tensor<4x16xf16>
  %f = arith.extf %t : tensor<4x16xf16> to tensor<4x16xf32>
  %z = arith.addf %f, %x : tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}

// A batch norm of f32 in f64: the op has no type of its sums, so it is one of
// f64.
// CHECK-LABEL: func @batch_norm_in_f64
// CHECK:         %[[Y:.*]] = norm.batch_norm %{{.*}} -> tensor<4x8x16xf64>
// CHECK:         arith.truncf
func.func @batch_norm_in_f64(%x: tensor<4x8x16xf32>, %mean: tensor<8xf32>, %variance: tensor<8xf32>) -> tensor<4x8x16xf32> {
  %eps = arith.constant 1.0e-5 : f64
  %e = tensor.empty() : tensor<4x8x16xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d1)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %mean, %variance : tensor<4x8x16xf32>, tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<4x8x16xf32>) {
  ^bb0(%in: f32, %m: f32, %v: f32, %out: f32):
    %0 = arith.extf %v : f32 to f64
    %1 = arith.addf %0, %eps : f64
    %2 = math.rsqrt %1 : f64
    %3 = arith.extf %in : f32 to f64
    %4 = arith.extf %m : f32 to f64
    %5 = arith.subf %3, %4 : f64
    %6 = arith.mulf %5, %2 : f64
    %7 = arith.truncf %6 : f64 to f32
    linalg.yield %7 : f32
  } -> tensor<4x8x16xf32>
  return %y : tensor<4x8x16xf32>
}

// The mean is a sum in f16.
// REMARK: Remark="the sum is accumulated in f16"
// CHECK-LABEL: func @not_mean_of_squares_in_f16
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_mean_of_squares_in_f16(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %zeroh = arith.constant dense<0.0> : tensor<4xf16>
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-3 : f32
  %e = tensor.empty() : tensor<4x16xf16>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf16>) outs(%zeroh : tensor<4xf16>) dimensions = [1]
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf16>) outs(%zero : tensor<4xf32>) {
  ^bb0(%in: f16, %out: f32):
    %f = arith.extf %in : f16 to f32
    %q = arith.mulf %f, %f : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %squares : tensor<4x16xf16>, tensor<4xf16>, tensor<4xf32>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %s: f16, %q: f32, %out: f16):
    %sf = arith.extf %s : f16 to f32
    %m = arith.divf %sf, %n : f32
    %mm = arith.mulf %m, %m : f32
    %0 = arith.divf %q, %n : f32
    %v = arith.subf %0, %mm : f32
    %1 = arith.addf %v, %eps : f32
    %2 = math.rsqrt %1 : f32
    %f = arith.extf %in : f16 to f32
    %d = arith.subf %f, %m : f32
    %3 = arith.mulf %d, %2 : f32
    %y = arith.truncf %3 : f32 to f16
    linalg.yield %y : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}

// As in Llama, rounded to f16 before the scale; the scale and the result are
// f32. The op rounds what it is given in: the scale stays behind it.
// CHECK-LABEL: func @rounded_before_f32_scale
// CHECK-SAME:    %[[X:.*]]: tensor<4x16xf16>, %[[G:.*]]: tensor<16xf32>
// CHECK:         %[[N:.*]] = norm.rms_norm %[[X]] axes [1] {{.*}}: (tensor<4x16xf16>) -> tensor<4x16xf16>
// CHECK:         %[[F:.*]] = arith.extf %[[N]]
// CHECK:         arith.mulf %[[F]],
func.func @rounded_before_f32_scale(%x: tensor<4x16xf16>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %f = arith.extf %x : tensor<4x16xf16> to tensor<4x16xf32>
  %q = arith.mulf %f, %f : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%zero : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %f, %b : tensor<4x16xf32>
  %h = arith.truncf %z : tensor<4x16xf32> to tensor<4x16xf16>
  %w = arith.extf %h : tensor<4x16xf16> to tensor<4x16xf32>
  %gs = linalg.broadcast ins(%g : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %y = arith.mulf %w, %gs : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The same, rounded to f16 in the end.
// CHECK-LABEL: func @rounded_before_scale
// CHECK:         norm.rms_norm %{{.*}} scale %{{.*}} axes [1] {{.*}}cast_before_scale{{.*}} : (tensor<4x16xf16>, tensor<16xf32>) -> tensor<4x16xf16>
func.func @rounded_before_scale(%x: tensor<4x16xf16>, %g: tensor<16xf32>) -> tensor<4x16xf16> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %f = arith.extf %x : tensor<4x16xf16> to tensor<4x16xf32>
  %q = arith.mulf %f, %f : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%zero : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %f, %b : tensor<4x16xf32>
  %h = arith.truncf %z : tensor<4x16xf32> to tensor<4x16xf16>
  %w = arith.extf %h : tensor<4x16xf16> to tensor<4x16xf32>
  %gs = linalg.broadcast ins(%g : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %y = arith.mulf %w, %gs : tensor<4x16xf32>
  %t = arith.truncf %y : tensor<4x16xf32> to tensor<4x16xf16>
  return %t : tensor<4x16xf16>
}

// Products in f16, added up in f32: those of norm.linear are exact.
// CHECK-LABEL: func @not_products_in_f16
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_products_in_f16(%x: tensor<4x16xf16>, %w: tensor<8x16xf16>) -> tensor<4x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<4x16xf16>, tensor<8x16xf16>) outs(%zero : tensor<4x8xf32>) {
  ^bb0(%a: f16, %b: f16, %out: f32):
    %p = arith.mulf %a, %b : f16
    %f = arith.extf %p : f16 to f32
    %s = arith.addf %out, %f : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The sum is rounded to f16 and the bias added in f32.
// CHECK-LABEL: func @rounded_before_bias
// CHECK:         %[[L:.*]] = norm.linear %{{.*}} weight %{{[^ ]*}} : (tensor<4x16xf16>, tensor<8x16xf16>) -> tensor<4x8xf16>
// CHECK:         %[[F:.*]] = arith.extf %[[L]]
// CHECK:         arith.addf %[[F]],
func.func @rounded_before_bias(%x: tensor<4x16xf16>, %w: tensor<8x16xf16>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<4x16xf16>, tensor<8x16xf16>) outs(%zero : tensor<4x8xf32>) {
  ^bb0(%a: f16, %c: f16, %out: f32):
    %af = arith.extf %a : f16 to f32
    %cf = arith.extf %c : f16 to f32
    %p = arith.mulf %af, %cf : f32
    %s = arith.addf %out, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  %h = arith.truncf %s : tensor<4x8xf32> to tensor<4x8xf16>
  %f = arith.extf %h : tensor<4x8xf16> to tensor<4x8xf32>
  %bs = linalg.broadcast ins(%b : tensor<8xf32>) outs(%e : tensor<4x8xf32>) dimensions = [0]
  %y = arith.addf %f, %bs : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// In f64, a number of elements that f32 cannot tell from 16.
// REMARK: Remark="the quotient of the row and its root has another factor, or the divisor of the sum is not the number of its elements"
// CHECK-LABEL: func @not_count_of_f64
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_count_of_f64(%x: tensor<4x16xf64>) -> tensor<4x16xf64> {
  %zero = arith.constant dense<0.0> : tensor<4xf64>
  %n = arith.constant dense<16.000001> : tensor<4xf64>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf64>
  %e = tensor.empty() : tensor<4x16xf64>
  %q = arith.mulf %x, %x : tensor<4x16xf64>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf64>) outs(%zero : tensor<4xf64>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf64>
  %v = arith.addf %m, %eps : tensor<4xf64>
  %r = math.rsqrt %v : tensor<4xf64>
  %b = linalg.broadcast ins(%r : tensor<4xf64>) outs(%e : tensor<4x16xf64>) dimensions = [1]
  %z = arith.mulf %x, %b : tensor<4x16xf64>
  return %z : tensor<4x16xf64>
}

// GELU of f64 with the constant of f32.
// CHECK-LABEL: func @not_gelu_of_f32
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_gelu_of_f32(%x: tensor<4x16xf64>) -> tensor<4x16xf64> {
  %half = arith.constant dense<0.5> : tensor<4x16xf64>
  %one = arith.constant dense<1.0> : tensor<4x16xf64>
  %root = arith.constant dense<0.707106769084930419921875> : tensor<4x16xf64>
  %0 = arith.mulf %x, %root : tensor<4x16xf64>
  %1 = math.erf %0 : tensor<4x16xf64>
  %2 = arith.addf %1, %one : tensor<4x16xf64>
  %3 = arith.mulf %x, %half : tensor<4x16xf64>
  %4 = arith.mulf %3, %2 : tensor<4x16xf64>
  return %4 : tensor<4x16xf64>
}

// With its own.
// CHECK-LABEL: func @gelu_of_f64
// CHECK:         norm.activation gelu_erf
func.func @gelu_of_f64(%x: tensor<4x16xf64>) -> tensor<4x16xf64> {
  %half = arith.constant dense<0.5> : tensor<4x16xf64>
  %one = arith.constant dense<1.0> : tensor<4x16xf64>
  %root = arith.constant dense<0.70710678118654752> : tensor<4x16xf64>
  %0 = arith.mulf %x, %root : tensor<4x16xf64>
  %1 = math.erf %0 : tensor<4x16xf64>
  %2 = arith.addf %1, %one : tensor<4x16xf64>
  %3 = arith.mulf %x, %half : tensor<4x16xf64>
  %4 = arith.mulf %3, %2 : tensor<4x16xf64>
  return %4 : tensor<4x16xf64>
}
