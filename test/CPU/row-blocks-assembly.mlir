// Row blocks and register tiles of a size known at run time: what is divided to
// balance them is divided before the loops over input features, not in them.
// RUN: normc %s -o - --emit=asm --mtriple=x86_64-linux-gnu --mcpu=x86-64-v4 | FileCheck %s

// What layers read and write goes through the caches, however many rows there are.
// RUN: normc %s -o - --emit=asm --mtriple=x86_64-linux-gnu --mcpu=x86-64-v4 | FileCheck %s --check-prefix=CACHED --implicit-check-not=movnt
// CACHED-LABEL: block:

// CHECK-LABEL: block:
// CHECK: {{[[:space:]]}}div
// CHECK: vfmadd231ps {{.*}}%zmm
// CHECK-NOT: {{[[:space:]]}}{{i?}}div
// CHECK: retq
func.func @block(%x: tensor<?x384xf32>, %w: tensor<384x384xf32>, %b: tensor<384xf32>,
                 %r: tensor<?x384xf32>, %g: tensor<384xf32>, %h: tensor<384xf32>) -> tensor<?x384xf32> {
  %l = norm.linear %x weight %w bias %b : (tensor<?x384xf32>, tensor<384x384xf32>, tensor<384xf32>) -> tensor<?x384xf32>
  %s = arith.addf %l, %r : tensor<?x384xf32>
  %y = norm.layer_norm %s scale %g shift %h axes [1] : (tensor<?x384xf32>, tensor<384xf32>, tensor<384xf32>) -> tensor<?x384xf32>
  return %y : tensor<?x384xf32>
}
