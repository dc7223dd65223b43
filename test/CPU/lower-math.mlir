// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" --norm-lower-math | FileCheck %s --check-prefixes=CHECK,V4
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v3" --norm-lower-math | FileCheck %s --check-prefixes=CHECK,V3
// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-v2" --norm-lower-math | FileCheck %s --check-prefixes=CHECK,ARM
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64" --norm-lower-math | FileCheck %s --check-prefix=SSE
// RUN: norm-opt %s --norm-lower-math --remarks-filter-missed=norm-lower-math 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64" --norm-lower-math --remarks-filter-missed=norm-lower-math 2>&1 | FileCheck %s --check-prefix=FMA
// RUN: norm-opt %s --norm-lower-math --remarks-filter-missed=norm-lower-math 2>&1 | FileCheck %s --check-prefix=COPIES
// COPIES: "copied"{{.*}}slow-path{{.*}}arith.remf calls the C library on each lane
// COPIES-NOT: arith.remf calls

// FMA-COUNT-1: slow-path{{.*}}math.floor calls the C library on each lane: the CPU has no instruction that rounds to integers
// FMA: slow-path{{.*}}math.fma calls the C library on each lane: the CPU has no fused multiply-add

// Only what has no inline code calls the C library.
// CHECK-NOT: func private @{{(exp|tanh|erf|log)}}f
// CHECK-DAG: func.func private @atanf(f32) -> f32 attributes {llvm.readnone}
// CHECK-DAG: func.func private @erf(f64) -> f64
// REMARK-DAG: [[@LINE+76]]:{{.*}} slow-path{{.*}}math.atan calls the C library on each lane
// REMARK-DAG: slow-path{{.*}}math.erf calls the C library on each lane

// CHECK-LABEL: func @exp
// CHECK-NOT: math.exp
// CHECK: math.fma
// V4: llvm.call_intrinsic "llvm.x86.avx512.mask.scalef.ps.512"
// V3-NOT: call_intrinsic
// ARM-NOT: call_intrinsic
// CHECK: return
// SSE-LABEL: func @exp
// SSE-NOT: math.
// SSE: return
func.func @exp(%x: vector<16xf32>) -> vector<16xf32> {
  %y = math.exp %x : vector<16xf32>
  return %y : vector<16xf32>
}

// Scalars take the same code.
// CHECK-LABEL: func @scalar
// CHECK-NOT: call
// CHECK-NOT: math.tanh
// CHECK: math.fma {{.*}} : f32
func.func @scalar(%x: f32) -> f32 {
  %y = math.tanh %x : f32
  return %y : f32
}

// Narrow floats are computed in f32 and rounded once.
// CHECK-LABEL: func @narrow
// CHECK: arith.extf {{.*}} : vector<8xbf16> to vector<8xf32>
// CHECK: arith.truncf {{.*}} : vector<8xf32> to vector<8xbf16>
func.func @narrow(%x: vector<8xbf16>) -> vector<8xbf16> {
  %y = math.erf %x : vector<8xbf16>
  return %y : vector<8xbf16>
}

// erf looks its coefficients up where one instruction can, six rows of 16 or
// seven of eight.
// CHECK-LABEL: func @erf_short
// V4-COUNT-6: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// V3-COUNT-7: llvm.call_intrinsic "llvm.x86.avx2.permps"
// CHECK-NOT: call_intrinsic
// ARM: arith.select
// CHECK: return
// SSE-LABEL: func @erf_short
// SSE-NOT: call_intrinsic
// SSE: return
func.func @erf_short(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.erf %x : vector<4xf32>
  return %y : vector<4xf32>
}

// Any shape is looked up in parts of a register.
// CHECK-LABEL: func @erf_of_shape
// V4-COUNT-12: llvm.call_intrinsic "llvm.x86.avx512.permvar.sf.512"
// V3-COUNT-21: llvm.call_intrinsic "llvm.x86.avx2.permps"
// CHECK-NOT: call_intrinsic
// CHECK: return
func.func @erf_of_shape(%x: vector<2x10xf32>) -> vector<2x10xf32> {
  %y = math.erf %x : vector<2x10xf32>
  return %y : vector<2x10xf32>
}

// CHECK-LABEL: func @rsqrt
// CHECK: %[[R:.*]] = math.sqrt
// CHECK: arith.divf %{{.*}}, %[[R]] : f64
func.func @rsqrt(%x: f64) -> f64 {
  %y = math.rsqrt %x : f64
  return %y : f64
}

