// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// The ways in which activation functions are written.

// CHECK-LABEL: func @gelu_erf
// CHECK: %[[Y:.*]] = norm.activation gelu_erf %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_erf(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %sqrt2 = arith.constant 1.41421354 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.divf %in, %sqrt2 : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %in, %2 : f32
    %4 = arith.mulf %3, %half : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @gelu_erf_other_order
// CHECK: %[[Y:.*]] = norm.activation gelu_erf %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_erf_other_order(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %half = arith.constant 0.5 : f32
  %rsqrt2 = arith.constant 0.707106769 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %rsqrt2, %in : f32
    %1 = math.erf %0 : f32
    %2 = arith.mulf %1, %half : f32
    %3 = arith.addf %half, %2 : f32
    %4 = arith.mulf %3, %in : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @gelu_erfc
// CHECK: %[[Y:.*]] = norm.activation gelu_erf %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_erfc(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %half = arith.constant 0.5 : f32
  %rsqrt2 = arith.constant 0.707106769 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.negf %in : f32
    %1 = arith.mulf %0, %rsqrt2 : f32
    %2 = math.erfc %1 : f32
    %3 = arith.mulf %half, %in : f32
    %4 = arith.mulf %3, %2 : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @gelu_tanh
// CHECK: %[[Y:.*]] = norm.activation gelu_tanh %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_tanh(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %sqrt2pi = arith.constant 0.797884583 : f32
  %gelu = arith.constant 0.044715 : f32
  %c3 = arith.constant 3 : i64
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.fpowi %in, %c3 : f32, i64
    %1 = arith.mulf %0, %gelu : f32
    %2 = arith.addf %in, %1 : f32
    %3 = arith.mulf %2, %sqrt2pi : f32
    %4 = math.tanh %3 : f32
    %5 = arith.addf %4, %one : f32
    %6 = arith.mulf %in, %half : f32
    %7 = arith.mulf %6, %5 : f32
    linalg.yield %7 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @gelu_tanh_factored
// CHECK: %[[Y:.*]] = norm.activation gelu_tanh %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @gelu_tanh_factored(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %sqrt2pi = arith.constant 0.797884583 : f32
  %gelu = arith.constant 0.044715 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %in : f32
    %1 = arith.mulf %0, %gelu : f32
    %2 = arith.addf %one, %1 : f32
    %3 = arith.mulf %sqrt2pi, %in : f32
    %4 = arith.mulf %3, %2 : f32
    %5 = math.tanh %4 : f32
    %6 = arith.addf %one, %5 : f32
    %7 = arith.mulf %half, %6 : f32
    %8 = arith.mulf %in, %7 : f32
    linalg.yield %8 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @silu
// CHECK: %[[Y:.*]] = norm.activation silu %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @silu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.negf %in : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %3, %in : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @silu_quotient
// CHECK: %[[Y:.*]] = norm.activation silu %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @silu_quotient(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.subf %zero, %in : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %one, %1 : f32
    %3 = arith.divf %in, %2 : f32
    linalg.yield %3 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @silu_half
// CHECK: %[[Y:.*]] = norm.activation silu %arg0 : (tensor<4x8xf16>) -> tensor<4x8xf16>
// CHECK-NEXT: return %[[Y]]
func.func @silu_half(%x: tensor<4x8xf16>) -> tensor<4x8xf16> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf16>
  %y = linalg.map ins(%x : tensor<4x8xf16>) outs(%e : tensor<4x8xf16>) (%in: f16, %out: f16) {
    %f = arith.extf %in : f16 to f32
    %0 = arith.negf %f : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %one, %1 : f32
    %3 = arith.divf %f, %2 : f32
    %4 = arith.truncf %3 : f32 to f16
    linalg.yield %4 : f16
  }
  return %y : tensor<4x8xf16>
}

// CHECK-LABEL: func @quick_gelu
// CHECK: %[[Y:.*]] = norm.activation quick_gelu %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @quick_gelu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %quick = arith.constant 1.702 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %quick : f32
    %1 = arith.negf %0 : f32
    %2 = math.exp %1 : f32
    %3 = arith.addf %2, %one : f32
    %4 = arith.divf %in, %3 : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @sigmoid
// CHECK: %[[Y:.*]] = norm.activation sigmoid %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @sigmoid(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.exp %in : f32
    %1 = arith.addf %0, %one : f32
    %2 = arith.divf %0, %1 : f32
    linalg.yield %2 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @tanh
