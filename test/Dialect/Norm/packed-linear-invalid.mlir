// RUN: norm-opt %s --split-input-file --verify-diagnostics

// pack_weight (C1)
func.func @weight_rank(%w: tensor<50xf32>, %e: tensor<2x31x48xf32>) {
  // expected-error@+1 {{weight must have rank 2, got 'tensor<50xf32>'}}
  %p = norm.pack_weight ins(%w : tensor<50xf32>) outs(%e : tensor<2x31x48xf32>) -> tensor<2x31x48xf32>
  return
}

// -----

func.func @packed_rank(%w: tensor<50x31xf32>, %e: tensor<2x31xf32>) {
  // expected-error@+1 {{packed weight must have rank 3 or 4, got 'tensor<2x31xf32>'}}
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31xf32>) -> tensor<2x31xf32>
  return
}

// -----

func.func @dynamic_width(%w: tensor<50x31xf32>, %e: tensor<2x31x?xf32>) {
  // expected-error@+1 {{packed weight needs a static panel width, got 'tensor<2x31x?xf32>'}}
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31x?xf32>) -> tensor<2x31x?xf32>
  return
}

// -----

func.func @empty_panel(%w: tensor<50x31xf32>, %e: tensor<2x31x0xf32>) {
  // expected-error@+1 {{packed weight needs a static panel width, got 'tensor<2x31x0xf32>'}}
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31x0xf32>) -> tensor<2x31x0xf32>
  return
}

// -----

func.func @triples(%w: tensor<50x31xbf16>, %e: tensor<2x11x48x3xbf16>) {
  // expected-error@+1 {{packed weight of rank 4 holds pairs, got 'tensor<2x11x48x3xbf16>'}}
  %p = norm.pack_weight ins(%w : tensor<50x31xbf16>) outs(%e : tensor<2x11x48x3xbf16>) -> tensor<2x11x48x3xbf16>
  return
}

// -----

// pack_weight (C2)
func.func @panels(%w: tensor<50x31xf32>, %e: tensor<3x31x48xf32>) {
  // expected-error@+1 {{packed weight 'tensor<3x31x48xf32>' does not hold the panels of 50 output and 31 input features}}
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<3x31x48xf32>) -> tensor<3x31x48xf32>
  return
}

// -----

func.func @layout(%w: tensor<31x50xf32>, %e: tensor<2x31x48xf32>) {
  // expected-error@+1 {{does not hold the panels of 31 output and 50 input features}}
  %p = norm.pack_weight ins(%w : tensor<31x50xf32>) outs(%e : tensor<2x31x48xf32>) -> tensor<2x31x48xf32>
  return
}

// -----

// pack_weight (C3)
func.func @element(%w: tensor<50x31xf32>, %e: tensor<2x31x48xbf16>) {
  // expected-error@+1 {{output has element type 'bf16', expected that of the weight, 'f32'}}
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31x48xbf16>) -> tensor<2x31x48xbf16>
  return
}

// -----

// pack_weight (C4)
func.func @mixed(%w: tensor<50x31xf32>, %e: memref<2x31x48xf32>) {
  // expected-error@+1 {{mixes tensors and memrefs}}
  norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : memref<2x31x48xf32>)
  return
}

// -----

func.func @no_result(%w: tensor<50x31xf32>, %e: tensor<2x31x48xf32>) {
  // expected-error@+1 {{needs a result of the output's type if that is a tensor, else none}}
  norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31x48xf32>)
  return
}

// -----

// packed_linear (C1)
func.func @rank(%x: tensor<4x7x31xf32>, %w: tensor<2x31x48xf32>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{x and output must have rank 2, got 'tensor<4x7x31xf32>' and 'tensor<4x50xf32>'}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x7x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

func.func @rows(%x: tensor<5x31xf32>, %w: tensor<2x31x48xf32>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{x of type 'tensor<5x31xf32>' and output of type 'tensor<4x50xf32>' differ in the number of rows}}
  %y = norm.packed_linear ins(%x, %w : tensor<5x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

// packed_linear (C2)
func.func @weight(%x: tensor<4x31xf32>, %w: tensor<50x31xf32>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{packed weight must have rank 3 or 4}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xf32>, tensor<50x31xf32>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

// packed_linear (C3)
func.func @in(%x: tensor<4x31xbf16>, %w: tensor<2x15x48x2xbf16>, %e: tensor<4x50xbf16>) {
  // expected-error@+1 {{does not hold the panels of 50 output and 31 input features}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xbf16>, tensor<2x15x48x2xbf16>) outs(%e : tensor<4x50xbf16>) -> tensor<4x50xbf16>
  return
}

// -----

// packed_linear (C3): neither ceil(K/2) pairs nor whole tiles.
func.func @tiles(%x: tensor<4x65xbf16>, %w: tensor<2x40x32x2xbf16>, %e: tensor<4x50xbf16>) {
  // expected-error@+1 {{does not hold the panels of 50 output and 65 input features}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x65xbf16>, tensor<2x40x32x2xbf16>) outs(%e : tensor<4x50xbf16>) -> tensor<4x50xbf16>
  return
}

// -----

// packed_linear (C4)
func.func @out(%x: tensor<4x31xf32>, %w: tensor<2x31x48xf32>, %e: tensor<4x97xf32>) {
  // expected-error@+1 {{does not hold the panels of 97 output and 31 input features}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<4x97xf32>) -> tensor<4x97xf32>
  return
}

// -----

// packed_linear (C5)
func.func @bias(%x: tensor<4x31xf32>, %w: tensor<2x31x48xf32>, %b: tensor<96xf32>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{bias has type 'tensor<96xf32>', expected the size of the output's last dim}}
  %y = norm.packed_linear ins(%x, %w, %b : tensor<4x31xf32>, tensor<2x31x48xf32>, tensor<96xf32>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

// packed_linear (C6)
func.func @types(%x: tensor<4x31xf32>, %w: tensor<2x31x48xbf16>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{x and weight need one element type, f32, f64, f16 or bf16, got 'f32' and 'bf16'}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xf32>, tensor<2x31x48xbf16>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

func.func @narrow_output(%x: tensor<4x31xf32>, %w: tensor<2x31x48xf32>, %e: tensor<4x50xbf16>) {
  // expected-error@+1 {{output has element type 'bf16', expected that of x, 'f32', or wider}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xf32>, tensor<2x31x48xf32>) outs(%e : tensor<4x50xbf16>) -> tensor<4x50xbf16>
  return
}

// -----

func.func @narrow_bias(%x: tensor<4x31xf32>, %w: tensor<2x31x48xf32>, %b: tensor<50xf16>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{bias has element type 'f16', expected that of x, 'f32', or wider}}
  %y = norm.packed_linear ins(%x, %w, %b : tensor<4x31xf32>, tensor<2x31x48xf32>, tensor<50xf16>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}

// -----

// packed_linear (C7)
func.func @mixed_linear(%x: tensor<4x31xf32>, %w: memref<2x31x48xf32>, %e: tensor<4x50xf32>) {
  // expected-error@+1 {{mixes tensors and memrefs}}
  %y = norm.packed_linear ins(%x, %w : tensor<4x31xf32>, memref<2x31x48xf32>) outs(%e : tensor<4x50xf32>) -> tensor<4x50xf32>
  return
}
