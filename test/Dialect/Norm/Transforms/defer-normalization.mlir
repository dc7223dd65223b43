// RUN: rm -rf %t && split-file %s %t
// RUN: norm-opt %t/deferred.mlir --norm-defer-normalization --canonicalize --norm-verify-passes=strict | FileCheck %t/deferred.mlir
// RUN: norm-opt %t/declined.mlir --norm-defer-normalization --norm-verify-passes=strict | FileCheck %t/declined.mlir
// RUN: norm-opt %t/deferred.mlir --norm-defer-normalization --remarks-filter=norm-defer-normalization 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=DONE
// RUN: norm-opt %t/declined.mlir --norm-defer-normalization --remarks-filter=norm-defer-normalization 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=REASON

// DONE:      Remark="applied to the results of 1 linear layer"
// DONE-NEXT: Remark="applied to the results of 2 linear layers"
// DONE-NEXT: Remark="applied to the results of 1 linear layer"
// DONE-NEXT: Remark="applied to the results of 1 linear layer"
// DONE-NOT:  Remark

// REASON:      Remark="not done: the layers' results have more than half as many elements as its input"
// REASON-NEXT: Remark="not done: it has scale or shift"
// REASON-NEXT: Remark="not done: it is not over the last dim alone"
// REASON-NEXT: Remark="not done: its result goes to 'func.return', too"
// REASON-NEXT: Remark="not done: a linear layer reads a reshape of its result"
// REASON-NEXT: Remark="not done: the weight of the linear layer is no constant"
// REASON-NEXT: Remark="not done: not all sizes of weights are known"
// REASON-NEXT: Remark="not done: the weight of the linear layer has elements that are not finite"
// REASON-NEXT: Remark="not done: the sum of an output's weights would overflow"
// REASON-NOT:  Remark

// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-defer-normalization weight})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-defer-normalization})'

//--- deferred.mlir

