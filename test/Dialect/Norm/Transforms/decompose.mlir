// RUN: norm-opt %s --norm-verify-passes=strict --norm-decompose --canonicalize --cse | FileCheck %s
// RUN: norm-opt %S/fuse-graphs.mlir --norm-verify-passes=strict --norm-generalize --norm-decompose | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %S/fuse-graphs.mlir --norm-verify-passes=strict --norm-generalize --norm-fuse --norm-decompose | FileCheck %s --check-prefix=NONE
// RUN: norm-opt %S/fuse-graphs.mlir --norm-generalize --norm-fuse --norm-decompose --canonicalize --cse --one-shot-bufferize=bufferize-function-boundaries --convert-linalg-to-loops | FileCheck %s --check-prefix=LOOPS

// NONE-NOT: norm.generic
// LOOPS-NOT: tensor<
// LOOPS: scf.for

// A sum of 16-bit values is kept in f32; what is computed of it alone is computed
// once a row. The two outputs have two loops, as they have two maps.
// CHECK-LABEL: func @rows
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : tensor<?x8xbf16>) outs(%{{.*}} : tensor<?xf32>)
// CHECK: arith.extf
// CHECK: %[[T:.*]] = linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[SUM]] : tensor<?xf32>)
// CHECK: math.rsqrt
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%{{.*}}, %[[T]] : tensor<?x8xbf16>, tensor<?xf32>)
// CHECK-NOT: math.rsqrt
// CHECK: %[[O:.*]] = arith.truncf %{{.*}} : f32 to bf16
// CHECK: linalg.yield %[[O]]
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[SUM]] : tensor<?xf32>)
// CHECK: return %[[Y]]
func.func @rows(%x: tensor<?x8xbf16>, %e: tensor<?x8xbf16>, %i: tensor<?xf32>) -> (tensor<?x8xbf16>, tensor<?xf32>) {
  %y:2 = norm.generic ins(%x : tensor<?x8xbf16>) outs(%e, %i : tensor<?x8xbf16>, tensor<?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %one = arith.constant 1.0 : f32
    %q = arith.mulf %a, %a : f32
    %s = norm.reduce add %q over [1] : f32
    %n = norm.extent over [1] : f32
    %m = arith.divf %s, %n : f32
    %v = arith.addf %m, %one : f32
    %t = math.rsqrt %v : f32
    %o = arith.mulf %a, %t : f32
    norm.yield %o, %t : f32, f32
  }
  return %y#0, %y#1 : tensor<?x8xbf16>, tensor<?xf32>
}

// The dims of an index are those of the loop; a dim that nothing read tells the
// size of comes with a tensor of its own.
// CHECK-LABEL: func @indices
// CHECK: %[[K:.*]] = linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%{{.*}} : tensor<?xi1>) outs(%{{.*}} : tensor<i32>)
// CHECK: linalg.index 0
// CHECK: arith.maxsi
func.func @indices(%x: tensor<3x?xf32>, %e: tensor<3x?xf32>) -> tensor<3x?xf32> {
  %y = norm.generic ins(%x : tensor<3x?xf32>) outs(%e : tensor<3x?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %i = norm.index 1 : index
    %k = arith.index_cast %i : index to i32
    %m = norm.reduce max %k over [1] : i32
    %f = arith.sitofp %m : i32 to f32
    %o = arith.addf %a, %f : f32
    norm.yield %o : f32
  }
  return %y : tensor<3x?xf32>
}

// Rounding to 8 bits saturates.
// CHECK-LABEL: func @fp8
// CHECK-DAG: %[[HIGH:.*]] = arith.constant 4.480000e+02 : f32
// CHECK-DAG: %[[LOW:.*]] = arith.constant -4.480000e+02 : f32
// CHECK: %[[A:.*]] = arith.minimumf %{{.*}}, %[[HIGH]]
// CHECK: %[[B:.*]] = arith.maximumf %[[A]], %[[LOW]]
// CHECK: arith.truncf %[[B]] : f32 to f8E4M3FN
func.func @fp8(%x: tensor<3x4xf32>, %e: tensor<3x4xf8E4M3FN>) -> tensor<3x4xf8E4M3FN> {
  %y = norm.generic ins(%x : tensor<3x4xf32>) outs(%e : tensor<3x4xf8E4M3FN>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c = arith.constant 1000.0 : f32
    %o = arith.mulf %a, %c : f32
    norm.yield %o : f32
  }
  return %y : tensor<3x4xf8E4M3FN>
}

