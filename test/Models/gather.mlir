// Rows of a table by ids that are data, and what else graphs are made of, in one
// function with a norm; run on every size, id and assertion.
// RUN: %python %S/Inputs/ids.py %t.good.npy 5 0 9 3 9 1
// RUN: norm-run %s --entry=gather --arg ids=%t.good.npy --size table_d0=10 --verify
// RUN: %python %S/Inputs/ids.py %t.large.npy 5 0 10
// RUN: not norm-run %s --entry=gather --arg ids=%t.large.npy --size table_d0=10 2>&1 | FileCheck %s
// RUN: %python %S/Inputs/ids.py %t.negative.npy 5 0 -1
// RUN: not norm-run %s --entry=gather --arg ids=%t.negative.npy --size table_d0=10 2>&1 | FileCheck %s
// CHECK: NORM_ASSERTION

// RUN: norm-run %s --entry=asserted --size x_d0=8 --verify
// RUN: not norm-run %s --entry=asserted --size x_d0=9 2>&1 | FileCheck %s

// RUN: norm-run %s --entry=attention --size q_d1=5 --size k_d1=7 --verify
// RUN: norm-run %s --entry=attention --size q_d1=1 --size k_d1=33 --verify
// RUN: norm-run %s --entry=attention --size q_d1=40 --size k_d1=64 --mcpu=x86-64-v3 --verify
// RUN: norm-run %s --entry=attention --size q_d1=0 --size k_d1=3 --verify
// RUN: norm-run %s --entry=matmuls --verify
// RUN: norm-run %s --entry=matmuls --mcpu=x86-64-v3 --verify
// RUN: norm-run %s --entry=others --verify
// RUN: norm-run %s --entry=masks --verify
// RUN: norm-run %s --entry=masks --mcpu=x86-64-v3 --verify

// The status of a kernel with assertions, also where workers call it.
// RUN: normc %s --mcpu=x86-64-v3 -o %t.o --header %t.h
// RUN: %cc -std=c11 -Wall -Wextra -Werror -include %t.h %S/Inputs/gather.c %t.o -lm -o %t
// RUN: %t | FileCheck %s --check-prefix=C
// C: 0 7 7 0 7

func.func @gather(%table: tensor<?x16xf32>, %ids: tensor<5xi64>, %g: tensor<16xf32>) -> tensor<5x16xf32> {
  %e = tensor.empty() : tensor<5x16xf32>
  %x = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%ids : tensor<5xi64>) outs(%e : tensor<5x16xf32>) {
  ^bb0(%in: i64, %out: f32):
    %i = arith.index_cast %in : i64 to index
    %j = linalg.index 1 : index
    %v = tensor.extract %table[%i, %j] : tensor<?x16xf32>
    linalg.yield %v : f32
  } -> tensor<5x16xf32>
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<5x16xf32>, tensor<16xf32>) -> tensor<5x16xf32>
  return %y : tensor<5x16xf32>
}

func.func @asserted(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %d = tensor.dim %x, %c0 : tensor<?x16xf32>
  %odd = arith.andi %d, %c1 : index
  %even = arith.cmpi eq, %odd, %c0 : index
  cf.assert %even, "rows come in pairs"
  %y = norm.l2_norm %x axes [1] : (tensor<?x16xf32>) -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

func.func @attention(%q: tensor<2x?x3x8xf32>, %k: tensor<2x?x3x8xf32>, %v: tensor<2x?x3x8xf32>) -> tensor<2x?x3x8xf32> {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %m = tensor.dim %q, %c1 : tensor<2x?x3x8xf32>
  %n = tensor.dim %k, %c1 : tensor<2x?x3x8xf32>
  %0 = tensor.empty(%m, %n) : tensor<2x3x?x?xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<2x3x?x?xf32>) -> tensor<2x3x?x?xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : tensor<2x?x3x8xf32>, tensor<2x?x3x8xf32>) outs(%1 : tensor<2x3x?x?xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %c = arith.mulf %a, %b : f32
    %d = arith.addf %out, %c : f32
    linalg.yield %d : f32
  } -> tensor<2x3x?x?xf32>
  %w = linalg.softmax dimension(3) ins(%s : tensor<2x3x?x?xf32>) outs(%0 : tensor<2x3x?x?xf32>) -> tensor<2x3x?x?xf32>
  %2 = tensor.empty(%m) : tensor<2x?x3x8xf32>
  %3 = linalg.fill ins(%zero : f32) outs(%2 : tensor<2x?x3x8xf32>) -> tensor<2x?x3x8xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d4, d1, d3)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%w, %v : tensor<2x3x?x?xf32>, tensor<2x?x3x8xf32>) outs(%3 : tensor<2x?x3x8xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %c = arith.mulf %a, %b : f32
    %d = arith.addf %out, %c : f32
    linalg.yield %d : f32
  } -> tensor<2x?x3x8xf32>
  return %y : tensor<2x?x3x8xf32>
}

