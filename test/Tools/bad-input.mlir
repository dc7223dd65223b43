// What the compiler refuses: one error at the place, exit status 1, no output
// file. The script behind %refused checks the last three.
//
// RUN: rm -rf %t && split-file %s %t && mkdir %t/out
// RUN: %refused normc %t/axis.mlir -o %t/out/x.o | FileCheck %s --check-prefix=AXIS
// RUN: %refused normc %t/twice.mlir -o %t/out/x.o | FileCheck %s --check-prefix=TWICE
// RUN: %refused normc %t/negative.mlir -o %t/out/x.o | FileCheck %s --check-prefix=NEGATIVE
// RUN: %refused normc %t/nan.mlir -o %t/out/x.o | FileCheck %s --check-prefix=NAN
// RUN: %refused normc %t/scale.mlir -o %t/out/x.o | FileCheck %s --check-prefix=SCALE
// RUN: %refused normc %t/integer.mlir -o %t/out/x.o | FileCheck %s --check-prefix=INTEGER
// RUN: %refused normc %t/groups.mlir -o %t/out/x.o | FileCheck %s --check-prefix=GROUPS
// RUN: %refused normc %t/rank0.mlir -o %t/out/x.o | FileCheck %s --check-prefix=RANK0
// RUN: %refused normc %t/overflow.mlir -o %t/out/x.o | FileCheck %s --check-prefix=OVERFLOW
// RUN: %refused normc %t/unknown.mlir -o %t/out/x.o | FileCheck %s --check-prefix=UNKNOWN
// RUN: %refused normc %t/softmax.mlir -o %t/out/x.o | FileCheck %s --check-prefix=SOFTMAX
// RUN: %refused normc %t/silu.mlir -o %t/out/x.o | FileCheck %s --check-prefix=SILU
// RUN: %refused normc %t/dense.mlir -o %t/out/x.o | FileCheck %s --check-prefix=DENSE
// RUN: %refused normc %t/nothing.mlir -o %t/out/x.o | FileCheck %s --check-prefix=FAR
// RUN: %refused normc %t/dialect.mlir -o %t/out/x.o | FileCheck %s --check-prefix=DIALECT
// RUN: %refused normc %t/memref.mlir -o %t/out/x.o | FileCheck %s --check-prefix=MEMREF
// RUN: %refused normc %t/syntax.mlir -o %t/out/x.o | FileCheck %s --check-prefix=SYNTAX
// RUN: %refused normc %t/complex.mlir -o %t/out/x.o | FileCheck %s --check-prefix=COMPLEX
// RUN: %refused normc %t/declaration.mlir -o %t/out/x.o | FileCheck %s --check-prefix=DECLARATION
// RUN: %refused normc %t/private.mlir -o %t/out/x.o | FileCheck %s --check-prefix=PRIVATE
// RUN: %refused normc %t/beside.mlir -o %t/out/x.o | FileCheck %s --check-prefix=BESIDE
// RUN: %refused normc %t/recursive.mlir -o %t/out/x.o | FileCheck %s --check-prefix=RECURSIVE
// RUN: %refused normc %t/cycle.mlir -o %t/out/x.o | FileCheck %s --check-prefix=CYCLE
// RUN: %refused normc %t/mode.mlir -o %t/out/x.o | FileCheck %s --check-prefix=MODE
// RUN: %refused normc %t/pad.mlir -o %t/out/x.o | FileCheck %s --check-prefix=PAD
// RUN: %refused normc %t/pack.mlir -o %t/out/x.o | FileCheck %s --check-prefix=PACK
// RUN: %refused normc %t/division.mlir -o %t/out/x.o | FileCheck %s --check-prefix=DIVISION
// RUN: %refused normc %t/loop.mlir -o %t/out/x.o | FileCheck %s --check-prefix=LOOP
// RUN: touch %t/empty.mlir
// RUN: %refused normc %t/empty.mlir -o %t/out/x.o | FileCheck %s --check-prefix=EMPTY
// RUN: %refused normc %t/absent.mlir -o %t/out/x.o | FileCheck %s --check-prefix=ABSENT
// RUN: %refused normc %t -o %t/out/x.o | FileCheck %s --check-prefix=FOLDER

