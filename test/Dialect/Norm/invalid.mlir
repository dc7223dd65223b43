// RUN: norm-opt %s -split-input-file -verify-diagnostics

// A case and more for every numbered constraint in the descriptions of layer_norm, rms_norm
// and l2_norm.

// layer_norm C1
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op needs at least one axis of x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op axis 2 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [2] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op axis -3 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [-3] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C3
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op axis -1 is given twice for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1, -1] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] epsilon -1.0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] epsilon 0x7FF8000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op epsilon must be finite and not negative, got +Inf for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] epsilon 0x7FF0000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C5
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op result type 'tensor<4x8xf64>' differs from the type of x, 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] : (tensor<4x8xf32>) -> tensor<4x8xf64>
  return
}

// -----

// layer_norm C8
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'f16'}}
  %y = norm.layer_norm %x axes [1] {accumulate = f16} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C8
func.func @f(%x: tensor<4xf64>) {
  // expected-error @+1 {{'norm.layer_norm' op accumulate must be f32 or f64 and not narrower than 'f64', got 'f32'}}
  %y = norm.layer_norm %x axes [0] {accumulate = f32} : (tensor<4xf64>) -> tensor<4xf64>
  return
}

// -----

// layer_norm C8
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'i64'}}
  %y = norm.layer_norm %x axes [1] {accumulate = i64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C6
func.func @f(%x: tensor<4x8xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op scale has type 'tensor<4xf32>', expected the shape 'tensor<8xf32>' of axis 1 of x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C6
func.func @f(%x: tensor<4x6x8xf32>, %b: tensor<8x6xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op shift has type 'tensor<8x6xf32>', expected the shape 'tensor<6x8xf32>' of axes 1, 2 of x of type 'tensor<4x6x8xf32>'}}
  %y = norm.layer_norm %x shift %b axes [2, 1] : (tensor<4x6x8xf32>, tensor<8x6xf32>) -> tensor<4x6x8xf32>
  return
}

// -----

// layer_norm C7
func.func @f(%x: tensor<4x8xf32>, %g: tensor<8xbf16>) {
  // expected-error @+1 {{'norm.layer_norm' op scale has element type 'bf16', expected that of x, 'f32', or wider}}
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<4x8xf32>, tensor<8xbf16>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C7
func.func @f(%x: tensor<4x8xf16>, %b: tensor<8xbf16>) {
  // expected-error @+1 {{'norm.layer_norm' op shift has element type 'bf16', expected that of x, 'f16', or wider}}
  %y = norm.layer_norm %x shift %b axes [1] : (tensor<4x8xf16>, tensor<8xbf16>) -> tensor<4x8xf16>
  return
}

// -----

// layer_norm C9
func.func @f(%x: tensor<4x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op scale_offset must be finite, for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x scale %g axes [1] {scale_offset = 0x7FF8000000000000 : f64} : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C9
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] {scale_offset = 1.0} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C9
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<4x8xf32>'}}
  %y = norm.layer_norm %x axes [1] {cast_before_scale} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C11
func.func @f(%x: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op type 'tensor<4294967296x4294967296xf32>' has more elements than can be addressed}}
  %y = norm.layer_norm %x axes [1] : (tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32>
  return
}

// -----

// layer_norm: element type
func.func @f(%x: tensor<4x8xi32>) {
  // expected-error @+1 {{values, but got 'tensor<4x8xi32>'}}
  %y = norm.layer_norm %x axes [1] : (tensor<4x8xi32>) -> tensor<4x8xi32>
  return
}

// -----

// layer_norm: rank 0
func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{values, but got 'tensor<f32>'}}
  %y = norm.layer_norm %x axes [0] : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// rms_norm C1
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op needs at least one axis of x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op axis 2 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [2] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op axis -3 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [-3] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C3
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op axis -1 is given twice for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1, -1] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] epsilon -1.0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] epsilon 0x7FF8000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op epsilon must be finite and not negative, got +Inf for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] epsilon 0x7FF0000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C5
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op result type 'tensor<4x8xf64>' differs from the type of x, 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] : (tensor<4x8xf32>) -> tensor<4x8xf64>
  return
}

// -----

// rms_norm C8
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'f16'}}
  %y = norm.rms_norm %x axes [1] {accumulate = f16} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C8
func.func @f(%x: tensor<4xf64>) {
  // expected-error @+1 {{'norm.rms_norm' op accumulate must be f32 or f64 and not narrower than 'f64', got 'f32'}}
  %y = norm.rms_norm %x axes [0] {accumulate = f32} : (tensor<4xf64>) -> tensor<4xf64>
  return
}

// -----

// rms_norm C8
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'i64'}}
  %y = norm.rms_norm %x axes [1] {accumulate = i64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C6
func.func @f(%x: tensor<4x8xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op scale has type 'tensor<4xf32>', expected the shape 'tensor<8xf32>' of axis 1 of x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<4x8xf32>, tensor<4xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C6
func.func @f(%x: tensor<4x6x8xf32>, %b: tensor<8x6xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op shift has type 'tensor<8x6xf32>', expected the shape 'tensor<6x8xf32>' of axes 1, 2 of x of type 'tensor<4x6x8xf32>'}}
  %y = norm.rms_norm %x shift %b axes [2, 1] : (tensor<4x6x8xf32>, tensor<8x6xf32>) -> tensor<4x6x8xf32>
  return
}

