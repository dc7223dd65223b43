// RUN: normc %s --emit=asm -o - --mtriple=x86_64-linux-gnu --mcpu=znver4 | FileCheck %s

// Arguments on the stack go on to the checks without vectors, whose loads would
// wait for what the caller stored before.
// CHECK-LABEL: {{^}}any_length:
// CHECK-NOT: xmm
// CHECK: callq any_length.body
// CHECK-LABEL: {{^}}any_length.body:
func.func @any_length(%x: tensor<?x?xf32>, %g: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?x?xf32> {
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// Two rows at a time have two roots.
// CHECK-LABEL: {{^}}two_rows.body:
// CHECK: vsqrtps %xmm
// CHECK-NOT: vsqrtps %{{[yz]}}mm
// CHECK-NOT: vdivps %{{[yz]}}mm
// CHECK: .Lfunc_end
func.func @two_rows(%x: tensor<?x768xbf16>, %g: tensor<768xbf16>, %b: tensor<768xbf16>) -> tensor<?x768xbf16> {
  %y = norm.layer_norm %x scale %g shift %b axes [1] : (tensor<?x768xbf16>, tensor<768xbf16>, tensor<768xbf16>) -> tensor<?x768xbf16>
  return %y : tensor<?x768xbf16>
}

// Samples are computed one after the other, and their stores bypass the caches
// where all samples together do not fit there.
// CHECK-LABEL: {{^}}channels_last.body:
// CHECK: vmovntps
// CHECK: sfence
// CHECK: .Lfunc_end
func.func @channels_last(%x: tensor<?x16x16x512xf32>) -> tensor<?x16x16x512xf32> {
  %y = norm.group_norm %x groups 32 channel_axis 3 : (tensor<?x16x16x512xf32>) -> tensor<?x16x16x512xf32>
  return %y : tensor<?x16x16x512xf32>
}