// CHECK: %[[Y:.*]] = norm.activation tanh %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @tanh(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.tanh %in : f32
    linalg.yield %0 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @softplus
// CHECK: %[[Y:.*]] = norm.activation softplus %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @softplus(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.exp %in : f32
    %1 = math.log1p %0 : f32
    linalg.yield %1 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @softplus_guarded
// CHECK: %[[Y:.*]] = norm.activation softplus %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @softplus_guarded(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.absf %in : f32
    %1 = arith.negf %0 : f32
    %2 = math.exp %1 : f32
    %3 = math.log1p %2 : f32
    %4 = arith.maximumf %in, %zero : f32
    %5 = arith.addf %4, %3 : f32
    linalg.yield %5 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @mish
// CHECK: %[[Y:.*]] = norm.activation mish %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @mish(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.exp %in : f32
    %1 = arith.addf %0, %one : f32
    %2 = math.log %1 : f32
    %3 = math.tanh %2 : f32
    %4 = arith.mulf %in, %3 : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @relu
// CHECK: %[[Y:.*]] = norm.activation relu %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @relu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @relu_select
// CHECK: %[[Y:.*]] = norm.activation relu %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @relu_select(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.cmpf ugt, %in, %zero : f32
    %1 = arith.select %0, %in, %zero : f32
    linalg.yield %1 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @leaky_relu
// CHECK: %[[Y:.*]] = norm.activation leaky_relu %arg0 {alpha = 2.000000e-01 : f64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @leaky_relu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %alpha = arith.constant 0.2 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %alpha : f32
    %1 = arith.cmpf ogt, %in, %zero : f32
    %2 = arith.select %1, %in, %0 : f32
    linalg.yield %2 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @elu
// CHECK: %[[Y:.*]] = norm.activation elu %arg0 {alpha = 2.000000e-01 : f64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @elu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %zero = arith.constant 0.0 : f32
  %alpha = arith.constant 0.2 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = math.exp %in : f32
    %1 = arith.subf %0, %one : f32
    %2 = arith.mulf %1, %alpha : f32
    %3 = arith.cmpf olt, %in, %zero : f32
    %4 = arith.select %3, %2, %in : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @hardswish
// CHECK: %[[Y:.*]] = norm.activation hardswish %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @hardswish(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %three = arith.constant 3.0 : f32
  %six = arith.constant 6.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.addf %in, %three : f32
    %1 = arith.maximumf %0, %zero : f32
    %2 = arith.minimumf %1, %six : f32
    %3 = arith.mulf %in, %2 : f32
    %4 = arith.divf %3, %six : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @hardswish_scaled
// CHECK: %[[Y:.*]] = norm.activation hardswish %arg0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @hardswish_scaled(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %zero = arith.constant 0.0 : f32
  %sixth = arith.constant 0.166666672 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %sixth : f32
    %1 = arith.addf %0, %half : f32
    %2 = arith.maximumf %1, %zero : f32
    %3 = arith.minimumf %2, %one : f32
    %4 = arith.mulf %in, %3 : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// What is near them and none of them.

// CHECK-LABEL: func @not_gelu_erf
// CHECK-NOT: norm.activation
// CHECK: return
func.func @not_gelu_erf(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %half : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %in, %2 : f32
    %4 = arith.mulf %3, %half : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @not_silu_of_another
// CHECK-NOT: norm.activation
// CHECK: return
func.func @not_silu_of_another(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.mulf %in, %in : f32
    %1 = arith.negf %0 : f32
    %2 = math.exp %1 : f32
    %3 = arith.addf %one, %2 : f32
    %4 = arith.divf %in, %3 : f32
    linalg.yield %4 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @not_relu_of_nan
// CHECK-NOT: norm.activation
// CHECK: return
func.func @not_relu_of_nan(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.maxnumf %in, %zero : f32
    linalg.yield %0 : f32
  }
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: func @not_silu_doubled
// CHECK-NOT: norm.activation
// CHECK: return
func.func @not_silu_doubled(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.map ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) (%in: f32, %out: f32) {
    %0 = arith.negf %in : f32
    %1 = math.exp %0 : f32
    %2 = arith.addf %1, %two : f32
    %3 = arith.divf %in, %2 : f32
    linalg.yield %3 : f32
  }
  return %y : tensor<4x8xf32>
}
