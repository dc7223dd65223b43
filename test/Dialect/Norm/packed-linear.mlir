// RUN: norm-opt %s | norm-opt | FileCheck %s
// RUN: norm-opt %s --mlir-print-op-generic | norm-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
// CHECK: norm.pack_weight ins(%{{.*}} : tensor<50x31xf32>) outs(%{{.*}} : tensor<2x31x48xf32>) -> tensor<2x31x48xf32>
// CHECK: norm.pack_weight ins(%{{.*}} : tensor<31x50xf32>) outs(%{{.*}} : tensor<2x31x48xf32>) layout in_out -> tensor<2x31x48xf32>
// CHECK: norm.packed_linear ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x31xf32>, tensor<2x31x48xf32>, tensor<50xf32>) outs(%{{.*}} : tensor<?x50xf32>) -> tensor<?x50xf32>
func.func @tensors(%x: tensor<?x31xf32>, %w: tensor<50x31xf32>, %v: tensor<31x50xf32>, %b: tensor<50xf32>,
                   %e: tensor<2x31x48xf32>, %y: tensor<?x50xf32>) -> (tensor<?x50xf32>, tensor<2x31x48xf32>) {
  %p = norm.pack_weight ins(%w : tensor<50x31xf32>) outs(%e : tensor<2x31x48xf32>) -> tensor<2x31x48xf32>
  %q = norm.pack_weight ins(%v : tensor<31x50xf32>) outs(%e : tensor<2x31x48xf32>) layout in_out -> tensor<2x31x48xf32>
  %r = norm.packed_linear ins(%x, %p, %b : tensor<?x31xf32>, tensor<2x31x48xf32>, tensor<50xf32>)
         outs(%y : tensor<?x50xf32>) -> tensor<?x50xf32>
  return %r, %q : tensor<?x50xf32>, tensor<2x31x48xf32>
}

// CHECK-LABEL: func.func @memrefs
// CHECK: norm.pack_weight ins(%{{.*}} : memref<?x?xbf16>) outs(%{{.*}} : memref<?x?x48x2xbf16>){{$}}
// CHECK: norm.packed_linear ins(%{{.*}}, %{{.*}} : memref<?x?xbf16>, memref<?x?x48x2xbf16>) outs(%{{.*}} : memref<?x?xf32>){{$}}
func.func @memrefs(%x: memref<?x?xbf16>, %w: memref<?x?xbf16>, %p: memref<?x?x48x2xbf16>, %y: memref<?x?xf32>) {
  norm.pack_weight ins(%w : memref<?x?xbf16>) outs(%p : memref<?x?x48x2xbf16>)
  norm.packed_linear ins(%x, %p : memref<?x?xbf16>, memref<?x?x48x2xbf16>) outs(%y : memref<?x?xf32>)
  return
}
