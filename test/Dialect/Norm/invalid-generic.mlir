// RUN: norm-opt %s -split-input-file -verify-diagnostics

// A case and more for every numbered constraint in the descriptions of norm.generic
// and the ops of its body.

// generic C1
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op has 2 operands but 1 maps}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C1
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op map 0 is not a projected permutation of 2 dims}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d0 + d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C1
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op map 0 is not a projected permutation of 2 dims}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C1
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op map 0 is not a projected permutation of 2 dims}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C1
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op map 0 has 1 results for operand type 'tensor<4x8xf32>'}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C2
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op dim 2 is indexed by no operand}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, parallel, reduction] maps [(d0, d1, d2) -> (d0, d1), (d0, d1, d2) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C2
func.func @f(%x: tensor<4x8xf32>, %e: tensor<8x4xf32>) {
  // expected-error @+1 {{'norm.generic' op dim 0 has size 4 but operand 1 of type 'tensor<8x4xf32>' has 8 there}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<8x4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C3
func.func @f(%x: memref<4x8xf32>, %e: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.generic' op mixes tensors and memrefs}}
  %y = norm.generic ins(%x : memref<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C3
func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op needs one result per output tensor, of its type}}
  "norm.generic"(%x, %x) <{indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"], operandSegmentSizes = array<i32: 1, 1>}> ({
  ^bb0(%v: f32):
    norm.yield %v : f32
  }) : (tensor<4xf32>, tensor<4xf32>) -> ()
  return
}

// -----

// generic C3
func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op needs an output}}
  "norm.generic"(%x) <{indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"], operandSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%v: f32):
    norm.yield
  }) : (tensor<4xf32>) -> ()
  return
}

// -----

// generic: iterators
func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op iterator 'window' is neither 'parallel' nor 'reduction'}}
  %y = "norm.generic"(%x, %x) <{indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["window"], operandSegmentSizes = array<i32: 1, 1>}> ({
  ^bb0(%v: f32):
    norm.yield %v : f32
  }) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// generic C4
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op has 1 inputs but 2 block arguments}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32, %w: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C4
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op block argument 0 of type 'f16' does not hold the elements of 'tensor<4x8xf32>'}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f16):
    %w = arith.extf %v : f16 to f32
    norm.yield %w : f32
  }
  return
}

// -----

// generic C4
func.func @f(%x: tensor<4x8xi32>, %e: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.generic' op block argument 0 of type 'f32' does not hold the elements of 'tensor<4x8xi32>'}}
  %y = norm.generic ins(%x : tensor<4x8xi32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic C4
func.func @f(%x: tensor<4x8xcomplex<f32>>, %e: tensor<4x8xf32>) {
  // expected-error @+1 {{'norm.generic' op block argument 0 of type 'complex<f32>' does not hold the elements of 'tensor<4x8xcomplex<f32>>'}}
  %y = norm.generic ins(%x : tensor<4x8xcomplex<f32>>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: complex<f32>):
    %w = arith.constant 0.0 : f32
    norm.yield %w : f32
  }
  return
}

// -----

// generic C5
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.yield' op yields 2 values for 1 outputs}}
    norm.yield %v, %v : f32, f32
  }
  return
}

// -----

// generic C5
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %h = arith.truncf %v : f32 to f16
    // expected-error @+1 {{'norm.yield' op value 0 of type 'f16' is narrower than the elements of 'tensor<4x8xf32>'}}
    norm.yield %h : f16
  }
  return
}

// -----

// generic C5
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %h = arith.fptosi %v : f32 to i32
    // expected-error @+1 {{'norm.yield' op value 0 of type 'i32' is narrower than the elements of 'tensor<4x8xf32>'}}
    norm.yield %h : i32
  }
  return
}

// -----

// generic C5
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  // expected-error @+1 {{'norm.generic' op body does not end with norm.yield}}
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %h = arith.negf %v : f32
  }
  return
}

// -----

// generic C6
func.func @f(%x: tensor<4x8xi32>, %e: tensor<4x8xi32>) {
  %y = norm.generic ins(%x : tensor<4x8xi32>) outs(%e : tensor<4x8xi32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: i32):
    // expected-error @+1 {{'arith.divsi' op is not a pure scalar op, as the body of a norm.generic needs}}
    %d = arith.divsi %v, %v : i32
    norm.yield %d : i32
  }
  return
}

// -----

// generic C6
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c = arith.constant 0 : index
    // expected-error @+1 {{'tensor.dim' op}}
    %d = tensor.dim %x, %c : tensor<4x8xf32>
    norm.yield %v : f32
  }
  return
}

// -----

// generic C6
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %c = arith.constant true
    // expected-error @+1 {{'scf.if' op is not a pure scalar op}}
    %d = scf.if %c -> f32 {
      scf.yield %v : f32
    } else {
      scf.yield %v : f32
    }
    norm.yield %d : f32
  }
  return
}

// -----

// generic C6
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'tensor.splat' op has operands or results that are not scalars in the body of a norm.generic}}
    %d = tensor.splat %v : tensor<4xf32>
    norm.yield %v : f32
  }
  return
}