// -----

// rms_norm C7
func.func @f(%x: tensor<4x8xf32>, %g: tensor<8xbf16>) {
  // expected-error @+1 {{'norm.rms_norm' op scale has element type 'bf16', expected that of x, 'f32', or wider}}
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<4x8xf32>, tensor<8xbf16>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C7
func.func @f(%x: tensor<4x8xf16>, %b: tensor<8xbf16>) {
  // expected-error @+1 {{'norm.rms_norm' op shift has element type 'bf16', expected that of x, 'f16', or wider}}
  %y = norm.rms_norm %x shift %b axes [1] : (tensor<4x8xf16>, tensor<8xbf16>) -> tensor<4x8xf16>
  return
}

// -----

// rms_norm C9
func.func @f(%x: tensor<4x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op scale_offset must be finite, for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x scale %g axes [1] {scale_offset = 0x7FF8000000000000 : f64} : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C9
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] {scale_offset = 1.0} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C9
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<4x8xf32>'}}
  %y = norm.rms_norm %x axes [1] {cast_before_scale} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C11
func.func @f(%x: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op type 'tensor<4294967296x4294967296xf32>' has more elements than can be addressed}}
  %y = norm.rms_norm %x axes [1] : (tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32>
  return
}

// -----

// rms_norm: element type
func.func @f(%x: tensor<4x8xi32>) {
  // expected-error @+1 {{values, but got 'tensor<4x8xi32>'}}
  %y = norm.rms_norm %x axes [1] : (tensor<4x8xi32>) -> tensor<4x8xi32>
  return
}

// -----

// rms_norm: rank 0
func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{values, but got 'tensor<f32>'}}
  %y = norm.rms_norm %x axes [0] : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// l2_norm C1
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op needs at least one axis of x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op axis 2 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [2] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op axis -3 is out of range for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [-3] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C3
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op axis -1 is given twice for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [1, -1] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [1] epsilon -1.0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [1] epsilon 0x7FF8000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C4
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op epsilon must be finite and not negative, got +Inf for x of type 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [1] epsilon 0x7FF0000000000000 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C5
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op result type 'tensor<4x8xf64>' differs from the type of x, 'tensor<4x8xf32>'}}
  %y = norm.l2_norm %x axes [1] : (tensor<4x8xf32>) -> tensor<4x8xf64>
  return
}

// -----

// l2_norm C6
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'f16'}}
  %y = norm.l2_norm %x axes [1] {accumulate = f16} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C6
func.func @f(%x: tensor<4xf64>) {
  // expected-error @+1 {{'norm.l2_norm' op accumulate must be f32 or f64 and not narrower than 'f64', got 'f32'}}
  %y = norm.l2_norm %x axes [0] {accumulate = f32} : (tensor<4xf64>) -> tensor<4xf64>
  return
}

// -----

// l2_norm C6
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'i64'}}
  %y = norm.l2_norm %x axes [1] {accumulate = i64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// l2_norm C7
func.func @f(%x: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{'norm.l2_norm' op type 'tensor<4294967296x4294967296xf32>' has more elements than can be addressed}}
  %y = norm.l2_norm %x axes [1] : (tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32>
  return
}

// -----

// l2_norm: element type
func.func @f(%x: tensor<4x8xi32>) {
  // expected-error @+1 {{values, but got 'tensor<4x8xi32>'}}
  %y = norm.l2_norm %x axes [1] : (tensor<4x8xi32>) -> tensor<4x8xi32>
  return
}

// -----

// l2_norm: rank 0
func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{values, but got 'tensor<f32>'}}
  %y = norm.l2_norm %x axes [0] : (tensor<f32>) -> tensor<f32>
  return
}

// -----

// layer_norm C10
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op has 2 results, expected 1 or 3}}
  %y:2 = norm.layer_norm %x axes [1] : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>)
  return
}

// -----

// layer_norm C10
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.layer_norm' op rstd has type 'tensor<8xf32>', expected 'tensor<4xf32>'}}
  %y:3 = norm.layer_norm %x axes [1] : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<8xf32>)
  return
}

// -----

// layer_norm C10
func.func @f(%x: tensor<4x8xf16>) {
  // expected-error @+1 {{'norm.layer_norm' op mean has type 'tensor<4xf16>', expected 'tensor<4xf32>'}}
  %y:3 = norm.layer_norm %x axes [1] : (tensor<4x8xf16>) -> (tensor<4x8xf16>, tensor<4xf16>, tensor<4xf32>)
  return
}

// -----

// rms_norm C10
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op has 3 results, expected 1 or 2}}
  %y:3 = norm.rms_norm %x axes [1] : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

// rms_norm C10
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.rms_norm' op rstd has type 'tensor<4x1xf32>', expected 'tensor<4xf32>'}}
  %y:2 = norm.rms_norm %x axes [1] : (tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x1xf32>)
  return
}
