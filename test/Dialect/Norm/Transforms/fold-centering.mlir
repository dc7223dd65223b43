// RUN: rm -rf %t && split-file %s %t
// RUN: norm-opt %t/folded.mlir --norm-fold-centering --canonicalize --norm-verify-passes=strict | FileCheck %t/folded.mlir
// RUN: norm-opt %t/declined.mlir --norm-fold-centering --norm-verify-passes=strict | FileCheck %t/declined.mlir
// RUN: norm-opt %t/folded.mlir --norm-fold-centering --remarks-filter=norm-fold-centering 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=DONE
// RUN: norm-opt %t/declined.mlir --norm-fold-centering --remarks-filter=norm-fold-centering 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=REASON

// DONE-COUNT-2: Remark="its input has the mean zero by the weights of 1 linear layer"
// DONE-COUNT-2: Remark="its input has the mean zero by the weights of 2 linear layers"
// DONE-NEXT:    Remark="its input has the mean zero by the weights of 1 linear layer"
// DONE-NOT:     Remark

// REASON:      Remark="not done: an argument is added, whose mean is not known"
// REASON-NEXT: Remark="not done: the result of 'norm.activation' is added, whose mean is not known"
// REASON-NEXT: Remark="not done: the sum goes to 'func.return', too"
// REASON-NEXT: Remark="not done: the sum goes to 'norm.rms_norm', too"
// REASON-NEXT: Remark="not done: its mean is used"
// REASON-NEXT: Remark="not done: the weight of the linear layer is no constant"
// REASON-NEXT: Remark="not done: the weight of the linear layer has elements that are not finite"
// REASON-NEXT: Remark="not done: the weight of the linear layer goes to 'norm.linear', too"
// REASON-NEXT: Remark="not done: the sum goes to 'norm.layer_norm', too"
// REASON-NOT:  Remark

// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-centering bias})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-centering weight})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-centering})'

//--- folded.mlir

