// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// Linear layers: contractions with an argument or a constant, the bias added or
// what the sum starts with.

#m3 = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#last = affine_map<(d0, d1, d2) -> (d2)>

// ONNX: rows flattened, the weight in x out, the bias behind the reshape.
// CHECK-LABEL: func @flattened
// CHECK-NEXT: %[[Y:.*]] = norm.linear %arg0 weight %arg1 bias %arg2 layout in_out : (tensor<2x3x8xf32>, tensor<8x16xf32>, tensor<16xf32>) -> tensor<2x3x16xf32>
// CHECK-NEXT: return %[[Y]]
func.func @flattened(%x: tensor<2x3x8xf32>, %w: tensor<8x16xf32>, %b: tensor<16xf32>) -> tensor<2x3x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x16xf32>
  %e3 = tensor.empty() : tensor<2x3x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<6x16xf32>) -> tensor<6x16xf32>
  %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<2x3x8xf32> into tensor<6x8xf32>
  %m = linalg.matmul ins(%flat, %w : tensor<6x8xf32>, tensor<8x16xf32>) outs(%init : tensor<6x16xf32>) -> tensor<6x16xf32>
  %rows = tensor.expand_shape %m [[0, 1], [2]] output_shape [2, 3, 16] : tensor<6x16xf32> into tensor<2x3x16xf32>
  %y = linalg.generic {indexing_maps = [#last, #m3, #m3], iterator_types = ["parallel", "parallel", "parallel"]} ins(%b, %rows : tensor<16xf32>, tensor<2x3x16xf32>) outs(%e3 : tensor<2x3x16xf32>) {
  ^bb0(%be: f32, %in: f32, %out: f32):
    %0 = arith.addf %be, %in : f32
    linalg.yield %0 : f32
  } -> tensor<2x3x16xf32>
  return %y : tensor<2x3x16xf32>
}

// A batch matmul with a weight that is transposed and broadcast; a bias that
// the sum starts with.
// CHECK-LABEL: func @batched
// CHECK: %[[Y:.*]] = norm.linear %arg0 weight %arg1 bias %arg2 : (tensor<?x3x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<?x3x16xf32>
// CHECK-NEXT: return %[[Y]]
func.func @batched(%x: tensor<?x3x8xf32>, %w: tensor<16x8xf32>, %b: tensor<16xf32>) -> tensor<?x3x16xf32> {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x3x8xf32>
  %et = tensor.empty() : tensor<8x16xf32>
  %ew = tensor.empty(%batch) : tensor<?x8x16xf32>
  %e = tensor.empty(%batch) : tensor<?x3x16xf32>
  %t = linalg.transpose ins(%w : tensor<16x8xf32>) outs(%et : tensor<8x16xf32>) permutation = [1, 0]
  %ws = linalg.broadcast ins(%t : tensor<8x16xf32>) outs(%ew : tensor<?x8x16xf32>) dimensions = [0]
  %init = linalg.broadcast ins(%b : tensor<16xf32>) outs(%e : tensor<?x3x16xf32>) dimensions = [0, 1]
  %y = linalg.batch_matmul ins(%x, %ws : tensor<?x3x8xf32>, tensor<?x8x16xf32>) outs(%init : tensor<?x3x16xf32>) -> tensor<?x3x16xf32>
  return %y : tensor<?x3x16xf32>
}

// Indexing maps that transpose, 16-bit elements accumulated in f32, the bias
// added after the rounding; the input is an earlier product, the weight a
// constant.
// CHECK-LABEL: func @half
// CHECK: %[[W:.*]] = arith.constant dense<
// CHECK: %[[P:.*]] = arith.mulf %arg0, %arg1
// CHECK: norm.linear %[[P]] weight %[[W]] bias %arg2 : (tensor<4x2xf16>, tensor<3x2xf16>, tensor<3xf16>) -> tensor<4x3xf16>
func.func @half(%x: tensor<4x2xf16>, %z: tensor<4x2xf16>, %b: tensor<3xf16>) -> tensor<4x3xf16> {
  %w = arith.constant dense<[[1.0, 2.0], [-1.0, 0.5], [3.0, 4.0]]> : tensor<3x2xf16>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x3xf32>
  %eh = tensor.empty() : tensor<4x3xf16>
  %p = arith.mulf %x, %z : tensor<4x2xf16>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4x3xf32>) -> tensor<4x3xf32>
  %m = linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>] ins(%p, %w : tensor<4x2xf16>, tensor<3x2xf16>) outs(%init : tensor<4x3xf32>) -> tensor<4x3xf32>
  %r = arith.truncf %m : tensor<4x3xf32> to tensor<4x3xf16>
  %bs = linalg.broadcast ins(%b : tensor<3xf16>) outs(%eh : tensor<4x3xf16>) dimensions = [0]
  %y = arith.addf %r, %bs : tensor<4x3xf16>
  return %y : tensor<4x3xf16>
}

