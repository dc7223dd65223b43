// RUN: norm-opt %s --norm-verify-passes=strict --norm-fuse | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-fuse=rounding=storage | FileCheck %s --check-prefix=STORAGE

// The sum is returned, too: it stays a result. Its dim of rows is asked for by way
// of the results, which must not keep the three apart.
// CHECK-LABEL: func @residual_norm_tanh
// CHECK: %[[Y:.*]]:2 = norm.generic ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x8xbf16>, tensor<?x8xbf16>, tensor<8xf32>)
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-SAME: maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %[[G:.*]]: f32):
// CHECK-NEXT:   %[[S:.*]] = arith.addf %[[A]], %[[B]]
// CHECK:        norm.center %[[S]] over [1]
// CHECK:        %[[O:.*]] = arith.mulf %{{.*}}, %[[G]]
// CHECK-NEXT:   %[[T:.*]] = math.tanh %[[O]]
// CHECK-NEXT:   norm.yield %[[S]], %[[T]]
// CHECK-NOT: norm.generic
// CHECK: return %[[Y]]#0, %[[Y]]#1
// STORAGE-LABEL: func @residual_norm_tanh
// STORAGE: %[[S:.*]] = arith.addf
// STORAGE-NEXT: %[[R:.*]] = arith.truncf %[[S]] : f32 to bf16
// STORAGE-NEXT: %[[W:.*]] = arith.extf %[[R]] : bf16 to f32
// STORAGE: norm.center %[[W]]
// STORAGE: norm.yield %[[S]], %
func.func @residual_norm_tanh(%x: tensor<?x8xbf16>, %r: tensor<?x8xbf16>, %g: tensor<8xf32>) -> (tensor<?x8xbf16>, tensor<?x8xbf16>) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x8xbf16>
  %e = tensor.empty(%d) : tensor<?x8xbf16>
  %s = norm.generic ins(%x, %r : tensor<?x8xbf16>, tensor<?x8xbf16>) outs(%e : tensor<?x8xbf16>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.addf %a, %b : f32
    norm.yield %0 : f32
  }
  %d1 = tensor.dim %s, %c0 : tensor<?x8xbf16>
  %e1 = tensor.empty(%d1) : tensor<?x8xbf16>
  %y = norm.generic ins(%s, %g : tensor<?x8xbf16>, tensor<8xf32>) outs(%e1 : tensor<?x8xbf16>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %c, %m = norm.center %a over [1] : f32
    %q = arith.mulf %c, %c : f32
    %v = norm.reduce add %q over [1] : f32
    %one = arith.constant 1.0 : f32
    %w = arith.addf %v, %one : f32
    %t = math.rsqrt %w : f32
    %h = arith.mulf %c, %t : f32
    %o = arith.mulf %h, %b : f32
    norm.yield %o : f32
  }
  %d2 = tensor.dim %y, %c0 : tensor<?x8xbf16>
  %e2 = tensor.empty(%d2) : tensor<?x8xbf16>
  %z = norm.generic ins(%y : tensor<?x8xbf16>) outs(%e2 : tensor<?x8xbf16>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %t = math.tanh %a : f32
    norm.yield %t : f32
  }
  return %s, %z : tensor<?x8xbf16>, tensor<?x8xbf16>
}

// The consumer has another order of dims, and reads the same input again.
// CHECK-LABEL: func @permuted
// CHECK: norm.generic ins(%{{.*}} : tensor<3x?xf32>) outs(%{{.*}} : tensor<?x3xf32>)
// CHECK-SAME: iterators [parallel, reduction]
// CHECK-SAME: maps [(d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1)]
// CHECK: norm.reduce max %{{.*}} over [1]
// CHECK-NOT: norm.generic
func.func @permuted(%x: tensor<3x?xf32>, %i: tensor<?xf32>, %e: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %m = norm.generic ins(%x : tensor<3x?xf32>) outs(%i : tensor<?xf32>)
      iterators [reduction, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%a: f32):
    %0 = norm.reduce max %a over [0] : f32
    norm.yield %0 : f32
  }
  %y = norm.generic ins(%x, %m : tensor<3x?xf32>, tensor<?xf32>) outs(%e : tensor<?x3xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d1, d0), (d0, d1) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.subf %a, %b : f32
    norm.yield %0 : f32
  }
  return %y : tensor<?x3xf32>
}

