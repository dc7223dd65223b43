// RUN: norm-opt %s --norm-raise | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise -o /dev/null

// Which element of a tensor is read, and which is written.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#unit = affine_map<(d0, d1) -> (d0, 0)>
#first = affine_map<(d0) -> (d0, 0)>
#line = affine_map<(d0) -> (d0)>

// The reciprocal roots of the rows, read with a guard: index 0 where the dim may
// be broadcast, as its size is 1.
// CHECK-LABEL: func @guard_of_size
// CHECK:         norm.rms_norm %{{.*}} axes [1]
// CHECK-NOT:     math.rsqrt
func.func @guard_of_size(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf32>
  %e1 = tensor.empty(%rows) : tensor<?x1xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %squares = linalg.generic {indexing_maps = [#all, #unit], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x16xf32>) outs(%init : tensor<?x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<?x1xf32>
  %rstds = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<?x16xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %c = arith.cmpi ne, %c1, %rows : index
    %j = arith.select %c, %i, %c0 : index
    %s = tensor.extract %squares[%j, %c0] : tensor<?x1xf32>
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  } -> tensor<?x16xf32>
  %y = arith.mulf %x, %rstds : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// The same for a guard that asks for something else: all rows are divided by
// the root of the first.
// CHECK-LABEL: func @not_guard_of_size
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_guard_of_size(%x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf32>
  %e1 = tensor.empty(%rows) : tensor<?x1xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %squares = linalg.generic {indexing_maps = [#all, #unit], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x16xf32>) outs(%init : tensor<?x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<?x1xf32>
  %rstds = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<?x16xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %c = arith.cmpi sge, %rows, %c1 : index
    %j = arith.select %c, %c0, %i : index
    %s = tensor.extract %squares[%j, %c0] : tensor<?x1xf32>
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  } -> tensor<?x16xf32>
  %y = arith.mulf %x, %rstds : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// The size of another dim is compared.
// CHECK-LABEL: func @not_guard_of_dim
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_guard_of_dim(%x: tensor<?x16xf32>, %t: tensor<?xf32>) -> tensor<?x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf32>
  %others = tensor.dim %t, %c0 : tensor<?xf32>
  %e1 = tensor.empty(%rows) : tensor<?x1xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?x1xf32>) -> tensor<?x1xf32>
  %squares = linalg.generic {indexing_maps = [#all, #unit], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x16xf32>) outs(%init : tensor<?x1xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<?x1xf32>
  %rstds = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<?x16xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %c = arith.cmpi eq, %others, %c1 : index
    %j = arith.select %c, %c0, %i : index
    %s = tensor.extract %squares[%j, %c0] : tensor<?x1xf32>
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  } -> tensor<?x16xf32>
  %y = arith.mulf %x, %rstds : tensor<?x16xf32>
  return %y : tensor<?x16xf32>
}

// Only the first column is written, the others hold what was there.
// CHECK-LABEL: func @not_first_column
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_first_column(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %ones = arith.constant dense<1.0> : tensor<4x16xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %rstds = linalg.generic {indexing_maps = [#line, #first], iterator_types = ["parallel"]} ins(%squares : tensor<4xf32>) outs(%ones : tensor<4x16xf32>) {
  ^bb0(%s: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4x16xf32>
  %y = arith.mulf %x, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The squares of the first element of each row, as often as the row has
// elements.
// CHECK-LABEL: func @not_all_elements
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_all_elements(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#unit, #all, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %x : tensor<4x16xf32>, tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %unused: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %y = arith.mulf %in, %2 : f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Each row twice as long as the tensor: every element is added up twice, and
// the number of them is that.
// CHECK-LABEL: func @not_twice
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_twice(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %pairs = tensor.empty() : tensor<2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0)>], iterator_types = ["parallel", "reduction", "reduction"]} ins(%x, %pairs : tensor<4x16xf32>, tensor<2xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %unused: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf32>, tensor<4xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %y = arith.mulf %in, %2 : f32
    linalg.yield %y : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// x is there in f16 and, in the shape of the result, widened: the op takes it in
// f16.
// CHECK-LABEL: func @widened_and_reshaped
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf16>
// CHECK:         %[[F:.*]] = arith.extf
// CHECK:         %[[E:.*]] = tensor.expand_shape %[[F]]
// CHECK:         %[[N:.*]] = arith.truncf %[[E]] : tensor<2x4x16xf32> to tensor<2x4x16xf16>
// CHECK:         norm.rms_norm %[[N]] axes [2] {{.*}}: (tensor<2x4x16xf16>) -> tensor<2x4x16xf16>
func.func @widened_and_reshaped(%x: tensor<8x16xf16>) -> tensor<2x4x16xf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<2x4xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<2x4xf32>
  %e1 = tensor.empty() : tensor<2x4xf32>
  %e = tensor.empty() : tensor<2x4x16xf32>
  %f = arith.extf %x : tensor<8x16xf16> to tensor<8x16xf32>
  %r = tensor.expand_shape %f [[0, 1], [2]] output_shape [2, 4, 16] : tensor<8x16xf32> into tensor<2x4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x4xf32>) -> tensor<2x4xf32>
  %q = arith.mulf %r, %r : tensor<2x4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<2x4x16xf32>) outs(%init : tensor<2x4xf32>) dimensions = [2]
  %v = arith.divf %squares, %n : tensor<2x4xf32>
  %ve = arith.addf %v, %eps : tensor<2x4xf32>
  %rstd = math.rsqrt %ve : tensor<2x4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<2x4xf32>) outs(%e : tensor<2x4x16xf32>) dimensions = [2]
  %y = arith.mulf %r, %rstds : tensor<2x4x16xf32>
  %t = arith.truncf %y : tensor<2x4x16xf32> to tensor<2x4x16xf16>
  return %t : tensor<2x4x16xf16>
}

// The squares of no elements, of a tensor that was reshaped.
// CHECK-LABEL: func @not_empty
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_empty(%x: tensor<4x3x0x5xf32>) -> tensor<4xf32> {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %c = tensor.collapse_shape %x [[0], [1, 2, 3]] : tensor<4x3x0x5xf32> into tensor<4x0xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%c : tensor<4x0xf32>) outs(%zero : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %v = arith.addf %squares, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  return %r : tensor<4xf32>
}
