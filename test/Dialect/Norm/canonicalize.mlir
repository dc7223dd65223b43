// RUN: norm-opt %s --norm-verify-passes=strict --canonicalize -split-input-file | FileCheck %s
// RUN: norm-opt %s --canonicalize --canonicalize -split-input-file | FileCheck %s

// An input that is not used, one that is given twice, a splat.
// CHECK-LABEL: func @inputs(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<4x8xf32>, %{{.*}}: tensor<8xf32>)
// CHECK:         norm.generic ins(%[[X]] : tensor<4x8xf32>) {{.*}} maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] attributes {test.kept} {
// CHECK:         ^bb0(%[[V:.*]]: f32):
// CHECK:           %[[C:.*]] = arith.constant 1.500000e+00 : f32
// CHECK:           %[[S:.*]] = arith.addf %[[V]], %[[V]]
// CHECK:           arith.mulf %[[S]], %[[C]]
func.func @inputs(%x: tensor<4x8xf32>, %u: tensor<8xf32>) -> tensor<4x8xf32> {
  %c = arith.constant dense<1.5> : tensor<8xbf16>
  %e = tensor.empty() : tensor<4x8xf32>
  %y = norm.generic ins(%u, %x, %x, %c : tensor<8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<8xbf16>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] attributes {test.kept} {
  ^bb0(%a: f32, %b: f32, %d: f32, %s: f32):
    %0 = arith.addf %b, %d : f32
    %1 = arith.mulf %0, %s : f32
    norm.yield %1 : f32
  }
  return %y : tensor<4x8xf32>
}

// -----

// The same tensor read as two types, or through two maps, is two inputs.
// CHECK-LABEL: func @not_twice(
// CHECK:         norm.generic ins(%[[X:.*]], %[[X]], %[[X]] :
func.func @not_twice(%x: tensor<4x4xbf16>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %y = norm.generic ins(%x, %x, %x : tensor<4x4xbf16>, tensor<4x4xbf16>, tensor<4x4xbf16>) outs(%e : tensor<4x4xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32, %c: bf16):
    %0 = arith.addf %a, %b : f32
    %1 = arith.extf %c : bf16 to f32
    %2 = arith.mulf %0, %1 : f32
    norm.yield %2 : f32
  }
  return %y : tensor<4x4xf32>
}

// -----

// The only operand that says how large a dim is stays.
// CHECK-LABEL: func @size_only(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<4x8xf32>)
// CHECK:         norm.generic ins(%[[X]] :
// CHECK:         ^bb0(%{{.*}}: f32):
// CHECK-NEXT:      %[[C:.*]] = arith.constant 1.0
// CHECK-NEXT:      norm.reduce add %[[C]] over [1]
func.func @size_only(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %one = arith.constant 1.0 : f32
    %s = norm.reduce add %one over [1] : f32
    norm.yield %s : f32
  }
  return %y : tensor<4xf32>
}

// -----

// Results that are not used, and one that is another once more.
// CHECK-LABEL: func @results(
// CHECK:         %[[Y:.*]]:2 = norm.generic {{.*}} outs(%{{.*}}, %{{.*}} : tensor<4x8xf32>, tensor<4xf32>) iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0)]
// CHECK:           %[[M:.*]] = norm.reduce max
// CHECK-NOT:       norm.reduce min
// CHECK:           norm.yield %{{.*}}, %[[M]] : f32, f32
// CHECK:         return %[[Y]]#0, %[[Y]]#1, %[[Y]]#1
func.func @results(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4x8xf32>
  %f = tensor.empty() : tensor<4xf32>
  %y:4 = norm.generic ins(%x : tensor<4x8xf32>) outs(%f, %e, %f, %f : tensor<4xf32>, tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>)
      iterators [parallel, reduction]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    %m = norm.reduce max %v over [1] : f32
    %n = norm.reduce min %v over [1] : f32
    %d = arith.subf %v, %m : f32
    norm.yield %n, %d, %m, %m : f32, f32, f32, f32
  }
  return %y#1, %y#2, %y#3 : tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// On buffers every output is written.
