// RUN: rm -rf %t && split-file %s %t
// RUN: norm-opt %t/folded.mlir --norm-fold-batch-norm --canonicalize --norm-verify-passes=strict | FileCheck %t/folded.mlir
// RUN: norm-opt %t/declined.mlir --norm-fold-batch-norm --norm-verify-passes=strict | FileCheck %t/declined.mlir --check-prefixes=EXACT,BOTH
// RUN: norm-opt %t/declined.mlir --norm-fold-batch-norm=relaxed --norm-verify-passes=strict | FileCheck %t/declined.mlir --check-prefixes=RELAXED,BOTH
// RUN: norm-opt %t/declined.mlir --norm-fold-batch-norm --remarks-filter=norm-fold-batch-norm 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=REASON
// RUN: norm-opt %t/folded.mlir --norm-fold-batch-norm --remarks-filter=norm-fold-batch-norm 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=DONE

// REASON:      Remark="not done: the result of the linear layer before it has other uses"
// REASON-NEXT: Remark="not done: its result goes to 'func.return', too"
// REASON-NEXT: Remark="not done: not all of its statistics, scale and shift are constants"
// REASON-NEXT: Remark="not done: what it does to a channel is not finite"
// REASON-NEXT: Remark="not done: the weight of the linear layer is no constant"
// REASON-NEXT: Remark="not done: a mean is so large beside its variance that sums would lose digits"
// REASON-NEXT: Remark="not done: the weight of the linear layer has 16 bits and would be rounded anew"
// REASON-NEXT: Remark="not done: weights would fall below the smallest normal number"
// REASON-NOT:  Remark

// DONE:      Remark="went into the linear layer before it"
// DONE-NEXT: Remark="went into the linear layer before it"
// DONE-NEXT: Remark="went into 2 linear layers behind it"
// DONE-NEXT: Remark="went into the linear layer before it"
// DONE-NOT:  Remark

// A fold that forgets the bias or misses one weight by a thousandth is caught.
// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-batch-norm bias})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-batch-norm weight})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-batch-norm})'

//--- folded.mlir

