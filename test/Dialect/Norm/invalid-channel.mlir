// RUN: norm-opt %s -split-input-file -verify-diagnostics

// A case and more for every numbered constraint in the descriptions of group_norm,
// instance_norm, batch_norm and batch_norm_training.

// group_norm C1
func.func @f(%x: tensor<6xf32>) {
  // expected-error @+1 {{'norm.group_norm' op needs an x of rank 2 or more, got 'tensor<6xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 0 : (tensor<6xf32>) -> tensor<6xf32>
  return
}

// -----

// group_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op channel_axis 3 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 3 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op channel_axis -4 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis -4 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op channel_axis 0 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 0 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op channel_axis -3 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis -3 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 epsilon -1.0 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 epsilon 0x7FF8000000000000 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C4
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op result type 'tensor<2x6x?xf32>' differs from the type of x, 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 : (tensor<2x6x4xf32>) -> tensor<2x6x?xf32>
  return
}

// -----

// group_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op scale has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x scale %g groups 3 channel_axis 1 : (tensor<2x6x4xf32>, tensor<4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6x1xf32>) {
  // expected-error @+1 {{'norm.group_norm' op shift has type 'tensor<6x1xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x shift %g groups 3 channel_axis 1 : (tensor<2x6x4xf32>, tensor<6x1xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C6
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf16>) {
  // expected-error @+1 {{'norm.group_norm' op scale has element type 'f16', expected that of x, 'f32', or wider}}
  %y = norm.group_norm %x scale %g groups 3 channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf16>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C7
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'bf16'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 {accumulate = bf16} : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C8
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf32>) {
  // expected-error @+1 {{'norm.group_norm' op scale_offset must be finite, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x scale %g groups 3 channel_axis 1 {scale_offset = 0x7FF0000000000000 : f64} : (tensor<2x6x4xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C8
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 {scale_offset = 1.0} : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C10
func.func @f(%x: tensor<4611686018427387904x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op type 'tensor<4611686018427387904x6x4xf32>' has more elements than can be addressed}}
  %y = norm.group_norm %x groups 3 channel_axis 1 : (tensor<4611686018427387904x6x4xf32>) -> tensor<4611686018427387904x6x4xf32>
  return
}

// -----

// group_norm: element type
func.func @f(%x: tensor<2x6xi8>) {
  // expected-error @+1 {{values, but got 'tensor<2x6xi8>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 : (tensor<2x6xi8>) -> tensor<2x6xi8>
  return
}

// -----

// group_norm C9
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op groups 4 must be positive and divide the 6 channels of axis 1 of 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 4 channel_axis 1 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C9
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op groups 0 must be positive and divide the 6 channels of axis 1 of 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups 0 channel_axis 1 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C9
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.group_norm' op groups -3 must be positive and divide the 6 channels of axis 1 of 'tensor<2x6x4xf32>'}}
  %y = norm.group_norm %x groups -3 channel_axis 1 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// group_norm C9
func.func @f(%x: tensor<2x?xf32>) {
  // expected-error @+1 {{'norm.group_norm' op needs a static number of channels, axis 1 of 'tensor<2x?xf32>'}}
  %y = norm.group_norm %x groups 3 channel_axis 1 : (tensor<2x?xf32>) -> tensor<2x?xf32>
  return
}

// -----

// instance_norm C1
func.func @f(%x: tensor<6xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op needs an x of rank 2 or more, got 'tensor<6xf32>'}}
  %y = norm.instance_norm %x channel_axis 0 : (tensor<6xf32>) -> tensor<6xf32>
  return
}

// -----

// instance_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op channel_axis 3 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 3 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op channel_axis -4 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis -4 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op channel_axis 0 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 0 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op channel_axis -3 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis -3 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 1 epsilon -1.0 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 1 epsilon 0x7FF8000000000000 : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C4
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op result type 'tensor<2x6x?xf32>' differs from the type of x, 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 1 : (tensor<2x6x4xf32>) -> tensor<2x6x?xf32>
  return
}

// -----

