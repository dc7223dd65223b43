// Our ops beside those of many dialects in one function: ours become linalg, the
// others are what they were.
//
// RUN: norm-opt %s --norm-generalize --norm-fuse --norm-decompose --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @mixed(
// CHECK: cf.assert
// CHECK: %[[N:.*]] = linalg.generic
// CHECK: scf.for
// CHECK: %[[ROW:.*]] = tensor.extract_slice
// CHECK: linalg.generic
// CHECK: memref.store
// CHECK: linalg.softmax
// CHECK: async.execute
// CHECK: complex.create
// CHECK-NOT: norm.
func.func @mixed(%x: tensor<?x16xf32>, %g: tensor<16xf32>, %m: memref<?xf32>, %n: index)
    -> (tensor<?x16xf32>, complex<f32>, !async.token) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %ok = arith.cmpi sgt, %n, %c0 : index
  cf.assert %ok, "no rows"
  %y = norm.rms_norm %x scale %g axes [1] : (tensor<?x16xf32>, tensor<16xf32>) -> tensor<?x16xf32>
  scf.for %i = %c0 to %n step %c1 {
    %row = tensor.extract_slice %y[%i, 0] [1, 16] [1, 1] : tensor<?x16xf32> to tensor<1x16xf32>
    %z = norm.layer_norm %row axes [1] : (tensor<1x16xf32>) -> tensor<1x16xf32>
    %v = tensor.extract %z[%c0, %c0] : tensor<1x16xf32>
    memref.store %v, %m[%i] : memref<?xf32>
  }
  %rows = tensor.dim %y, %c0 : tensor<?x16xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf32>
  %s = linalg.softmax dimension(1) ins(%y : tensor<?x16xf32>) outs(%e : tensor<?x16xf32>) -> tensor<?x16xf32>
  %token = async.execute {
    async.yield
  }
  %first = tensor.extract %s[%c0, %c0] : tensor<?x16xf32>
  %c = complex.create %first, %first : complex<f32>
  return %s, %c, %token : tensor<?x16xf32>, complex<f32>, !async.token
}