// -----

// generic C6
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xindex>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xindex>)
      iterators [parallel, parallel] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    %i = norm.index 1 : index
    // expected-error @+1 {{'affine.apply' op is not elementwise, as what is computed in the body of a norm.generic needs to be}}
    %a = affine.apply affine_map<(d0) -> (d0 * 2)>(%i)
    norm.yield %a : index
  }
  return
}

// -----

// generic C7
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%f : tensor<4xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.yield' op value 0 varies over dim 1, which the map of its output lacks}}
    norm.yield %v : f32
  }
  return
}

// -----

// generic C7
func.func @f(%x: tensor<4x8xf32>, %f: tensor<8xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%f : tensor<8xf32>)
      iterators [reduction, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d1)] {
  ^bb0(%v: f32):
    %s = norm.reduce add %v over [1] : f32
    // expected-error @+1 {{'norm.yield' op value 0 varies over dim 0, which the map of its output lacks}}
    norm.yield %s : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op needs at least one dim in 'over'}}
    %s = norm.reduce add %v over [] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op dim 2 is out of range, the generic has 2 dims}}
    %s = norm.reduce add %v over [2] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op dim -1 is out of range, the generic has 2 dims}}
    %s = norm.reduce add %v over [-1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op names dim 1 twice}}
    %s = norm.reduce add %v over [1, 1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op dim 0 is not a reduction dim}}
    %s = norm.reduce add %v over [0] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op needs at least one dim in 'over'}}
    %s, %t = norm.center %v over [] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op dim 2 is out of range, the generic has 2 dims}}
    %s, %t = norm.center %v over [2] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op dim -1 is out of range, the generic has 2 dims}}
    %s, %t = norm.center %v over [-1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op names dim 1 twice}}
    %s, %t = norm.center %v over [1, 1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op dim 0 is not a reduction dim}}
    %s, %t = norm.center %v over [0] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.extent' op needs at least one dim in 'over'}}
    %s = norm.extent over [] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.extent' op dim 2 is out of range, the generic has 2 dims}}
    %s = norm.extent over [2] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.extent' op dim -1 is out of range, the generic has 2 dims}}
    %s = norm.extent over [-1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.extent' op names dim 1 twice}}
    %s = norm.extent over [1, 1] : f32
    norm.yield %v : f32
  }
  return
}

// -----

// generic C8
func.func @f(%x: tensor<4x8xf32>, %e: tensor<4x8xf32>, %f: tensor<4xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.index' op dim 2 is out of range, the generic has 2 dims}}
    %s = norm.index 2 : index
    norm.yield %v : f32
  }
  return
}

// -----

// generic C9
func.func @f(%x: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{'norm.generic' op type 'tensor<4294967296x4294967296xf32>' has more elements than can be addressed}}
  %y = norm.generic ins(%x : tensor<4294967296x4294967296xf32>) outs(%x : tensor<4294967296x4294967296xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic: syntax
func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{expected 'parallel' or 'reduction', found 'window'}}
  %y = norm.generic ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) iterators [window] maps [(d0) -> (d0), (d0) -> (d0)] {
  ^bb0(%v: f32):
    norm.yield %v : f32
  }
  return
}

// -----

// generic: an empty body
func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{region #0 ('body') failed to verify constraint: region with 1 blocks}}
  %y = norm.generic outs(%x : tensor<4xf32>) iterators [parallel] maps [(d0) -> (d0)] {
  }
  return
}

// -----

// body ops: only in the body of a generic
func.func @f(%v: f32) {
  // expected-error @+1 {{'norm.reduce' op expects parent op 'norm.generic'}}
  %s = norm.reduce add %v over [0] : f32
  return
}

// -----

// body ops: their attributes are verified before what they say is
func.func @f(%x: tensor<4x8xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.reduce' op requires attribute 'dims'}}
    %s = "norm.reduce"(%v) <{kind = 0 : i32}> : (f32) -> f32
    norm.yield %s : f32
  }
  return
}

// -----

// body ops: their attributes are verified before what they say is
func.func @f(%x: tensor<4x8xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.center' op requires attribute 'dims'}}
    %s, %m = "norm.center"(%v) : (f32) -> (f32, f32)
    norm.yield %s : f32
  }
  return
}

// -----

// body ops: their attributes are verified before what they say is
func.func @f(%x: tensor<4x8xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.extent' op requires attribute 'dims'}}
    %s = "norm.extent"() : () -> f32
    norm.yield %s : f32
  }
  return
}

// -----

// body ops: their attributes are verified before what they say is
func.func @f(%x: tensor<4x8xf32>) {
  %y = norm.generic ins(%x : tensor<4x8xf32>) outs(%x : tensor<4x8xf32>)
      iterators [parallel, reduction] maps [(d0, d1) -> (d0, d1), (d0, d1) -> (d0, d1)] {
  ^bb0(%v: f32):
    // expected-error @+1 {{'norm.index' op requires attribute 'dim'}}
    %i = "norm.index"() : () -> index
    norm.yield %v : f32
  }
  return
}