// instance_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op scale has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x scale %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6x1xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op shift has type 'tensor<6x1xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x shift %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<6x1xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C6
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf16>) {
  // expected-error @+1 {{'norm.instance_norm' op scale has element type 'f16', expected that of x, 'f32', or wider}}
  %y = norm.instance_norm %x scale %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf16>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C7
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'bf16'}}
  %y = norm.instance_norm %x channel_axis 1 {accumulate = bf16} : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C8
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op scale_offset must be finite, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x scale %g channel_axis 1 {scale_offset = 0x7FF0000000000000 : f64} : (tensor<2x6x4xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C8
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.instance_norm %x channel_axis 1 {scale_offset = 1.0} : (tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// instance_norm C9
func.func @f(%x: tensor<4611686018427387904x6x4xf32>) {
  // expected-error @+1 {{'norm.instance_norm' op type 'tensor<4611686018427387904x6x4xf32>' has more elements than can be addressed}}
  %y = norm.instance_norm %x channel_axis 1 : (tensor<4611686018427387904x6x4xf32>) -> tensor<4611686018427387904x6x4xf32>
  return
}

// -----

// instance_norm: element type
func.func @f(%x: tensor<2x6xi8>) {
  // expected-error @+1 {{values, but got 'tensor<2x6xi8>'}}
  %y = norm.instance_norm %x channel_axis 1 : (tensor<2x6xi8>) -> tensor<2x6xi8>
  return
}

// -----

// batch_norm C1
func.func @f(%x: tensor<6xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op needs an x of rank 2 or more, got 'tensor<6xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 0 : (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
  return
}

// -----

// batch_norm C2
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op channel_axis 3 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 3 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C2
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op channel_axis -4 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis -4 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C2
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op channel_axis 0 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 0 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C2
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op channel_axis -3 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis -3 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C3
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op epsilon must be finite and not negative, got -1 for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 epsilon -1.0 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C3
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op epsilon must be finite and not negative, got NaN for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 epsilon 0x7FF8000000000000 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C4
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op result type 'tensor<2x6x?xf32>' differs from the type of x, 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x?xf32>
  return
}

// -----

// batch_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op scale has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x scale %g mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6x1xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op shift has type 'tensor<6x1xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x shift %g mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<6x1xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C6
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf16>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op scale has element type 'f16', expected that of x, 'f32', or wider}}
  %y = norm.batch_norm %x scale %g mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf16>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<4xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op mean has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<4xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C5
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op variance has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<4xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C6
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xbf16>) {
  // expected-error @+1 {{'norm.batch_norm' op variance has element type 'bf16', expected that of x, 'f32', or wider}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xbf16>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C7
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op accumulate must be f32 or f64 and not narrower than 'f32', got 'bf16'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 {accumulate = bf16} : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C8
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op scale_offset must be finite, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x scale %g mean %m variance %v channel_axis 1 {scale_offset = 0x7FF0000000000000 : f64} : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C8
func.func @f(%x: tensor<2x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<2x6x4xf32>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 {scale_offset = 1.0} : (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6x4xf32>
  return
}

// -----

// batch_norm C9
func.func @f(%x: tensor<4611686018427387904x6x4xf32>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm' op type 'tensor<4611686018427387904x6x4xf32>' has more elements than can be addressed}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<4611686018427387904x6x4xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<4611686018427387904x6x4xf32>
  return
}

// -----

// batch_norm: element type
func.func @f(%x: tensor<2x6xi8>, %m: tensor<6xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{values, but got 'tensor<2x6xi8>'}}
  %y = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<2x6xi8>, tensor<6xf32>, tensor<6xf32>) -> tensor<2x6xi8>
  return
}

// -----

// batch_norm_training C1
func.func @f(%x: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op needs an x of rank 2 or more, got 'tensor<6xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 0 : (tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op channel_axis 3 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 3 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op channel_axis -4 is out of range for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis -4 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op channel_axis 0 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 0 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C2
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op channel_axis -3 is the batch dim of x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis -3 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op epsilon must be finite and not negative, got -1 for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 epsilon -1.0 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C3
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op epsilon must be finite and not negative, got NaN for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 epsilon 0x7FF8000000000000 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C4
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op result type 'tensor<2x6x?xf32>' differs from the type of x, 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 : (tensor<2x6x4xf32>) -> (tensor<2x6x?xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op scale has type 'tensor<4xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x scale %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C5
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6x1xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op shift has type 'tensor<6x1xf32>', expected the shape 'tensor<6xf32>' of axis 1 of x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x shift %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<6x1xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C6
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf16>) {
  // expected-error @+1 {{'norm.batch_norm_training' op scale has element type 'f16', expected that of x, 'f32', or wider}}
  %y:3 = norm.batch_norm_training %x scale %g channel_axis 1 : (tensor<2x6x4xf32>, tensor<6xf16>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C7
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op accumulate must be f32 or f64 and not narrower than 'f32', got 'bf16'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 {accumulate = bf16} : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C8
func.func @f(%x: tensor<2x6x4xf32>, %g: tensor<6xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op scale_offset must be finite, for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x scale %g channel_axis 1 {scale_offset = 0x7FF0000000000000 : f64} : (tensor<2x6x4xf32>, tensor<6xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C8
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op scale_offset and cast_before_scale need a scale, for x of type 'tensor<2x6x4xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 {scale_offset = 1.0} : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C10
func.func @f(%x: tensor<4611686018427387904x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op type 'tensor<4611686018427387904x6x4xf32>' has more elements than can be addressed}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 : (tensor<4611686018427387904x6x4xf32>) -> (tensor<4611686018427387904x6x4xf32>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training: element type
func.func @f(%x: tensor<2x6xi8>) {
  // expected-error @+1 {{values, but got 'tensor<2x6xi8>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 : (tensor<2x6xi8>) -> (tensor<2x6xi8>, tensor<6xf32>, tensor<6xf32>)
  return
}

// -----

// batch_norm_training C9
func.func @f(%x: tensor<2x6x4xf32>) {
  // expected-error @+1 {{'norm.batch_norm_training' op mean has type 'tensor<4xf32>', expected 'tensor<6xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 : (tensor<2x6x4xf32>) -> (tensor<2x6x4xf32>, tensor<4xf32>, tensor<4xf32>)
  return
}

// -----

// batch_norm_training C9
func.func @f(%x: tensor<2x6xf16>) {
  // expected-error @+1 {{'norm.batch_norm_training' op variance has type 'tensor<6xf16>', expected 'tensor<6xf32>'}}
  %y:3 = norm.batch_norm_training %x channel_axis 1 : (tensor<2x6xf16>) -> (tensor<2x6xf16>, tensor<6xf32>, tensor<6xf16>)
  return
}
