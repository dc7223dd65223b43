// RUN: norm-opt %s --norm-verify-passes=strict --norm-hoist-temporaries | FileCheck %s

// Out of both loops, into what the outer loop began with: nothing but the inner
// loop reads its tensor.
// CHECK-LABEL: func.func @carried(
// CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>
// CHECK: %[[E:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK: scf.for {{.*}} iter_args(%[[A:.*]] = %[[X]])
// CHECK: %[[I:.*]] = scf.for {{.*}} iter_args(%[[B:.*]] = %[[A]])
// CHECK: %[[N:.*]] = norm.generic ins(%[[B]] : {{.*}}) outs(%[[E]] :
// CHECK: %[[C:.*]] = norm.generic ins(%[[N]] : {{.*}}) outs(%[[B]] :
// CHECK: scf.yield %[[C]]
// CHECK: scf.yield %[[I]]
func.func @carried(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %x) -> (tensor<4x8xf32>) {
    %z = scf.for %j = %c0 to %c3 step %c1 iter_args(%b = %a) -> (tensor<4x8xf32>) {
      %e = tensor.empty() : tensor<4x8xf32>
      %n = norm.generic ins(%b : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) iterators [parallel, reduction]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%v: f32):
        %m = norm.reduce max %v over [1] : f32
        %o = arith.subf %v, %m : f32
        norm.yield %o : f32
      }
      scf.yield %n : tensor<4x8xf32>
    }
    scf.yield %z : tensor<4x8xf32>
  }
  return %y : tensor<4x8xf32>
}

// The inner loop has memory of its own where its tensor is still read.
// CHECK-LABEL: func.func @read(
// CHECK: tensor.empty() : tensor<4x8xf32>
// CHECK: %[[OWN:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK: scf.for {{.*}} iter_args(%[[A:.*]] = %{{.*}})
// CHECK: %[[I:.*]] = norm.generic ins(%[[A]] : {{.*}}) outs(%[[OWN]] :
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[I]])
func.func @read(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%a = %x) -> (tensor<4x8xf32>) {
    %e = tensor.empty() : tensor<4x8xf32>
    %z = scf.for %j = %c0 to %c3 step %c1 iter_args(%b = %a) -> (tensor<4x8xf32>) {
      %n = norm.generic ins(%b : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) iterators [parallel, parallel]
          maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
      ^bb0(%v: f32):
        %o = math.exp %v : f32
        norm.yield %o : f32
      }
      scf.yield %n : tensor<4x8xf32>
    }
    %s = norm.generic ins(%a, %z : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) iterators [parallel, parallel]
        maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
    ^bb0(%v: f32, %w: f32):
      %o = arith.addf %v, %w : f32
      norm.yield %o : f32
    }
    scf.yield %s : tensor<4x8xf32>
  }
  return %y : tensor<4x8xf32>
}

// A size that the loop decides stays in it; what is written in place, too.
// CHECK-LABEL: func.func @sizes(
// CHECK: scf.for %[[I:.*]] = {{.*}} iter_args(%[[A:.*]] =
// CHECK: tensor.empty(%[[I]])
// CHECK: %[[R:.*]] = tensor.insert_slice %{{.*}} into %[[A]]
// CHECK-NEXT: scf.yield %[[R]]
func.func @sizes(%x: tensor<5xf32>) -> tensor<5xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %y = scf.for %i = %c0 to %c5 step %c1 iter_args(%a = %x) -> (tensor<5xf32>) {
    %s = tensor.extract_slice %a[0] [%i] [1] : tensor<5xf32> to tensor<?xf32>
    %e = tensor.empty(%i) : tensor<?xf32>
    %n = norm.generic ins(%s : tensor<?xf32>) outs(%e : tensor<?xf32>) iterators [parallel]
        maps [(d0) -> (d0), (d0) -> (d0)] {
    ^bb0(%v: f32):
      %o = arith.addf %v, %v : f32
      norm.yield %o : f32
    }
    %r = tensor.insert_slice %n into %a[0] [%i] [1] : tensor<?xf32> into tensor<5xf32>
    scf.yield %r : tensor<5xf32>
  }
  return %y : tensor<5xf32>
}

// CHECK-LABEL: func.func @branch(
// CHECK: %[[D:.*]] = tensor.empty() : tensor<8xf32>
// CHECK: tensor.empty() : tensor<8xf32>
// CHECK: scf.if
// CHECK: %[[P:.*]] = norm.generic ins(%{{.*}} : {{.*}}) outs(%[[D]] :
// CHECK: scf.yield %[[P]]
// CHECK: %[[Q:.*]] = norm.generic ins(%arg0 : {{.*}}) outs(%[[D]] :
// CHECK: scf.yield %[[Q]]
func.func @branch(%x: tensor<8xf32>, %b: i1) -> tensor<8xf32> {
  %y = scf.if %b -> (tensor<8xf32>) {
    %e = tensor.empty() : tensor<8xf32>
    %n = norm.generic ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) iterators [parallel]
        maps [(d0) -> (d0), (d0) -> (d0)] {
    ^bb0(%v: f32):
      %o = arith.addf %v, %v : f32
      norm.yield %o : f32
    }
    scf.yield %n : tensor<8xf32>
  } else {
    scf.yield %x : tensor<8xf32>
  }
  return %y : tensor<8xf32>
}

// The sizes that a branch computes of what is outside go with its memory.
// CHECK-LABEL: func.func @dynamic(
// CHECK: %[[SIZE:.*]] = tensor.dim %arg0
// CHECK: tensor.empty(%[[SIZE]])
// CHECK: scf.if
// CHECK-NOT: tensor.empty
// CHECK: return
func.func @dynamic(%x: tensor<?xf32>, %b: i1) -> tensor<?xf32> {
  %y = scf.if %b -> (tensor<?xf32>) {
    %c0 = arith.constant 0 : index
    %d = tensor.dim %x, %c0 : tensor<?xf32>
    %e = tensor.empty(%d) : tensor<?xf32>
    %n = norm.generic ins(%x : tensor<?xf32>) outs(%e : tensor<?xf32>) iterators [parallel]
        maps [(d0) -> (d0), (d0) -> (d0)] {
    ^bb0(%v: f32):
      %o = arith.addf %v, %v : f32
      norm.yield %o : f32
    }
    scf.yield %n : tensor<?xf32>
  } else {
    scf.yield %x : tensor<?xf32>
  }
  return %y : tensor<?xf32>
}

// What is not ours stays as it is.
// CHECK-LABEL: func.func @foreign(
// CHECK-NEXT: arith.constant
// CHECK: scf.for
// CHECK-NEXT: tensor.empty()
func.func @foreign(%x: tensor<4xcomplex<f32>>, %n: index) -> tensor<4xcomplex<f32>> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%a = %x) -> (tensor<4xcomplex<f32>>) {
    %e = tensor.empty() : tensor<4xcomplex<f32>>
    scf.yield %e : tensor<4xcomplex<f32>>
  }
  return %y : tensor<4xcomplex<f32>>
}
