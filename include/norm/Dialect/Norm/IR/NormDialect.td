//===- NormDialect.td - The norm dialect -------------------*- tablegen -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMDIALECT_TD
#define NORM_DIALECT_NORM_IR_NORMDIALECT_TD

include "mlir/IR/OpBase.td"

def Norm_Dialect : Dialect {
  let name = "norm";
  let cppNamespace = "::mlir::norm";
  let summary = "Normalizations and the row programs that they are made of";
  let description = [{
    The dialect has two levels. At the *graph* level a normalization is one op on
    tensors (`norm.layer_norm`, `norm.rms_norm`, ...) beside linear layers
    (`norm.linear`), activations (`norm.activation`) and upstream `arith`,
    `math`, `linalg` and `tensor` ops. At the *structured* level one op,
    `norm.generic`, carries any scalar program over the elements of a row in
    which a reduction is the only operation that sees more than one element.

    A function argument may carry `norm.weight`, the key under which a weight
    file holds its value, and `norm.name`, its name in the generated C header.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect",
    "::mlir::tensor::TensorDialect",
  ];
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

class Norm_Op<string mnemonic, list<Trait> traits = []>
    : Op<Norm_Dialect, mnemonic, traits>;

#endif // NORM_DIALECT_NORM_IR_NORMDIALECT_TD
