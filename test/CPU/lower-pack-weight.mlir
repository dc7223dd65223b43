// RUN: norm-opt %s --norm-attach-cpu-target=cpu=x86-64-v3 --norm-lower-packed-linear | FileCheck %s

// Rows of the weight are rows of panels: vectors, with zeros behind the last
// output feature.
// CHECK-LABEL: func @rows(
// CHECK:         scf.for %[[PANEL:.*]] =
// CHECK:           %[[MASK:.*]] = vector.create_mask %{{.*}} : vector<8xi1>
// CHECK:           scf.for %[[K:.*]] =
// CHECK:             %[[V:.*]] = vector.maskedload %{{.*}}[%[[K]], %{{.*}}], %[[MASK]]
// CHECK:             vector.store %[[V]], %{{.*}}[%[[PANEL]], %[[K]], %{{.*}}] : memref<2x6x16xf32>, vector<8xf32>
// CHECK-NOT:     memref.load
// CHECK:         return
func.func @rows(%w: memref<6x20xf32, strided<[60, 1], offset: ?>>, %p: memref<2x6x16xf32>) {
  norm.pack_weight ins(%w : memref<6x20xf32, strided<[60, 1], offset: ?>>) outs(%p : memref<2x6x16xf32>) layout in_out
  return
}

// Eight output features at a time are transposed in registers, where all eight
// are there; what is left is copied element by element.
// CHECK-LABEL: func @columns(
// CHECK:         %[[WHOLE:.*]] = arith.cmpi ule
// CHECK:         scf.if %[[WHOLE]]
// CHECK-COUNT-8:   vector.load
// CHECK-COUNT-24:  vector.shuffle
// CHECK-COUNT-8:   vector.store
// CHECK:         memref.load
// CHECK:         memref.store
func.func @columns(%w: memref<20x18xf32>, %p: memref<2x18x16xf32>) {
  norm.pack_weight ins(%w : memref<20x18xf32>) outs(%p : memref<2x18x16xf32>)
  return
}

// Weights of other types, and those that are not contiguous.
// CHECK-LABEL: func @elements(
// CHECK-NOT:     vector.
// CHECK:         return
func.func @elements(%w: memref<20x6xf64>, %p: memref<3x6x8xf64>, %v: memref<6x20xf32, strided<[1, 6]>>, %q: memref<2x6x16xf32>) {
  norm.pack_weight ins(%w : memref<20x6xf64>) outs(%p : memref<3x6x8xf64>)
  norm.pack_weight ins(%v : memref<6x20xf32, strided<[1, 6]>>) outs(%q : memref<2x6x16xf32>) layout in_out
  return
}
