// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=znver5" --norm-lower-packed-linear | FileCheck %s --check-prefix=ZEN5
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=znver4" --norm-lower-packed-linear | FileCheck %s --check-prefix=ZEN4
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v3" --norm-lower-packed-linear | FileCheck %s --check-prefix=ANY
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=graniterapids" --norm-lower-packed-linear | FileCheck %s --check-prefix=ANY

// Weights are fetched ahead but where that was measured to cost: on Zen 4, and on
// Zen 5 for less than 4 rows.
// ANY-LABEL: func.func @eight(
// ANY: memref.prefetch %arg1[{{.*}}], read, locality<3>, data
// ANY-LABEL: func.func @three(
// ANY: memref.prefetch
// ZEN5-LABEL: func.func @eight(
// ZEN5: memref.prefetch %arg1[{{.*}}], read, locality<3>, data
// ZEN5-LABEL: func.func @three(
// ZEN5-NOT: memref.prefetch
// ZEN4-LABEL: func.func @eight(
// ZEN4-NOT: memref.prefetch
func.func @eight(%x: memref<8x768xf32>, %w: memref<16x768x48xf32>, %y: memref<8x768xf32>) {
  norm.packed_linear ins(%x, %w : memref<8x768xf32>, memref<16x768x48xf32>) outs(%y : memref<8x768xf32>)
  return
}
func.func @three(%x: memref<3x768xf32>, %w: memref<16x768x48xf32>, %y: memref<3x768xf32>) {
  norm.packed_linear ins(%x, %w : memref<3x768xf32>, memref<16x768x48xf32>) outs(%y : memref<3x768xf32>)
  return
}