// The centred value is corrected by its own mean.
// CHECK-LABEL: func @center
// CHECK-COUNT-2: iterator_types = ["parallel", "reduction"]
// CHECK: iterator_types = ["parallel", "parallel"]
// CHECK: %[[C:.*]] = arith.subf
// CHECK: arith.subf %[[C]]
func.func @center(%x: tensor<3x?xf32>, %e: tensor<3x?xf32>) -> tensor<3x?xf32> {
  %y = norm.generic ins(%x : tensor<3x?xf32>) outs(%e : tensor<3x?xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  return %y : tensor<3x?xf32>
}

// Linear layers: sums in f32, the bias before the one rounding; a layer without
// either is the contraction.
// CHECK-LABEL: func @linear
// CHECK-SAME: %[[X:[^ ]*]]: tensor<2x?x8xbf16>, %[[W:[^ ]*]]: tensor<4x8xbf16>, %[[B:[^ ]*]]: tensor<4xf32>
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} -> tensor<2x?x4xf32>
// CHECK: %[[SUMS:.*]] = linalg.contract indexing_maps = [#[[$X:.*]], #[[$W:.*]], #[[$Y:.*]]] ins(%[[X]], %[[W]] : tensor<2x?x8xbf16>, tensor<4x8xbf16>) outs(%[[ZERO]] : tensor<2x?x4xf32>)
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[SUMS]], %[[B]] : tensor<2x?x4xf32>, tensor<4xf32>)
// CHECK: arith.addf
// CHECK: arith.truncf %{{.*}} : f32 to bf16
// CHECK: return %[[Y]]
func.func @linear(%x: tensor<2x?x8xbf16>, %w: tensor<4x8xbf16>, %b: tensor<4xf32>) -> tensor<2x?x4xbf16> {
  %y = norm.linear %x weight %w bias %b : (tensor<2x?x8xbf16>, tensor<4x8xbf16>, tensor<4xf32>) -> tensor<2x?x4xbf16>
  return %y : tensor<2x?x4xbf16>
}

// CHECK-LABEL: func @in_out
// CHECK: %[[Y:.*]] = linalg.contract
// CHECK-NEXT: return %[[Y]]
func.func @in_out(%x: tensor<?x8xf32>, %w: tensor<8x?xf32>) -> tensor<?x?xf32> {
  %y = norm.linear %x weight %w layout in_out : (tensor<?x8xf32>, tensor<8x?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// Types of results that say less than those of operands, or more.
// CHECK-LABEL: func @less_known
// CHECK: %[[Y:.*]] = linalg.contract {{.*}} -> tensor<2x5xf32>
// CHECK: tensor.cast %[[Y]] : tensor<2x5xf32> to tensor<?x5xf32>
func.func @less_known(%x: tensor<2x8xf32>, %w: tensor<5x8xf32>) -> tensor<?x5xf32> {
  %y = norm.linear %x weight %w : (tensor<2x8xf32>, tensor<5x8xf32>) -> tensor<?x5xf32>
  return %y : tensor<?x5xf32>
}

// CHECK-LABEL: func @rows_known
// CHECK: linalg.contract {{.*}} -> tensor<4x5xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4x5xf64>)
func.func @rows_known(%x: tensor<?x8xf32>, %w: tensor<5x8xf32>, %b: tensor<5xf32>) -> tensor<4x5xf64> {
  %y = norm.linear %x weight %w bias %b : (tensor<?x8xf32>, tensor<5x8xf32>, tensor<5xf32>) -> tensor<4x5xf64>
  return %y : tensor<4x5xf64>
}

// CHECK-LABEL: func @all_known
// CHECK: linalg.contract {{.*}} -> tensor<5x5xf32>
func.func @all_known(%x: tensor<?x8xf32>, %w: tensor<?x8xf32>) -> tensor<5x5xf32> {
  %y = norm.linear %x weight %w : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// A bias that f32 does not hold is added in f64.
// CHECK-LABEL: func @wide_bias
// CHECK: arith.extf %{{.*}} : f32 to f64
// CHECK: arith.addf %{{.*}} : f64
func.func @wide_bias(%x: tensor<2x8xf32>, %w: tensor<5x8xf32>) -> tensor<2x5xf64> {
  %b = arith.constant dense<1.0e300> : tensor<5xf64>
  %y = norm.linear %x weight %w bias %b : (tensor<2x8xf32>, tensor<5x8xf32>, tensor<5xf64>) -> tensor<2x5xf64>
  return %y : tensor<2x5xf64>
}
