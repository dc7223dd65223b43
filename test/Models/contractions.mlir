// Contractions that are hard to bring into the form of a linear layer, and
// linear layers on strided tensors: run, on the machine itself (which may have
// tile registers) and on a common one.
// RUN: norm-run %s --entry=broadcasts --verify
// RUN: norm-run %s --entry=broadcasts --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=moved_slices --verify
// RUN: norm-run %s --entry=moved_slices --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=odd_panels --verify
// RUN: norm-run %s --entry=batch_last --verify
// RUN: norm-run %s --entry=batch_last --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=strided_linear --verify
// RUN: norm-run %s --entry=strided_linear --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=strided_batches --verify
// RUN: norm-run %s --entry=strided_batches --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=no_summands --verify
// RUN: norm-run %s --entry=no_summands --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=begun_in_loop --verify
// RUN: norm-run %s --entry=begun_in_loop --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=unit_columns --verify
// RUN: norm-run %s --entry=unit_columns --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=half_sums --verify
// RUN: norm-run %s --entry=half_sums --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=column --verify
// RUN: norm-run %s --entry=column --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=strided_bias --verify
// RUN: norm-run %s --entry=strided_bias --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=maxima --verify
// RUN: norm-run %s --entry=maxima --mcpu=x86-64-v3 --raise=false --verify
// RUN: norm-run %s --entry=collapsed_sum --verify
// RUN: norm-run %s --entry=collapsed_sum --mcpu=x86-64-v3 --raise=false --verify

func.func @broadcasts(%a: tensor<8xf32>, %b: tensor<16xf32>) -> tensor<8x16xf32> {
  %e1 = tensor.empty() : tensor<8x32xf32>
  %A = linalg.broadcast ins(%a : tensor<8xf32>) outs(%e1 : tensor<8x32xf32>) dimensions = [1]
  %e2 = tensor.empty() : tensor<32x16xf32>
  %B = linalg.broadcast ins(%b : tensor<16xf32>) outs(%e2 : tensor<32x16xf32>) dimensions = [0]
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x16xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<8x16xf32>) -> tensor<8x16xf32>
  %r = linalg.matmul ins(%A, %B : tensor<8x32xf32>, tensor<32x16xf32>) outs(%f : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

func.func @moved_slices(%x: tensor<4x8x16xf32>, %w: tensor<1x16x12xf32>, %c: tensor<4x8x12xf32>) -> tensor<4x8x12xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%o = %c) -> tensor<4x8x12xf32> {
    %xs = tensor.extract_slice %x[%i, 0, 0] [1, 8, 16] [1, 1, 1] : tensor<4x8x16xf32> to tensor<1x8x16xf32>
    %s = tensor.extract_slice %o[%i, 0, 0] [1, 8, 12] [1, 1, 1] : tensor<4x8x12xf32> to tensor<1x8x12xf32>
    %m = linalg.batch_matmul ins(%xs, %w : tensor<1x8x16xf32>, tensor<1x16x12xf32>) outs(%s : tensor<1x8x12xf32>) -> tensor<1x8x12xf32>
    %j = arith.addi %i, %c1 : index
    %n = tensor.insert_slice %m into %o[%j, 0, 0] [1, 8, 12] [1, 1, 1] : tensor<1x8x12xf32> into tensor<4x8x12xf32>
    scf.yield %n : tensor<4x8x12xf32>
  }
  return %r : tensor<4x8x12xf32>
}

// Of 48 columns the last 16 are in a panel of their own.
func.func @odd_panels(%x: tensor<1x7xbf16>, %w: tensor<48x7xbf16>) -> tensor<1x48xf32> {
  %y = norm.linear %x weight %w : (tensor<1x7xbf16>, tensor<48x7xbf16>) -> tensor<1x48xf32>
  return %y : tensor<1x48xf32>
}

#a = affine_map<(b, m, n, k) -> (m, k, b)>
#b = affine_map<(b, m, n, k) -> (k, n, b)>
#c = affine_map<(b, m, n, k) -> (m, n, b)>
func.func @batch_last(%a: tensor<?x24x3xf32>, %b: tensor<24x?x3xf32>, %c: tensor<?x?x3xf32>) -> tensor<?x?x3xf32> {
  %r = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%a, %b : tensor<?x24x3xf32>, tensor<24x?x3xf32>) outs(%c : tensor<?x?x3xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<?x?x3xf32>
  return %r : tensor<?x?x3xf32>
}

func.func @strided_linear(%x: tensor<8x64xf32>, %w: tensor<32x48xf32>) -> tensor<8x48xf32> {
  %s = tensor.extract_slice %x[0, 0] [8, 32] [1, 2] : tensor<8x64xf32> to tensor<8x32xf32>
  %y = norm.linear %s weight %w layout in_out : (tensor<8x32xf32>, tensor<32x48xf32>) -> tensor<8x48xf32>
  return %y : tensor<8x48xf32>
}