// CHECK-LABEL: func @buffers(
// CHECK-SAME:    %[[X:[^ ]*]]: memref<4x8xf32>, %[[Y:[^ ]*]]: memref<4x8xf32>, %[[Z:[^ ]*]]: memref<4x8xf32>)
// CHECK:         norm.generic ins(%[[X]] : {{.*}}) outs(%[[Y]], %[[Z]] :
func.func @buffers(%x: memref<4x8xf32>, %y: memref<4x8xf32>, %z: memref<4x8xf32>) {
  norm.generic ins(%x, %x : memref<4x8xf32>, memref<4x8xf32>) outs(%y, %z : memref<4x8xf32>, memref<4x8xf32>)
      iterators [parallel, parallel]
      maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.mulf %a, %b : f32
    norm.yield %0, %0 : f32, f32
  }
  return
}

// -----

// A constant from outside belongs to the program; another scalar is captured.
// CHECK-LABEL: func @captured(
// CHECK-SAME:    %{{.*}}: tensor<4xf32>, %[[S:.*]]: f32)
// CHECK:         norm.generic
// CHECK:           %[[C:.*]] = arith.constant 2.000000e+00 : f32
// CHECK:           %[[M:.*]] = arith.mulf %{{.*}}, %[[C]]
// CHECK:           arith.addf %[[M]], %[[S]]
func.func @captured(%x: tensor<4xf32>, %s: f32) -> tensor<4xf32> {
  %c = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %y = norm.generic ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>)
      iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    %0 = arith.mulf %v, %c : f32
    %1 = arith.addf %0, %s : f32
    norm.yield %1 : f32
  }
  return %y : tensor<4xf32>
}

// -----

// What is in an init does not matter.
// CHECK-LABEL: func @init(
// CHECK-NOT:     linalg.fill
// CHECK-NOT:     dense
// CHECK-DAG:     %[[E:.*]] = tensor.empty
// CHECK-DAG:     %[[F:.*]] = tensor.empty
// CHECK:         norm.generic {{.*}} outs(%[[E]], %[[F]] :
func.func @init(%x: tensor<4xf32>, %s: f32) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %f = linalg.fill ins(%s : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %c = arith.constant dense<1.0> : tensor<4xf32>
  %y:2 = norm.generic ins(%x : tensor<4xf32>) outs(%f, %c : tensor<4xf32>, tensor<4xf32>)
      iterators [parallel] maps [(d0) -> (d0), (d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    norm.yield %v, %n : f32, f32
  }
  return %y#0, %y#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// Casts to less static types are folded in, static sizes go from one operand to
// the others and to the results.
// CHECK-LABEL: func @casts(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<4x?xf32>, %[[G:[^ ]*]]: tensor<8xf32>)
// CHECK-DAG:     %[[C:.*]] = tensor.cast %[[X]] : tensor<4x?xf32> to tensor<4x8xf32>
// CHECK-DAG:     %[[E:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK:         %[[Y:.*]] = norm.generic ins(%[[C]], %[[G]] : tensor<4x8xf32>, tensor<8xf32>) outs(%[[E]] : tensor<4x8xf32>)
// CHECK:         %[[R:.*]] = tensor.cast %[[Y]] : tensor<4x8xf32> to tensor<?x?xf32>
// CHECK:         return %[[R]]
func.func @casts(%x: tensor<4x?xf32>, %g: tensor<8xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %gd = tensor.cast %g : tensor<8xf32> to tensor<?xf32>
  %xd = tensor.cast %x : tensor<4x?xf32> to tensor<?x?xf32>
  %m = tensor.dim %xd, %c0 : tensor<?x?xf32>
  %n = tensor.dim %xd, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%m, %n) : tensor<?x?xf32>
  %y = norm.generic ins(%xd, %gd : tensor<?x?xf32>, tensor<?xf32>) outs(%e : tensor<?x?xf32>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %s: f32):
    %0 = arith.mulf %v, %s : f32
    norm.yield %0 : f32
  }
  return %y : tensor<?x?xf32>
}

// -----

