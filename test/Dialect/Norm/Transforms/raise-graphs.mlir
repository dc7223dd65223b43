// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise | FileCheck %s

// Normalizations among other things: of values that no tensor holds, followed
// by something in the same body, with statistics that are used elsewhere.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>

// The row is a sum that each body computes; a residual is added behind.
// CHECK-LABEL: func @between
// CHECK: %[[X:.*]] = linalg.generic {{.*}} ins(%arg0, %arg1
// CHECK: arith.addf
// CHECK: %[[Y:.*]] = norm.layer_norm %[[X]] scale %arg2 axes [1] : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32>
// CHECK: linalg.generic {{.*}} ins(%arg0, %[[Y]]
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[N:.*]]: f32,
// CHECK-NEXT: %[[E:.*]] = math.exp %[[N]]
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[E]], %[[A]]
// CHECK-NEXT: linalg.yield %[[S]]
// CHECK-NOT: rsqrt
func.func @between(%a: tensor<4x16xf32>, %b: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.generic {indexing_maps = [#all, #all, #row], iterator_types = ["parallel", "reduction"]} ins(%a, %b : tensor<4x16xf32>, tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%ae: f32, %be: f32, %out: f32):
    %x = arith.addf %ae, %be : f32
    %0 = arith.addf %x, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #all, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%a, %b, %sum : tensor<4x16xf32>, tensor<4x16xf32>, tensor<4xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%ae: f32, %be: f32, %s: f32, %out: f32):
    %x = arith.addf %ae, %be : f32
    %m = arith.divf %s, %n : f32
    %d = arith.subf %m, %x : f32
    %q = arith.mulf %d, %d : f32
    %0 = arith.addf %q, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #all, #row, #row, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%a, %b, %sum, %squares, %g : tensor<4x16xf32>, tensor<4x16xf32>, tensor<4xf32>, tensor<4xf32>, tensor<16xf32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%ae: f32, %be: f32, %s: f32, %v: f32, %ge: f32, %out: f32):
    %x = arith.addf %ae, %be : f32
    %m = arith.divf %s, %n : f32
    %d = arith.subf %x, %m : f32
    %0 = arith.divf %v, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %3 = arith.divf %d, %2 : f32
    %4 = arith.mulf %3, %ge : f32
    %5 = math.exp %4 : f32
    %6 = arith.addf %5, %ae : f32
    linalg.yield %6 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The mean, as a column, and the reciprocal root are results too, and so is
// what is normalized without a scale.
// CHECK-LABEL: func @statistics
// CHECK: %[[N:.*]], %[[M:.*]]:2 = norm.layer_norm %arg0 axes [1] : (tensor<?x16xf32>) -> (tensor<?x16xf32>, tensor<?xf32>, tensor<?xf32>)
// CHECK: %[[MEAN:.*]] = tensor.expand_shape %[[M]]#0
// CHECK: %[[Y:.*]] = norm.layer_norm %arg0 scale %arg1 axes [1]
// CHECK-NOT: linalg
// CHECK: return %[[Y]], %[[N]], %[[MEAN]], %[[M]]#1
func.func @statistics(%x: tensor<?x16xf32>, %g: tensor<16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x1xf32>, tensor<?xf32>) {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x16xf32>
  %e1 = tensor.empty(%rows) : tensor<?xf32>
  %e = tensor.empty(%rows) : tensor<?x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<?x16xf32>) outs(%init : tensor<?xf32>) dimensions = [1]
  %mean = linalg.map ins(%sum : tensor<?xf32>) outs(%e1 : tensor<?xf32>) (%in: f32, %out: f32) {
    %0 = arith.divf %in, %n : f32
    linalg.yield %0 : f32
  }
  %column = tensor.expand_shape %mean [[0, 1]] output_shape [%rows, 1] : tensor<?xf32> into tensor<?x1xf32>
  %means = linalg.broadcast ins(%mean : tensor<?xf32>) outs(%e : tensor<?x16xf32>) dimensions = [1]
  %d = arith.subf %x, %means : tensor<?x16xf32>
  %q = arith.mulf %d, %d : tensor<?x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<?x16xf32>) outs(%init : tensor<?xf32>) dimensions = [1]
  %rstd = linalg.map ins(%squares : tensor<?xf32>) outs(%e1 : tensor<?xf32>) (%in: f32, %out: f32) {
    %0 = arith.divf %in, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  }
  %rstds = linalg.broadcast ins(%rstd : tensor<?xf32>) outs(%e : tensor<?x16xf32>) dimensions = [1]
  %normalized = arith.mulf %d, %rstds : tensor<?x16xf32>
  %gs = linalg.broadcast ins(%g : tensor<16xf32>) outs(%e : tensor<?x16xf32>) dimensions = [0]
  %y = arith.mulf %normalized, %gs : tensor<?x16xf32>
  return %y, %normalized, %column, %rstd : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x1xf32>, tensor<?xf32>
}

// torch-mlir in bf16: the mean is rounded before it is subtracted.
// CHECK-LABEL: func @rounded_mean
// CHECK-NEXT: norm.layer_norm %arg0 scale %arg1 axes [1] : (tensor<4x16xbf16>, tensor<16xbf16>) -> tensor<4x16xbf16>
// CHECK-NEXT: return
func.func @rounded_mean(%x: tensor<4x16xbf16>, %g: tensor<16xbf16>) -> tensor<4x16xbf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %eb = tensor.empty() : tensor<4x16xbf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %xf = arith.extf %x : tensor<4x16xbf16> to tensor<4x16xf32>
  %sum = linalg.reduce {arith.addf} ins(%xf : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %meanb = arith.truncf %mean : tensor<4xf32> to tensor<4xbf16>
  %wide = linalg.broadcast ins(%meanb : tensor<4xbf16>) outs(%eb : tensor<4x16xbf16>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xbf16>
  %df = arith.extf %d : tensor<4x16xbf16> to tensor<4x16xf32>
  %q = arith.mulf %df, %df : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %nf = arith.mulf %df, %rstds : tensor<4x16xf32>
  %gs = linalg.broadcast ins(%g : tensor<16xbf16>) outs(%eb : tensor<4x16xbf16>) dimensions = [0]
  %gf = arith.extf %gs : tensor<4x16xbf16> to tensor<4x16xf32>
  %yf = arith.mulf %nf, %gf : tensor<4x16xf32>
  %y = arith.truncf %yf : tensor<4x16xf32> to tensor<4x16xbf16>
  return %y : tensor<4x16xbf16>
}

// All sizes dynamic: N is the size as a float, and a broadcast reads by
// indices that are 0 where a size is 1.
// CHECK-LABEL: func @dynamic
// CHECK: norm.layer_norm %arg0 axes [1, 2] : (tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
// CHECK-NOT: linalg
// CHECK: return
func.func @dynamic(%x: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %d0 = tensor.dim %x, %c0 : tensor<?x?x?xf32>
  %d1 = tensor.dim %x, %c1 : tensor<?x?x?xf32>
  %d2 = tensor.dim %x, %c2 : tensor<?x?x?xf32>
  %i1 = arith.index_cast %d1 : index to i64
  %i2 = arith.index_cast %d2 : index to i64
  %i = arith.muli %i1, %i2 : i64
  %n = arith.sitofp %i : i64 to f32
  %is1 = arith.cmpi eq, %d0, %c1 : index
  %e1 = tensor.empty(%d0) : tensor<?xf32>
  %e = tensor.empty(%d0, %d1, %d2) : tensor<?x?x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<?xf32>) -> tensor<?xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<?x?x?xf32>) outs(%init : tensor<?xf32>) dimensions = [1, 2]
  %mean = linalg.map ins(%sum : tensor<?xf32>) outs(%e1 : tensor<?xf32>) (%in: f32, %out: f32) {
    %0 = arith.divf %in, %n : f32
    linalg.yield %0 : f32
  }
  %wide = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]} outs(%e : tensor<?x?x?xf32>) {
  ^bb0(%out: f32):
    %0 = linalg.index 0 : index
    %1 = arith.select %is1, %c0, %0 : index
    %2 = tensor.extract %mean[%1] : tensor<?xf32>
    linalg.yield %2 : f32
  } -> tensor<?x?x?xf32>
  %d = arith.subf %x, %wide : tensor<?x?x?xf32>
  %q = arith.mulf %d, %d : tensor<?x?x?xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<?x?x?xf32>) outs(%init : tensor<?xf32>) dimensions = [1, 2]
  %rstd = linalg.map ins(%squares : tensor<?xf32>) outs(%e1 : tensor<?xf32>) (%in: f32, %out: f32) {
    %0 = arith.divf %in, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    linalg.yield %2 : f32
  }
  %rstds = linalg.broadcast ins(%rstd : tensor<?xf32>) outs(%e : tensor<?x?x?xf32>) dimensions = [1, 2]
  %y = arith.mulf %d, %rstds : tensor<?x?x?xf32>
  return %y : tensor<?x?x?xf32>
}