// What is uniform over the producer's rows is computed beside them.
// CHECK-LABEL: func @smaller_consumer
// CHECK: norm.generic ins(%{{.*}} : tensor<4x8xf32>) outs(%{{.*}} : tensor<4xf32>)
// CHECK-SAME: iterators [parallel, reduction]
// CHECK: %[[S:.*]] = norm.reduce add
// CHECK: math.sqrt %[[S]]
// CHECK-NOT: norm.generic
func.func @smaller_consumer(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %s = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%a: f32):
    %q = arith.mulf %a, %a : f32
    %0 = norm.reduce add %q over [1] : f32
    norm.yield %0 : f32
  }
  %y = norm.generic ins(%s : tensor<4xf32>) outs(%e : tensor<4xf32>)
      iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%a: f32):
    %0 = math.sqrt %a : f32
    norm.yield %0 : f32
  }
  return %y : tensor<4xf32>
}

// Groups of channels: the add in front and the activation behind work on the split
// channels. One sum stays a result, joined again.
// CHECK-LABEL: func @through_reshapes
// CHECK-SAME: (%[[X:.*]]: tensor<?x6x5xf32>, %[[R:.*]]: tensor<?x6x5xf32>, %[[B:.*]]: tensor<6xf32>
// CHECK-DAG: %[[XG:.*]] = tensor.expand_shape %[[X]] {{\[\[}}0], [1, 2], [3]]
// CHECK-DAG: %[[RG:.*]] = tensor.expand_shape %[[R]] {{\[\[}}0], [1, 2], [3]]
// CHECK-DAG: %[[BG:.*]] = tensor.expand_shape %[[B]] {{\[\[}}0, 1]] output_shape [3, 2]
// CHECK: %[[Y:.*]]:2 = norm.generic ins(%[[XG]], %[[RG]], %[[BG]] : {{.*}}) outs({{.*}} : tensor<?x3x2x5xf32>, tensor<?x3x2x5xf32>)
// CHECK-SAME: iterators [parallel, parallel, reduction, reduction]
// CHECK-SAME: (d0, d1, d2, d3) -> (d1, d2)
// CHECK-NOT: norm.generic
// CHECK-DAG: %[[S:.*]] = tensor.collapse_shape %[[Y]]#0 {{\[\[}}0], [1, 2], [3]]
// CHECK-DAG: %[[Z:.*]] = tensor.collapse_shape %[[Y]]#1 {{\[\[}}0], [1, 2], [3]]
// CHECK: return %[[S]], %[[Z]]
func.func @through_reshapes(%x: tensor<?x6x5xf32>, %r: tensor<?x6x5xf32>, %b: tensor<6xf32>) -> (tensor<?x6x5xf32>, tensor<?x6x5xf32>) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x6x5xf32>
  %e = tensor.empty(%d) : tensor<?x6x5xf32>
  %s = norm.generic ins(%x, %r : tensor<?x6x5xf32>, tensor<?x6x5xf32>) outs(%e : tensor<?x6x5xf32>)
      iterators [parallel, parallel, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%u: f32, %v: f32):
    %0 = arith.addf %u, %v : f32
    norm.yield %0 : f32
  }
  %ds = tensor.dim %s, %c0 : tensor<?x6x5xf32>
  %g = tensor.expand_shape %s [[0], [1, 2], [3]] output_shape [%ds, 3, 2, 5] : tensor<?x6x5xf32> into tensor<?x3x2x5xf32>
  %eg = tensor.empty(%d) : tensor<?x3x2x5xf32>
  %n = norm.generic ins(%g : tensor<?x3x2x5xf32>) outs(%eg : tensor<?x3x2x5xf32>)
      iterators [parallel, parallel, reduction, reduction]
      maps [(d0, d1, d2, d3) -> (d0, d1, d2, d3), (d0, d1, d2, d3) -> (d0, d1, d2, d3)] {
  ^bb0(%u: f32):
    %c, %m = norm.center %u over [2, 3] : f32
    norm.yield %c : f32
  }
  %j = tensor.collapse_shape %n [[0], [1, 2], [3]] : tensor<?x3x2x5xf32> into tensor<?x6x5xf32>
  %z = norm.generic ins(%j, %b : tensor<?x6x5xf32>, tensor<6xf32>) outs(%e : tensor<?x6x5xf32>)
      iterators [parallel, parallel, parallel]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d1), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%u: f32, %v: f32):
    %t = math.tanh %u : f32
    %0 = arith.addf %t, %v : f32
    norm.yield %0 : f32
  }
  return %s, %z : tensor<?x6x5xf32>, tensor<?x6x5xf32>
}

