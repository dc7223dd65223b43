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
