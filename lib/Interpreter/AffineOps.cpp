//===- AffineOps.cpp - Index arithmetic of tiling -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluator.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

using namespace mlir;
using namespace mlir::norm;

FailureOr<InterpValues>
mlir::norm::evaluateAffine(Operation *op, ArrayRef<InterpValue> operands) {
  AffineMap map;
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
    map = apply.getAffineMap();
  else if (auto min = dyn_cast<affine::AffineMinOp>(op))
    map = min.getAffineMap();
  else if (auto max = dyn_cast<affine::AffineMaxOp>(op))
    map = max.getAffineMap();
  else
    return op->emitError("the interpreter does not know '")
           << op->getName() << "'";
  Builder builder(op->getContext());
  auto constants = llvm::map_to_vector(operands, [&](const InterpValue &value) {
    return Attribute(builder.getIndexAttr(value.getInt()));
  });
  SmallVector<Attribute> results;
  if (failed(map.constantFold(constants, results)))
    return op->emitError("divides by zero");
  auto values = llvm::map_to_vector(results, [](Attribute value) {
    return cast<IntegerAttr>(value).getInt();
  });
  int64_t value = isa<affine::AffineMaxOp>(op) ? *llvm::max_element(values)
                                               : *llvm::min_element(values);
  return InterpValues{InterpValue::scalarInt(builder.getIndexType(), value)};
}
