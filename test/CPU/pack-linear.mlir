// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" --norm-pack-linear --split-input-file | FileCheck %s
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v3" --norm-pack-linear --split-input-file | FileCheck %s --check-prefix=AVX2
// RUN: norm-opt %s --norm-attach-cpu-target="triple=aarch64-linux-gnu cpu=neoverse-v2" --norm-pack-linear --split-input-file | FileCheck %s --check-prefix=ARM
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=cooperlake" --norm-pack-linear --split-input-file | FileCheck %s --check-prefix=BF16
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=sapphirerapids" --norm-pack-linear --split-input-file | FileCheck %s --check-prefix=TILES
// RUN: norm-opt %s --norm-attach-cpu-target="triple=x86_64-linux-gnu cpu=x86-64-v4" --norm-pack-linear --split-input-file \
// RUN:   --remark-format=emitRemark --remarks-filter=norm-pack-linear 2>&1 | FileCheck %s --check-prefix=REMARK

// A weight that is an argument comes packed; a function packs it.
// CHECK-LABEL: func.func @argument(
// CHECK-SAME: %[[X:.*]]: tensor<?x31xf32>, %[[W:.*]]: tensor<2x31x48xf32> {norm.name = "w", norm.packed = {tag = {{-?[0-9]+}} : i64, type = tensor<50x31xf32>}}, %[[B:.*]]: tensor<50xf32>
// CHECK: %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?x50xf32>
// CHECK: %[[Y:.*]] = norm.packed_linear ins(%[[X]], %[[W]], %[[B]] : {{.*}}) outs(%[[E]] : tensor<?x50xf32>) -> tensor<?x50xf32>
// CHECK: return %[[Y]]
// CHECK: func.func @argument_pack_w(%[[P:.*]]: tensor<50x31xf32> {norm.name = "w"}) -> tensor<2x31x48xf32>
// CHECK-SAME: attributes {norm.pack_of = {argument = 1 : i64, function = @argument}}
// CHECK: norm.pack_weight ins(%[[P]] : tensor<50x31xf32>) outs(%{{.*}} : tensor<2x31x48xf32>) -> tensor<2x31x48xf32>
// AVX2-LABEL: func.func @argument(
// AVX2-SAME: tensor<4x31x16xf32>
// ARM-LABEL: func.func @argument(
// ARM-SAME: tensor<5x31x12xf32>
func.func @argument(%x: tensor<?x31xf32>, %w: tensor<50x31xf32> {norm.name = "w"}, %b: tensor<50xf32>) -> tensor<?x50xf32> {
  %y = norm.linear %x weight %w bias %b : (tensor<?x31xf32>, tensor<50x31xf32>, tensor<50xf32>) -> tensor<?x50xf32>
  return %y : tensor<?x50xf32>
}

// -----

// bf16 in pairs where the CPU multiplies pairs.
// CHECK-LABEL: func.func @bf16(
// CHECK-SAME: tensor<2x31x48xbf16>
// BF16-LABEL: func.func @bf16(
// BF16-SAME: tensor<2x16x48x2xbf16>
// TILES-LABEL: func.func @bf16(
// TILES-SAME: tensor<2x16x32x2xbf16>
func.func @bf16(%x: tensor<4x31xbf16>, %w: tensor<50x31xbf16>) -> tensor<4x50xf32> {
  %y = norm.linear %x weight %w : (tensor<4x31xbf16>, tensor<50x31xbf16>) -> tensor<4x50xf32>
  return %y : tensor<4x50xf32>
}

// -----

// Tiles are whole: 16 pairs. Where the number of input features is not known there
// are none.
// BF16-LABEL: func.func @tiles(
// BF16-SAME: tensor<3x17x48x2xbf16>
// BF16-LABEL: func.func @unknown(
// TILES-LABEL: func.func @tiles(
// TILES-SAME: tensor<4x32x32x2xbf16>
// TILES-LABEL: func.func @unknown(
// TILES: norm.pack_weight ins(%{{.*}} : tensor<?x?xbf16>) outs(%{{.*}} : tensor<?x?x48x2xbf16>)
func.func @tiles(%x: tensor<4x33xbf16>, %w: tensor<100x33xbf16>) -> tensor<4x100xbf16> {
  %y = norm.linear %x weight %w : (tensor<4x33xbf16>, tensor<100x33xbf16>) -> tensor<4x100xbf16>
  return %y : tensor<4x100xbf16>
}

