// What consumer-opt and the installed normc compile.
//
// The pass of the consumer replaced tanh between our two pipelines.
// FUSED: remark: rows are read in 3 stages
// FUSED: IR Dump After {{.*}}consumer-fast-tanh
// FUSED: norm.generic
// FUSED-NOT: math.tanh
// FUSED: arith.divf
// FUSED: llvm.func @consumer_tanh_norm(
//
// Through MLIR's API in C.
// GENERIC: norm.generic
// GENERIC: norm.center
//
// Through ours.
// ASSEMBLY: .globl{{.*}}tanh_norm

func.func @tanh_norm(%x: tensor<?x64xf32>, %g: tensor<64xf32>, %b: tensor<64xf32>)
    -> tensor<?x64xf32> {
  %a = norm.activation tanh %x : (tensor<?x64xf32>) -> tensor<?x64xf32>
  %y = norm.layer_norm %a scale %g shift %b axes [1]
      : (tensor<?x64xf32>, tensor<64xf32>, tensor<64xf32>) -> tensor<?x64xf32>
  return %y : tensor<?x64xf32>
}