// Blocks of a normalized row: the dim of blocks, parallel for the quantization, is
// reduced over by the normalization.
// CHECK-LABEL: func @block_quantization
// CHECK: %[[Y:.*]]:2 = norm.generic ins(%{{.*}} : tensor<?x4x32xf32>) outs({{.*}} : tensor<?x4x32xi8>, tensor<?x4xf32>)
// CHECK-SAME: iterators [parallel, reduction, reduction]
// CHECK: norm.reduce add %{{.*}} over [1, 2]
// CHECK: norm.reduce max %{{.*}} over [2]
// CHECK: return %[[Y]]#0, %[[Y]]#1
func.func @block_quantization(%x: tensor<?x128xf32>, %i: tensor<?x128xf32>, %q: tensor<?x4x32xi8>, %k: tensor<?x4xf32>) -> (tensor<?x4x32xi8>, tensor<?x4xf32>) {
  %c0 = arith.constant 0 : index
  %d = tensor.dim %x, %c0 : tensor<?x128xf32>
  %e = tensor.empty(%d) : tensor<?x128xf32>
  %y = norm.generic ins(%x : tensor<?x128xf32>) outs(%e : tensor<?x128xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c1 = arith.constant 1.0 : f32
    %p = arith.mulf %a, %a : f32
    %s = norm.reduce add %p over [1] : f32
    %s1 = arith.addf %s, %c1 : f32
    %t = math.rsqrt %s1 : f32
    %o = arith.mulf %a, %t : f32
    norm.yield %o : f32
  }
  %b = tensor.expand_shape %y [[0], [1, 2]] output_shape [%d, 4, 32] : tensor<?x128xf32> into tensor<?x4x32xf32>
  %r:2 = norm.generic ins(%b : tensor<?x4x32xf32>) outs(%q, %k : tensor<?x4x32xi8>, tensor<?x4xf32>)
      iterators [parallel, parallel, reduction]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c127 = arith.constant 127.0 : f32
    %u = math.absf %a : f32
    %m = norm.reduce max %u over [2] : f32
    %s = arith.divf %c127, %m : f32
    %v = arith.mulf %a, %s : f32
    %w = math.roundeven %v : f32
    %f = arith.fptosi %w : f32 to i8
    norm.yield %f, %m : i8, f32
  }
  return %r#0, %r#1 : tensor<?x4x32xi8>, tensor<?x4xf32>
}

// Two that read the same tensor read it once; an op between them that needs the
// first moves behind.
// CHECK-LABEL: func @siblings
// CHECK: %[[Y:.*]]:2 = norm.generic ins(%{{.*}} : tensor<4x8xbf16>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: bf16):
// CHECK: arith.extf %[[A]] : bf16 to f32
// CHECK: tensor.insert_slice %[[Y]]#0
func.func @siblings(%x: tensor<4x8xbf16>, %w: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<4x8xbf16>) {
  %e = tensor.empty() : tensor<4x8xf32>
  %f = tensor.empty() : tensor<4x8xbf16>
  %y = norm.generic ins(%x : tensor<4x8xbf16>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32):
    %c, %m = norm.center %a over [1] : f32
    norm.yield %c : f32
  }
  %l = tensor.insert_slice %y into %w[0, 0] [4, 8] [1, 1] : tensor<4x8xf32> into tensor<8x8xf32>
  %z = norm.generic ins(%x : tensor<4x8xbf16>) outs(%f : tensor<4x8xbf16>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: bf16):
    %n = arith.negf %a : bf16
    norm.yield %n : bf16
  }
  return %l, %z : tensor<8x8xf32>, tensor<4x8xbf16>
}

// A scale offset is added anew for every row: it is cheaper than to store the sum.
// CHECK-LABEL: func @cheap_broadcast
// CHECK: norm.generic ins(%{{.*}}, %{{.*}} : tensor<8xf32>, tensor<4x8xf32>)
// CHECK-SAME: maps [(d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
// CHECK-NOT: norm.generic
func.func @cheap_broadcast(%x: tensor<4x8xf32>, %g: tensor<8xf32>) -> tensor<4x8xf32> {
  %i = tensor.empty() : tensor<8xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %h = norm.generic ins(%g : tensor<8xf32>) outs(%i : tensor<8xf32>)
      iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%a: f32):
    %one = arith.constant 1.0 : f32
    %0 = arith.addf %a, %one : f32
    norm.yield %0 : f32
  }
  %y = norm.generic ins(%x, %h : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %b : f32
    norm.yield %0 : f32
  }
  return %y : tensor<4x8xf32>
}