func.func @unknown(%x: tensor<4x?xbf16>, %w: tensor<?x?xbf16>) -> tensor<4x?xbf16> {
  %y = norm.linear %x weight %w : (tensor<4x?xbf16>, tensor<?x?xbf16>) -> tensor<4x?xbf16>
  return %y : tensor<4x?xbf16>
}

// -----

// Leading dims are rows; a weight of dynamic size is packed at every call.
// CHECK-LABEL: func.func @shapes(
// CHECK-SAME: %[[X:.*]]: tensor<?x7x?xf32>, %[[W:.*]]: tensor<?x?xf32>
// CHECK: norm.pack_weight ins(%[[W]] : tensor<?x?xf32>) outs(%{{.*}} : tensor<?x?x48xf32>)
// CHECK: tensor.collapse_shape %[[X]] {{\[}}[0, 1], [2]] : tensor<?x7x?xf32> into tensor<?x?xf32>
// CHECK: tensor.empty(%{{.*}}, %[[N:.*]]) : tensor<?x?xf32>
// CHECK: %[[Y:.*]] = norm.packed_linear
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]] output_shape [%{{.*}}, 7, %[[N]]]
// CHECK-NOT: pack_of
func.func @shapes(%x: tensor<?x7x?xf32>, %w: tensor<?x?xf32>, %b: tensor<?xf32>) -> tensor<?x7x?xf32> {
  %y = norm.linear %x weight %w bias %b : (tensor<?x7x?xf32>, tensor<?x?xf32>, tensor<?xf32>) -> tensor<?x7x?xf32>
  return %y : tensor<?x7x?xf32>
}

// -----

// So is a weight with other uses.
// CHECK-LABEL: func.func @per_call(
// CHECK-SAME: %{{.*}}: tensor<4x50xf32>, %[[W:.*]]: tensor<50x50xf32>, %[[V:.*]]: tensor<?x50xf32>
// CHECK-DAG: norm.pack_weight ins(%[[W]] : tensor<50x50xf32>)
// CHECK-DAG: norm.pack_weight ins(%[[V]] : tensor<?x50xf32>)
// CHECK-NOT: pack_of
// REMARK: remark: {{.*}}packed at every call
func.func @per_call(%x: tensor<4x50xf32>, %w: tensor<50x50xf32>, %v: tensor<?x50xf32>) -> (tensor<4x50xf32>, tensor<50x50xf32>, tensor<4x?xf32>) {
  %y = norm.linear %x weight %w : (tensor<4x50xf32>, tensor<50x50xf32>) -> tensor<4x50xf32>
  %z = norm.linear %x weight %v : (tensor<4x50xf32>, tensor<?x50xf32>) -> tensor<4x?xf32>
  return %y, %w, %z : tensor<4x50xf32>, tensor<50x50xf32>, tensor<4x?xf32>
}

// -----

// CHECK-LABEL: func.func @two_layouts(
// CHECK-DAG: norm.pack_weight {{.*}} outs(%{{.*}} : tensor<2x50x48xf32>) ->
// CHECK-DAG: norm.pack_weight {{.*}} layout in_out ->
func.func @two_layouts(%x: tensor<4x50xf32>, %w: tensor<50x50xf32>) -> tensor<4x50xf32> {
  %y = norm.linear %x weight %w : (tensor<4x50xf32>, tensor<50x50xf32>) -> tensor<4x50xf32>
  %z = norm.linear %y weight %w layout in_out : (tensor<4x50xf32>, tensor<50x50xf32>) -> tensor<4x50xf32>
  return %z : tensor<4x50xf32>
}

// -----

// A weight that a layer computes, as keys in attention: packed from the new layer.
// CHECK-LABEL: func.func @computed(
// CHECK: %[[K:.*]] = norm.packed_linear
// CHECK: %[[P:.*]] = norm.pack_weight ins(%[[K]] : tensor<?x64xf32>)
// CHECK: norm.packed_linear ins(%{{.*}}, %[[P]] :
func.func @computed(%x: tensor<?x64xf32>, %w: tensor<64x64xf32>) -> tensor<?x?xf32> {
  %k = norm.linear %x weight %w : (tensor<?x64xf32>, tensor<64x64xf32>) -> tensor<?x64xf32>
  %y = norm.linear %x weight %k : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
