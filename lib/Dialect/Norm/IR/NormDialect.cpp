//===- NormDialect.cpp - The norm dialect --------------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/IR/Norm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::norm;

#include "norm/Dialect/Norm/IR/NormDialect.cpp.inc"
#include "norm/Dialect/Norm/IR/NormEnums.cpp.inc"

namespace {
/// Keeps constants that folding makes inside the body of a generic: a body that
/// captures them would hide what its values are from pattern matching.
struct NormFoldInterface : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final {
    return isa<GenericOp>(region->getParentOp());
  }
};
} // namespace

void NormDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "norm/Dialect/Norm/IR/NormOps.cpp.inc"
      >();
  addInterfaces<NormFoldInterface>();
}

LogicalResult NormDialect::verifyRegionArgAttribute(Operation *op,
                                                    unsigned regionIndex,
                                                    unsigned argIndex,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto isOneOf = [&](ArrayRef<StringRef> names) {
    return llvm::is_contained(names, name);
  };
  auto emitWrong = [&](StringRef expected) {
    return op->emitOpError("argument ")
           << argIndex << ": '" << name << "' must be " << expected;
  };
  if (isOneOf({kWeightAttrName, kNameAttrName})) {
    auto value = dyn_cast<StringAttr>(attribute.getValue());
    return value && !value.empty()
               ? success()
               : LogicalResult(emitWrong("a string that is not empty"));
  }
  if (name == kSizesAttrName) {
    auto map = dyn_cast<AffineMapAttr>(attribute.getValue());
    return map && map.getValue().getNumDims() == 0
               ? success()
               : LogicalResult(emitWrong("an affine map without dims"));
  }
  if (name == kRowsAttrName)
    return isa<UnitAttr>(attribute.getValue())
               ? success()
               : LogicalResult(emitWrong("a unit attribute"));
  if (name == kResultAttrName)
    return isa<IntegerAttr>(attribute.getValue())
               ? success()
               : LogicalResult(emitWrong("an integer"));
  if (name == kPackedAttrName) {
    auto dictionary = dyn_cast<DictionaryAttr>(attribute.getValue());
    return dictionary && dictionary.getAs<IntegerAttr>("tag") &&
                   dictionary.getAs<TypeAttr>("type")
               ? success()
               : LogicalResult(emitWrong("a dictionary of 'tag' and 'type'"));
  }
  return op->emitOpError("argument ")
         << argIndex << " has an attribute '" << name
         << "' that the norm dialect does not know";
}

#define GET_OP_CLASSES
#include "norm/Dialect/Norm/IR/NormOps.cpp.inc"