// factor = scale / sqrt(variance + epsilon) = [2, 5], term = shift - factor * mean
// = [-2, 11]; W' = [[2, 4], [15, 20]], b' = factor * b + term = [18, 111].
// CHECK-LABEL: func.func @behind(
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 4.000000e+00], [1.500000e+01, 2.000000e+01]]> : tensor<2x2xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[1.800000e+01, 1.110000e+02]> : tensor<2xf32>
// CHECK-NOT:     norm.batch_norm
// CHECK:         %[[Y:.*]] = norm.linear %{{.*}} weight %[[W]] bias %[[B]] :
// CHECK:         return %[[Y]]
func.func @behind(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %g = arith.constant dense<[8.0, 10.0]> : tensor<2xf32>
  %s = arith.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %m = arith.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %v = arith.constant dense<[15.75, 3.75]> : tensor<2xf32>
  %h = norm.linear %x weight %w bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.batch_norm %h scale %g shift %s mean %m variance %v channel_axis 1 epsilon 0.25 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// No bias, no scale and shift, the other layout, a reshape between.
// CHECK-LABEL: func.func @behind_reshape(
// CHECK-DAG:     arith.constant dense<{{\[\[}}2.500000e-01, 1.000000e+00], [7.500000e-01, 2.000000e+00]]> : tensor<2x2xf32>
// CHECK-DAG:     arith.constant dense<[-2.500000e-01, 1.000000e+00]> : tensor<2xf32>
// CHECK-NOT:     norm.batch_norm
// CHECK:         %[[Y:.*]] = norm.linear %{{.*}} weight %{{.*}} bias %{{.*}} layout in_out
// CHECK:         tensor.expand_shape %[[Y]]
func.func @behind_reshape(%x: tensor<6x2xf32>) -> tensor<2x3x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %v = arith.constant dense<[16.0, 4.0]> : tensor<2xf32>
  %h = norm.linear %x weight %w layout in_out : (tensor<6x2xf32>, tensor<2x2xf32>) -> tensor<6x2xf32>
  %e = tensor.expand_shape %h [[0, 1], [2]] output_shape [2, 3, 2] : tensor<6x2xf32> into tensor<2x3x2xf32>
  %y = norm.batch_norm %e mean %m variance %v channel_axis -1 epsilon 0.0 : (tensor<2x3x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2x3x2xf32>
  return %y : tensor<2x3x2xf32>
}

// Into all layers behind it: factor = [0.5, 0.25], term = [3, 2.5].
// CHECK-LABEL: func.func @before(
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<5.000000e-01> : tensor<1x2xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<8.000000e+00> : tensor<1xf32>
// CHECK-DAG:     %[[V:.*]] = arith.constant dense<{{\[\[}}1.500000e+00, 1.000000e+00]]> : tensor<1x2xf32>
// CHECK-DAG:     %[[C:.*]] = arith.constant dense<2.900000e+01> : tensor<1xf32>
// CHECK-NOT:     norm.batch_norm
// CHECK:         norm.linear %[[X:.*]] weight %[[W]] bias %[[B]]
// CHECK:         norm.linear %[[X]] weight %[[V]] bias %[[C]]
func.func @before(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  %w = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %u = arith.constant dense<[[3.0, 4.0]]> : tensor<1x2xf32>
  %b = arith.constant dense<[10.0]> : tensor<1xf32>
  %g = arith.constant dense<[1.0, -0.5]> : tensor<2xf32>
  %s = arith.constant dense<[3.5, 2.0]> : tensor<2xf32>
  %m = arith.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %v = arith.constant dense<[16.0, 4.0]> : tensor<2xf32>
  %n = norm.batch_norm %x scale %g shift %s mean %m variance %v channel_axis 1 epsilon 0.0 {scale_offset = 1.0} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %z = norm.linear %n weight %u bias %b : (tensor<?x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<?x1xf32>
  return %y, %z : tensor<?x1xf32>, tensor<?x1xf32>
}

// Between two layers it goes into the first. f64 is summed in a wider type.
// CHECK-LABEL: func.func @between(
// CHECK-DAG:     arith.constant dense<{{\[\[}}2.500000e-01, 5.000000e-01], [1.500000e+00, 2.000000e+00]]> : tensor<2x2xf64>
// CHECK-DAG:     arith.constant dense<[-2.500000e-01, 1.000000e+00]> : tensor<2xf64>
// CHECK-NOT:     norm.batch_norm
func.func @between(%x: tensor<?x2xf64>) -> tensor<?x2xf64> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf64>
  %m = arith.constant dense<[1.0, -2.0]> : tensor<2xf64>
  %v = arith.constant dense<[16.0, 4.0]> : tensor<2xf64>
  %u = arith.constant dense<[[5.0, 6.0], [7.0, 8.0]]> : tensor<2x2xf64>
  %h = norm.linear %x weight %w : (tensor<?x2xf64>, tensor<2x2xf64>) -> tensor<?x2xf64>
  %n = norm.batch_norm %h mean %m variance %v channel_axis 1 epsilon 0.0 : (tensor<?x2xf64>, tensor<2xf64>, tensor<2xf64>) -> tensor<?x2xf64>
  %y = norm.linear %n weight %u : (tensor<?x2xf64>, tensor<2x2xf64>) -> tensor<?x2xf64>
  return %y : tensor<?x2xf64>
}

//--- declined.mlir

// BOTH-LABEL: func.func @other_uses(
// BOTH-COUNT-1: norm.batch_norm
func.func @other_uses(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.batch_norm %h mean %m variance %m channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %h, %y : tensor<?x2xf32>, tensor<?x2xf32>
}

// BOTH-LABEL: func.func @used_itself(
// BOTH-COUNT-1: norm.batch_norm
func.func @used_itself(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %n = norm.batch_norm %x mean %m variance %m channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %n, %y : tensor<?x2xf32>, tensor<?x2xf32>
}

// BOTH-LABEL: func.func @argument(
// BOTH-COUNT-1: norm.batch_norm
func.func @argument(%x: tensor<?x2xf32>, %v: tensor<2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %n = norm.batch_norm %x mean %m variance %v channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// A channel of no variance and no epsilon.
// BOTH-LABEL: func.func @not_finite(
// BOTH-COUNT-1: norm.batch_norm
func.func @not_finite(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<0.0> : tensor<2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.batch_norm %h mean %m variance %m channel_axis 1 epsilon 0.0 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// BOTH-LABEL: func.func @run_time_weight(
// BOTH-COUNT-1: norm.batch_norm
func.func @run_time_weight(%x: tensor<?x2xf32>, %w: tensor<2x2xf32>) -> tensor<?x2xf32> {
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.batch_norm %h mean %m variance %m channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// 9 standard deviations.
// BOTH-LABEL: func.func @large_mean(
// EXACT-COUNT-1: norm.batch_norm
// RELAXED-NOT:   norm.batch_norm
func.func @large_mean(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<[9.0, 1.0]> : tensor<2xf32>
  %v = arith.constant dense<1.0> : tensor<2xf32>
  %n = norm.batch_norm %x mean %m variance %v channel_axis 1 epsilon 0.0 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// BOTH-LABEL: func.func @bf16(
// EXACT-COUNT-1: norm.batch_norm
// RELAXED-NOT:   norm.batch_norm
// RELAXED:       norm.linear {{.*}} tensor<2xf32>) -> tensor<?x2xbf16>
func.func @bf16(%x: tensor<?x2xbf16>) -> tensor<?x2xbf16> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xbf16>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xbf16>, tensor<2x2xbf16>) -> tensor<?x2xbf16>
  %y = norm.batch_norm %h mean %m variance %m channel_axis 1 : (tensor<?x2xbf16>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xbf16>
  return %y : tensor<?x2xbf16>
}

// BOTH-LABEL: func.func @small(
// EXACT-COUNT-1: norm.batch_norm
// RELAXED-NOT:   norm.batch_norm
func.func @small(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0e-20, 1.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %g = arith.constant dense<[1.0e-20, 1.0]> : tensor<2xf32>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.batch_norm %h scale %g mean %m variance %m channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// The channels are not the last dim, or there is no layer: nothing to remark.
// BOTH-LABEL: func.func @channels_first(
// BOTH-COUNT-1: norm.batch_norm
// BOTH-LABEL: func.func @alone(
// BOTH-COUNT-1: norm.batch_norm
func.func @channels_first(%x: tensor<?x2x2xf32>) -> tensor<?x2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %n = norm.batch_norm %x mean %m variance %m channel_axis 1 : (tensor<?x2x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2x2xf32>, tensor<2x2xf32>) -> tensor<?x2x2xf32>
  return %y : tensor<?x2x2xf32>
}
func.func @alone(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %m = arith.constant dense<1.0> : tensor<2xf32>
  %n = norm.batch_norm %x mean %m variance %m channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %n : tensor<?x2xf32>
}

//--- wrong.mlir

// CHECK: wrong.mlir:[[@LINE+1]]:1: error: pass 'test-damaged' changed what 'f' computes
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %s = arith.constant dense<0.01> : tensor<2xf32>
  %m = arith.constant dense<[0.1, -0.2]> : tensor<2xf32>
  %v = arith.constant dense<[16.0, 4.0]> : tensor<2xf32>
  %n = norm.batch_norm %x shift %s mean %m variance %v channel_axis 1 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
