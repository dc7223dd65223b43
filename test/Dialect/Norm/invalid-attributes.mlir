// RUN: norm-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{'norm.cpu_target' must be a dictionary of the strings 'triple', 'cpu' and 'features'}}
module attributes {norm.cpu_target = {}} {
}

// -----

// expected-error @+1 {{'norm.cpu_target' must be a dictionary of the strings 'triple', 'cpu' and 'features'}}
module attributes {norm.cpu_target = {triple = "x86_64-linux-gnu", cpu = 3 : i64, features = ""}} {
}

// -----

// expected-error @+1 {{'norm.size_constraints' must be over the symbols of 'norm.sizes' and the integer arguments, which are 1}}
func.func @f(%x: memref<?xf32> {norm.sizes = affine_map<()[s0] -> (s0)>})
    attributes {norm.size_constraints = affine_set<()[s0, s1, s2] : (s2 - s1 == 0)>} {
  return
}

// -----

// expected-error @+1 {{'norm.size_constraints' must be an affine set without dims}}
func.func @f() attributes {norm.size_constraints = 4 : i64} {
  return
}

// -----

// expected-error @+1 {{'norm.size_constraints' must be free of divisions by 0 or less}}
func.func @f(%x: memref<?xf32> {norm.sizes = affine_map<()[s0] -> (s0)>})
    attributes {norm.size_constraints = affine_set<()[s0] : (s0 mod 0 == 0)>} {
  return
}

// -----

// expected-error @+1 {{argument 0: 'norm.sizes' must be free of divisions by 0 or less}}
func.func @f(%x: memref<?xf32> {norm.sizes = affine_map<()[s0] -> (s0 floordiv 0)>}) {
  return
}

// -----

// expected-error @+1 {{result 0: 'norm.name' must be a string that is not empty}}
func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32> {norm.name = 5 : i64}) {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{result 0 has an attribute 'norm.nmae' that the norm dialect does not know on results}}
func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32> {norm.nmae = "y"}) {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{has an attribute 'norm.bar' that the norm dialect does not know}}
func.func @f(%x: tensor<4xf32>) attributes {norm.bar = 3 : i64} {
  return
}
