// Functions that have nothing to do with normalization.
func.func @buffers(%m: memref<?x8xf32, strided<[?, 1], offset: ?>>, %n: index) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc(%n) : memref<?xf32>
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%a = %zero) -> f32 {
    %v = memref.load %m[%i, %c0] : memref<?x8xf32, strided<[?, 1], offset: ?>>
    memref.store %v, %t[%i] : memref<?xf32>
    %b = arith.addf %a, %v : f32
    scf.yield %b : f32
  }
  memref.dealloc %t : memref<?xf32>
  return %s : f32
}
func.func @vectors(%m: memref<64xf32>, %a: vector<8xf32>) -> vector<8xf32> {
  %c0 = arith.constant 0 : index
  %pad = arith.constant 0.0 : f32
  %v = vector.transfer_read %m[%c0], %pad {in_bounds = [true]} : memref<64xf32>, vector<8xf32>
  %w = vector.fma %v, %a, %a : vector<8xf32>
  return %w : vector<8xf32>
}
func.func @control(%c: i1, %x: i32) -> i32 {
  cf.cond_br %c, ^yes, ^no(%x : i32)
^yes:
  %one = arith.constant 1 : i32
  %y = arith.addi %x, %one : i32
  cf.br ^no(%y : i32)
^no(%z: i32):
  return %z : i32
}
func.func @matmul(%x: tensor<?x16xf32>, %w: tensor<16x32xf32>, %init: tensor<?x32xf32>) -> tensor<?x32xf32> {
  %y = linalg.matmul ins(%x, %w : tensor<?x16xf32>, tensor<16x32xf32>) outs(%init : tensor<?x32xf32>) -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}
func.func @convolution(%x: tensor<1x9x9x4xf32>, %k: tensor<3x3x4x8xf32>, %init: tensor<1x7x7x8xf32>) -> tensor<1x7x7x8xf32> {
  %y = linalg.conv_2d_nhwc_hwcf ins(%x, %k : tensor<1x9x9x4xf32>, tensor<3x3x4x8xf32>) outs(%init : tensor<1x7x7x8xf32>) -> tensor<1x7x7x8xf32>
  return %y : tensor<1x7x7x8xf32>
}
func.func @checked(%x: tensor<*xf32>, %n: index) -> tensor<*xf32> {
  %zero = arith.constant 0 : index
  %ok = arith.cmpi sgt, %n, %zero : index
  cf.assert %ok, "no elements"
  %y = func.call @external(%x) : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
func.func private @external(tensor<*xf32>) -> tensor<*xf32>
func.func @sparse(%i: !async.token, %t: tensor<4x!quant.uniform<i8:f32, 2.0>>) -> tensor<4x!quant.uniform<i8:f32, 2.0>> {
  async.await %i : !async.token
  return %t : tensor<4x!quant.uniform<i8:f32, 2.0>>
}
llvm.func @lowered(%p: !llvm.ptr) -> f32 {
  %v = llvm.load %p : !llvm.ptr -> f32
  llvm.return %v : f32
}
gpu.module @kernels {
  gpu.func @kernel(%m: memref<128xf32>) kernel {
    %i = gpu.thread_id x
    %v = memref.load %m[%i] : memref<128xf32>
    %w = math.exp %v : f32
    memref.store %w, %m[%i] : memref<128xf32>
    gpu.return
  }
}
