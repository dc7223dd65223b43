// Stock mlir-opt with the plugin: the dialect, a pipeline, every pass.
//
// REQUIRES: unsanitized
// RUN: mlir-opt %s --load-dialect-plugin=%plugin | FileCheck %s --check-prefix=PARSED
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%plugin \
// RUN:   --pass-pipeline='builtin.module(norm-attach-cpu-target,norm-graph-pipeline,norm-cpu-pipeline{symbol-prefix=p_},norm-llvm-pipeline)' \
// RUN:   | FileCheck %s --check-prefix=LLVM
// RUN: %python %S/Inputs/every_pass.py %plugin
//
// Between passes of others.
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --load-pass-plugin=%plugin \
// RUN:   --pass-pipeline='builtin.module(norm-generalize,func.func(norm-decompose,canonicalize),one-shot-bufferize{bufferize-function-boundaries=true},convert-linalg-to-loops)' \
// RUN:   | FileCheck %s --check-prefix=LOOPS
//
// What was not ours before does not know the dialect.
// RUN: not mlir-opt %s 2>&1 | FileCheck %s --check-prefix=STOCK

// PARSED: norm.layer_norm %{{.*}} axes [1]
// LLVM: llvm.func @p_f(
// LOOPS: scf.for
// LOOPS: memref.load
// STOCK: error: Dialect `norm' not found for custom op 'norm.layer_norm'
func.func @f(%x: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %y = norm.layer_norm %x axes [1] : (tensor<?x64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}
