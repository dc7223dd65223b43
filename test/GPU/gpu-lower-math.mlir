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
  gpu.func @tangent(%x: f32, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{'math.tan' op of 'f32' has no GPU lowering}}
    %e = math.tan %x : f32
    llvm.store %e, %p : f32, !llvm.ptr<1>
    gpu.return
  }
}

// -----

// Huge arguments of sines and cosines have a function of their own, once.
gpu.module @m {
  // CHECK-LABEL: llvm.func internal @norm_huge_sin(%{{.*}}: f32) -> f32 attributes {no_inline}
  // CHECK-NOT: @norm_huge_sin(%{{.*}}: f32)
  // CHECK-LABEL: gpu.func @sine
  // CHECK: arith.cmpf ugt
  // CHECK: scf.if
  // CHECK-COUNT-2: llvm.call @norm_huge_sin
  // CHECK: llvm.call @norm_huge_sin
  gpu.func @sine(%x: vector<2xf32>, %p: !llvm.ptr<1>) kernel {
    %e = math.sin %x : vector<2xf32>
    %f = vector.extract %e[0] : f32 from vector<2xf32>
    %g = math.sin %f : f32
    %h = vector.insert %g, %e[1] : f32 into vector<2xf32>
    llvm.store %h, %p : vector<2xf32>, !llvm.ptr<1>
    gpu.return
  }
}

// -----

// Maxima and minima that propagate NaNs are instructions; what is rounded and
// clamped becomes an integer by an addition.
gpu.module @m {
  // CHECK-LABEL: gpu.func @quantize
  // CHECK: %[[MAX:.*]] = llvm.call_intrinsic "llvm.maximum"(%arg0, %{{.*}})
  // CHECK: %[[MIN:.*]] = llvm.call_intrinsic "llvm.minimum"(%[[MAX]], %{{.*}})
  // CHECK: %[[SUM:.*]] = arith.addf %[[MIN]], %{{.*}} : vector<4xf32>
  // CHECK: %[[BITS:.*]] = arith.bitcast %[[SUM]] : vector<4xf32> to vector<4xi32>
  // CHECK: arith.trunci %[[BITS]] : vector<4xi32> to vector<4xi8>
  // CHECK-NOT: arith.fptosi %{{.*}} : vector<4xf32>
  gpu.func @quantize(%x: vector<4xf32>, %p: !llvm.ptr<1>) kernel {
    %low = arith.constant dense<-127.0> : vector<4xf32>
    %high = arith.constant dense<127.0> : vector<4xf32>
    %r = math.roundeven %x : vector<4xf32>
    %a = arith.maximumf %r, %low : vector<4xf32>
    %b = arith.minimumf %a, %high : vector<4xf32>
    %i = arith.fptosi %b : vector<4xf32> to vector<4xi8>
    llvm.store %i, %p : vector<4xi8>, !llvm.ptr<1>
    gpu.return
  }
  // Not by limits that are no integers, and not what is truncated.
  // CHECK-LABEL: gpu.func @truncate
  // CHECK-COUNT-2: arith.fptosi
  gpu.func @truncate(%x: f32, %p: !llvm.ptr<1>) kernel {
    %high = arith.constant 126.5 : f32
    %r = math.roundeven %x : f32
    %b = arith.minimumf %r, %high : f32
    %i = arith.fptosi %b : f32 to i8
    %j = arith.fptosi %x : f32 to i8
    %k = arith.addi %i, %j : i8
    llvm.store %k, %p : i8, !llvm.ptr<1>
    gpu.return
  }
}

// -----

// GPUs of sm_89 and newer convert two 8-bit floats at a time.
module attributes {norm.gpu_target = {arch = "sm_90", features = "+ptx81"}} {
  gpu.module @m {
    // CHECK-LABEL: gpu.func @pairs
    // CHECK-COUNT-2: llvm.call_intrinsic "llvm.nvvm.ff.to.e4m3x2.rn"
    // CHECK-NOT: llvm.nvvm.ff.to
    gpu.func @pairs(%x: vector<4xf32>, %p: !llvm.ptr<1>) kernel {
      %z = arith.truncf %x : vector<4xf32> to vector<4xf8E4M3FN>
      %b = arith.bitcast %z : vector<4xf8E4M3FN> to vector<4xi8>
      llvm.store %b, %p : vector<4xi8>, !llvm.ptr<1>
      gpu.return
    }
  }
}

// -----

gpu.module @m {
  gpu.func @towards_zero(%x: f32, %p: !llvm.ptr<1>) kernel {
    // expected-error @+1 {{of 'f8E4M3FN' has no GPU lowering}}
    %z = arith.truncf %x toward_zero : f32 to f8E4M3FN
    %b = arith.bitcast %z : f8E4M3FN to i8
    llvm.store %b, %p : i8, !llvm.ptr<1>
    gpu.return
  }
}