func.func @strided_batches(%x: tensor<2x8x64xf32>, %w: tensor<2x64x96xf32>) -> tensor<2x8x48xf32> {
  %s = tensor.extract_slice %x[0, 0, 0] [2, 8, 32] [1, 1, 2] : tensor<2x8x64xf32> to tensor<2x8x32xf32>
  %v = tensor.extract_slice %w[0, 0, 0] [2, 32, 48] [1, 2, 2] : tensor<2x64x96xf32> to tensor<2x32x48xf32>
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x8x48xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<2x8x48xf32>) -> tensor<2x8x48xf32>
  %r = linalg.batch_matmul ins(%s, %v : tensor<2x8x32xf32>, tensor<2x32x48xf32>) outs(%f : tensor<2x8x48xf32>) -> tensor<2x8x48xf32>
  return %r : tensor<2x8x48xf32>
}

func.func @no_summands(%a0: tensor<48x0x3xf16>, %a1: tensor<3x0x33xf16>) -> (tensor<33x48x3xf16>) {
  %v1 = arith.constant 0.0 : f16
  %v2 = tensor.empty() : tensor<33x48x3xf16>
  %v3 = linalg.fill ins(%v1 : f16) outs(%v2 : tensor<33x48x3xf16>) -> tensor<33x48x3xf16>
  %v4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d3, d0)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d2, d1, d0)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%a0, %a1 : tensor<48x0x3xf16>, tensor<3x0x33xf16>) outs(%v3 : tensor<33x48x3xf16>) {
  ^bb0(%p: f16, %q: f16, %o: f16):
    %m = arith.mulf %p, %q : f16
    %s = arith.addf %m, %o : f16
    linalg.yield %s : f16
  } -> tensor<33x48x3xf16>
  return %v4 : tensor<33x48x3xf16>
}

func.func @begun_in_loop(%a0: tensor<17x1x24xf64>, %a1: tensor<7x24x1x3xf64>, %a2: tensor<17x7x1xf64>, %a3: tensor<17x3x1x24xf64>, %a4: tensor<17x7x24xf64>) -> (tensor<17x7x24xf64>) {
  %v1 = math.tanh %a0 : tensor<17x1x24xf64>
  %v2 = tensor.extract_slice %a1[0, 0, 0, 1] [7, 24, 1, 1] [1, 1, 1, 1] : tensor<7x24x1x3xf64> to tensor<7x24x1xf64>
  %v3 = math.tanh %v2 : tensor<7x24x1xf64>
  %v4 = tensor.empty() : tensor<17x7x1xf64>
  %v5 = linalg.transpose ins(%a2 : tensor<17x7x1xf64>) outs(%v4 : tensor<17x7x1xf64>) permutation = [0, 1, 2]
  %v6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d0, d3)>, affine_map<(d0, d1, d2, d3) -> (d2, d3, d0)>, affine_map<(d0, d1, d2, d3) -> (d1, d2, d0)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%v1, %v3 : tensor<17x1x24xf64>, tensor<7x24x1xf64>) outs(%v5 : tensor<17x7x1xf64>) {
  ^bb0(%p: f64, %q: f64, %o: f64):
    %m = arith.mulf %p, %q : f64
    %s = arith.addf %m, %o : f64
    linalg.yield %s : f64
  } -> tensor<17x7x1xf64>
  %v7 = tensor.extract_slice %a3[0, 1, 0, 0] [17, 1, 1, 24] [1, 1, 1, 1] : tensor<17x3x1x24xf64> to tensor<17x1x24xf64>
  %v8 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%v6, %v7 : tensor<17x7x1xf64>, tensor<17x1x24xf64>) outs(%a4 : tensor<17x7x24xf64>) {
  ^bb0(%p: f64, %q: f64, %o: f64):
    %m = arith.mulf %p, %q : f64
    %s = arith.addf %m, %o : f64
    linalg.yield %s : f64
  } -> tensor<17x7x24xf64>
  %v9 = arith.addf %v8, %a4 : tensor<17x7x24xf64>
  return %v9 : tensor<17x7x24xf64>
}

