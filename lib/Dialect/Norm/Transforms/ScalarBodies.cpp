//===- ScalarBodies.cpp - Scalar ops as parts of a generic's body ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScalarBodies.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/CastInterfaces.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::isScalar(Type type) { return type.isIntOrIndexOrFloat(); }

bool mlir::norm::isComputedWider(Type type) {
  return isa<Float16Type, BFloat16Type>(type);
}

bool mlir::norm::mayComputeWider(Operation *op) {
  return !isa<CastOpInterface>(op) ||
         isa<arith::ExtFOp, arith::FPToSIOp, arith::FPToUIOp>(op);
}

Type mlir::norm::getArithmeticType(Type type) {
  return isComputedWider(type) ? Float32Type::get(type.getContext()) : type;
}

SmallVector<Value> mlir::norm::computeScalar(OpBuilder &builder, Operation *op,
                                             ValueRange operands) {
  SmallVector<Type> types =
      llvm::map_to_vector(op->getResultTypes(),
                          [](Type type) { return getElementTypeOrSelf(type); });
  if (isa<arith::ExtFOp>(op) && operands[0].getType() == types[0])
    return {operands[0]};
  if (mayComputeWider(op) && !isa<CastOpInterface>(op))
    for (Type &type : types)
      type = getArithmeticType(type);
  return clone(builder, op, types, operands)->getResults();
}

TypedAttr mlir::norm::getSplat(Value value) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return {};
  return dyn_cast<TypedAttr>(elements.getSplatValue<Attribute>());
}