// CHECK-LABEL: func.func @simple(
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}-2.000000e+00, -3.000000e+00], [0.000000e+00, -1.000000e+00], [2.000000e+00, 4.000000e+00]]> : tensor<3x2xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[-1.000000e+02, 0.000000e+00, 1.000000e+02]> : tensor<3xf32>
// CHECK:         %[[H:.*]] = norm.linear %{{.*}} weight %[[W]] bias %[[B]] :
// CHECK:         norm.rms_norm %[[H]] scale %{{.*}} shift %{{.*}} axes [1] {accumulate = f64, scale_offset = 1.000000e+00 : f64} :
func.func @simple(%x: tensor<?x2xf32>, %g: tensor<3xf32>) -> tensor<?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[100.0, 200.0, 300.0]> : tensor<3xf32>
  %h = norm.linear %x weight %w bias %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %y = norm.layer_norm %h scale %g shift %g axes [1] {scale_offset = 1.0, accumulate = f64} : (tensor<?x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// 16 bits, the other layout, a reshape, a standard deviation that is used.
// CHECK-LABEL: func.func @statistics(
// CHECK:         arith.constant dense<{{\[\[}}-2.000000e+00, 0.000000e+00, 2.000000e+00], [-3.000000e+00, -1.000000e+00, 4.000000e+00]]> : tensor<2x3xbf16>
// CHECK:         norm.linear
// CHECK:         tensor.expand_shape
// CHECK:         %[[Y:.*]], %[[R:.*]] = norm.rms_norm %{{.*}} axes [2] epsilon 1.000000e-03 :
// CHECK:         return %[[Y]], %[[R]]
func.func @statistics(%x: tensor<6x2xbf16>) -> (tensor<2x3x3xbf16>, tensor<2x3xf32>) {
  %w = arith.constant dense<[[1.0, 3.0, 5.0], [2.0, 4.0, 9.0]]> : tensor<2x3xbf16>
  %h = norm.linear %x weight %w layout in_out : (tensor<6x2xbf16>, tensor<2x3xbf16>) -> tensor<6x3xbf16>
  %e = tensor.expand_shape %h [[0, 1], [2]] output_shape [2, 3, 3] : tensor<6x3xbf16> into tensor<2x3x3xbf16>
  %y, %mean, %rstd = norm.layer_norm %e axes [-1] epsilon 1.0e-3 : (tensor<2x3x3xbf16>) -> (tensor<2x3x3xbf16>, tensor<2x3xf32>, tensor<2x3xf32>)
  return %y, %rstd : tensor<2x3x3xbf16>, tensor<2x3xf32>
}

// A residual stream: what writes to it loses the mean, what reads it is normalized.
// CHECK-LABEL: func.func @residual_stream(
// CHECK-NOT:     norm.layer_norm
// CHECK-COUNT-2: norm.rms_norm
func.func @residual_stream(%x: tensor<?x2xf32>, %g: tensor<3xf32>) -> tensor<?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]> : tensor<3x2xf32>
  %v = arith.constant dense<[[1.0, 2.0, 0.5], [3.0, 4.0, 0.1], [5.0, 9.0, -1.0]]> : tensor<3x3xf32>
  %b = arith.constant dense<[1.0, -2.0, 4.0]> : tensor<3xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<?x3xf32>
  %n = norm.layer_norm %h scale %g axes [1] : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %a = norm.activation silu %n : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %f = norm.linear %a weight %v bias %b : (tensor<?x3xf32>, tensor<3x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %s = arith.addf %f, %h : tensor<?x3xf32>
  %d = arith.subf %s, %f : tensor<?x3xf32>
  %y = norm.layer_norm %d scale %g axes [1] : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// The residual is normalized itself.
// CHECK-LABEL: func.func @normalized_residual(
// CHECK:         norm.layer_norm %{{[a-z0-9]+}} axes [1] :
// CHECK:         norm.rms_norm %{{[a-z0-9]+}} axes [1] :
func.func @normalized_residual(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %v = arith.constant dense<[[1.0, 2.0, 0.5], [3.0, 4.0, 0.1], [5.0, 9.0, -1.0]]> : tensor<3x3xf32>
  %n = norm.layer_norm %x axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %f = norm.linear %n weight %v : (tensor<?x3xf32>, tensor<3x3xf32>) -> tensor<?x3xf32>
  %s = arith.addf %f, %n : tensor<?x3xf32>
  %y = norm.layer_norm %s axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

//--- declined.mlir

// CHECK-NOT: norm.rms_norm %{{[a-z0-9]+}} axes [-1]
func.func @argument(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %s = arith.addf %h, %x : tensor<?x2xf32>
  %y = norm.layer_norm %s axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @activation(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %a = norm.activation relu %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %s = arith.addf %h, %a : tensor<?x2xf32>
  %y = norm.layer_norm %s axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @returned(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y, %h : tensor<?x2xf32>, tensor<?x2xf32>
}

func.func @other_norm(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %z = norm.rms_norm %h axes [1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y, %z : tensor<?x2xf32>, tensor<?x2xf32>
}

func.func @mean(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y, %mean, %rstd = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>)
  return %y, %mean : tensor<?x2xf32>, tensor<?xf32>
}

func.func @run_time(%x: tensor<?x2xf32>, %w: tensor<2x2xf32>) -> tensor<?x2xf32> {
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @not_finite(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 0x7F800000]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @shared_weight(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = norm.layer_norm %h axes [-1] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %z = norm.linear %y weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y, %z : tensor<?x2xf32>, tensor<?x2xf32>
}

// Not over the output features, or not over them alone. The second norm starts
// at an argument and has no remark.
func.func @other_axes(%x: tensor<3x2xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %h = norm.linear %x weight %w : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  %y = norm.layer_norm %h axes [0, 1] : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %z = norm.layer_norm %x axes [-1] : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %y, %z : tensor<3x2xf32>, tensor<3x2xf32>
}

//--- wrong.mlir

// CHECK: wrong.mlir:[[@LINE+1]]:1: error: pass 'test-damaged' changed what 'f' computes
func.func @f(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[0.1, 0.2, 0.5]> : tensor<3xf32>
  %h = norm.linear %x weight %w bias %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %y = norm.layer_norm %h axes [1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
