// RUN: norm-opt %s --norm-verify-passes=strict --norm-attach-cpu-target=cpu=x86-64-v3 --norm-record-signature --norm-tile-contractions --canonicalize --cse | FileCheck %s

#q = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d4)>
#k = affine_map<(d0, d1, d2, d3, d4) -> (d0, d3, d1, d4)>
#s = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3)>
#v = affine_map<(d0, d1, d2, d3, d4) -> (d0, d4, d1, d3)>
#p = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d4)>
#o = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d1, d3)>

// The scores of one head are all that there are at a time; keys are packed as
// they lie, and results are written where they belong.
// CHECK-LABEL: func @attention(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<2x12x4x16xf32>
// CHECK-NOT:     norm.generic
// CHECK:         scf.for %[[B:.*]] = %c0 to %c2
// CHECK:           scf.for %[[H:.*]] = %c0 to %c4
// CHECK:             %[[X:.*]] = tensor.extract_slice %[[Q]][%[[B]], 0, %[[H]], 0] [1, 12, 1, 16] [1, 1, 1, 1] : tensor<2x12x4x16xf32> to tensor<12x16xf32>
// CHECK:             %[[KEYS:.*]] = norm.pack_weight ins(%{{.*}} : tensor<12x16xf32>) outs(%{{.*}} : tensor<1x16x16xf32>) ->
// CHECK:             %[[S:.*]] = norm.packed_linear ins(%{{.*}}, %[[KEYS]] : tensor<12x16xf32>, tensor<1x16x16xf32>) outs(%{{.*}} : tensor<12x12xf32>)
// CHECK:             norm.generic
// CHECK:               norm.reduce max
// CHECK:             %[[VALUES:.*]] = norm.pack_weight {{.*}} layout in_out
// CHECK:             norm.packed_linear ins(%{{.*}}, %[[VALUES]] :
// CHECK:             tensor.insert_slice %{{.*}} into %{{.*}}[%[[B]], 0, %[[H]], 0] [1, 12, 1, 16] [1, 1, 1, 1] : tensor<12x16xf32> into tensor<2x12x4x16xf32>
// CHECK-NOT:     linalg
func.func @attention(%q: tensor<2x12x4x16xf32>, %k: tensor<2x12x4x16xf32>, %v: tensor<2x12x4x16xf32>) -> tensor<2x12x4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.empty() : tensor<2x4x12x12xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<2x4x12x12xf32>) -> tensor<2x4x12x12xf32>
  %s = linalg.generic {indexing_maps = [#q, #k, #s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : tensor<2x12x4x16xf32>, tensor<2x12x4x16xf32>) outs(%1 : tensor<2x4x12x12xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %c = arith.mulf %a, %b : f32
    %d = arith.addf %out, %c : f32
    linalg.yield %d : f32
  } -> tensor<2x4x12x12xf32>
  %w = norm.generic ins(%s : tensor<2x4x12x12xf32>) outs(%0 : tensor<2x4x12x12xf32>) iterators [parallel, parallel, parallel, reduction] maps [(d0, d1, d2, d3) -> (d0, d1, d2, d3), (d0, d1, d2, d3) -> (d0, d1, d2, d3)] {
  ^bb0(%a: f32):
    %b = norm.reduce max %a over [3] : f32
    %c = arith.subf %a, %b : f32
    %d = math.exp %c : f32
    %e = norm.reduce add %d over [3] : f32
    %f = arith.divf %d, %e : f32
    norm.yield %f : f32
  }
  %2 = tensor.empty() : tensor<2x12x4x16xf32>
  %3 = linalg.fill ins(%zero : f32) outs(%2 : tensor<2x12x4x16xf32>) -> tensor<2x12x4x16xf32>
  %y = linalg.generic {indexing_maps = [#p, #v, #o], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%w, %v : tensor<2x4x12x12xf32>, tensor<2x12x4x16xf32>) outs(%3 : tensor<2x12x4x16xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %c = arith.mulf %a, %b : f32
    %d = arith.addf %out, %c : f32
    linalg.yield %d : f32
  } -> tensor<2x12x4x16xf32>
  return %y : tensor<2x12x4x16xf32>
}

// No loop; what the sums begin with is added.
// CHECK-LABEL: func @matmul(
// CHECK-NOT:     scf.for
// CHECK:         %[[W:.*]] = norm.pack_weight {{.*}} layout in_out
// CHECK:         %[[P:.*]] = norm.packed_linear ins(%{{.*}}, %[[W]] :
// CHECK:         norm.generic ins(%{{.*}}, %[[P]] :
// CHECK-NEXT:    ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32):
// CHECK-NEXT:      arith.addf %[[A]], %[[B]] : f32
func.func @matmul(%x: tensor<4x8xf32>, %w: tensor<8x5xf32>, %z: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x5xf32>) outs(%z : tensor<4x5xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

// A sum over the rows of x: they are transposed first. Columns are what is
// contiguous in the result, whichever input has them.
// CHECK-LABEL: func @swapped(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<8x4xf32>{{.*}}, %[[B:[^:]*]]: tensor<8x5xf32>
// CHECK:         %[[T:.*]] = norm.generic ins(%[[B]] :
// CHECK:         %[[W:.*]] = norm.pack_weight ins(%[[A]] : {{.*}} layout in_out
// CHECK:         norm.packed_linear ins(%[[T]], %[[W]] : tensor<5x8xf32>, {{.*}} -> tensor<5x4xf32>
func.func @swapped(%a: tensor<8x4xf32>, %b: tensor<8x5xf32>) -> tensor<5x4xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.empty() : tensor<5x4xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<5x4xf32>) -> tensor<5x4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d1, d0)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<8x4xf32>, tensor<8x5xf32>) outs(%1 : tensor<5x4xf32>) {
  ^bb0(%c: f32, %d: f32, %out: f32):
    %e = arith.mulf %c, %d : f32
    %f = arith.addf %out, %e : f32
    linalg.yield %f : f32
  } -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// Integers, and sums over two dims, stay for loops.
