// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --cse | FileCheck %s

// Every kind on x and on 40 x, where exponentials overflow: what is computed is
// compared with the interpreter's formulas.

// CHECK-LABEL: func @relu(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           arith.cmpf olt
// CHECK:           arith.select
func.func @relu(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation relu %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation relu %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @relu_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation relu %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation relu %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @relu_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation relu %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation relu %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @relu_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation relu %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation relu %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @gelu_erf(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.erf
func.func @gelu_erf(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation gelu_erf %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation gelu_erf %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @gelu_erf_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation gelu_erf %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation gelu_erf %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @gelu_erf_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation gelu_erf %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation gelu_erf %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @gelu_erf_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation gelu_erf %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation gelu_erf %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @gelu_tanh(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.exp
// CHECK:           arith.divf
func.func @gelu_tanh(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation gelu_tanh %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation gelu_tanh %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @gelu_tanh_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation gelu_tanh %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation gelu_tanh %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @gelu_tanh_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation gelu_tanh %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation gelu_tanh %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @gelu_tanh_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation gelu_tanh %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation gelu_tanh %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @silu(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.exp
// CHECK:           arith.divf
func.func @silu(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation silu %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation silu %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @silu_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation silu %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation silu %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @silu_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation silu %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation silu %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @silu_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation silu %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation silu %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @sigmoid(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.exp
// CHECK:           arith.divf
func.func @sigmoid(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation sigmoid %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation sigmoid %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @sigmoid_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation sigmoid %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation sigmoid %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @sigmoid_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation sigmoid %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation sigmoid %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @sigmoid_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation sigmoid %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation sigmoid %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @tanh(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.tanh
func.func @tanh(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation tanh %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation tanh %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @tanh_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation tanh %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation tanh %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @tanh_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation tanh %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation tanh %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @tanh_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation tanh %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation tanh %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @quick_gelu(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           arith.constant -1.702
// CHECK:           math.exp
// CHECK:           arith.divf
func.func @quick_gelu(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation quick_gelu %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation quick_gelu %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @quick_gelu_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation quick_gelu %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation quick_gelu %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @quick_gelu_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation quick_gelu %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation quick_gelu %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @quick_gelu_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation quick_gelu %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation quick_gelu %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @softplus(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.absf
// CHECK:           math.exp
// CHECK:           math.log1p
func.func @softplus(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation softplus %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation softplus %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @softplus_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation softplus %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation softplus %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @softplus_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation softplus %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation softplus %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @softplus_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation softplus %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation softplus %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @leaky_relu(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           arith.constant 2.500000e-01
// CHECK:           arith.select
func.func @leaky_relu(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation leaky_relu %x {alpha = 0.25} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation leaky_relu %large {alpha = 0.25} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @leaky_relu_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation leaky_relu %x {alpha = 0.25} : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation leaky_relu %large {alpha = 0.25} : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @leaky_relu_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation leaky_relu %x {alpha = 0.25} : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation leaky_relu %large {alpha = 0.25} : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @leaky_relu_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation leaky_relu %x {alpha = 0.25} : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation leaky_relu %large {alpha = 0.25} : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @elu(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.expm1
// CHECK:           arith.select
func.func @elu(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation elu %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation elu %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @elu_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation elu %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation elu %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @elu_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation elu %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation elu %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @elu_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation elu %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation elu %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @hardswish(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           arith.cmpf olt
// CHECK:           arith.cmpf ogt
func.func @hardswish(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation hardswish %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation hardswish %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @hardswish_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation hardswish %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation hardswish %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @hardswish_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation hardswish %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation hardswish %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @hardswish_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation hardswish %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation hardswish %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}

// CHECK-LABEL: func @mish(
// CHECK:         norm.generic {{.*}} iterators [parallel, parallel]
// CHECK:           math.absf
// CHECK:           math.exp
// CHECK:           arith.divf
func.func @mish(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  %c40 = arith.constant 40.0 : f32
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf32>) outs(%x : tensor<?x7xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %c40 : f32
    linalg.yield %0 : f32
  } -> tensor<?x7xf32>
  %y = norm.activation mish %x : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %z = norm.activation mish %large : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y, %z : tensor<?x7xf32>, tensor<?x7xf32>
}

func.func @mish_f64(%x: tensor<?x7xf64>) -> (tensor<?x7xf64>, tensor<?x7xf64>) {
  %c40 = arith.constant 40.0 : f64
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf64>) outs(%x : tensor<?x7xf64>) {
  ^bb0(%a: f64, %b: f64):
    %0 = arith.mulf %a, %c40 : f64
    linalg.yield %0 : f64
  } -> tensor<?x7xf64>
  %y = norm.activation mish %x : (tensor<?x7xf64>) -> tensor<?x7xf64>
  %z = norm.activation mish %large : (tensor<?x7xf64>) -> tensor<?x7xf64>
  return %y, %z : tensor<?x7xf64>, tensor<?x7xf64>
}
func.func @mish_f16(%x: tensor<?x7xf16>) -> (tensor<?x7xf16>, tensor<?x7xf16>) {
  %c40 = arith.constant 40.0 : f16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xf16>) outs(%x : tensor<?x7xf16>) {
  ^bb0(%a: f16, %b: f16):
    %0 = arith.mulf %a, %c40 : f16
    linalg.yield %0 : f16
  } -> tensor<?x7xf16>
  %y = norm.activation mish %x : (tensor<?x7xf16>) -> tensor<?x7xf16>
  %z = norm.activation mish %large : (tensor<?x7xf16>) -> tensor<?x7xf16>
  return %y, %z : tensor<?x7xf16>, tensor<?x7xf16>
}
func.func @mish_bf16(%x: tensor<?x7xbf16>) -> (tensor<?x7xbf16>, tensor<?x7xbf16>) {
  %c40 = arith.constant 40.0 : bf16
  %large = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x7xbf16>) outs(%x : tensor<?x7xbf16>) {
  ^bb0(%a: bf16, %b: bf16):
    %0 = arith.mulf %a, %c40 : bf16
    linalg.yield %0 : bf16
  } -> tensor<?x7xbf16>
  %y = norm.activation mish %x : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  %z = norm.activation mish %large : (tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %y, %z : tensor<?x7xbf16>, tensor<?x7xbf16>
}
