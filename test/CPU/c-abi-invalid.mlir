// RUN: norm-opt %s --norm-c-abi --split-input-file --verify-diagnostics

// expected-error @+1 {{'f': argument 0 of type 'tensor<?xf32>' has dynamic dims but no 'norm.sizes'}}
func.func @f(%x: memref<?xf32>) {
  return
}

// -----

// expected-error @+1 {{'f': returns values; results must be arguments}}
func.func @f(%x: memref<4xf32>) -> memref<4xf32> {
  return %x : memref<4xf32>
}

// -----

// expected-error @+1 {{'f': argument 0 of type 'memref<4xf32, strided<[2]>>' has a layout or a memory space}}
func.func @f(%x: memref<4xf32, strided<[2]>>) {
  return
}

// -----

// expected-error @+1 {{'f': symbol s1 of 'norm.sizes' is the size of no dynamic dim of an argument}}
func.func @f(%x: memref<?xf32> {norm.sizes = affine_map<()[s0, s1] -> (s0)>}) {
  return
}

// -----

func.func @f(%x: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c1 step %c1 {
    // expected-error @+1 {{this needs memory that is allocated inside a loop or branch, where a kernel has none: compute it outside}}
    %t = memref.alloc() : memref<4xf32>
    memref.copy %x, %t : memref<4xf32> to memref<4xf32>
  }
  return
}

// -----

func.func @f(%x: memref<4xindex>) {
  %c0 = arith.constant 0 : index
  %n = memref.load %x[%c0] : memref<4xindex>
  // expected-error @+1 {{a temporary's size does not follow from the sizes of the function's arguments}}
  %t = memref.alloc(%n) : memref<?xindex>
  memref.store %n, %t[%c0] : memref<?xindex>
  return
}

// -----

func.func @f(%x: memref<4xf32>) {
  return
}
func.func @g(%x: memref<4xf32>) {
  // expected-error @+1 {{a kernel cannot be called by another}}
  call @f(%x) : (memref<4xf32>) -> ()
  return
}

// -----

// expected-error @+1 {{'pack': 'norm.pack_of' names no packed argument of a function}}
func.func @pack(%x: memref<4xf32>, %p: memref<4xf32> {norm.result = 0 : i64}) attributes {norm.pack_of = {function = @f, argument = 0 : i64}} {
  return
}

// -----

func.func @"a.b"(%x: memref<4xf32>) {
  return
}
// expected-error @+1 {{two functions would be called 'a_b_workspace' in C}}
func.func @"a-b"(%x: memref<4xf32>) {
  return
}

// -----

// expected-error @+1 {{'main': a function 'main' would take the place of the one of C; --symbol-prefix sets another name apart}}
func.func @main(%x: memref<4xf32>) {
  return
}

// -----

// expected-error @+1 {{'tanhf': a function 'tanhf' would take the place of the one of C}}
func.func @tanhf(%x: memref<4xf32>) {
  return
}

// -----

func.func @f(%x: memref<4xf32>, %y: memref<4xf32> {norm.result = 0 : i64}) {
  %c = arith.constant 0 : index
  // expected-error @+1 {{a temporary of type 'memref<4294967296x4294967296x4294967296xf32>' has too many bytes}}
  %n = memref.alloc() : memref<4294967296x4294967296x4294967296xf32>
  memref.copy %x, %y : memref<4xf32> to memref<4xf32>
  %v = memref.load %n[%c, %c, %c] : memref<4294967296x4294967296x4294967296xf32>
  memref.store %v, %y[%c] : memref<4xf32>
  return
}
