// Every named op, by others' passes.
func.func @layer_norm(%x: tensor<?x24xf32>, %g: tensor<24xf32>, %b: tensor<24xf32>) -> (tensor<?x24xf32>, tensor<?xf32>, tensor<?xf32>) {
  %y:3 = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x24xf32>, tensor<24xf32>, tensor<24xf32>) -> (tensor<?x24xf32>, tensor<?xf32>, tensor<?xf32>)
  return %y#0, %y#1, %y#2 : tensor<?x24xf32>, tensor<?xf32>, tensor<?xf32>
}
func.func @layer_norm_bf16(%x: tensor<4x24xbf16>, %g: tensor<24xf32>) -> tensor<4x24xbf16> {
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<4x24xbf16>, tensor<24xf32>) -> tensor<4x24xbf16>
  return %y : tensor<4x24xbf16>
}
func.func @rms_norm(%x: tensor<3x?x16xf32>, %g: tensor<16xf32>) -> tensor<3x?x16xf32> {
  %y = norm.rms_norm %x scale %g axes [-1] : (tensor<3x?x16xf32>, tensor<16xf32>) -> tensor<3x?x16xf32>
  return %y : tensor<3x?x16xf32>
}
func.func @group_norm(%x: tensor<2x8x3x5xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<2x8x3x5xf32> {
  %y = norm.group_norm %x scale %g shift %b groups 4 channel_axis 1 : (tensor<2x8x3x5xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8x3x5xf32>
  return %y : tensor<2x8x3x5xf32>
}
func.func @instance_norm(%x: tensor<2x5x4xf64>) -> tensor<2x5x4xf64> {
  %y = norm.instance_norm %x channel_axis 2 : (tensor<2x5x4xf64>) -> tensor<2x5x4xf64>
  return %y : tensor<2x5x4xf64>
}
func.func @batch_norm_training(%x: tensor<?x4x5xf32>, %g: tensor<4xf32>) -> (tensor<?x4x5xf32>, tensor<4xf32>, tensor<4xf32>) {
  %y:3 = norm.batch_norm_training %x scale %g channel_axis 1 : (tensor<?x4x5xf32>, tensor<4xf32>) -> (tensor<?x4x5xf32>, tensor<4xf32>, tensor<4xf32>)
  return %y#0, %y#1, %y#2 : tensor<?x4x5xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func @l2_norm(%x: tensor<5x12xf32>) -> tensor<5x12xf32> {
  %y = norm.l2_norm %x axes [0, 1] : (tensor<5x12xf32>) -> tensor<5x12xf32>
  return %y : tensor<5x12xf32>
}
func.func @linear(%x: tensor<2x?x8xf32>, %w: tensor<5x8xf32>, %b: tensor<5xf32>) -> tensor<2x?x5xf32> {
  %y = norm.linear %x weight %w bias %b : (tensor<2x?x8xf32>, tensor<5x8xf32>, tensor<5xf32>) -> tensor<2x?x5xf32>
  return %y : tensor<2x?x5xf32>
}
func.func @linear_bf16(%x: tensor<4x8xbf16>, %w: tensor<8x5xbf16>) -> tensor<4x5xbf16> {
  %y = norm.linear %x weight %w layout in_out : (tensor<4x8xbf16>, tensor<8x5xbf16>) -> tensor<4x5xbf16>
  return %y : tensor<4x5xbf16>
}

// A block of a model: residual, norm, layer, activation, layer.
func.func @block(%x: tensor<?x16xf32>, %r: tensor<?x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>,
                 %w: tensor<32x16xf32>, %c: tensor<32xf32>, %v: tensor<16x32xf32>) -> tensor<?x16xf32> {
  %s = arith.addf %x, %r : tensor<?x16xf32>
  %n = norm.layer_norm %s scale %g shift %b axes [1] : (tensor<?x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  %h = norm.linear %n weight %w bias %c : (tensor<?x16xf32>, tensor<32x16xf32>, tensor<32xf32>) -> tensor<?x32xf32>
  %a = norm.activation gelu_erf %h : (tensor<?x32xf32>) -> tensor<?x32xf32>
  %o = norm.linear %a weight %v : (tensor<?x32xf32>, tensor<16x32xf32>) -> tensor<?x16xf32>
  %y = arith.addf %o, %s : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// Ours between ops of upstream.
func.func @mixed(%x: tensor<6x16xf32>, %m: tensor<16x16xf32>, %g: tensor<16xf32>) -> tensor<6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x16xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<6x16xf32>) -> tensor<6x16xf32>
  %p = linalg.matmul ins(%x, %m : tensor<6x16xf32>, tensor<16x16xf32>) outs(%f : tensor<6x16xf32>) -> tensor<6x16xf32>
  %n = norm.rms_norm %p scale %g axes [1] : (tensor<6x16xf32>, tensor<16xf32>) -> tensor<6x16xf32>
  %s = tensor.extract_slice %n[0, 0] [6, 8] [1, 1] : tensor<6x16xf32> to tensor<6x8xf32>
  %t = math.absf %s : tensor<6x8xf32>
  %y = tensor.insert_slice %t into %n[0, 8] [6, 8] [1, 1] : tensor<6x8xf32> into tensor<6x16xf32>
  return %y : tensor<6x16xf32>
}

// Ours in a loop of upstream.
func.func @looped(%x: tensor<6x16xf32>, %g: tensor<16xf32>) -> tensor<6x16xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c6 = arith.constant 6 : index
  %y = scf.for %i = %c0 to %c6 step %c2 iter_args(%a = %x) -> tensor<6x16xf32> {
    %s = tensor.extract_slice %a[%i, 0] [2, 16] [1, 1] : tensor<6x16xf32> to tensor<2x16xf32>
    %n = norm.layer_norm %s scale %g axes [1] : (tensor<2x16xf32>, tensor<16xf32>) -> tensor<2x16xf32>
    %b = tensor.insert_slice %n into %a[%i, 0] [2, 16] [1, 1] : tensor<2x16xf32> into tensor<6x16xf32>
    scf.yield %b : tensor<6x16xf32>
  }
  return %y : tensor<6x16xf32>
}
