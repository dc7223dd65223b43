// RUN: norm-opt %s -split-input-file -verify-diagnostics

// A case and more for every numbered constraint in the descriptions of linear and
// activation.

// linear C1
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8xf32>) {
  // expected-error @+1 {{'norm.linear' op weight must have rank 2, got 'tensor<8xf32>'}}
  %y = norm.linear %x weight %w : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x5xf32>
  return
}

// -----

// linear C2
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x5xf32>) {
  // expected-error @+1 {{'norm.linear' op axis 1 of x of type 'tensor<4x8xf32>' does not match the input dim of weight 'tensor<8x5xf32>' (layout out_in)}}
  %y = norm.linear %x weight %w : (tensor<4x8xf32>, tensor<8x5xf32>) -> tensor<4x8xf32>
  return
}

// -----

// linear C2
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf32>) {
  // expected-error @+1 {{'norm.linear' op axis 1 of x of type 'tensor<4x8xf32>' does not match the input dim of weight 'tensor<5x8xf32>' (layout in_out)}}
  %y = norm.linear %x weight %w layout in_out : (tensor<4x8xf32>, tensor<5x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// linear C3
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{'norm.linear' op bias has type 'tensor<8xf32>', expected the shape 'tensor<5xf32>' of the output dim of the weight}}
  %y = norm.linear %x weight %w bias %b : (tensor<4x8xf32>, tensor<5x8xf32>, tensor<8xf32>) -> tensor<4x5xf32>
  return
}

// -----

// linear C4
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf32>) {
  // expected-error @+1 {{'norm.linear' op result has type 'tensor<4x8xf32>', expected the shape 'tensor<4x5xf32>'}}
  %y = norm.linear %x weight %w : (tensor<4x8xf32>, tensor<5x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// linear C5
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf64>) {
  // expected-error @+1 {{'norm.linear' op weight has element type 'f64', expected that of x, 'f32'}}
  %y = norm.linear %x weight %w : (tensor<4x8xf32>, tensor<5x8xf64>) -> tensor<4x5xf32>
  return
}

// -----

// linear C5
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf32>, %b: tensor<5xf16>) {
  // expected-error @+1 {{'norm.linear' op bias has element type 'f16', expected that of x, 'f32', or wider}}
  %y = norm.linear %x weight %w bias %b : (tensor<4x8xf32>, tensor<5x8xf32>, tensor<5xf16>) -> tensor<4x5xf32>
  return
}

// -----

// linear C6
func.func @f(%x: tensor<4x8xf32>, %w: tensor<5x8xf32>) {
  // expected-error @+1 {{'norm.linear' op result has element type 'bf16', expected that of x, 'f32', or wider}}
  %y = norm.linear %x weight %w : (tensor<4x8xf32>, tensor<5x8xf32>) -> tensor<4x5xbf16>
  return
}

// -----

// linear C7
func.func @f(%x: tensor<4294967296x1xf32>, %w: tensor<4294967296x1xf32>) {
  // expected-error @+1 {{'norm.linear' op type 'tensor<4294967296x4294967296xf32>' has more elements than can be addressed}}
  %y = norm.linear %x weight %w : (tensor<4294967296x1xf32>, tensor<4294967296x1xf32>) -> tensor<4294967296x4294967296xf32>
  return
}

// -----

// activation C1
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.activation' op result type 'tensor<4x8xf16>' differs from the type of x, 'tensor<4x8xf32>'}}
  %y = norm.activation relu %x : (tensor<4x8xf32>) -> tensor<4x8xf16>
  return
}

// -----

// activation C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.activation' op alpha has no meaning for relu}}
  %y = norm.activation relu %x {alpha = 0.1} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// activation C2
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.activation' op alpha must be finite}}
  %y = norm.activation elu %x {alpha = 0x7FF8000000000000 : f64} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// activation C3
func.func @f(%x: tensor<4611686018427387904x6x4xf32>) {
  // expected-error @+1 {{'norm.activation' op type 'tensor<4611686018427387904x6x4xf32>' has more elements than can be addressed}}
  %y = norm.activation relu %x : (tensor<4611686018427387904x6x4xf32>) -> tensor<4611686018427387904x6x4xf32>
  return
}

// -----

// activation: kind
func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expected string or keyword containing one of the following enum values for attribute 'kind' [relu,}}
  %y = norm.activation swish %x : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}