func.func @matmuls(%a: tensor<7x33xf32>, %b: tensor<33x50xf32>, %c: tensor<7x50xf32>, %h: tensor<3x4x8xbf16>, %w: tensor<3x8x5xbf16>, %i: tensor<4x3xi32>, %j: tensor<3x6xi32>, %n: tensor<4x6xi32>) -> (tensor<7x50xf32>, tensor<3x4x5xf32>, tensor<4x6xi32>, tensor<50x7xf32>) {
  %zero = arith.constant 0.0 : f32
  %0 = linalg.matmul ins(%a, %b : tensor<7x33xf32>, tensor<33x50xf32>) outs(%c : tensor<7x50xf32>) -> tensor<7x50xf32>
  %1 = tensor.empty() : tensor<3x4x5xf32>
  %2 = linalg.fill ins(%zero : f32) outs(%1 : tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
  %3 = linalg.batch_matmul ins(%h, %w : tensor<3x4x8xbf16>, tensor<3x8x5xbf16>) outs(%2 : tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
  %4 = linalg.matmul ins(%i, %j : tensor<4x3xi32>, tensor<3x6xi32>) outs(%n : tensor<4x6xi32>) -> tensor<4x6xi32>
  %5 = tensor.empty() : tensor<50x7xf32>
  %6 = linalg.transpose ins(%0 : tensor<7x50xf32>) outs(%5 : tensor<50x7xf32>) permutation = [1, 0]
  return %0, %3, %4, %6 : tensor<7x50xf32>, tensor<3x4x5xf32>, tensor<4x6xi32>, tensor<50x7xf32>
}

// A convolution, padding, and the position of a maximum.
func.func @others(%x: tensor<1x6x6x3xf32>, %k: tensor<3x3x3x4xf32>) -> (tensor<1x6x6x4xf32>, tensor<36xi64>) {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.constant 0 : i64
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x6x6x3xf32> to tensor<1x8x8x3xf32>
  %0 = tensor.empty() : tensor<1x6x6x4xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
  %y = linalg.conv_2d_nhwc_hwcf ins(%p, %k : tensor<1x8x8x3xf32>, tensor<3x3x3x4xf32>) outs(%1 : tensor<1x6x6x4xf32>) -> tensor<1x6x6x4xf32>
  %f = tensor.collapse_shape %y [[0, 1, 2], [3]] : tensor<1x6x6x4xf32> into tensor<36x4xf32>
  %2 = tensor.empty() : tensor<36xf32>
  %3 = linalg.fill ins(%lowest : f32) outs(%2 : tensor<36xf32>) -> tensor<36xf32>
  %4 = tensor.empty() : tensor<36xi64>
  %5 = linalg.fill ins(%first : i64) outs(%4 : tensor<36xi64>) -> tensor<36xi64>
  %m:2 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%f : tensor<36x4xf32>) outs(%3, %5 : tensor<36xf32>, tensor<36xi64>) {
  ^bb0(%in: f32, %out: f32, %position: i64):
    %i = linalg.index 1 : index
    %j = arith.index_cast %i : index to i64
    %a = arith.maximumf %in, %out : f32
    %c = arith.cmpf ogt, %in, %out : f32
    %s = arith.select %c, %j, %position : i64
    linalg.yield %a, %s : f32, i64
  } -> (tensor<36xf32>, tensor<36xi64>)
  return %y, %m#1 : tensor<1x6x6x4xf32>, tensor<36xi64>
}

// Masks in memory: of constants and of comparisons.
func.func @masks(%x: tensor<5x33xf32>, %ids: tensor<33xi64>) -> (tensor<5x33xf32>, tensor<33x5xf32>) {
  %m = arith.constant dense<[[true, false, true, true, false, true, false, false, true, true, true, false, true, false, true, true, false, true, false, true, true, false, true, false, false, true, true, true, false, true, false, true, true]]> : tensor<1x33xi1>
  %t = arith.constant dense<3> : tensor<33xi64>
  %z = arith.constant dense<0.0> : tensor<5x33xf32>
  %e1 = tensor.empty() : tensor<5x33xi1>
  %b = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%m : tensor<1x33xi1>) outs(%e1 : tensor<5x33xi1>) {
  ^bb0(%in: i1, %out: i1):
    linalg.yield %in : i1
  } -> tensor<5x33xi1>
  %y = arith.select %b, %x, %z : tensor<5x33xi1>, tensor<5x33xf32>
  %c = arith.cmpi sgt, %ids, %t : tensor<33xi64>
  %e2 = tensor.empty() : tensor<33x5xi1>
  // Through memory: a concat of two masks.
  %c2 = tensor.expand_shape %c [[0, 1]] output_shape [33, 1] : tensor<33xi1> into tensor<33x1xi1>
  %bt = tensor.empty() : tensor<33x4xi1>
  %slice = tensor.extract_slice %b[0, 0] [4, 33] [1, 1] : tensor<5x33xi1> to tensor<4x33xi1>
  %tr = linalg.transpose ins(%slice : tensor<4x33xi1>) outs(%bt : tensor<33x4xi1>) permutation = [1, 0]
  %cat = tensor.concat dim(1) %c2, %tr : (tensor<33x1xi1>, tensor<33x4xi1>) -> tensor<33x5xi1>
  %ef = tensor.empty() : tensor<33x5xf32>
  %u = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%cat : tensor<33x5xi1>) outs(%ef : tensor<33x5xf32>) {
  ^bb0(%in: i1, %out: f32):
    %f = arith.uitofp %in : i1 to f32
    linalg.yield %f : f32
  } -> tensor<33x5xf32>
  return %y, %u : tensor<5x33xf32>, tensor<33x5xf32>
}
