// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-v2" --norm-pack-linear --norm-verify-passes=strict | FileCheck %s
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-pack-linear --norm-verify-passes=strict | FileCheck %s --check-prefix=TILES

// CHECK-LABEL: func.func @out_in(
// CHECK: arith.constant dense<{{\[\[}}[1.000000e+00, 3.000000e+00, 0.000000e+00, {{.*}}], [2.000000e+00, 4.000000e+00, 0.000000e+00{{.*}}]]]> : tensor<1x2x12xf32>
// CHECK: norm.packed_linear
// CHECK: tensor.collapse_shape
func.func @out_in(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = norm.linear %x weight %w : (tensor<2xf32>, tensor<2x2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// CHECK-LABEL: func.func @in_out(
// CHECK: arith.constant dense<{{\[\[}}[1.000000e+00, 2.000000e+00, 0.000000e+00, {{.*}}], [3.000000e+00, 4.000000e+00, 0.000000e+00{{.*}}]]]> : tensor<1x2x12xf32>
func.func @in_out(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = norm.linear %x weight %w layout in_out : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// One packed constant serves both layers.
// CHECK-LABEL: func.func @shared(
// CHECK-COUNT-1: arith.constant dense<{{.*}}> : tensor<1x13x12xf16>
// CHECK-NOT: arith.constant dense
// CHECK-COUNT-2: norm.packed_linear
func.func @shared(%x: tensor<3x13xf16>) -> tensor<3x5xf16> {
  %w = arith.constant dense<0.5> : tensor<5x13xf16>
  %y = norm.linear %x weight %w : (tensor<3x13xf16>, tensor<5x13xf16>) -> tensor<3x5xf16>
  %z = norm.linear %x weight %w : (tensor<3x13xf16>, tensor<5x13xf16>) -> tensor<3x5xf16>
  %s = arith.addf %y, %z : tensor<3x5xf16>
  return %s : tensor<3x5xf16>
}

// CHECK-LABEL: func.func @resource(
// CHECK-NOT: norm.pack_weight
// CHECK: norm.packed_linear ins(%{{.*}} : tensor<?x1xf32>, tensor<1x1x12xf32>)
func.func @resource(%x: tensor<?x1xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense_resource<weight> : tensor<2x1xf32>
  %y = norm.linear %x weight %w : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// Packed in the graph.
// CHECK-LABEL: func.func @computed(
// CHECK: norm.pack_weight
func.func @computed(%x: tensor<?x13xf32>, %v: tensor<14x13xf32>) -> tensor<?x14xf32> {
  %w = arith.addf %v, %v : tensor<14x13xf32>
  %y = norm.linear %x weight %w : (tensor<?x13xf32>, tensor<14x13xf32>) -> tensor<?x14xf32>
  return %y : tensor<?x14xf32>
}

// Whole tiles of pairs.
// TILES-LABEL: func.func @tiles(
// TILES: norm.packed_linear ins(%{{.*}}, %{{.*}} : tensor<3x33xbf16>, tensor<1x32x32x2xbf16>)
// TILES: norm.pack_weight ins(%{{.*}} : tensor<5x33xbf16>) outs(%{{.*}} : tensor<1x32x32x2xbf16>)
func.func @tiles(%x: tensor<3x33xbf16>, %v: tensor<5x33xbf16>) -> (tensor<3x5xbf16>, tensor<3x5xbf16>) {
  %c = arith.constant dense<0.5> : tensor<5x33xbf16>
  %y = norm.linear %x weight %c : (tensor<3x33xbf16>, tensor<5x33xbf16>) -> tensor<3x5xbf16>
  %w = arith.addf %v, %v : tensor<5x33xbf16>
  %z = norm.linear %x weight %w : (tensor<3x33xbf16>, tensor<5x33xbf16>) -> tensor<3x5xbf16>
  return %y, %z : tensor<3x5xbf16>, tensor<3x5xbf16>
}

{-#
  dialect_resources: {
    builtin: {
      weight: "0x040000000000803F00000040"
    }
  }
#-}
