// RUN: norm-opt %s --norm-generalize | FileCheck %s

// affine.apply on scalars is pure, but not an op that a vector has, too.
// CHECK-LABEL: func @affine_in_body(
// CHECK-NOT:     norm.generic
// CHECK:         linalg.generic
// CHECK:           affine.apply
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @affine_in_body(%e: tensor<3x4xindex>) -> tensor<3x4xindex> {
  %y = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<3x4xindex>) {
  ^bb0(%o: index):
    %i = linalg.index 1 : index
    %a = affine.apply affine_map<(d0) -> (d0 * 2)>(%i)
    linalg.yield %a : index
  } -> tensor<3x4xindex>
  return %y : tensor<3x4xindex>
}
