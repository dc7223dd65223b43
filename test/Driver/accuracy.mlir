// What --accuracy of the tools and of the pipeline makes of a graph.
//
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline --norm-verify-passes=strict | FileCheck %s --check-prefix=EXACT
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline=accuracy=exact --norm-verify-passes=strict | FileCheck %s --check-prefix=EXACT
// RUN: norm-opt %s --norm-attach-cpu-target --norm-graph-pipeline=accuracy=relaxed --norm-verify-passes=strict | FileCheck %s --check-prefix=RELAXED
// RUN: normc %s --mcpu=x86-64-v3 --emit=mlir -o - | FileCheck %s --check-prefix=EXACT
// RUN: normc %s --mcpu=x86-64-v3 --accuracy=relaxed --emit=mlir -o - | FileCheck %s --check-prefix=RELAXED

// The norm takes a mean, and scale and shift, which are the same here.
// EXACT-LABEL: func.func @f(
// EXACT:         norm.packed_linear
// EXACT:         norm.generic ins(%{{[^,]*}}, %{{[^,]*}} :
// EXACT:           norm.center
// EXACT:         norm.packed_linear
// EXACT-NOT:     norm.generic

// The layer behind the norm multiplies x.
// RELAXED-LABEL: func.func @f(
// RELAXED:         %[[X:.*]] = norm.packed_linear
// RELAXED-NOT:     norm.center
// RELAXED:         norm.generic ins(%[[X]] :
// RELAXED:         norm.packed_linear ins(%[[X]]
// RELAXED:         norm.generic
func.func @f(%x: tensor<?x2xbf16>) -> tensor<?x1xbf16> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [0.5, 0.25]]> : tensor<3x2xbf16>
  %g = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xbf16>
  %v = arith.constant dense<[[3.0, 4.0, -1.0]]> : tensor<1x3xbf16>
  %h = norm.linear %x weight %w : (tensor<?x2xbf16>, tensor<3x2xbf16>) -> tensor<?x3xbf16>
  %n = norm.layer_norm %h scale %g shift %g axes [1] : (tensor<?x3xbf16>, tensor<3xbf16>, tensor<3xbf16>) -> tensor<?x3xbf16>
  %y = norm.linear %n weight %v : (tensor<?x3xbf16>, tensor<1x3xbf16>) -> tensor<?x1xbf16>
  return %y : tensor<?x1xbf16>
}