func.func @unit_columns(%a0: tensor<2x2xf32>, %a1: tensor<1x2x2xf32>, %a2: tensor<2x1x2x2xf32>, %a3: tensor<1x2x1x2x1xf32>) -> (tensor<2x1x2x1xf32>, tensor<2x1x2x1xf32>) {
  %v1 = tensor.empty() : tensor<2x1x2x2xf32>
  %v2 = linalg.broadcast ins(%a0 : tensor<2x2xf32>) outs(%v1 : tensor<2x1x2x2xf32>) dimensions = [1, 3]
  %v4 = tensor.empty() : tensor<2x1x2x2xf32>
  %v3 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%v2, %a1 : tensor<2x1x2x2xf32>, tensor<1x2x2xf32>) outs(%v4 : tensor<2x1x2x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<2x1x2x2xf32>
  %v5 = tensor.empty() : tensor<2x1x2x2xf32>
  %v6 = linalg.transpose ins(%a2 : tensor<2x1x2x2xf32>) outs(%v5 : tensor<2x1x2x2xf32>) permutation = [0, 1, 2, 3]
  %v7 = math.tanh %v6 : tensor<2x1x2x2xf32>
  %v8 = arith.constant 0.0 : f32
  %v9 = tensor.empty() : tensor<2x1x2x1xf32>
  %v10 = linalg.fill ins(%v8 : f32) outs(%v9 : tensor<2x1x2x1xf32>) -> tensor<2x1x2x1xf32>
  %v11 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d1, d2, d0, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%v3, %v7 : tensor<2x1x2x2xf32>, tensor<2x1x2x2xf32>) outs(%v10 : tensor<2x1x2x1xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<2x1x2x1xf32>
  %v12 = tensor.collapse_shape %a3 [[0, 1], [2], [3], [4]] : tensor<1x2x1x2x1xf32> into tensor<2x1x2x1xf32>
  %v13 = arith.addf %v11, %v12 : tensor<2x1x2x1xf32>
  return %v11, %v13 : tensor<2x1x2x1xf32>, tensor<2x1x2x1xf32>
}

func.func @half_sums(%a0: tensor<486xf16>, %a1: tensor<7x24xf16>, %a2: tensor<112xf16>) -> (tensor<16x7xf16>) {
  %v1 = tensor.expand_shape %a0 [[0, 1]] output_shape [27, 18] : tensor<486xf16> into tensor<27x18xf16>
  %v2 = tensor.extract_slice %v1[2, 1] [24, 16] [1, 1] : tensor<27x18xf16> to tensor<24x16xf16>
  %v3 = tensor.expand_shape %a2 [[0, 1]] output_shape [16, 7] : tensor<112xf16> into tensor<16x7xf16>
  %v4 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%v2, %a1 : tensor<24x16xf16>, tensor<7x24xf16>) outs(%v3 : tensor<16x7xf16>) {
  ^bb0(%p: f16, %q: f16, %o: f16):
    %m = arith.mulf %p, %q : f16
    %s = arith.addf %m, %o : f16
    linalg.yield %s : f16
  } -> tensor<16x7xf16>
  return %v4 : tensor<16x7xf16>
}

func.func @column(%a0: tensor<24x17xf32>, %a1: tensor<27x3xf32>, %a2: tensor<1x17xf32>, %a3: tensor<17xf32>) -> (tensor<1x17xf32>) {
  %v1 = math.tanh %a1 : tensor<27x3xf32>
  %v2 = tensor.extract_slice %v1[0, 2] [24, 1] [1, 1] : tensor<27x3xf32> to tensor<24x1xf32>
  %v3 = arith.constant 0.0 : f32
  %v4 = tensor.empty() : tensor<1x17xf32>
  %v5 = linalg.fill ins(%v3 : f32) outs(%v4 : tensor<1x17xf32>) -> tensor<1x17xf32>
  %v6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d1, d0)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a0, %v2 : tensor<24x17xf32>, tensor<24x1xf32>) outs(%v5 : tensor<1x17xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<1x17xf32>
  %v7 = arith.addf %v6, %a2 : tensor<1x17xf32>
  %v8 = tensor.expand_shape %a3 [[0, 1]] output_shape [1, 17] : tensor<17xf32> into tensor<1x17xf32>
  %v9 = arith.addf %v7, %v8 : tensor<1x17xf32>
  return %v9 : tensor<1x17xf32>
}

