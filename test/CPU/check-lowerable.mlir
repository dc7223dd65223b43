// RUN: norm-opt %s --split-input-file --norm-check-lowerable --verify-diagnostics
// RUN: not norm-opt %s --split-input-file --norm-check-lowerable=gpu=true 2>&1 | FileCheck %s

// CHECK: 'tensor.extract' op on tensors is not supported: nothing lowers it for a GPU
// CHECK: 'linalg.matmul' op is not available for GPUs: linear layers have kernels for CPUs only
// CHECK: 'cf.assert' op is not supported: nothing lowers it for a GPU

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

// Loops of upstream's.
func.func @loops(%x: tensor<4x8xi32>, %w: tensor<8x3xi32>, %z: tensor<4x3xi32>) -> tensor<4x3xi32> {
  %y = linalg.matmul ins(%x, %w : tensor<4x8xi32>, tensor<8x3xi32>) outs(%z : tensor<4x3xi32>) -> tensor<4x3xi32>
  return %y : tensor<4x3xi32>
}

// -----

func.func @pack(%x: tensor<4x8xf32>, %z: tensor<2x8x2xf32>) -> tensor<2x8x2xf32> {
  // expected-error @+1 {{'linalg.pack' op on tensors is not supported: nothing lowers it for a CPU}}
  %y = linalg.pack %x inner_dims_pos = [0] inner_tiles = [2] into %z : tensor<4x8xf32> -> tensor<2x8x2xf32>
  return %y : tensor<2x8x2xf32>
}

// -----

func.func @named(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'norm.rms_norm' op on tensors is not supported}}
  %y = norm.rms_norm %x axes [1] : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @divided(%x: tensor<4xi32>, %z: tensor<4xi32>) -> (tensor<4xi32>, tensor<4xi32>) {
  %c3 = arith.constant 3 : i32
  %a = linalg.map ins(%x : tensor<4xi32>) outs(%z : tensor<4xi32>) (%in: i32, %out: i32) {
    %q = arith.divsi %in, %c3 : i32
    linalg.yield %q : i32
  }
  %b = linalg.map ins(%x, %z : tensor<4xi32>, tensor<4xi32>) outs(%z : tensor<4xi32>) (%in: i32, %by: i32, %out: i32) {
    // expected-error @+1 {{'arith.divsi' op in the body of an op on tensors may divide by zero, which would end the program}}
    %q = arith.divsi %in, %by : i32
    linalg.yield %q : i32
  }
  return %a, %b : tensor<4xi32>, tensor<4xi32>
}

// -----

func.func @divided_in_branch(%x: tensor<4xi32>, %z: tensor<4xi32>) -> tensor<4xi32> {
  %c = linalg.map ins(%x : tensor<4xi32>) outs(%z : tensor<4xi32>) (%in: i32, %out: i32) {
    %c0 = arith.constant 0 : i32
    %not = arith.cmpi ne, %in, %c0 : i32
    %s = scf.if %not -> i32 {
      // expected-error @+1 {{'arith.remsi' op in the body of an op on tensors may divide by zero}}
      %r = arith.remsi %in, %in : i32
      scf.yield %r : i32
    } else {
      scf.yield %in : i32
    }
    linalg.yield %s : i32
  }
  return %c : tensor<4xi32>
}

// -----

func.func @asserted(%x: tensor<4x8xf32>, %ok: i1) -> tensor<4x8xf32> {
  cf.assert %ok, "a wish"
  return %x : tensor<4x8xf32>
}
