//===- Norm.h - The norm dialect: types, ops, enums -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_IR_NORM_H
#define NORM_DIALECT_NORM_IR_NORM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/TilingInterface.h"

#include "norm/Dialect/Norm/IR/NormDialect.h.inc"
#include "norm/Dialect/Norm/IR/NormEnums.h.inc"

namespace mlir::norm {
/// Function argument attribute: the key under which a weight file holds it.
constexpr llvm::StringLiteral kWeightAttrName = "norm.weight";
/// Function argument or result attribute: its name in the generated C header.
constexpr llvm::StringLiteral kNameAttrName = "norm.name";
/// Function argument or result attribute: its sizes, an affine map without dims
/// whose symbols are sizes of argument dims (norm-record-signature).
constexpr llvm::StringLiteral kSizesAttrName = "norm.sizes";
/// Function argument or result attribute: it has one row for each row of the
/// results, which do not depend on other rows (norm-record-signature).
constexpr llvm::StringLiteral kRowsAttrName = "norm.rows";
/// Function attribute: an affine set that must hold beyond equal sizes. Its
/// symbols are the same ones, then the integer arguments
/// (norm-record-signature).
constexpr llvm::StringLiteral kSizeConstraintsAttrName =
    "norm.size_constraints";
/// Function argument attribute: which result the argument receives
/// (norm-destination-passing).
constexpr llvm::StringLiteral kResultAttrName = "norm.result";
/// Function argument attribute: the argument is packed data; a dictionary of
/// the `tag` in its header and the `type` before packing (norm-pack-linear).
constexpr llvm::StringLiteral kPackedAttrName = "norm.packed";
/// Function attribute: the function packs an argument; a dictionary of the
/// `function` and the position of the `argument` (norm-pack-linear).
constexpr llvm::StringLiteral kPackOfAttrName = "norm.pack_of";
/// Function attribute: the name of the function that this one computes on
/// tensors with strides (norm-add-strided).
constexpr llvm::StringLiteral kStridedAttrName = "norm.strided";
/// Module attribute: the CPU that code is generated for; a dictionary of the
/// strings `triple`, `cpu` and `features` (norm-attach-cpu-target).
constexpr llvm::StringLiteral kCPUTargetAttrName = "norm.cpu_target";
} // namespace mlir::norm

#define GET_OP_CLASSES
#include "norm/Dialect/Norm/IR/NormOps.h.inc"

#endif // NORM_DIALECT_NORM_IR_NORM_H