// The mean written out.
// CHECK-LABEL: func @center(
// CHECK:           %[[C:.*]], %[[M:.*]] = norm.center %{{.*}} over [1, 2] : f32
// CHECK-NOT:       norm.reduce
// CHECK:           norm.yield %[[C]], %[[M]] : f32, f32
func.func @center(%x: tensor<2x?x4xf32>) -> (tensor<2x?x4xf32>, tensor<2xf32>) {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c1 : tensor<2x?x4xf32>
  %e = tensor.empty(%n) : tensor<2x?x4xf32>
  %f = tensor.empty() : tensor<2xf32>
  %y:2 = norm.generic ins(%x : tensor<2x?x4xf32>) outs(%e, %f : tensor<2x?x4xf32>, tensor<2xf32>)
      iterators [parallel, reduction, reduction]
      maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1, 2] : f32
    %k = norm.extent over [2, 1] : f32
    %m = arith.divf %s, %k : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d, %m : f32, f32
  }
  return %y#0, %y#1 : tensor<2x?x4xf32>, tensor<2xf32>
}

// -----

// The extent may be a constant.
// CHECK-LABEL: func @center_constant(
// CHECK:         norm.center
// CHECK-NOT:     norm.reduce
func.func @center_constant(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %e = tensor.empty() : tensor<2x8xf32>
  %y = norm.generic ins(%x : tensor<2x8xf32>) outs(%e : tensor<2x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %k = arith.constant 8.0 : f32
    %s = norm.reduce add %v over [1] : f32
    %m = arith.divf %s, %k : f32
    %d = arith.subf %v, %m : f32
    norm.yield %d : f32
  }
  return %y : tensor<2x8xf32>
}

// -----

// Not the mean: another constant, other dims, another value, another reduction.
// CHECK-LABEL: func @no_center(
// CHECK-NOT:     norm.center
// CHECK:         return
func.func @no_center(%x: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  %e = tensor.empty() : tensor<2x8x4xf32>
  %y = norm.generic ins(%x : tensor<2x8x4xf32>) outs(%e : tensor<2x8x4xf32>)
      iterators [parallel, reduction, reduction] maps [(d0, d1, d2) -> (d0, d1, d2), (d0, d1, d2) -> (d0, d1, d2)] {
  ^bb0(%v: f32):
    %k = arith.constant 7.0 : f32
    %n = norm.extent over [1, 2] : f32
    %s = norm.reduce add %v over [1] : f32
    %t = norm.reduce max %v over [1, 2] : f32
    %m0 = arith.divf %s, %k : f32
    %d0 = arith.subf %v, %m0 : f32
    %m1 = arith.divf %s, %n : f32
    %d1 = arith.subf %v, %m1 : f32
    %m2 = arith.divf %t, %n : f32
    %d2 = arith.subf %v, %m2 : f32
    %s3 = norm.reduce add %d2 over [1, 2] : f32
    %m3 = arith.divf %s3, %n : f32
    %d3 = arith.subf %v, %m3 : f32
    %0 = arith.mulf %d0, %d1 : f32
    %1 = arith.mulf %d2, %d3 : f32
    %2 = arith.mulf %0, %1 : f32
    norm.yield %2 : f32
  }
  return %y : tensor<2x8x4xf32>
}

// -----

// Over dims in which it does not vary a value is its mean, also if they are
// empty; a sum over those is none.
// CHECK-LABEL: func @uniform_center(
// CHECK:         ^bb0(%[[V:[^:]*]]: f32, %[[W:[^:]*]]: f32):
// CHECK:           %{{.*}}, %[[M:.*]] = norm.center %[[V]] over [1]
// CHECK:           %[[Z:.*]] = arith.subf %[[W]], %[[W]]
// CHECK:           %[[S:.*]] = norm.reduce add %[[W]] over [1]
// CHECK:           arith.divf %[[S]]
// CHECK:           arith.addf %[[Z]], %[[W]]
func.func @uniform_center(%x: tensor<4x?xf32>, %w: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %y:2 = norm.generic ins(%x, %w : tensor<4x?xf32>, tensor<4xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>)
      iterators [reduction, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0), (d0, d1) -> (d0), (d0, d1) -> (d0)] {
  ^bb0(%a: f32, %b: f32):
    %c, %m = norm.center %a over [1] : f32
    %d, %n = norm.center %b over [1] : f32
    %s = norm.reduce add %b over [1] : f32
    %k = norm.extent over [1] : f32
    %q = arith.divf %s, %k : f32
    %t = arith.subf %b, %q : f32
    %o = arith.addf %d, %n : f32
    %p = arith.addf %m, %t : f32
    norm.yield %o, %p : f32, f32
  }
  return %y#0, %y#1 : tensor<4xf32>, tensor<4xf32>
}