func.func @strided_bias(%a0: tensor<32x3x3xbf16>, %a1: tensor<12x2x2xbf16>, %a2: tensor<24x3xf32>, %a3: tensor<72xf32>) -> (tensor<3xf32>) {
  %v1 = tensor.extract_slice %a0[0, 0, 1] [32, 3, 1] [1, 1, 1] : tensor<32x3x3xbf16> to tensor<32x3xbf16>
  %v2 = tensor.extract_slice %v1[0, 0] [32, 2] [1, 1] : tensor<32x3xbf16> to tensor<32x2xbf16>
  %v3 = tensor.collapse_shape %a1 [[0, 1], [2]] : tensor<12x2x2xbf16> into tensor<24x2xbf16>
  %v4 = tensor.extract_slice %a2[0, 1] [24, 1] [1, 1] : tensor<24x3xf32> to tensor<24xf32>
  %v5 = tensor.empty() : tensor<32x24xf32>
  %v6 = linalg.broadcast ins(%v4 : tensor<24xf32>) outs(%v5 : tensor<32x24xf32>) dimensions = [0]
  %v7 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%v2, %v3 : tensor<32x2xbf16>, tensor<24x2xbf16>) outs(%v6 : tensor<32x24xf32>) {
  ^bb0(%p: bf16, %q: bf16, %o: f32):
    %p1 = arith.extf %p : bf16 to f32
    %q1 = arith.extf %q : bf16 to f32
    %m = arith.mulf %p1, %q1 : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<32x24xf32>
  %v8 = tensor.expand_shape %a3 [[0, 1]] output_shape [24, 3] : tensor<72xf32> into tensor<24x3xf32>
  %v9 = arith.constant 0.0 : f32
  %v10 = tensor.empty() : tensor<32x3xf32>
  %v11 = linalg.fill ins(%v9 : f32) outs(%v10 : tensor<32x3xf32>) -> tensor<32x3xf32>
  %v12 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%v7, %v8 : tensor<32x24xf32>, tensor<24x3xf32>) outs(%v11 : tensor<32x3xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<32x3xf32>
  %v13 = arith.constant 0.0 : f32
  %v14 = tensor.empty() : tensor<3xf32>
  %v15 = linalg.fill ins(%v13 : f32) outs(%v14 : tensor<3xf32>) -> tensor<3xf32>
  %v16 = linalg.reduce { arith.addf } ins(%v12 : tensor<32x3xf32>) outs(%v15 : tensor<3xf32>) dimensions = [0]
  return %v16 : tensor<3xf32>
}

func.func @maxima(%a0: tensor<2x33xf32>, %a1: tensor<2x2xf32>) -> (tensor<33xf32>) {
  %v1 = math.tanh %a0 : tensor<2x33xf32>
  %v2 = tensor.empty() : tensor<2x2xf32>
  %v3 = linalg.transpose ins(%a1 : tensor<2x2xf32>) outs(%v2 : tensor<2x2xf32>) permutation = [0, 1]
  %v4 = math.tanh %v3 : tensor<2x2xf32>
  %v5 = arith.constant 0.0 : f32
  %v6 = tensor.empty() : tensor<2x33xf32>
  %v7 = linalg.fill ins(%v5 : f32) outs(%v6 : tensor<2x33xf32>) -> tensor<2x33xf32>
  %v8 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d1, d0)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%v1, %v4 : tensor<2x33xf32>, tensor<2x2xf32>) outs(%v7 : tensor<2x33xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.mulf %p, %q : f32
    %s = arith.addf %m, %o : f32
    linalg.yield %s : f32
  } -> tensor<2x33xf32>
  %v9 = arith.constant 0xFF800000 : f32
  %v10 = tensor.empty() : tensor<33xf32>
  %v11 = linalg.fill ins(%v9 : f32) outs(%v10 : tensor<33xf32>) -> tensor<33xf32>
  %v12 = linalg.reduce { arith.maximumf } ins(%v8 : tensor<2x33xf32>) outs(%v11 : tensor<33xf32>) dimensions = [0]
  return %v12 : tensor<33xf32>
}

func.func @collapsed_sum(%a0: tensor<17x1x2x24xbf16>, %a1: tensor<48x3x1x16xbf16>) -> (tensor<16x17x1xbf16>) {
  %v1 = tensor.collapse_shape %a0 [[0], [1], [2, 3]] : tensor<17x1x2x24xbf16> into tensor<17x1x48xbf16>
  %v2 = tensor.extract_slice %a1[0, 1, 0, 0] [48, 1, 1, 16] [1, 1, 1, 1] : tensor<48x3x1x16xbf16> to tensor<48x1x16xbf16>
  %v3 = arith.constant 0.0 : bf16
  %v4 = tensor.empty() : tensor<16x17x1xbf16>
  %v5 = linalg.fill ins(%v3 : bf16) outs(%v4 : tensor<16x17x1xbf16>) -> tensor<16x17x1xbf16>
  %v6 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d0, d3)>, affine_map<(d0, d1, d2, d3) -> (d3, d0, d2)>, affine_map<(d0, d1, d2, d3) -> (d2, d1, d0)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%v1, %v2 : tensor<17x1x48xbf16>, tensor<48x1x16xbf16>) outs(%v5 : tensor<16x17x1xbf16>) {
  ^bb0(%p: bf16, %q: bf16, %o: bf16):
    %m = arith.mulf %p, %q : bf16
    %s = arith.addf %m, %o : bf16
    linalg.yield %s : bf16
  } -> tensor<16x17x1xbf16>
  return %v6 : tensor<16x17x1xbf16>
}
