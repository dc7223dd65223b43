// RUN: norm-opt %s --split-input-file --norm-gpu-lower-launches --verify-diagnostics | FileCheck %s

// CHECK: llvm.mlir.global internal constant @norm_gpu_name.k("k\00")
// CHECK: llvm.func @norm_cuda_launch(!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i32, !llvm.ptr)
// CHECK: llvm.mlir.global external constant @norm_gpu_image() {{.*}} : i8
// CHECK-LABEL: func.func @f(
// CHECK-SAME: %[[N:[a-z0-9]+]]: i64, %[[GRID:[a-z0-9]+]]: index, %[[LAUNCH:[a-z0-9]+]]: !llvm.ptr)
// CHECK: %[[LIST:.*]] = llvm.alloca
// CHECK: %[[SLOT:.*]] = llvm.alloca
// CHECK: llvm.store %[[N]], %[[SLOT]]
// CHECK: llvm.store %[[SLOT]],
// CHECK: llvm.call @norm_cuda_launch(%[[LAUNCH]],
// CHECK-SAME: %[[LIST]])
// CHECK-NOT: gpu.launch_func
module attributes {gpu.container_module} {
  gpu.module @norm_kernels {
    gpu.func @k(%n: i64) kernel {
      gpu.return
    }
  }
  func.func @f(%n: i64, %grid: index, %launch: !llvm.ptr) {
    %c1 = arith.constant 1 : index
    %c128 = arith.constant 128 : index
    gpu.launch_func @norm_kernels::@k blocks in (%grid, %c1, %c1) threads in (%c128, %c1, %c1) args(%n : i64)
    return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @norm_kernels {
    gpu.func @k() kernel {
      gpu.return
    }
  }
  func.func @f(%grid: index) {
    // expected-error @+1 {{is in no function whose last argument is the address of a norm_launch}}
    gpu.launch_func @norm_kernels::@k blocks in (%grid, %grid, %grid) threads in (%grid, %grid, %grid)
    return
  }
}