// CHECK-LABEL: func.func @layer_norm(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<?x4xf32>
// CHECK-DAG:     %[[S:.*]] = arith.constant dense<[1.000000e+01, 1.800000e+01]> : tensor<2xf32>
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x4xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[1.000000e+02, 2.000000e+02]> : tensor<2xf32>
// CHECK:         %{{.*}}, %[[T:.*]]:2 = norm.layer_norm %[[X]] axes [1] epsilon 1.000000e-03 :
// CHECK:         %[[P:.*]] = norm.linear %[[X]] weight %[[W]] :
// CHECK:         %[[Y:.*]] = norm.generic ins(%[[P]], %[[T]]#1, %[[T]]#0, %[[S]], %[[B]] :
// CHECK-SAME:      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)]
// CHECK-NEXT:    ^bb0(%[[PE:.*]]: f32, %[[R:.*]]: f32, %[[M:.*]]: f32, %[[SE:.*]]: f32, %[[BE:.*]]: f32):
// CHECK-NEXT:      %[[MS:.*]] = arith.mulf %[[M]], %[[SE]]
// CHECK-NEXT:      %[[D:.*]] = arith.subf %[[PE]], %[[MS]]
// CHECK-NEXT:      %[[N:.*]] = arith.mulf %[[D]], %[[R]]
// CHECK-NEXT:      %[[O:.*]] = arith.addf %[[N]], %[[BE]]
// CHECK-NEXT:      norm.yield %[[O]]
// CHECK:         return %[[Y]]
func.func @layer_norm(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 6.0, 7.0]]> : tensor<2x4xf32>
  %b = arith.constant dense<[100.0, 200.0]> : tensor<2xf32>
  %n = norm.layer_norm %x axes [1] epsilon 1.0e-3 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = norm.linear %n weight %w bias %b : (tensor<?x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// Two layers share the statistics, which are results as well; 16 bits, more dims.
// The sums are those of the rounded weights.
// CHECK-LABEL: func.func @shared(
// CHECK:         %{{.*}}, %[[T:.*]]:2 = norm.layer_norm
// CHECK:         norm.linear {{.*}} -> tensor<2x?x1xf32>
// CHECK:         norm.generic {{.*}} outs(%{{.*}} : tensor<2x?x1xbf16>)
// CHECK:           arith.constant 1.0234375 : f32
// CHECK:         norm.linear {{.*}} -> tensor<2x?x1xf32>
// CHECK:         norm.generic {{.*}} outs(%{{.*}} : tensor<2x?x1xbf16>)
// CHECK:           arith.constant 4.500000e+00 : f32
// CHECK:         return %{{.*}}, %{{.*}}, %[[T]]#0, %[[T]]#1
func.func @shared(%x: tensor<2x?x4xbf16>) -> (tensor<2x?x1xbf16>, tensor<2x?x1xbf16>, tensor<2x?xf32>, tensor<2x?xf32>) {
  %w = arith.constant dense<[[1.004, 0.0078125, 0.0078125, 0.0]]> : tensor<1x4xbf16>
  %v = arith.constant dense<[[1.0], [2.0], [1.5], [0.0]]> : tensor<4x1xbf16>
  %n, %mean, %rstd = norm.layer_norm %x axes [2] : (tensor<2x?x4xbf16>) -> (tensor<2x?x4xbf16>, tensor<2x?xf32>, tensor<2x?xf32>)
  %y = norm.linear %n weight %w : (tensor<2x?x4xbf16>, tensor<1x4xbf16>) -> tensor<2x?x1xbf16>
  %z = norm.linear %n weight %v layout in_out : (tensor<2x?x4xbf16>, tensor<4x1xbf16>) -> tensor<2x?x1xbf16>
  return %y, %z, %mean, %rstd : tensor<2x?x1xbf16>, tensor<2x?x1xbf16>, tensor<2x?xf32>, tensor<2x?xf32>
}

// Without a mean any weight and bias will do.
// CHECK-LABEL: func.func @rms_norm(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<?x3xf32>, %[[W:[^ ]*]]: tensor<1x3xf32>, %[[B:[^ ]*]]: tensor<1xf64>
// CHECK:         %{{.*}}, %[[R:.*]] = norm.rms_norm %[[X]] axes [1] {accumulate = f64} :
// CHECK:         %[[P:.*]] = norm.linear %[[X]] weight %[[W]] :
// CHECK:         norm.generic ins(%[[P]], %[[R]], %[[B]] :
// CHECK-NEXT:    ^bb0(%{{.*}}: f64, %{{.*}}: f64, %{{.*}}: f64):
// CHECK-NEXT:      arith.mulf
// CHECK-NEXT:      arith.addf
func.func @rms_norm(%x: tensor<?x3xf32>, %w: tensor<1x3xf32>, %b: tensor<1xf64>) -> tensor<?x1xf64> {
  %n = norm.rms_norm %x axes [1] {accumulate = f64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w bias %b : (tensor<?x3xf32>, tensor<1x3xf32>, tensor<1xf64>) -> tensor<?x1xf64>
  return %y : tensor<?x1xf64>
}

// One row.
// CHECK-LABEL: func.func @vector(
// CHECK:         norm.generic {{.*}} iterators [parallel]
func.func @vector(%x: tensor<3xf64>) -> tensor<1xf64> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf64>
  %n = norm.layer_norm %x axes [0] : (tensor<3xf64>) -> tensor<3xf64>
  %y = norm.linear %n weight %w : (tensor<3xf64>, tensor<1x3xf64>) -> tensor<1xf64>
  return %y : tensor<1xf64>
}

//--- declined.mlir

// CHECK-NOT: norm.generic
func.func @too_wide(%x: tensor<?x5xf32>) -> (tensor<?x2xf32>, tensor<?x1xf32>) {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0], [0.5, 0.25, 0.125, 1.0, 0.0]]> : tensor<2x5xf32>
  %v = arith.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0]]> : tensor<1x5xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x5xf32>) -> tensor<?x5xf32>
  %y = norm.linear %n weight %w : (tensor<?x5xf32>, tensor<2x5xf32>) -> tensor<?x2xf32>
  %z = norm.linear %n weight %v : (tensor<?x5xf32>, tensor<1x5xf32>) -> tensor<?x1xf32>
  return %y, %z : tensor<?x2xf32>, tensor<?x1xf32>
}

func.func @scale(%x: tensor<?x3xf32>, %g: tensor<3xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

func.func @axes(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x axes [0, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = norm.linear %n weight %w : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x1xf32>
  return %y : tensor<2x1xf32>
}

func.func @other_use(%x: tensor<?x3xf32>) -> (tensor<?x1xf32>, tensor<?x3xf32>) {
  %w = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %y, %n : tensor<?x1xf32>, tensor<?x3xf32>
}

func.func @reshape(%x: tensor<2x2x3xf32>) -> tensor<4x1xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x axes [2] : (tensor<2x2x3xf32>) -> tensor<2x2x3xf32>
  %c = tensor.collapse_shape %n [[0, 1], [2]] : tensor<2x2x3xf32> into tensor<4x3xf32>
  %y = norm.linear %c weight %w : (tensor<4x3xf32>, tensor<1x3xf32>) -> tensor<4x1xf32>
  return %y : tensor<4x1xf32>
}

func.func @run_time(%x: tensor<?x3xf32>, %w: tensor<1x3xf32>) -> tensor<?x1xf32> {
  %n = norm.layer_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

func.func @dynamic(%x: tensor<?x3xf32>, %w: tensor<?x3xf32>) -> tensor<?x?xf32> {
  %n = norm.rms_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

func.func @not_finite(%x: tensor<?x3xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 0x7FC00000]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

func.func @overflow(%x: tensor<?x3xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense<[[3.0e38, 3.0e38, 1.0]]> : tensor<1x3xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %y = norm.linear %n weight %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

//--- wrong.mlir

// CHECK: wrong.mlir:[[@LINE+1]]:1: error: pass 'test-damaged' changed what 'f' computes
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 6.0, 7.0]]> : tensor<2x4xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %y = norm.linear %n weight %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