// CHECK-LABEL: func @library
// CHECK-COUNT-4: call @atanf
// CHECK: call @erf
func.func @library(%x: vector<4xf32>, %z: f64) -> (vector<4xf32>, f64) {
  %y = math.atan %x : vector<4xf32>
  %e = math.erf %z : f64
  return %y, %e : vector<4xf32>, f64
}

// Huge arguments go to the library, and only they.
// CHECK-LABEL: func @sin
// CHECK: %[[HUGE:.*]] = arith.cmpf ogt
// CHECK: vector.reduction <or>, %[[HUGE]]
// CHECK: scf.if
// CHECK: call @sinf
// CHECK: arith.select %[[HUGE]]
func.func @sin(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.sin %x : vector<8xf32>
  return %y : vector<8xf32>
}

// What LLVM has instructions for stays.
// CHECK-LABEL: func @kept
// CHECK: math.sqrt
// CHECK: math.floor
// CHECK: math.absf
// CHECK: math.fma
func.func @kept(%x: vector<8xf32>) -> vector<8xf32> {
  %0 = math.sqrt %x : vector<8xf32>
  %1 = math.floor %0 : vector<8xf32>
  %2 = math.absf %1 : vector<8xf32>
  %3 = math.fma %2, %2, %x : vector<8xf32>
  return %3 : vector<8xf32>
}

// CHECK-LABEL: func @maximum
// V3: arith.cmpf ogt, %{{.*}}, %{{.*}}
// V3: arith.select
// V3: arith.cmpf uno
// V3: arith.select
// ARM: arith.maximumf
func.func @maximum(%x: vector<8xf32>, %y: vector<8xf32>) -> vector<8xf32> {
  %r = arith.maximumf %x, %y : vector<8xf32>
  return %r : vector<8xf32>
}

// With a constant, one instruction.
// CHECK-LABEL: func @relu
// CHECK-SAME: %[[X:.*]]: vector<8xf32>
// V3: %[[ZERO:.*]] = arith.constant
// V3: %[[C:.*]] = arith.cmpf ogt, %[[ZERO]], %[[X]]
// V3: arith.select %[[C]], %[[ZERO]], %[[X]]
// V3-NOT: cmpf
// CHECK: return
func.func @relu(%x: vector<8xf32>) -> vector<8xf32> {
  %zero = arith.constant dense<0.0> : vector<8xf32>
  %r = arith.maximumf %x, %zero : vector<8xf32>
  return %r : vector<8xf32>
}

// CHECK-LABEL: func @sum
// CHECK-SAME: %[[X:.*]]: vector<8xf32>, %[[A:.*]]: f32
// CHECK: %[[L:.*]] = vector.shuffle %[[X]], %[[X]] [0, 1, 2, 3]
// CHECK: %[[H:.*]] = vector.shuffle %[[X]], %[[X]] [4, 5, 6, 7]
// CHECK: arith.addf %[[L]], %[[H]] : vector<4xf32>
// CHECK: vector<2xf32>
// CHECK: %[[R:.*]] = vector.extract %{{.*}}[0] : f32 from vector<1xf32>
// CHECK: arith.addf %[[R]], %[[A]] : f32
func.func @sum(%x: vector<8xf32>, %a: f32) -> f32 {
  %r = vector.reduction <add>, %x, %a fastmath<reassoc> : vector<8xf32> into f32
  return %r : f32
}

// The sign comes from the exponent's low bit: a float does not hold it.
// CHECK-LABEL: func @power
// CHECK-SAME: %[[N:[a-z0-9]+]]: vector<8xi32>
// CHECK: arith.andi %[[N]]
// CHECK-NOT: call
// CHECK: return
func.func @power(%x: vector<8xf32>, %n: vector<8xi32>) -> vector<8xf32> {
  %y = math.fpowi %x, %n : vector<8xf32>, vector<8xi32>
  return %y : vector<8xf32>
}

// CHECK-LABEL: func @classes
// CHECK-NOT: math.is
// CHECK-DAG: arith.constant 0x7F800000 : f32
// The smallest normal f16.
// CHECK-DAG: arith.constant 6.10351563E-5 : f32
// CHECK: return
func.func @classes(%x: f16) -> (i1, i1, i1, i1) {
  %0 = math.isnormal %x : f16
  %1 = math.isinf %x : f16
  %2 = math.isfinite %x : f16
  %3 = math.isnan %x : f16
  return %0, %1, %2, %3 : i1, i1, i1, i1
}

// A remark a location, however many copies there are.
func.func @remainder(%x: vector<4xf32>, %y: vector<4xf32>) -> vector<4xf32> {
  %q = arith.remf %x, %y : vector<4xf32> loc("copied")
  %r = arith.remf %q, %y : vector<4xf32> loc("copied")
  return %r : vector<4xf32>
}
