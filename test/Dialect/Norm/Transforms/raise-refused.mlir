// RUN: norm-opt %s --norm-raise --remarks-filter-missed="norm-raise" 2>%t | FileCheck %s --implicit-check-not=norm.
// RUN: FileCheck %s --check-prefix=REMARK < %t

// What looks like a normalization and is none stays as it is, and a remark says
// why.

// Nothing subtracts the mean in the end.
// REMARK: "not raised because ", Remark="the mean is not subtracted from what is divided by the root of the variance"
// CHECK-LABEL: func @not_centered
func.func @not_centered(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %x, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The variance of a sample: divided by N - 1.
// REMARK: "not raised because ", Remark="the quotient of the row and its root has another factor, or the divisor of the sum is not the number of its elements"
// CHECK-LABEL: func @not_by_count
func.func @not_by_count(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %m = arith.constant dense<15.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %m : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The statistics of another tensor.
// REMARK: "not raised because ", Remark="what is divided by the root is not what the root is computed of"
// CHECK-LABEL: func @not_own_row
func.func @not_own_row(%x: tensor<4x16xf32>, %z: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %z, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The accumulator is what some memory held.
// REMARK: "not raised because ", Remark="what the root is taken of is no variance"
// CHECK-LABEL: func @not_initialised
func.func @not_initialised(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%e1 : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The accumulator does not start at zero.
// REMARK: "not raised because ", Remark="what the root is taken of is no variance"
// CHECK-LABEL: func @not_zero_initialised
func.func @not_zero_initialised(%x: tensor<4x16xf32>, %u: tensor<4xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%u : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Divided by two before it is squared.
// REMARK: "not raised because ", Remark="the quotient of the row and its root has another factor, or the divisor of the sum is not the number of its elements"
// CHECK-LABEL: func @not_halved
func.func @not_halved(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %two = arith.constant dense<2.0> : tensor<4x16xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %h = arith.divf %d, %two : tensor<4x16xf32>
  %q = arith.mulf %h, %h : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Epsilon is added to the root.
// REMARK: "not raised because ", Remark="epsilon is added to the root, not under it"
// CHECK-LABEL: func @not_epsilon_inside
func.func @not_epsilon_inside(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %std = math.sqrt %v : tensor<4xf32>
  %stde = arith.addf %std, %eps : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %rstd = arith.divf %one, %stde : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Epsilon is no constant.
// REMARK: "not raised because ", Remark="what the root is taken of is no variance"
// CHECK-LABEL: func @not_epsilon_constant
func.func @not_epsilon_constant(%x: tensor<4x16xf32>, %r: tensor<4xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %r : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Epsilon is negative.
// REMARK: "not raised because ", Remark="epsilon is negative or not finite"
// CHECK-LABEL: func @not_epsilon_positive
func.func @not_epsilon_positive(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %negative = arith.constant dense<-1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %q = arith.mulf %d, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %negative : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The mean of magnitudes to the third power.
// REMARK: "not raised because ", Remark="what is added up is no square"
// CHECK-LABEL: func @not_squared
func.func @not_squared(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %mean = arith.divf %sum, %n : tensor<4xf32>
  %wide = linalg.broadcast ins(%mean : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %d = arith.subf %x, %wide : tensor<4x16xf32>
  %dd = arith.mulf %d, %d : tensor<4x16xf32>
  %q = arith.mulf %dd, %d : tensor<4x16xf32>
  %squares = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %v = arith.divf %squares, %n : tensor<4xf32>
  %ve = arith.addf %v, %eps : tensor<4xf32>
  %rstd = math.rsqrt %ve : tensor<4xf32>
  %rstds = linalg.broadcast ins(%rstd : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %y = arith.mulf %d, %rstds : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// Sums of squares in f16.
// REMARK: "not raised because ", Remark="the sum is accumulated in f16"
// CHECK-LABEL: func @not_in_f16
#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
func.func @not_in_f16(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant 0.0 : f16
  %n = arith.constant 16.0 : f16
  %eps = arith.constant 1.0e-3 : f16
  %e1 = tensor.empty() : tensor<4xf16>
  %e = tensor.empty() : tensor<4x16xf16>
  %init = linalg.fill ins(%zero : f16) outs(%e1 : tensor<4xf16>) -> tensor<4xf16>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf16>) outs(%init : tensor<4xf16>) {
  ^bb0(%in: f16, %out: f16):
    %q = arith.mulf %in, %in : f16
    %s = arith.addf %out, %q : f16
    linalg.yield %s : f16
  } -> tensor<4xf16>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf16>, tensor<4xf16>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %s: f16, %out: f16):
    %0 = arith.divf %s, %n : f16
    %1 = arith.addf %0, %eps : f16
    %2 = math.rsqrt %1 : f16
    %y = arith.mulf %in, %2 : f16
    linalg.yield %y : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}

// Squares that are rounded to f16 before they are added up in f32.
// REMARK: "not raised because ", Remark="the squares are rounded before they are added up"
// CHECK-LABEL: func @not_squared_in_f16
func.func @not_squared_in_f16(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 16.0 : f32
  %eps = arith.constant 1.0e-3 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x16xf16>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f16, %out: f32):
    %q = arith.mulf %in, %in : f16
    %f = arith.extf %q : f16 to f32
    %s = arith.addf %out, %f : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %squares : tensor<4x16xf16>, tensor<4xf32>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %s: f32, %out: f16):
    %0 = arith.divf %s, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %f = arith.extf %in : f16 to f32
    %3 = arith.mulf %f, %2 : f32
    %y = arith.truncf %3 : f32 to f16
    linalg.yield %y : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}

// The statistics of the first half of each row.
// CHECK-LABEL: func @not_whole_row
func.func @not_whole_row(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 8.0 : f32
  %eps = arith.constant 1.0e-3 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %half = tensor.empty() : tensor<4x8xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %first = linalg.generic {indexing_maps = [#all], iterator_types = ["parallel", "parallel"]} outs(%half : tensor<4x8xf32>) {
  ^bb0(%out: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %v = tensor.extract %x[%i, %j] : tensor<4x16xf32>
    linalg.yield %v : f32
  } -> tensor<4x8xf32>
  %squares = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%first : tensor<4x8xf32>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
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

// The mean that is subtracted was added up in f16.
// CHECK-LABEL: func @not_mean_in_f16
func.func @not_mean_in_f16(%x: tensor<4x16xf16>) -> tensor<4x16xf16> {
  %zero = arith.constant 0.0 : f32
  %zeroh = arith.constant 0.0 : f16
  %n = arith.constant 16.0 : f32
  %nh = arith.constant 16.0 : f16
  %eps = arith.constant 1.0e-3 : f32
  %e1 = tensor.empty() : tensor<4xf32>
  %e1h = tensor.empty() : tensor<4xf16>
  %e = tensor.empty() : tensor<4x16xf16>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %inith = linalg.fill ins(%zeroh : f16) outs(%e1h : tensor<4xf16>) -> tensor<4xf16>
  %sum = linalg.reduce {arith.addf} ins(%x : tensor<4x16xf16>) outs(%inith : tensor<4xf16>) dimensions = [1]
  %squares = linalg.generic {indexing_maps = [#all, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<4x16xf16>, tensor<4xf16>) outs(%init : tensor<4xf32>) {
  ^bb0(%in: f16, %s: f16, %out: f32):
    %m = arith.divf %s, %nh : f16
    %d = arith.subf %in, %m : f16
    %f = arith.extf %d : f16 to f32
    %q = arith.mulf %f, %f : f32
    %0 = arith.addf %out, %q : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#all, #row, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %squares : tensor<4x16xf16>, tensor<4xf16>, tensor<4xf32>) outs(%e : tensor<4x16xf16>) {
  ^bb0(%in: f16, %s: f16, %v: f32, %out: f16):
    %m = arith.divf %s, %nh : f16
    %d = arith.subf %in, %m : f16
    %f = arith.extf %d : f16 to f32
    %0 = arith.divf %v, %n : f32
    %1 = arith.addf %0, %eps : f32
    %2 = math.rsqrt %1 : f32
    %3 = arith.mulf %f, %2 : f32
    %y = arith.truncf %3 : f32 to f16
    linalg.yield %y : f16
  } -> tensor<4x16xf16>
  return %y : tensor<4x16xf16>
}