// All in the body of the linear layer behind, with a guard of the reciprocal.
// CHECK-LABEL: func @in_contraction
// CHECK-NEXT: %[[N:.*]] = norm.rms_norm %arg0 axes [1] : (tensor<4x16xf32>) -> tensor<4x16xf32>
// CHECK-NEXT: %[[Y:.*]] = norm.linear %[[N]] weight %arg1 layout in_out : (tensor<4x16xf32>, tensor<16x8xf32>) -> tensor<4x8xf32>
// CHECK-NEXT: return %[[Y]]
#rk = affine_map<(d0, d1, d2) -> (d0, d2)>
#r = affine_map<(d0, d1, d2) -> (d0)>
#ko = affine_map<(d0, d1, d2) -> (d2, d1)>
#ro = affine_map<(d0, d1, d2) -> (d0, d1)>
func.func @in_contraction(%x: tensor<4x16xf32>, %w: tensor<16x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %0 = arith.addf %q, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#rk, #r, #ko, #ro], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %squares, %w : tensor<4x16xf32>, tensor<4xf32>, tensor<16x8xf32>) outs(%init2 : tensor<4x8xf32>) {
  ^bb0(%in: f32, %s: f32, %we: f32, %out: f32):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %positive = arith.cmpf one, %2, %zero : f32
    cf.assert %positive, "division by zero"
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %in, %3 : f32
    %5 = arith.mulf %4, %we : f32
    %6 = arith.addf %5, %out : f32
    linalg.yield %6 : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// In front of something that stays: the guard of the reciprocal goes, that of
// an index stays.
// CHECK-LABEL: func @guards
// CHECK: %[[N:.*]] = norm.rms_norm %arg0 axes [1]
// CHECK: linalg.generic
// CHECK-SAME: ins(%arg1, %[[N]] :
// CHECK: ^bb0(
// CHECK-NEXT: arith.cmpi slt
// CHECK-NEXT: cf.assert %{{.*}}, "too large"
// CHECK-NEXT: math.exp
// CHECK-NEXT: linalg.yield
func.func @guards(%x: tensor<4x16xf32>, %i: tensor<4xi32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %limit = arith.constant 1000 : i32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %q = arith.mulf %in, %in : f32
    %0 = arith.addf %q, %out : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares, %i : tensor<4x16xf32>, tensor<4xf32>, tensor<4xi32>) outs(%e : tensor<4x16xf32>) {
  ^bb0(%in: f32, %s: f32, %ie: i32, %out: f32):
    %inside = arith.cmpi slt, %ie, %limit : i32
    cf.assert %inside, "too large"
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.sqrt %1 : f32
    %positive = arith.cmpf one, %2, %zero : f32
    cf.assert %positive, "division by zero"
    %3 = arith.divf %one, %2 : f32
    %4 = arith.mulf %in, %3 : f32
    %5 = math.exp %4 : f32
    linalg.yield %5 : f32
  } -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Bias and activation in one body: what the activation is of is the layer.
// CHECK-LABEL: func @bias_and_activation
// CHECK-NEXT: %[[H:.*]] = norm.linear %arg0 weight %arg1 bias %arg2 layout in_out
// CHECK-NEXT: %[[Y:.*]] = norm.activation silu %[[H]]
// CHECK-NEXT: return %[[Y]]
func.func @bias_and_activation(%x: tensor<4x16xf32>, %w: tensor<16x8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %m = linalg.matmul ins(%x, %w : tensor<4x16xf32>, tensor<16x8xf32>) outs(%init : tensor<4x8xf32>) -> tensor<4x8xf32>
  %y = linalg.generic {indexing_maps = [#all, #column, #all], iterator_types = ["parallel", "parallel"]} ins(%m, %b : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%in: f32, %be: f32, %out: f32):
    %0 = arith.addf %in, %be : f32
    %1 = arith.negf %0 : f32
    %2 = math.exp %1 : f32
    %3 = arith.addf %2, %one : f32
    %4 = arith.divf %0, %3 : f32
    linalg.yield %4 : f32
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
