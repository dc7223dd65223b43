// RUN: norm-opt %s --norm-lower-math --split-input-file --verify-diagnostics

// expected-error @+1 {{'tanh' would be called in place of the C library's function of that name}}
func.func @tanh(%x: vector<4xf64>) -> vector<4xf64> {
  %y = math.tanh %x : vector<4xf64>
  return %y : vector<4xf64>
}

// -----

// expected-error @+1 {{'sinf' would be called in place of the C library's function of that name}}
func.func private @sinf(f64) -> f64
func.func @f(%x: f32) -> f32 {
  %y = math.sin %x : f32
  return %y : f32
}

// -----

// A declaration of the library's function is no clash.
func.func private @pow(f64, f64) -> f64
func.func @f(%x: f64, %y: f64) -> f64 {
  %z = math.powf %x, %y : f64
  return %z : f64
}

// -----

func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'math.exp' op of 'tensor<4xf32>' has no CPU lowering}}
  %y = math.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @f(%x: vector<[4]xf64>) -> vector<[4]xf64> {
  // expected-error @+1 {{'math.tanh' op of 'vector<[4]xf64>' has no CPU lowering}}
  %y = math.tanh %x : vector<[4]xf64>
  return %y : vector<[4]xf64>
}

// -----

func.func @f(%x: i32, %n: i32) -> i32 {
  // expected-error @+1 {{'math.ipowi' op of 'i32' has no CPU lowering}}
  %y = math.ipowi %x, %n : i32
  return %y : i32
}

// -----

func.func @f(%x: f128) -> f128 {
  // expected-error @+1 {{'math.floor' op of 'f128' has no CPU lowering}}
  %y = math.floor %x : f128
  return %y : f128
}
