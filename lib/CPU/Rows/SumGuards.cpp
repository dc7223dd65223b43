//===- SumGuards.cpp - Whether an f32 held a sum --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/SumGuards.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

/// The largest f32.
static constexpr double kLargest = 0x1.fffffep127;

/// Emits a comparison with a constant of f32.
static Value compare(ImplicitLocOpBuilder &builder,
                     arith::CmpFPredicate predicate, Value value,
                     double constant) {
  Type type = value.getType();
  TypedAttr attr = builder.getFloatAttr(getElementTypeOrSelf(type), constant);
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(vector, Attribute(attr));
  Value other = arith::ConstantOp::create(builder, attr);
  return arith::CmpFOp::create(builder, predicate, value, other);
}

bool mlir::norm::isSumOfSquares(ReduceOp reduce) {
  auto product = reduce.getValue().getDefiningOp<arith::MulFOp>();
  return product && product.getLhs() == product.getRhs();
}

Value mlir::norm::emitIsFinite(ImplicitLocOpBuilder &builder, Value mean) {
  return compare(builder, arith::CmpFPredicate::OLE,
                 math::AbsFOp::create(builder, mean), kLargest);
}

void mlir::norm::emitSumGuards(ImplicitLocOpBuilder &builder, ReduceOp reduce,
                               Value total, bool squares,
                               function_ref<void(Value)> require) {
  constexpr double kSmallest = 0x1p-100;
  Value magnitude =
      squares ? total : Value(math::AbsFOp::create(builder, total));
  require(compare(builder, arith::CmpFPredicate::OLE, magnitude, kLargest));
  if (squares && !toleratesUnderflow(reduce.getResult()))
    require(compare(builder, arith::CmpFPredicate::OGE, total, kSmallest));
}
