// RUN: norm-opt %s --split-input-file --norm-check-lowerable --verify-diagnostics
// RUN: not norm-opt %s --split-input-file --norm-check-lowerable=gpu=true 2>&1 | FileCheck %s

// CHECK: 'tensor.extract' op on tensors is not supported: nothing lowers it for a GPU

// What moves tensors, and scalars.
func.func @moved(%x: tensor<?x8xf32>, %i: index) -> (tensor<?x4x2xf32>, f32) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x8xf32>
  %s = tensor.extract_slice %x[0, 0] [%d, 8] [1, 1] : tensor<?x8xf32> to tensor<?x8xf32>
  %y = tensor.expand_shape %s [[0], [1, 2]] output_shape [%d, 4, 2] : tensor<?x8xf32> into tensor<?x4x2xf32>
  %e = tensor.extract %x[%i, %c0] : tensor<?x8xf32>
  %r = math.exp %e : f32
  return %y, %r : tensor<?x4x2xf32>, f32
}

// -----

func.func @reduce(%x: tensor<4x8xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'linalg.reduce' op on tensors is not supported: nothing lowers it for a CPU}}
  %y = linalg.reduce { arith.addf } ins(%x : tensor<4x8xf32>) outs(%z : tensor<4xf32>) dimensions = [1]
  return %y : tensor<4xf32>
}

// -----

func.func @named(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'norm.rms_norm' op on tensors is not supported}}
  %y = norm.rms_norm %x axes [1] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
