// RUN: split-file %s %t
// RUN: not norm-opt %t/small-epsilon.mlir --load-pass-plugin=%test_passes --norm-verify-passes --pass-pipeline='builtin.module(test-drop-epsilon)' 2>&1 | FileCheck %s --check-prefix=EPSILON
// RUN: not norm-opt %t/default-epsilon.mlir --load-pass-plugin=%test_passes --norm-verify-passes --pass-pipeline='builtin.module(func.func(test-drop-epsilon))' 2>&1 | FileCheck %s --check-prefix=EPSILON
// RUN: not norm-opt %t/subtract.mlir --load-pass-plugin=%test_passes --norm-verify-passes --pass-pipeline='builtin.module(test-swap-operands)' 2>&1 | FileCheck %s --check-prefix=SWAP
// RUN: norm-opt %t/add.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-swap-operands)' | FileCheck %s --check-prefix=ADD
// RUN: norm-opt %t/unknown.mlir --load-pass-plugin=%test_passes --norm-verify-passes --pass-pipeline='builtin.module(test-swap-operands)' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not norm-opt %t/unknown.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-swap-operands)' 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: norm-opt %t/default-epsilon.mlir --norm-verify-passes=strict --canonicalize --cse | FileCheck %s --check-prefix=SAME
// RUN: not norm-opt %t/scalar.mlir --load-pass-plugin=%test_passes --norm-verify-passes=strict --pass-pipeline='builtin.module(test-swap-operands)' 2>&1 | FileCheck %s --check-prefix=SCALAR

// EPSILON: epsilon.mlir:{{.*}}: error: pass 'test-drop-epsilon' changed what 'f' computes: result 0:
// EPSILON-SAME: first element [{{[0-9]+}}, {{[0-9]+}}]: expected {{.*}}, got {{.*}}, off by {{.*}} where {{.*}} is admissible; worst element

//--- small-epsilon.mlir
func.func @f(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %y = norm.layer_norm %x axes [1] epsilon 1.0e-12 : (tensor<?x16xf32>) -> tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

//--- default-epsilon.mlir
// SAME: norm.rms_norm
func.func @f(%x: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %y = norm.rms_norm %x axes [1] : (tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %y : tensor<?x?xbf16>
}

//--- subtract.mlir
// SWAP: subtract.mlir:2:1: error: pass 'test-swap-operands' changed what 'f' computes: result 0: 15 of 15 elements differ
func.func @f(%x: tensor<?x3xf32>, %y: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %z = arith.subf %x, %y : tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}

//--- add.mlir
// ADD: arith.addf %arg1, %arg0
func.func @f(%x: tensor<?x3xf32>, %y: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %z = arith.addf %x, %y : tensor<?x3xf32>
  return %z : tensor<?x3xf32>
}

//--- unknown.mlir
// UNKNOWN: unknown.mlir:3:1: remark: pass 'test-swap-operands' on 'f' could not be verified: {{.*}}does not know 'vector.transfer_read'
// STRICT: unknown.mlir:3:1: error: pass 'test-swap-operands' on 'f' could not be verified: {{.*}}does not know 'vector.transfer_read'
func.func @f(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %p = arith.constant 0.0 : f32
  %v = vector.transfer_read %x[%c0], %p : tensor<4xf32>, vector<4xf32>
  %w = arith.addf %v, %v : vector<4xf32>
  %s = arith.addf %x, %y : tensor<4xf32>
  %r = vector.transfer_write %w, %s[%c0] : vector<4xf32>, tensor<4xf32>
  return %r : tensor<4xf32>
}

//--- scalar.mlir
// SCALAR: scalar.mlir:2:1: error: pass 'test-swap-operands' changed what 'f' computes: result 0:
func.func @f(%x: tensor<4xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1.0 : f32
  %e = tensor.extract %x[%c0] : tensor<4xf32>
  %z = arith.subf %e, %c1 : f32
  return %z : f32
}