// The heads of an attention, joined by a reshape in front of the layer.
// CHECK-LABEL: func @joined_heads
// CHECK: %[[X:.*]] = tensor.collapse_shape
// CHECK: norm.linear %[[X]] weight %arg1 layout in_out : (tensor<6x8xf32>, tensor<8x5xf32>) -> tensor<6x5xf32>
func.func @joined_heads(%x: tensor<2x4x3x2xf32>, %w: tensor<8x5xf32>) -> tensor<6x5xf32> {
  %zero = arith.constant 0.0 : f32
  %et = tensor.empty() : tensor<2x3x4x2xf32>
  %e = tensor.empty() : tensor<6x5xf32>
  %t = linalg.transpose ins(%x : tensor<2x4x3x2xf32>) outs(%et : tensor<2x3x4x2xf32>) permutation = [0, 2, 1, 3]
  %flat = tensor.collapse_shape %t [[0, 1], [2, 3]] : tensor<2x3x4x2xf32> into tensor<6x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<6x5xf32>) -> tensor<6x5xf32>
  %y = linalg.matmul ins(%flat, %w : tensor<6x8xf32>, tensor<8x5xf32>) outs(%init : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}

// A residual is no bias: it is added behind the layer.
// CHECK-LABEL: func @residual
// CHECK: %[[Y:.*]] = norm.linear %arg0 weight %arg1
// CHECK-NOT: bias
// CHECK: arith.addf %arg2, %[[Y]]
func.func @residual(%x: tensor<4x8xf32>, %w: tensor<16x8xf32>, %r: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %et = tensor.empty() : tensor<8x16xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %t = linalg.transpose ins(%w : tensor<16x8xf32>) outs(%et : tensor<8x16xf32>) permutation = [1, 0]
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %m = linalg.matmul ins(%x, %t : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  %y = arith.addf %r, %m : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Two tensors of the graph: an attention, not a layer.
// CHECK-LABEL: func @not_a_weight
// CHECK-NOT: norm.linear
// CHECK: return
func.func @not_a_weight(%x: tensor<4x8xf32>, %y: tensor<8x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x16xf32>
  %p = arith.mulf %x, %x : tensor<4x8xf32>
  %q = math.exp %y : tensor<8x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16xf32>) -> tensor<4x16xf32>
  %m = linalg.matmul ins(%p, %q : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %m : tensor<4x16xf32>
}

// A weight for each batch.
// CHECK-LABEL: func @not_one_weight
// CHECK-NOT: norm.linear
// CHECK: return
func.func @not_one_weight(%x: tensor<2x4x8xf32>, %w: tensor<2x8x16xf32>) -> tensor<2x4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x16xf32>) -> tensor<2x4x16xf32>
  %m = linalg.batch_matmul ins(%x, %w : tensor<2x4x8xf32>, tensor<2x8x16xf32>) outs(%init : tensor<2x4x16xf32>) -> tensor<2x4x16xf32>
  return %m : tensor<2x4x16xf32>
}

// Accumulated in f16.
// CHECK-LABEL: func @not_in_f16
// CHECK-NOT: norm.linear
// CHECK: return
func.func @not_in_f16(%x: tensor<4x8xf16>, %w: tensor<8x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant 0.0 : f16
  %e = tensor.empty() : tensor<4x16xf16>
  %init = linalg.fill ins(%zero : f16) outs(%e : tensor<4x16xf16>) -> tensor<4x16xf16>
  %m = linalg.matmul ins(%x, %w : tensor<4x8xf16>, tensor<8x16xf16>) outs(%init : tensor<4x16xf16>) -> tensor<4x16xf16>
  return %m : tensor<4x16xf16>
}

// The rows of the result are transposed.
// CHECK-LABEL: func @not_transposed
// CHECK-NOT: norm.linear
// CHECK: return
func.func @not_transposed(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> tensor<16x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<16x4xf32>) -> tensor<16x4xf32>
  %p = math.exp %x : tensor<4x8xf32>
  %m = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d1, d0)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%p, %w : tensor<4x8xf32>, tensor<8x16xf32>) outs(%init : tensor<16x4xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %0, %out : f32
    linalg.yield %1 : f32
  } -> tensor<16x4xf32>
  return %m : tensor<16x4xf32>
}
