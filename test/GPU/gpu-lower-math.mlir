// RUN: norm-opt %s --split-input-file --pass-pipeline="builtin.module(gpu.module(norm-gpu-lower-math))" --verify-diagnostics | FileCheck %s

gpu.module @m {
  // CHECK-LABEL: gpu.func @inline
  // CHECK-NOT: math.exp
  // CHECK: math.fma
  // CHECK: llvm.call_intrinsic "llvm.sqrt"(%{{.*}}) : (vector<4xf32>) -> vector<4xf32>
  // CHECK: llvm.call_intrinsic "llvm.fabs"
  // CHECK-NOT: func.call
  gpu.func @inline(%x: vector<4xf32>, %p: !llvm.ptr<1>) kernel {
    %e = math.exp %x : vector<4xf32>
    %s = math.sqrt %e : vector<4xf32>
    %a = math.absf %s : vector<4xf32>
    llvm.store %a, %p : vector<4xf32>, !llvm.ptr<1>
    gpu.return
  }
  // Narrow floats are computed with in f32; 8 bits are integers' work.
  // CHECK-LABEL: gpu.func @narrow
  // CHECK: arith.extf %{{.*}} : f16 to f32
  // CHECK: arith.mulf %{{.*}} : f32
  // CHECK-NOT: arith.truncf {{.*}} to f8E4M3FN
  // CHECK: arith.bitcast %{{.*}} : i8 to f8E4M3FN
  gpu.func @narrow(%x: f16, %p: !llvm.ptr<1>) kernel {
    %y = arith.mulf %x, %x : f16
    %z = arith.truncf %y : f16 to f8E4M3FN
    %b = arith.bitcast %z : f8E4M3FN to i8
    llvm.store %b, %p : i8, !llvm.ptr<1>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @f64(%x: f64, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{'math.exp' op of 'f64' has no GPU lowering}}
    %e = math.exp %x : f64
    llvm.store %e, %p : f64, !llvm.ptr<1>
    gpu.return
  }
}

// -----

gpu.module @m {
  gpu.func @sine(%x: f32, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{'math.sin' op of 'f32' has no GPU lowering}}
    %e = math.sin %x : f32
    llvm.store %e, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}