// CHECK-LABEL: func @others(
// CHECK:         linalg.matmul
// CHECK:         linalg.generic
func.func @others(%i: tensor<4x8xi32>, %j: tensor<8x5xi32>, %z: tensor<4x5xi32>, %a: tensor<4x2x8xf32>, %b: tensor<2x8x5xf32>, %c: tensor<4x5xf32>) -> (tensor<4x5xi32>, tensor<4x5xf32>) {
  %0 = linalg.matmul ins(%i, %j : tensor<4x8xi32>, tensor<8x5xi32>) outs(%z : tensor<4x5xi32>) -> tensor<4x5xi32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d2, d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%a, %b : tensor<4x2x8xf32>, tensor<2x8x5xf32>) outs(%c : tensor<4x5xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %out, %m : f32
    linalg.yield %s : f32
  } -> tensor<4x5xf32>
  return %0, %1 : tensor<4x5xi32>, tensor<4x5xf32>
}

// A loop's tensor that began with zeros has sums after the first iteration.
// CHECK-LABEL: func @accumulated(
// CHECK:         scf.for
// CHECK:           %[[P:.*]] = norm.packed_linear
// CHECK:           norm.generic ins(%{{.*}}, %[[P]] :
// CHECK:             arith.addf
func.func @accumulated(%x: tensor<4x8xf32>, %w: tensor<8x5xf32>) -> tensor<4x5xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %0 = tensor.empty() : tensor<4x5xf32>
  %1 = linalg.fill ins(%zero : f32) outs(%0 : tensor<4x5xf32>) -> tensor<4x5xf32>
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%acc = %1) -> tensor<4x5xf32> {
    %s = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x5xf32>) outs(%acc : tensor<4x5xf32>) -> tensor<4x5xf32>
    scf.yield %s : tensor<4x5xf32>
  }
  return %y : tensor<4x5xf32>
}

// What is written elsewhere than it was read from is added to what was read;
// the product of all else is nowhere in memory that is somebody else's.
// CHECK-LABEL: func @moved(
// CHECK:         scf.for %[[I:.*]] = %{{.*}} iter_args(%[[O:.*]] =
// CHECK:           %[[J:.*]] = arith.addi %[[I]]
// CHECK-DAG:       tensor.extract_slice %[[O]][%[[I]], 0, 0]
// CHECK:           norm.packed_linear
// CHECK:           arith.addf
// CHECK:           tensor.insert_slice %{{.*}} into %[[O]][%[[J]], 0, 0]
func.func @moved(%x: tensor<4x8x16xf32>, %w: tensor<1x16x12xf32>, %c: tensor<4x8x12xf32>) -> tensor<4x8x12xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %i = %c0 to %c3 step %c1 iter_args(%o = %c) -> tensor<4x8x12xf32> {
    %j = arith.addi %i, %c1 : index
    %xs = tensor.extract_slice %x[%i, 0, 0] [1, 8, 16] [1, 1, 1] : tensor<4x8x16xf32> to tensor<1x8x16xf32>
    %s = tensor.extract_slice %o[%i, 0, 0] [1, 8, 12] [1, 1, 1] : tensor<4x8x12xf32> to tensor<1x8x12xf32>
    %m = linalg.batch_matmul ins(%xs, %w : tensor<1x8x16xf32>, tensor<1x16x12xf32>) outs(%s : tensor<1x8x12xf32>) -> tensor<1x8x12xf32>
    %n = tensor.insert_slice %m into %o[%j, 0, 0] [1, 8, 12] [1, 1, 1] : tensor<1x8x12xf32> into tensor<4x8x12xf32>
    scf.yield %n : tensor<4x8x12xf32>
  }
  return %r : tensor<4x8x12xf32>
}

// CHECK-LABEL: func @asserted(
// CHECK:         cf.assert
func.func @asserted(%x: tensor<8x16xf32>, %w: tensor<16x12xf32>, %c: tensor<8x12xf32>) -> tensor<8x12xf32> {
  %least = arith.constant -1.0e6 : f32
  %r = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %w : tensor<8x16xf32>, tensor<16x12xf32>) outs(%c : tensor<8x12xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %ok = arith.cmpf oge, %a, %least : f32
    cf.assert %ok, "not too small"
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<8x12xf32>
  return %r : tensor<8x12xf32>
}
