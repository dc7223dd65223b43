// RUN: norm-opt %s --norm-raise | FileCheck %s
// RUN: norm-opt %s --norm-verify-passes=strict --norm-raise -o /dev/null

// Only what arithmetic does exactly is seen through.

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// (x + C) - C rounds x to a multiple of 1/2: what is normalized is that, and
// not x.
// CHECK-LABEL: func @cancelled_constant
// CHECK-SAME:    %[[X:.*]]: tensor<4x16xf32>
// CHECK:         %[[A:.*]] = arith.addf %[[X]],
// CHECK:         %[[R:.*]] = arith.subf %[[A]],
// CHECK:         norm.rms_norm %[[R]] axes [1]
func.func @cancelled_constant(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %c = arith.constant dense<4194304.0> : tensor<4x16xf32>
  %a = arith.addf %x, %c : tensor<4x16xf32>
  %rounded = arith.subf %a, %c : tensor<4x16xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %rounded, %rounded : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %rounded, %b : tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}

// An activation is of what is rounded so, too, and a tensor that cancels is not
// nothing.
// CHECK-LABEL: func @cancelled_tensor
// CHECK-SAME:    %[[X:.*]]: tensor<4x16xf32>, %[[T:.*]]: tensor<4x16xf32>
// CHECK:         %[[A:.*]] = arith.addf %[[X]], %[[T]]
// CHECK:         %[[S:.*]] = arith.subf %[[A]], %[[T]]
// CHECK:         norm.activation silu %[[S]]
func.func @cancelled_tensor(%x: tensor<4x16xf32>, %t: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %one = arith.constant dense<1.0> : tensor<4x16xf32>
  %a = arith.addf %x, %t : tensor<4x16xf32>
  %s = arith.subf %a, %t : tensor<4x16xf32>
  %n = arith.negf %s : tensor<4x16xf32>
  %exp = math.exp %n : tensor<4x16xf32>
  %d = arith.addf %exp, %one : tensor<4x16xf32>
  %y = arith.divf %s, %d : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// x * t / t is no x where t is zero.
// CHECK-LABEL: func @cancelled_factor
// CHECK:         %[[M:.*]] = arith.mulf
// CHECK:         %[[Q:.*]] = arith.divf %[[M]],
// CHECK:         norm.activation tanh %[[Q]]
func.func @cancelled_factor(%x: tensor<4x16xf32>, %t: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %a = arith.mulf %x, %t : tensor<4x16xf32>
  %s = arith.divf %a, %t : tensor<4x16xf32>
  %y = math.tanh %s : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// The square of a root is NaN where x is negative.
// CHECK-LABEL: func @square_of_root
// CHECK:         math.sqrt
// CHECK:         %[[Q:.*]] = arith.mulf
// CHECK:         norm.activation tanh %[[Q]]
func.func @square_of_root(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %r = math.sqrt %x : tensor<4x16xf32>
  %s = arith.mulf %r, %r : tensor<4x16xf32>
  %y = math.tanh %s : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// What overflows on the way is not what it is multiplied by.
// CHECK-LABEL: func @overflowing_factor
// CHECK:         arith.mulf
// CHECK:         %[[Q:.*]] = arith.mulf
// CHECK:         norm.activation tanh %[[Q]]
func.func @overflowing_factor(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %large = arith.constant dense<1.0e30> : tensor<4x16xf32>
  %small = arith.constant dense<1.0e-30> : tensor<4x16xf32>
  %r = arith.mulf %x, %large : tensor<4x16xf32>
  %s = arith.mulf %r, %small : tensor<4x16xf32>
  %y = math.tanh %s : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// An epsilon that is rounded away: 1 + 2^-26 is 1 in f32, so that it is 0.
// CHECK-LABEL: func @constants_are_rounded
// CHECK:         norm.rms_norm %{{.*}} axes [1] epsilon 0
func.func @constants_are_rounded(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %tiny = arith.constant dense<1.4901161e-08> : tensor<4xf32>
  %more = arith.addf %one, %tiny : tensor<4xf32>
  %eps = arith.subf %more, %one : tensor<4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %x, %b : tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}

// `true` as an unsigned integer is 1: epsilon.
// CHECK-LABEL: func @unsigned
// CHECK:         norm.rms_norm %{{.*}} axes [1] epsilon 1.0
func.func @unsigned(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %one = arith.uitofp %true : i1 to f32
  %eps = tensor.splat %one : tensor<4xf32>
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %x, %b : tensor<4x16xf32>
  return %z : tensor<4x16xf32>
}

// A count that wraps around, or is cut off: 16 is the count, 272 in 8 bits.
// CHECK-LABEL: func @not_wrapped
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_wrapped(%x: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %size = tensor.dim %x, %c1 : tensor<4x?xf32>
  %byte = arith.index_cast %size : index to i8
  %count = arith.uitofp %byte : i8 to f32
  %n = tensor.splat %count : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty(%size) : tensor<4x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x?xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x?xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x?xf32>) dimensions = [1]
  %z = arith.mulf %x, %b : tensor<4x?xf32>
  return %z : tensor<4x?xf32>
}

// Infinite parameters, which no op has.
// CHECK-LABEL: func @not_infinite_slope
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_infinite_slope(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x16xf32>
  %slope = arith.constant dense<0x7F800000> : tensor<4x16xf32>
  %c = arith.cmpf ogt, %x, %zero : tensor<4x16xf32>
  %m = arith.mulf %x, %slope : tensor<4x16xf32>
  %y = arith.select %c, %x, %m : tensor<4x16xi1>, tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// CHECK-LABEL: func @not_infinite_epsilon
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_infinite_epsilon(%x: tensor<4x8x16xf32>, %mean: tensor<8xf32>, %variance: tensor<8xf32>) -> tensor<4x8x16xf32> {
  %eps = arith.constant dense<0x7F800000> : tensor<8xf32>
  %e = tensor.empty() : tensor<4x8x16xf32>
  %v = arith.addf %variance, %eps : tensor<8xf32>
  %r = math.rsqrt %v : tensor<8xf32>
  %means = linalg.broadcast ins(%mean : tensor<8xf32>) outs(%e : tensor<4x8x16xf32>) dimensions = [0, 2]
  %rs = linalg.broadcast ins(%r : tensor<8xf32>) outs(%e : tensor<4x8x16xf32>) dimensions = [0, 2]
  %d = arith.subf %x, %means : tensor<4x8x16xf32>
  %y = arith.mulf %d, %rs : tensor<4x8x16xf32>
  return %y : tensor<4x8x16xf32>
}

// A slope that overflows on the way.
// CHECK-LABEL: func @not_overflowing_slope
// CHECK-NOT:     norm.
// CHECK:         return
func.func @not_overflowing_slope(%x: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x16xf32>
  %slope = arith.constant dense<1.0e30> : tensor<4x16xf32>
  %c = arith.cmpf ogt, %x, %zero : tensor<4x16xf32>
  %m = arith.mulf %x, %slope : tensor<4x16xf32>
  %mm = arith.mulf %m, %slope : tensor<4x16xf32>
  %y = arith.select %c, %x, %mm : tensor<4x16xi1>, tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// CHECK-LABEL: func @not_infinite_scale_offset
// CHECK-NOT:     scale_offset
// CHECK:         return
func.func @not_infinite_scale_offset(%x: tensor<4x16xf32>, %g: tensor<16xf32>) -> tensor<4x16xf32> {
  %e1 = tensor.empty() : tensor<4xf32>
  %e = tensor.empty() : tensor<4x16xf32>
  %zero = arith.constant 0.0 : f32
  %n = arith.constant dense<16.0> : tensor<4xf32>
  %eps = arith.constant dense<1.0e-5> : tensor<4xf32>
  %offset = arith.constant dense<0x7F800000> : tensor<16xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4xf32>) -> tensor<4xf32>
  %q = arith.mulf %x, %x : tensor<4x16xf32>
  %s = linalg.reduce {arith.addf} ins(%q : tensor<4x16xf32>) outs(%init : tensor<4xf32>) dimensions = [1]
  %m = arith.divf %s, %n : tensor<4xf32>
  %v = arith.addf %m, %eps : tensor<4xf32>
  %r = math.rsqrt %v : tensor<4xf32>
  %b = linalg.broadcast ins(%r : tensor<4xf32>) outs(%e : tensor<4x16xf32>) dimensions = [1]
  %z = arith.mulf %x, %b : tensor<4x16xf32>
  %go = arith.addf %g, %offset : tensor<16xf32>
  %gs = linalg.broadcast ins(%go : tensor<16xf32>) outs(%e : tensor<4x16xf32>) dimensions = [0]
  %y = arith.mulf %z, %gs : tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}
