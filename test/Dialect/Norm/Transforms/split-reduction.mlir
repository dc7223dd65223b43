// RUN: norm-opt %s --norm-verify-passes=strict --norm-split-reduction="threshold=8 chunk=4 split-dynamic" | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-split-reduction="threshold=8 chunk=5 split-dynamic" | FileCheck %s --check-prefix=TAIL
// RUN: norm-opt %S/fuse-graphs.mlir --norm-verify-passes=strict --norm-generalize --norm-fuse --norm-split-reduction="threshold=3 chunk=3 split-dynamic" | FileCheck %s --check-prefix=GRAPHS
// RUN: norm-opt %s --norm-split-reduction | FileCheck %s --check-prefix=SHORT

// GRAPHS: tensor.extract_slice

// Chunks yield mean and sum of squares, one op combines them, and what is left has
// no reduction, so its dim is parallel.
// CHECK-LABEL: func @layer_norm
// CHECK: %[[V:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2]] output_shape [3, 4, 4]
// CHECK: %[[P:.*]]:2 = norm.generic ins(%[[V]] : tensor<3x4x4xf32>) outs(%{{.*}}, %{{.*}} : tensor<3x4xf64>, tensor<3x4xf32>)
// CHECK-SAME: iterators [parallel, parallel, reduction]
// CHECK: norm.center %{{.*}} over [2]
// CHECK: %[[S:.*]]:3 = norm.generic ins(%[[P]]#0, %[[P]]#1 : tensor<3x4xf64>, tensor<3x4xf32>)
// CHECK-SAME: iterators [parallel, reduction]
// CHECK: norm.generic ins(%{{.*}}, %[[S]]#0, %[[S]]#1, %[[S]]#2 : tensor<3x16xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
// CHECK-SAME: iterators [parallel, parallel]
// CHECK-NOT: norm.reduce
// CHECK: return
// TAIL-LABEL: func @layer_norm
// TAIL: tensor.extract_slice %{{.*}}[0, 0] [3, 15] [1, 1] : tensor<3x16xf32> to tensor<3x15xf32>
// TAIL: tensor.extract_slice %{{.*}}[0, 15] [3, 1] [1, 1] : tensor<3x16xf32> to tensor<3x1xf32>
// SHORT-LABEL: func @layer_norm
// SHORT-NOT: tensor.expand_shape
func.func @layer_norm(%x: tensor<3x16xf32>, %e: tensor<3x16xf32>) -> tensor<3x16xf32> {
  %y = norm.generic ins(%x : tensor<3x16xf32>) outs(%e : tensor<3x16xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %one = arith.constant 1.0 : f32
    %eps = arith.constant 1.0e-5 : f32
    %c, %m = norm.center %a over [1] : f32
    %q = arith.mulf %c, %c : f32
    %s = norm.reduce add %q over [1] : f32
    %n = norm.extent over [1] : f32
    %v = arith.divf %s, %n : f32
    %w = arith.addf %v, %eps : f32
    %d = math.sqrt %w : f32
    %t = arith.divf %one, %d : f32
    %o = arith.mulf %c, %t : f32
    norm.yield %o : f32
  }
  return %y : tensor<3x16xf32>
}

// Two stages, one after the other; the length is not known, so what is behind the
// last whole chunk is always reduced, too.
// CHECK-LABEL: func @softmax
// CHECK-COUNT-7: norm.generic
// CHECK-NOT: norm.reduce
// CHECK: return
func.func @softmax(%x: tensor<?x?xbf16>, %e: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %y = norm.generic ins(%x : tensor<?x?xbf16>) outs(%e : tensor<?x?xbf16>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %m = norm.reduce max %a over [1] : f32
    %c = arith.subf %a, %m : f32
    %p = math.exp %c : f32
    %s = norm.reduce add %p over [1] : f32
    %o = arith.divf %p, %s : f32
    norm.yield %o : f32
  }
  return %y : tensor<?x?xbf16>
}

// Channels-last statistics: the split dim is the outer one, and a mean stays a
// result. The index is that of the whole dim.
// CHECK-LABEL: func @columns
// CHECK: norm.generic {{.*}} iterators [parallel, reduction, parallel]
// CHECK-DAG: norm.index 0
// CHECK-DAG: norm.index 1
func.func @columns(%x: tensor<?x6xf32>, %e: tensor<?x6xf32>, %i: tensor<6xf32>) -> (tensor<?x6xf32>, tensor<6xf32>) {
  %y:2 = norm.generic ins(%x : tensor<?x6xf32>) outs(%e, %i : tensor<?x6xf32>, tensor<6xf32>)
      iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%a: f32):
    %k = norm.index 0 : index
    %ki = arith.index_cast %k : index to i32
    %kf = arith.sitofp %ki : i32 to f32
    %b = arith.addf %a, %kf : f32
    %c, %m = norm.center %b over [0] : f32
    norm.yield %c, %m : f32, f32
  }
  return %y#0, %y#1 : tensor<?x6xf32>, tensor<6xf32>
}
