// RUN: rm -rf %t && split-file %s %t
// RUN: norm-opt %t/folded.mlir --norm-fold-affine --canonicalize --norm-verify-passes=strict | FileCheck %t/folded.mlir
// RUN: norm-opt %t/folded-extremes.mlir --norm-fold-affine --canonicalize --norm-verify-passes=strict | FileCheck %t/folded-extremes.mlir
// RUN: norm-opt %t/declined.mlir --norm-fold-affine --norm-verify-passes=strict | FileCheck %t/declined.mlir
// RUN: norm-opt %t/declined.mlir --norm-fold-affine --remarks-filter=norm-fold-affine 2>&1 >/dev/null | grep -o 'Remark=.*' | FileCheck %s --check-prefix=REASON
// RUN: norm-opt %t/narrow.mlir --norm-fold-affine --norm-verify-passes=strict | FileCheck %t/narrow.mlir --check-prefixes=EXACT,BOTH
// RUN: norm-opt %t/narrow.mlir --norm-fold-affine=relaxed --canonicalize --norm-verify-passes=strict | FileCheck %t/narrow.mlir --check-prefixes=RELAXED,BOTH
// RUN: norm-opt %t/remarks.mlir --norm-fold-affine --remarks-filter=norm-fold-affine --remark-format=emitRemark 2>&1 | FileCheck %t/remarks.mlir

// A fold that forgets the bias or misses one weight by a thousandth is caught.
// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-affine bias})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: not norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-affine weight})' 2>&1 | FileCheck %t/wrong.mlir
// RUN: norm-opt %t/wrong.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-damaged{pipeline=norm-fold-affine})'

// REASON:      Remark="not done: its result goes to 'func.return', too"
// REASON-NEXT: Remark="not done: scale is no constant"
// REASON-NEXT: Remark="not done: the weight of the linear layer is no constant"
// REASON-NEXT: Remark="not done: the bias of the linear layer is no constant"
// REASON-NEXT: Remark="not done: the weight of the linear layer goes to 'norm.linear', too"
// REASON-NEXT: Remark="not done: the weight of the linear layer has elements that are not finite"
// REASON-NEXT: Remark="not done: scale has elements that are not finite"
// REASON-NEXT: Remark="not done: a weight would overflow"
// REASON-NEXT: Remark="not done: weights would fall below the smallest normal number"
// REASON-NEXT: Remark="not done: the bias would overflow"
// REASON-NOT:  Remark

//--- folded.mlir

// W = [[1, 2], [3, 4], [5, 6]], scale [2, 10], shift [1, -1]. Statistics stay.
// CHECK-LABEL: func.func @layer_norm(
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 2.000000e+01], [6.000000e+00, 4.000000e+01], [1.000000e+01, 6.000000e+01]]> : tensor<3x2xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[9.900000e+01, 1.990000e+02, 2.990000e+02]> : tensor<3xf32>
// CHECK:         %[[N:.*]], %[[R:.*]]:2 = norm.layer_norm %{{[a-z0-9]+}} axes [1] epsilon
// CHECK:         %[[Y:.*]] = norm.linear %[[N]] weight %[[W]] bias %[[B]] :
// CHECK:         return %[[Y]], %[[R]]#1
func.func @layer_norm(%x: tensor<?x2xf32>) -> (tensor<?x3xf32>, tensor<?xf32>) {
  %g = arith.constant dense<[2.0, 10.0]> : tensor<2xf32>
  %s = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[100.0, 200.0, 300.0]> : tensor<3xf32>
  %n, %mean, %rstd = norm.layer_norm %x scale %g shift %s axes [1] epsilon 1.0e-6 : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<?x2xf32>, tensor<?xf32>, tensor<?xf32>)
  %y = norm.linear %n weight %w bias %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %y, %rstd : tensor<?x3xf32>, tensor<?xf32>
}

