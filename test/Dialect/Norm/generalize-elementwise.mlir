// RUN: norm-opt %s --norm-verify-passes=strict --norm-generalize --canonicalize --cse | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func @add_broadcast(
// CHECK:         %[[B:.*]] = norm.generic outs({{.*}}) {{.*}} maps [(d0, d1) -> (d0, d1)]
// CHECK-NEXT:      arith.constant 1.500000e+00 : bf16
// CHECK:         norm.generic ins(%{{.*}}, %[[B]] :
// CHECK:         ^bb0(%[[X:.*]]: f32, %[[C:.*]]: f32):
// CHECK-NEXT:      %[[S:.*]] = arith.addf %[[X]], %[[C]] fastmath<contract> : f32
// CHECK-NEXT:      norm.yield %[[S]] : f32
func.func @add_broadcast(%x: tensor<?x7xbf16>) -> tensor<?x7xbf16> {
  %c = arith.constant dense<1.5> : tensor<7xbf16>
  %i = arith.constant 0 : index
  %d = tensor.dim %x, %i : tensor<?x7xbf16>
  %e = tensor.empty(%d) : tensor<?x7xbf16>
  %b = linalg.broadcast ins(%c : tensor<7xbf16>) outs(%e : tensor<?x7xbf16>) dimensions = [0]
  %y = arith.addf %x, %b fastmath<contract> : tensor<?x7xbf16>
  return %y : tensor<?x7xbf16>
}

// CHECK-LABEL: func @splat(
// CHECK:         ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT:      %[[C:.*]] = arith.constant 1.500000e+00 : f32
// CHECK-NEXT:      arith.mulf %[[X]], %[[C]] : f32
func.func @splat(%x: tensor<3x7xf16>) -> tensor<3x7xf16> {
  %c = arith.constant dense<1.5> : tensor<3x7xf16>
  %y = arith.mulf %x, %c : tensor<3x7xf16>
  return %y : tensor<3x7xf16>
}

// The user's rounding stays, an extension is the block argument's.
// CHECK-LABEL: func @casts(
// CHECK:         ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT:      norm.yield %[[X]] : f32
// CHECK:         ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT:      %[[T:.*]] = arith.truncf %[[X]] : f32 to bf16
// CHECK-NEXT:      norm.yield %[[T]] : bf16
// CHECK:         arith.fptosi %{{.*}} : f32 to i32
// CHECK:         arith.trunci %{{.*}} : i32 to i8
func.func @casts(%x: tensor<3x7xf16>) -> (tensor<3x7xf32>, tensor<3x7xbf16>, tensor<3x7xi32>, tensor<3x7xi8>) {
  %0 = arith.extf %x : tensor<3x7xf16> to tensor<3x7xf32>
  %1 = arith.truncf %0 : tensor<3x7xf32> to tensor<3x7xbf16>
  %2 = arith.fptosi %1 : tensor<3x7xbf16> to tensor<3x7xi32>
  %3 = arith.trunci %2 : tensor<3x7xi32> to tensor<3x7xi8>
  return %0, %1, %2, %3 : tensor<3x7xf32>, tensor<3x7xbf16>, tensor<3x7xi32>, tensor<3x7xi8>
}

// CHECK-LABEL: func @select(
// CHECK-SAME:    %[[C:[^ ]*]]: i1)
// CHECK:           arith.cmpf olt, %{{.*}}, %{{.*}} : f32
// CHECK:         ^bb0(%[[P:.*]]: i1, %{{.*}}: f32, %{{.*}}: f32):
// CHECK-NEXT:      arith.select %[[P]], %{{.*}}, %{{.*}} : f32
// CHECK:           arith.select %[[C]], %{{.*}}, %{{.*}} : f32
func.func @select(%x: tensor<3x?xf16>, %z: tensor<3x?xf16>, %c: i1) -> (tensor<3x?xf16>, tensor<3x?xf16>) {
  %p = arith.cmpf olt, %x, %z : tensor<3x?xf16>
  %0 = arith.select %p, %x, %z : tensor<3x?xi1>, tensor<3x?xf16>
  %1 = arith.select %c, %x, %z : tensor<3x?xf16>
  return %0, %1 : tensor<3x?xf16>, tensor<3x?xf16>
}

// CHECK-LABEL: func @math(
// CHECK:           math.exp %{{.*}} : f32
// CHECK:           math.fma %{{.*}}, %{{.*}}, %{{.*}} : f32
func.func @math(%x: tensor<3x?xf16>, %z: tensor<3x?xf32>) -> (tensor<3x?xf16>, tensor<3x?xf32>) {
  %0 = math.exp %x : tensor<3x?xf16>
  %1 = math.fma %z, %z, %z : tensor<3x?xf32>
  return %0, %1 : tensor<3x?xf16>, tensor<3x?xf32>
}

// CHECK-LABEL: func @rank0(
// CHECK:         norm.generic {{.*}} iterators [] maps [() -> (), () -> ()]
func.func @rank0(%x: tensor<f32>) -> tensor<f32> {
  %0 = math.exp %x : tensor<f32>
  return %0 : tensor<f32>
}

