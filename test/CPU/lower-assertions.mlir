// RUN: norm-opt %s --pass-pipeline='builtin.module(func.func(norm-lower-assertions))' | FileCheck %s

// CHECK-LABEL: func @f(
// CHECK-NOT:     norm.returns_status
// CHECK-SAME:    %[[M:.*]]: memref<4xf32>, %[[N:.*]]: index, %[[OK:.*]]: i1) -> i32
// CHECK:         %[[FAILED:.*]] = memref.alloca() : memref<i1>
// CHECK:         memref.store %false{{.*}}, %[[FAILED]][] : memref<i1>
// CHECK:         cf.cond_br %[[OK]], ^[[FIRST:.*]], ^[[EXIT:.*]]
// CHECK:       ^[[FIRST]]:
// CHECK:         scf.for
// CHECK:           scf.if
// CHECK-NEXT:        memref.store %true{{.*}}, %[[FAILED]][] : memref<i1>
// CHECK:           memref.store %{{.*}}, %[[M]]
// CHECK:         %[[ANY:.*]] = memref.load %[[FAILED]][] : memref<i1>
// CHECK:         %[[NONE:.*]] = arith.xori %[[ANY]], %true
// CHECK:         cf.cond_br %[[NONE]], ^[[REST:.*]], ^[[EXIT]]
// CHECK:       ^[[REST]]:
// CHECK:         return %c0_i32 : i32
// CHECK:       ^[[EXIT]]:
// CHECK:         %[[STATUS:.*]] = arith.constant 7 : i32
// CHECK:         return %[[STATUS]] : i32
func.func @f(%m: memref<4xf32>, %n: index, %ok: i1) -> i32 attributes {norm.returns_status} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %one = arith.constant 1.0 : f32
  %done = arith.constant 0 : i32
  cf.assert %ok, "first"
  scf.for %i = %c0 to %c4 step %c1 {
    %less = arith.cmpi ult, %i, %n : index
    cf.assert %less, "second"
    memref.store %one, %m[%i] : memref<4xf32>
  }
  return %done : i32
}

// Several in a branch in a loop, and one of the function's own behind them.
// CHECK-LABEL: func @several(
// CHECK-NOT:     cf.assert
// CHECK:         scf.for
// CHECK-COUNT-2: memref.store %true{{.*}} : memref<i1>
// CHECK-NOT:     memref.store %true{{.*}} : memref<i1>
// CHECK:         memref.load %{{.*}}[] : memref<i1>
// CHECK:         cf.cond_br
// CHECK:         cf.cond_br
// CHECK-NOT:     cf.cond_br
// CHECK:         return
func.func @several(%n: index, %ok: i1, %fine: i1) -> i32 attributes {norm.returns_status} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %done = arith.constant 0 : i32
  scf.for %i = %c0 to %n step %c1 {
    scf.if %ok {
      cf.assert %fine, "first"
      cf.assert %ok, "second"
    }
  }
  cf.assert %ok, "third"
  return %done : i32
}

// CHECK-LABEL: func @not_ours(
// CHECK:         cf.assert
func.func @not_ours(%ok: i1) -> i32 {
  %done = arith.constant 0 : i32
  cf.assert %ok, "kept"
  return %done : i32
}
