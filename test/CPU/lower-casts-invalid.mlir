// RUN: norm-opt %s --norm-lower-casts --split-input-file --verify-diagnostics

func.func @mode(%x: vector<8xf32>) -> vector<8xbf16> {
  // expected-error @+1 {{'arith.truncf' op to 'bf16' has no CPU lowering of rounding mode toward_zero}}
  %y = arith.truncf %x toward_zero : vector<8xf32> to vector<8xbf16>
  return %y : vector<8xbf16>
}

// -----

func.func @tensors(%x: tensor<4xbf16>) -> tensor<4xf32> {
  // expected-error @+1 {{'arith.extf' op of 'tensor<4xbf16>' has no CPU lowering}}
  %y = arith.extf %x : tensor<4xbf16> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @scalable(%x: vector<[8]xf32>) -> vector<[8]xbf16> {
  // expected-error @+1 {{'arith.truncf' op of 'vector<[8]xf32>' has no CPU lowering}}
  %y = arith.truncf %x : vector<[8]xf32> to vector<[8]xbf16>
  return %y : vector<[8]xbf16>
}

// -----

// Arithmetic on narrow floats needs casts.
func.func @arithmetic(%x: tensor<4xbf16>) -> tensor<4xbf16> {
  // expected-error @+1 {{'arith.extf' op of 'tensor<4xbf16>' has no CPU lowering}}
  %y = arith.addf %x, %x : tensor<4xbf16>
  return %y : tensor<4xbf16>
}