//--- axis.mlir
// AXIS: axis.mlir:3:8: error: 'norm.layer_norm' op {{.*}}axis 2
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.layer_norm %x axes [2] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- twice.mlir
// TWICE: twice.mlir:3:8: error: 'norm.layer_norm' op {{.*}}ax
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.layer_norm %x axes [1, -1] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- negative.mlir
// NEGATIVE: negative.mlir:3:8: error: 'norm.rms_norm' op {{.*}}epsilon
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.rms_norm %x axes [1] epsilon -1.0 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- nan.mlir
// NAN: nan.mlir:3:8: error: 'norm.rms_norm' op {{.*}}epsilon
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.rms_norm %x axes [1] epsilon 0x7FF8000000000000 : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- scale.mlir
// SCALE: scale.mlir:3:8: error: 'norm.layer_norm' op {{.*}}scale
func.func @f(%x: tensor<?x8xf32>, %g: tensor<7xf32>) -> tensor<?x8xf32> {
  %y = norm.layer_norm %x scale %g axes [1] : (tensor<?x8xf32>, tensor<7xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- integer.mlir
// INTEGER: integer.mlir:3:8: error: 'norm.layer_norm' op {{.*}}'tensor<?x8xi32>'
func.func @f(%x: tensor<?x8xi32>) -> tensor<?x8xi32> {
  %y = norm.layer_norm %x axes [1] : (tensor<?x8xi32>) -> tensor<?x8xi32>
  return %y : tensor<?x8xi32>
}
//--- groups.mlir
// GROUPS: groups.mlir:3:8: error: 'norm.group_norm' op {{.*}}3
func.func @f(%x: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  %y = norm.group_norm %x groups 3 channel_axis 1 : (tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return %y : tensor<2x8x4xf32>
}
//--- rank0.mlir
// RANK0: rank0.mlir:3:8: error: 'norm.layer_norm' op
func.func @f(%x: tensor<f32>) -> tensor<f32> {
  %y = norm.layer_norm %x axes [0] : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}
//--- overflow.mlir
// OVERFLOW: overflow.mlir:2:{{[0-9]+}}: error: argument 0 of 'f': type 'tensor<9223372036854775807x8xf32>' has more bytes than an address space
func.func @f(%x: tensor<9223372036854775807x8xf32>) -> tensor<9223372036854775807x8xf32> {
  %y = math.exp %x : tensor<9223372036854775807x8xf32>
  return %y : tensor<9223372036854775807x8xf32>
}
//--- unknown.mlir
// UNKNOWN: unknown.mlir:4:8: error: custom op 'norm.layernorm' is unknown
// UNKNOWN: unknown.mlir:4:8: note: there is norm.layer_norm{{$}}
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.layernorm %x axes [1] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- softmax.mlir
// SOFTMAX: softmax.mlir:4:8: error: custom op 'norm.softmax' is unknown
// SOFTMAX: softmax.mlir:4:8: note: softmax is linalg.softmax, or a norm.generic with a maximum and a sum
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.softmax %x axes [1] : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- silu.mlir
// SILU: silu.mlir:4:8: error: unregistered operation 'norm.silu'
// SILU: silu.mlir:4:8: note: it is an activation: norm.activation silu
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = "norm.silu"(%x) : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- dense.mlir
// DENSE: dense.mlir:4:8: error: custom op 'norm.dense' is unknown
// DENSE: dense.mlir:4:8: note: there is norm.linear{{$}}
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.dense %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- nothing.mlir
// Nothing comes near.
// FAR: nothing.mlir:5:8: error: custom op 'norm.convolution' is unknown
// FAR-NOT: note:
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = norm.convolution %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- dialect.mlir
// DIALECT: dialect.mlir:3:8: error: 'tosa.exp' is not supported in a graph
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %y = tosa.exp %x : (tensor<?x8xf32>) -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
//--- memref.mlir
// MEMREF: memref.mlir:2:{{[0-9]+}}: error: argument 0 of 'f': type 'memref<8xf32>' is not supported
func.func @f(%x: memref<8xf32>) {
  return
}
//--- syntax.mlir
// SYNTAX: syntax.mlir:3:3: error: custom op 'retrun' is unknown
func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  retrun %x : tensor<?x8xf32>
}
//--- complex.mlir
// COMPLEX: complex.mlir:2:{{[0-9]+}}: error: argument 0 of 'f': element type 'complex<f32>' is not supported
func.func @f(%x: tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>> {
  return %x : tensor<8xcomplex<f32>>
}
//--- declaration.mlir
// DECLARATION: declaration.mlir:2:{{[0-9]+}}: error: function 'f' has no body to compile
func.func private @f(%x: tensor<8xf32>) -> tensor<8xf32>
//--- private.mlir
func.func private @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}
//--- beside.mlir
// BESIDE: beside.mlir:2:{{[0-9]+}}: error: 'memref.global' is not supported beside the functions of a module
memref.global "private" constant @table : memref<4xf32> = dense<1.0>
//--- end
// EMPTY: empty.mlir:1:1: error: there is no public function to compile
// ABSENT: normc: error: cannot open input file '{{.*}}absent.mlir': No such file or directory
// FOLDER: normc: error: {{.*}}irectory
// PRIVATE: private.mlir:1:1: error: there is no public function to compile
//--- recursive.mlir
// RECURSIVE: recursive.mlir:3:8: error: 'f' calls itself through 'f': recursion is not supported
func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = func.call @f(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
//--- cycle.mlir
// CYCLE: cycle.mlir:7:8: error: 'g' calls itself through 'h': recursion is not supported
func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = func.call @g(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
func.func private @g(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = func.call @h(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
func.func private @h(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = func.call @g(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
//--- mode.mlir
// MODE: mode.mlir:3:8: error: 'arith.truncf' op rounds toward_zero, but only rounding to nearest even is supported
func.func @f(%x: tensor<64xf32>) -> tensor<64xbf16> {
  %y = arith.truncf %x toward_zero : tensor<64xf32> to tensor<64xbf16>
  return %y : tensor<64xbf16>
}
//--- pad.mlir
// PAD: pad.mlir:3:8: error: 'tensor.pad' op on tensors is not supported: nothing lowers it for a CPU
func.func @f(%x: tensor<8xi64>) -> tensor<9xi64> {
  %y = tensor.pad %x low[1] high[0] {
  ^bb0(%i: index):
    %c = arith.index_cast %i : index to i64
    tensor.yield %c : i64
  } : tensor<8xi64> to tensor<9xi64>
  return %y : tensor<9xi64>
}
//--- pack.mlir
// PACK: pack.mlir:4:8: error: 'linalg.pack' op on tensors is not supported: nothing lowers it for a CPU
func.func @f(%x: tensor<4x8xf32>) -> tensor<2x8x2xf32> {
  %z = arith.constant dense<0.0> : tensor<2x8x2xf32>
  %y = linalg.pack %x inner_dims_pos = [0] inner_tiles = [2] into %z : tensor<4x8xf32> -> tensor<2x8x2xf32>
  return %y : tensor<2x8x2xf32>
}
//--- division.mlir
// DIVISION: division.mlir:3:8: error: 'arith.divsi' op on tensors is not supported: nothing lowers it for a CPU
func.func @f(%x: tensor<4xi32>, %z: tensor<4xi32>) -> tensor<4xi32> {
  %y = arith.divsi %x, %z : tensor<4xi32>
  return %y : tensor<4xi32>
}
//--- loop.mlir
// LOOP: loop.mlir:8:10: error: this needs memory that is allocated inside a loop or branch, where a kernel has none: compute it outside
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%v = %x) -> tensor<4xf32> {
    %s = tensor.extract_slice %v[0] [%i] [1] : tensor<4xf32> to tensor<?xf32>
    %w = math.exp %s : tensor<?xf32>
    %r = tensor.insert_slice %w into %v[0] [%i] [1] : tensor<?xf32> into tensor<4xf32>
    scf.yield %r : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
