//===- NormEnums.td - Enumerations of the norm dialect -----*- tablegen -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORMENUMS_TD
#define NORM_DIALECT_NORM_IR_NORMENUMS_TD

include "mlir/IR/EnumAttr.td"

def Norm_ReduceKind : I32EnumAttr<"ReduceKind", "how a reduction combines", [
    I32EnumAttrCase<"Add", 0, "add">,
    I32EnumAttrCase<"Mul", 1, "mul">,
    I32EnumAttrCase<"Max", 2, "max">,
    I32EnumAttrCase<"Min", 3, "min">,
  ]> {
  let cppNamespace = "::mlir::norm";
}

// Formulas: docs/reference has them per kind; PyTorch's functions of the same
// names are the model.
def Norm_ActivationKind : I32EnumAttr<"ActivationKind", "activation function", [
    I32EnumAttrCase<"Relu", 0, "relu">,
    I32EnumAttrCase<"GeluErf", 1, "gelu_erf">,
    I32EnumAttrCase<"GeluTanh", 2, "gelu_tanh">,
    I32EnumAttrCase<"Silu", 3, "silu">,
    I32EnumAttrCase<"Sigmoid", 4, "sigmoid">,
    I32EnumAttrCase<"Tanh", 5, "tanh">,
    I32EnumAttrCase<"QuickGelu", 6, "quick_gelu">,
    I32EnumAttrCase<"Softplus", 7, "softplus">,
    I32EnumAttrCase<"LeakyRelu", 8, "leaky_relu">,
    I32EnumAttrCase<"Elu", 9, "elu">,
    I32EnumAttrCase<"Hardswish", 10, "hardswish">,
    I32EnumAttrCase<"Mish", 11, "mish">,
  ]> {
  let cppNamespace = "::mlir::norm";
}

def Norm_WeightLayout : I32EnumAttr<"WeightLayout", "order of a weight's dims", [
    I32EnumAttrCase<"OutIn", 0, "out_in">,
    I32EnumAttrCase<"InOut", 1, "in_out">,
  ]> {
  let cppNamespace = "::mlir::norm";
}

#endif // NORM_DIALECT_NORM_IR_NORMENUMS_TD