// The other layout, without a bias; a scale offset, a rounding before the scale.
// CHECK-LABEL: func.func @in_out(
// CHECK:         %[[W:.*]] = arith.constant dense<{{\[\[}}3.000000e+00, 6.000000e+00, 9.000000e+00], [4.400000e+01, 5.500000e+01, 6.600000e+01]]> : tensor<2x3xf32>
// CHECK-NEXT:    %[[N:.*]] = norm.rms_norm %{{.*}} axes [1] : (tensor<?x2xf32>)
// CHECK-NEXT:    %[[Y:.*]] = norm.linear %[[N]] weight %[[W]] layout in_out : (tensor<?x2xf32>, tensor<2x3xf32>)
// CHECK-NEXT:    return %[[Y]]
func.func @in_out(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
  %g = arith.constant dense<[2.0, 10.0]> : tensor<2xf32>
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %n = norm.rms_norm %x scale %g axes [-1] {scale_offset = 1.0, cast_before_scale} : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w layout in_out : (tensor<?x2xf32>, tensor<2x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// Three layers share the rows, one of them behind a reshape. Without a bias the
// shift becomes one.
// CHECK-LABEL: func.func @shared(
// CHECK-DAG:     %[[Q:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 2.000000e+01]]> : tensor<1x2xf32>
// CHECK-DAG:     %[[QB:.*]] = arith.constant dense<-1.000000e+00> : tensor<1xf32>
// CHECK-DAG:     %[[K:.*]] = arith.constant dense<{{\[\[}}6.000000e+00, 4.000000e+01]]> : tensor<1x2xf32>
// CHECK-DAG:     %[[KB:.*]] = arith.constant dense<9.000000e+00> : tensor<1xf32>
// CHECK-DAG:     %[[V:.*]] = arith.constant dense<1.000000e+01> : tensor<1x2xf32>
// CHECK-DAG:     %[[VB:.*]] = arith.constant dense<4.000000e+00> : tensor<1xf32>
// CHECK:         norm.layer_norm %{{[a-z0-9]+}} axes [2]
// CHECK:         norm.linear %{{.*}} weight %[[Q]] bias %[[QB]]
// CHECK:         norm.linear %{{.*}} weight %[[K]] bias %[[KB]]
// CHECK:         norm.linear %{{.*}} weight %[[V]] bias %[[VB]]
func.func @shared(%x: tensor<2x3x2xf32>) -> (tensor<2x3x1xf32>, tensor<2x3x1xf32>, tensor<6x1xf32>) {
  %g = arith.constant dense<[2.0, 10.0]> : tensor<2xf32>
  %s = arith.constant dense<[1.0, -1.0]> : tensor<2xf32>
  %wq = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %wk = arith.constant dense<[[3.0, 4.0]]> : tensor<1x2xf32>
  %wv = arith.constant dense<[[5.0, 1.0]]> : tensor<1x2xf32>
  %b = arith.constant dense<[10.0]> : tensor<1xf32>
  %n = norm.layer_norm %x scale %g shift %s axes [2] : (tensor<2x3x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2x3x2xf32>
  %rows = tensor.collapse_shape %n [[0, 1], [2]] : tensor<2x3x2xf32> into tensor<6x2xf32>
  %q = norm.linear %n weight %wq : (tensor<2x3x2xf32>, tensor<1x2xf32>) -> tensor<2x3x1xf32>
  %k = norm.linear %n weight %wk bias %b : (tensor<2x3x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<2x3x1xf32>
  %v = norm.linear %rows weight %wv : (tensor<6x2xf32>, tensor<1x2xf32>) -> tensor<6x1xf32>
  return %q, %k, %v : tensor<2x3x1xf32>, tensor<2x3x1xf32>, tensor<6x1xf32>
}

// Channels last: scale and shift go along the last dim whatever is normalized.
// CHECK-LABEL: func.func @channels(
// CHECK:         norm.group_norm %{{[a-z0-9]+}} groups 2 channel_axis 2 :
// CHECK:         norm.instance_norm %{{[a-z0-9]+}} channel_axis 2 :
func.func @channels(%x: tensor<2x?x4xf64>) -> (tensor<2x?x1xf64>, tensor<2x?x1xf64>) {
  %g = arith.constant dense<[2.0, -3.0, 0.5, 0.0]> : tensor<4xf64>
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf64>
  %v = arith.constant dense<[[-1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf64>
  %n = norm.group_norm %x scale %g shift %g groups 2 channel_axis -1 : (tensor<2x?x4xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<2x?x4xf64>
  %y = norm.linear %n weight %w : (tensor<2x?x4xf64>, tensor<1x4xf64>) -> tensor<2x?x1xf64>
  %m = norm.instance_norm %x scale %g shift %g channel_axis 2 : (tensor<2x?x4xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<2x?x4xf64>
  %z = norm.linear %m weight %v : (tensor<2x?x4xf64>, tensor<1x4xf64>) -> tensor<2x?x1xf64>
  return %y, %z : tensor<2x?x1xf64>, tensor<2x?x1xf64>
}

// No input features, and no output features.
// CHECK-LABEL: func.func @empty(
// CHECK:         norm.layer_norm %{{[a-z0-9]+}} axes [1]
// CHECK:         norm.linear {{.*}} bias
// CHECK:         norm.rms_norm %{{[a-z0-9]+}} axes [1]
func.func @empty(%x: tensor<?x0xf32>, %z: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x0xf32>) {
  %g = arith.constant dense<2.0> : tensor<0xf32>
  %w = arith.constant dense<1.0> : tensor<2x0xf32>
  %n = norm.layer_norm %x scale %g shift %g axes [1] : (tensor<?x0xf32>, tensor<0xf32>, tensor<0xf32>) -> tensor<?x0xf32>
  %y = norm.linear %n weight %w : (tensor<?x0xf32>, tensor<2x0xf32>) -> tensor<?x2xf32>
  %h = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<1.0> : tensor<0x2xf32>
  %m = norm.rms_norm %z scale %h axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %o = norm.linear %m weight %v : (tensor<?x2xf32>, tensor<0x2xf32>) -> tensor<?x0xf32>
  return %y, %o : tensor<?x2xf32>, tensor<?x0xf32>
}

// A resource, a splat, dynamic types of what is constant, a bias of f64.
// CHECK-LABEL: func.func @forms(
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}2.000000e+00, 4.000000e+00], [6.000000e+00, 8.000000e+00]]> : tensor<2x2xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[1.300000e+01, 1.700000e+01]> : tensor<2xf64>
// CHECK:         norm.rms_norm %{{[a-z0-9]+}} axes [1]
// CHECK:         norm.linear %{{.*}} weight %[[W]] bias %[[B]]
func.func @forms(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %g0 = arith.constant dense<2.0> : tensor<2xf32>
  %g = tensor.cast %g0 : tensor<2xf32> to tensor<?xf32>
  %s = arith.constant dense<1.0> : tensor<2xf32>
  %w0 = arith.constant dense_resource<weight> : tensor<2x2xf32>
  %w = tensor.cast %w0 : tensor<2x2xf32> to tensor<?x?xf32>
  %b = arith.constant dense<10.0> : tensor<2xf64>
  %n = norm.rms_norm %x scale %g shift %s axes [1] : (tensor<?x?xf32>, tensor<?xf32>, tensor<2xf32>) -> tensor<?x?xf32>
  %y = norm.linear %n weight %w bias %b : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<2xf64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weight: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// A large weight is a resource: nothing compares it with the other constants.
// CHECK-LABEL: func.func @large(
// CHECK:         %[[W:.*]] = arith.constant dense_resource<norm_folded{{.*}}> : tensor<64x64xf32>
// CHECK:         norm.linear %{{.*}} weight %[[W]]
func.func @large(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %g = arith.constant dense<3.0> : tensor<64xf32>
  %w = arith.constant dense<0.5> : tensor<64x64xf32>
  %n = norm.rms_norm %x scale %g axes [1] : (tensor<?x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  %y = norm.linear %n weight %w : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

//--- declined.mlir

// CHECK-LABEL: func.func @several_uses(
// CHECK:         norm.layer_norm %{{.*}} scale
func.func @several_uses(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x2xf32>) {
  %g = arith.constant dense<2.0> : tensor<2xf32>
  %w = arith.constant dense<1.0> : tensor<1x2xf32>
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %y, %n : tensor<?x1xf32>, tensor<?x2xf32>
}

// No remark: there is no linear layer.
// CHECK-LABEL: func.func @no_linear(
// CHECK:         norm.layer_norm %{{.*}} scale
func.func @no_linear(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<2.0> : tensor<2xf32>
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %n : tensor<?x2xf32>
}

// A reshape that splits the last dim.
// CHECK-LABEL: func.func @split(
// CHECK:         norm.layer_norm %{{.*}} scale
func.func @split(%x: tensor<?x4xf32>) -> tensor<?x2x1xf32> {
  %g = arith.constant dense<2.0> : tensor<4xf32>
  %w = arith.constant dense<1.0> : tensor<1x2xf32>
  %c0 = arith.constant 0 : index
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %m = tensor.dim %x, %c0 : tensor<?x4xf32>
  %v = tensor.expand_shape %n [[0], [1, 2]] output_shape [%m, 2, 2] : tensor<?x4xf32> into tensor<?x2x2xf32>
  %y = norm.linear %v weight %w : (tensor<?x2x2xf32>, tensor<1x2xf32>) -> tensor<?x2x1xf32>
  return %y : tensor<?x2x1xf32>
}

// Scale and shift do not go along the last dim alone.
// CHECK-LABEL: func.func @two_axes(
// CHECK:         norm.layer_norm %{{.*}} scale
// CHECK:         norm.group_norm %{{.*}} scale
func.func @two_axes(%x: tensor<?x3x2xf32>) -> (tensor<?x3x1xf32>, tensor<?x3x1xf32>) {
  %g = arith.constant dense<2.0> : tensor<3x2xf32>
  %h = arith.constant dense<2.0> : tensor<3xf32>
  %w = arith.constant dense<1.0> : tensor<1x2xf32>
  %n = norm.layer_norm %x scale %g axes [1, 2] : (tensor<?x3x2xf32>, tensor<3x2xf32>) -> tensor<?x3x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x3x2xf32>, tensor<1x2xf32>) -> tensor<?x3x1xf32>
  %m = norm.group_norm %x scale %h groups 3 channel_axis 1 : (tensor<?x3x2xf32>, tensor<3xf32>) -> tensor<?x3x2xf32>
  %z = norm.linear %m weight %w : (tensor<?x3x2xf32>, tensor<1x2xf32>) -> tensor<?x3x1xf32>
  return %y, %z : tensor<?x3x1xf32>, tensor<?x3x1xf32>
}

// CHECK-LABEL: func.func @arguments(
// CHECK:         norm.layer_norm %{{.*}} scale %{{.*}} shift
// CHECK:         norm.rms_norm %{{.*}} scale
// CHECK:         norm.rms_norm %{{.*}} scale
// CHECK:         norm.rms_norm %{{.*}} shift
func.func @arguments(%x: tensor<?x2xf32>, %a: tensor<2xf32>, %w: tensor<1x2xf32>, %b: tensor<1xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>) {
  %g = arith.constant dense<2.0> : tensor<2xf32>
  %v = arith.constant dense<1.0> : tensor<1x2xf32>
  %n0 = norm.layer_norm %x scale %a shift %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y0 = norm.linear %n0 weight %v : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %u = arith.constant dense<2.0> : tensor<1x2xf32>
  %n1 = norm.rms_norm %x scale %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y1 = norm.linear %n1 weight %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %n2 = norm.rms_norm %x scale %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y2 = norm.linear %n2 weight %u bias %b : (tensor<?x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<?x1xf32>
  %n3 = norm.rms_norm %x shift %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %t = arith.constant dense<3.0> : tensor<1x2xf32>
  %y3 = norm.linear %n3 weight %t : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %z3 = norm.linear %x weight %t : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %s3 = arith.addf %y3, %z3 : tensor<?x1xf32>
  return %y0, %y1, %y2, %s3 : tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>
}

// Inf in one weight stays where it is: W diag(scale) + W shift would spread it to
// what has been finite, and make NaN of Inf.
// CHECK-LABEL: func.func @not_finite(
// CHECK:         norm.layer_norm %{{.*}} scale
// CHECK:         norm.layer_norm %{{.*}} scale
func.func @not_finite(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %g = arith.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %s = arith.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %w = arith.constant dense<[[0x7F800000, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %n = norm.layer_norm %x scale %g shift %s axes [1] : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %h = arith.constant dense<[0x7FC00000, 1.0]> : tensor<2xf32>
  %v = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %m = norm.layer_norm %x scale %h axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %z = norm.linear %m weight %v : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y, %z : tensor<?x2xf32>, tensor<?x2xf32>
}

// CHECK-LABEL: func.func @range(
// CHECK:         norm.layer_norm %{{.*}} scale
// CHECK:         norm.layer_norm %{{.*}} scale
// CHECK:         norm.layer_norm %{{.*}} shift
func.func @range(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>) {
  %large = arith.constant dense<1.0e30> : tensor<2xf32>
  %small = arith.constant dense<1.0e-30> : tensor<2xf32>
  %w = arith.constant dense<1.0e20> : tensor<1x2xf32>
  %n = norm.layer_norm %x scale %large axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %v = arith.constant dense<[[1.0e-12, 2.0e-12]]> : tensor<1x2xf32>
  %m = norm.layer_norm %x scale %small axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %z = norm.linear %m weight %v : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %u = arith.constant dense<[[1.0e20, 2.0e20]]> : tensor<1x2xf32>
  %o = norm.layer_norm %x shift %large axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %q = norm.linear %o weight %u : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %y, %z, %q : tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>
}

//--- folded-extremes.mlir

// A bias that is not finite concerns its own output. Below the smallest normal
// number little is lost where other weights of the output are larger.
// CHECK-LABEL: func.func @bias(
// CHECK-DAG:     arith.constant dense<[3.000000e+00, 0xFF800000]> : tensor<2xf32>
// CHECK-DAG:     arith.constant dense<{{\[\[}}1.000000e+00, 9.99{{.*}}e-41], [1.000000e+00, 1.000000e+00]]> : tensor<2x2xf32>
// CHECK:         norm.layer_norm %{{[a-z0-9]+}} axes
func.func @bias(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<[1.0, 1.0e-20]> : tensor<2xf32>
  %s = arith.constant dense<[2.0, 0.0]> : tensor<2xf32>
  %w = arith.constant dense<[[1.0, 1.0e-20], [1.0, 1.0e20]]> : tensor<2x2xf32>
  %b = arith.constant dense<[1.0, 0xFF800000]> : tensor<2xf32>
  %n = norm.layer_norm %x scale %g shift %s axes [1] : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

//--- remarks.mlir

// CHECK: remarks.mlir:[[@LINE+5]]:8: remark: [Passed] Done | Category:norm-fold-affine | Remark="scale and shift went into 2 linear layers"
func.func @done(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  %g = arith.constant dense<2.0> : tensor<2xf32>
  %w = arith.constant dense<1.0> : tensor<1x2xf32>
  %v = arith.constant dense<2.0> : tensor<1x2xf32>
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = norm.linear %n weight %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %z = norm.linear %n weight %v : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %y, %z : tensor<?x1xf32>, tensor<?x1xf32>
}

// Sizes that cannot be equal, which only dynamic types hide.
// CHECK: remark: [Missed] NotDone | {{.*}} Remark="not done: the bias of the linear layer has another size than its output"
// CHECK: remark: [Missed] NotDone | {{.*}} Remark="not done: scale or shift has another size than the weight's input"
func.func @sizes(%x: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %g0 = arith.constant dense<2.0> : tensor<3xf32>
  %g = tensor.cast %g0 : tensor<3xf32> to tensor<?xf32>
  %w0 = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %w = tensor.cast %w0 : tensor<1x2xf32> to tensor<?x?xf32>
  %v = arith.constant dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %n = norm.layer_norm %x scale %g axes [1] : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %y = norm.linear %n weight %w bias %g : (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %m = norm.rms_norm %x scale %g axes [1] : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %z = norm.linear %m weight %v : (tensor<?x?xf32>, tensor<1x2xf32>) -> tensor<?x?xf32>
  return %y, %z : tensor<?x?xf32>, tensor<?x?xf32>
}

//--- narrow.mlir

// W is rounded, halves to even and once: the last product is a little more than a
// half. The bias is in f32 where the layer had none.
// BOTH-LABEL: func.func @bf16(
// EXACT:         norm.rms_norm %{{[a-z0-9]+}} scale
// RELAXED-DAG:   arith.constant dense<{{\[\[}}1.007810e+00, 3.000000e+00, 1.000000e+00, 1.007810e+00]]> : tensor<1x4xbf16>
// RELAXED-DAG:   arith.constant dense<3.00390625> : tensor<1xf32>
// RELAXED:       norm.rms_norm %{{[a-z0-9]+}} axes [1]
// RELAXED:       norm.linear %{{.*}} : (tensor<?x4xbf16>, tensor<1x4xbf16>, tensor<1xf32>) -> tensor<?x1xbf16>
func.func @bf16(%x: tensor<?x4xbf16>) -> tensor<?x1xbf16> {
  %g = arith.constant dense<[1.005, 1.5, 1.00390625, 1.00390637]> : tensor<4xf32>
  %s = arith.constant dense<[1.00390625, 1.0, 0.0, 0.0]> : tensor<4xf32>
  %w = arith.constant dense<[[1.0, 2.0, 1.0, 1.0]]> : tensor<1x4xbf16>
  %n = norm.rms_norm %x scale %g shift %s axes [1] {cast_before_scale} : (tensor<?x4xbf16>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xbf16>
  %y = norm.linear %n weight %w : (tensor<?x4xbf16>, tensor<1x4xbf16>) -> tensor<?x1xbf16>
  return %y : tensor<?x1xbf16>
}

//--- wrong.mlir

// CHECK: wrong.mlir:[[@LINE+1]]:1: error: pass 'test-damaged' changed what 'f' computes
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<[2.0, 10.0, 1.0, 0.5]> : tensor<4xf32>
  %s = arith.constant dense<[0.01, -0.01, 0.0, 0.0]> : tensor<4xf32>
  %w = arith.constant dense<[[1.0, 2.0, 1.0, 3.0], [3.0, 4.0, 5.0, 6.0]]> : tensor<2x4xf32>
  %n = norm.layer_norm %x scale %g shift %s axes [1] : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %y = norm.linear %n weight %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