// Each 16-bit op rounds, the last one where it is yielded. The init that is read
// is an input.
// CHECK-LABEL: func @generic(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<3x?xbf16>, %[[G:[^ ]*]]: tensor<?xbf16>, %[[T:[^ ]*]]: tensor<?x3xf32>, %[[S:[^ ]*]]: bf16)
// CHECK:         %[[FILL:.*]] = norm.generic outs
// CHECK-NEXT:      norm.yield %[[S]] : bf16
// CHECK:         norm.generic ins(%[[X]], %[[G]], %[[T]], %[[FILL]] : {{.*}} maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)]
// CHECK:         ^bb0(%[[XE:.*]]: f32, %[[GE:.*]]: f32, %{{.*}}: f32, %[[FE:.*]]: f32):
// CHECK:           %[[A:.*]] = arith.addf %[[XE]], %[[GE]] : f32
// CHECK-NEXT:      %[[AT:.*]] = arith.truncf %[[A]] : f32 to bf16
// CHECK-NEXT:      %[[AE:.*]] = arith.extf %[[AT]] : bf16 to f32
// CHECK-NEXT:      %[[SE:.*]] = arith.extf %[[S]] : bf16 to f32
// CHECK-NEXT:      arith.mulf %[[AE]], %[[SE]] : f32
// CHECK:           norm.index 1 : index
// CHECK:           arith.sitofp %{{.*}} : i32 to bf16
// CHECK:           %[[L:.*]] = arith.addf %{{.*}}, %[[FE]] : f32
// CHECK-NEXT:      norm.yield %[[L]] : f32
func.func @generic(%x: tensor<3x?xbf16>, %g: tensor<?xbf16>, %t: tensor<?x3xf32>, %s: bf16) -> tensor<3x?xbf16> {
  %c = arith.constant 1 : index
  %d = tensor.dim %x, %c : tensor<3x?xbf16>
  %e = tensor.empty(%d) : tensor<3x?xbf16>
  %i = linalg.fill ins(%s : bf16) outs(%e : tensor<3x?xbf16>) -> tensor<3x?xbf16>
  %y = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> ()>, #id], iterator_types = ["parallel", "parallel"]}
    ins(%x, %g, %t, %s : tensor<3x?xbf16>, tensor<?xbf16>, tensor<?x3xf32>, bf16) outs(%i : tensor<3x?xbf16>) {
  ^bb0(%a: bf16, %b: bf16, %cc: f32, %ss: bf16, %o: bf16):
    %0 = arith.addf %a, %b : bf16
    %1 = arith.mulf %0, %ss : bf16
    %2 = arith.extf %1 : bf16 to f32
    %3 = arith.addf %2, %cc : f32
    %4 = arith.truncf %3 : f32 to bf16
    %5 = linalg.index 1 : index
    %6 = arith.index_cast %5 : index to i32
    %7 = arith.sitofp %6 : i32 to bf16
    %8 = arith.subf %7, %4 : bf16
    %9 = arith.addf %8, %o : bf16
    linalg.yield %9 : bf16
  } -> tensor<3x?xbf16>
  return %y : tensor<3x?xbf16>
}

// CHECK-LABEL: func @transpose(
// CHECK:         %[[E:.*]] = tensor.empty
// CHECK:         norm.generic {{.*}} outs(%[[E]] : {{.*}} maps [(d0, d1) -> (d1, d0), (d0, d1) -> (d0, d1)]
func.func @transpose(%x: tensor<3x?xbf16>, %e: tensor<?x3xbf16>) -> tensor<?x3xbf16> {
  %y = linalg.transpose ins(%x : tensor<3x?xbf16>) outs(%e : tensor<?x3xbf16>) permutation = [1, 0]
  return %y : tensor<?x3xbf16>
}

// What only said where to write is not kept.
// CHECK-LABEL: func @named(
// CHECK-SAME:    %[[X:.*]]: tensor<3x?xf32>, %[[Z:.*]]: tensor<3x?xf32>)
// CHECK:         %[[E:.*]] = tensor.empty
// CHECK:         norm.generic ins(%[[X]], %[[Z]] : {{.*}}) outs(%[[E]] :
// CHECK:           arith.addf
// CHECK:         norm.generic {{.*}} outs(%[[E]] :
// CHECK:           math.exp
// CHECK:         norm.generic {{.*}} outs(%[[E]] :
// CHECK:           arith.mulf
func.func @named(%x: tensor<3x?xf32>, %z: tensor<3x?xf32>) -> tensor<3x?xf32> {
  %y = linalg.add ins(%x, %z : tensor<3x?xf32>, tensor<3x?xf32>) outs(%x : tensor<3x?xf32>) -> tensor<3x?xf32>
  %w = linalg.exp ins(%y : tensor<3x?xf32>) outs(%y : tensor<3x?xf32>) -> tensor<3x?xf32>
  %v = linalg.map { arith.mulf } ins(%w, %z : tensor<3x?xf32>, tensor<3x?xf32>) outs(%x : tensor<3x?xf32>)
  return %v : tensor<3x?xf32>
}

// Division by zero is not pure; a contraction is not elementwise.
// CHECK-LABEL: func @kept(
// CHECK:         arith.divsi
// CHECK:         linalg.matmul
func.func @kept(%x: tensor<3x4xi32>, %z: tensor<3x4xi32>, %a: tensor<3x3xf32>) -> (tensor<3x4xi32>, tensor<3x3xf32>) {
  %0 = arith.divsi %x, %z : tensor<3x4xi32>
  %1 = linalg.matmul ins(%a, %a : tensor<3x3xf32>, tensor<3x3xf32>) outs(%a : tensor<3x3xf32>) -> tensor<3x3xf32>
  return %0, %1 : tensor<3x4xi32>, tensor<3x3xf32>
}
