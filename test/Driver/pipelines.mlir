// From text to LLVM's dialect through the registered pipelines.
//
// RUN: norm-opt %s --norm-graph-pipeline --norm-verify-passes=strict | FileCheck %s --check-prefix=GRAPH
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline --norm-cpu-pipeline | FileCheck %s --check-prefix=CPU
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline --norm-cpu-pipeline --norm-llvm-pipeline | FileCheck %s --check-prefix=LLVM

// The private function is inlined and gone; its ops are in one fused op.
// GRAPH-NOT: @residual
// GRAPH-LABEL: func.func @f(
// GRAPH-SAME: norm.sizes = #[[$SIZES:[a-z0-9]+]]
// GRAPH: norm.generic
// GRAPH-NOT: norm.generic
// GRAPH: return

// CPU-NOT: norm.generic
// CPU: vector.load
// LLVM-NOT: unrealized_conversion_cast
// LLVM: llvm.load {{.*}} -> vector<8xf32>
func.func @f(%x: tensor<?x64xf32>, %r: tensor<?x64xf32>, %g: tensor<64xf32>) -> tensor<?x64xf32> {
  %s = func.call @residual(%x, %r) : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>
  %y = norm.rms_norm %s scale %g axes [1] : (tensor<?x64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}

func.func private @residual(%x: tensor<?x64xf32>, %r: tensor<?x64xf32>) -> tensor<?x64xf32> {
  %s = arith.addf %x, %r : tensor<?x64xf32>
  return %s : tensor<?x64xf32>
}
