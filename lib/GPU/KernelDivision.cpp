//===- KernelDivision.cpp - Elements divided by a value of their row ------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A division of f32 takes a GPU ten instructions and a branch. Where many
// elements have one divisor its reciprocal is computed once; a product with it
// and one step of Newton's method take five and no branch. The result is within
// 0.50001 units in the last place, subnormal ones within one; of a dividend
// below 2^-102, of which the step is lost to underflow, within 1.5.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "norm/CPU/LaneBuilder.h"

using namespace mlir;
using namespace mlir::norm;

bool KernelEmitter::dividesByUniform(Operation *body) const {
  auto division = dyn_cast<arith::DivFOp>(body);
  return division && division.getType().isF32() &&
         space.isUniform(division.getRhs()) &&
         !space.isUniform(division.getResult());
}

void KernelEmitter::emitReciprocals(unsigned stage) {
  using Predicate = arith::CmpFPredicate;
  for (Operation &body : op.getBodyBlock()->without_terminator()) {
    if (!dividesByUniform(&body))
      continue;
    Value source = cast<arith::DivFOp>(body).getRhs();
    if (space.getProgram().getStage(source) != stage ||
        reciprocals.contains(source))
      continue;
    Value divisor = getUniform(source);
    LaneBuilder l(body.getLoc(), b, divisor.getType(), CPUTarget());
    Value magnitude = math::AbsFOp::create(l, divisor);
    // A power of two for which the scaled divisor has a normal reciprocal. What
    // the scaled dividend overflows or underflows to, the quotient does as
    // well.
    Value power =
        l.select(l.cmp(Predicate::OLT, magnitude, l.constant(0x1p-64)),
                 l.constant(0x1p64),
                 l.select(l.cmp(Predicate::OGT, magnitude, l.constant(0x1p64)),
                          l.constant(0x1p-64), l.constant(1)));
    Value scaled = l.mul(magnitude, power);
    Reciprocal &result = reciprocals[source];
    result.negatedScale = l.neg(math::CopySignOp::create(l, power, divisor));
    result.negated = l.div(l.constant(-1), scaled);
    // Nothing is left over by a quotient of 0.
    result.divisor =
        l.select(l.cmp(Predicate::OEQ, scaled, l.constant(INFINITY)),
                 l.constant(0), scaled);
  }
}

Value KernelEmitter::emitDivision(Value dividend, const Reciprocal &by) {
  LaneBuilder l(b.getLoc(), b, dividend.getType(), CPUTarget());
  auto spread = [&](Value uniformValue) { return broadcast(uniformValue); };
  // Of negated dividends and reciprocals, so that zeros keep their sign.
  Value negated = l.mul(dividend, spread(by.negatedScale));
  Value quotient = l.mul(negated, spread(by.negated));
  Value left = math::FmaOp::create(l, spread(by.divisor), quotient, negated);
  Value corrected = math::FmaOp::create(l, left, spread(by.negated), quotient);
  Value isFinite =
      l.cmp(arith::CmpFPredicate::OLT, math::AbsFOp::create(l, quotient),
            l.constant(INFINITY));
  return l.select(isFinite, corrected, quotient);
}
