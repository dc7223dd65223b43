//===- LaneBuilder.h - Scalar or vector code in the same words ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_LANEBUILDER_H
#define NORM_CPU_LANEBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/Target.h"

namespace mlir::norm {

/// Builds the same operations on scalars and on vectors of one shape, so that
/// an element's bits do not depend on whether it is computed in a vector or in
/// a scalar tail. Nothing built here carries fast-math flags.
class LaneBuilder : public ImplicitLocOpBuilder {
public:
  /// Builds at `builder`'s insertion point values shaped like `shape`.
  LaneBuilder(Location loc, OpBuilder &builder, Type shape,
              const CPUTarget &target)
      : ImplicitLocOpBuilder(loc, builder), vector(dyn_cast<VectorType>(shape)),
        target(target) {}

  /// The target that the code is for.
  const CPUTarget &getTarget() const { return target; }
  /// The shape, or null for scalars.
  VectorType getVector() const { return vector; }

  /// `element` in the shape of this builder.
  Type type(Type element) const {
    return vector ? Type(VectorType(vector).clone(element)) : element;
  }
  /// The type of f32 lanes.
  Type f32() { return type(getF32Type()); }
  /// The type of f64 lanes.
  Type f64() { return type(getF64Type()); }
  /// The type of integer lanes of `bits` bits.
  Type integer(unsigned bits) { return type(getIntegerType(bits)); }

  /// A float constant of the element type of `like`.
  Value constant(Value like, double value);
  /// An f32 constant.
  Value constant(double value) { return floatConstant(getF32Type(), value); }
  /// An f64 constant.
  Value constant64(double value) { return floatConstant(getF64Type(), value); }
  /// An integer constant of `bits` bits.
  Value constantInt(int64_t value, unsigned bits = 32);

  /// a + b on floats.
  Value add(Value a, Value b) { return arith::AddFOp::create(*this, a, b); }
  /// a - b on floats.
  Value sub(Value a, Value b) { return arith::SubFOp::create(*this, a, b); }
  /// a * b on floats.
  Value mul(Value a, Value b) { return arith::MulFOp::create(*this, a, b); }
  /// a / b on floats.
  Value div(Value a, Value b) { return arith::DivFOp::create(*this, a, b); }
  /// -a on floats.
  Value neg(Value a) { return arith::NegFOp::create(*this, a); }
  /// a * b + c, rounded once where the target can.
  Value fma(Value a, Value b, Value c);
  /// Horner's scheme; `coefficients` from the constant term up.
  Value horner(Value x, ArrayRef<double> coefficients);

  /// a + b on integers.
  Value addI(Value a, Value b) { return arith::AddIOp::create(*this, a, b); }
  /// a - b on integers.
  Value subI(Value a, Value b) { return arith::SubIOp::create(*this, a, b); }
  /// a & mask.
  Value andI(Value a, Value b) { return arith::AndIOp::create(*this, a, b); }
  /// a | b.
  Value orI(Value a, Value b) { return arith::OrIOp::create(*this, a, b); }
  /// a << bits.
  Value shl(Value a, unsigned bits);
  /// a >> bits, arithmetic.
  Value sar(Value a, unsigned bits);
  /// a >> bits, logical.
  Value shr(Value a, unsigned bits);

  /// Comparison of floats.
  Value cmp(arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(*this, predicate, a, b);
  }
  /// Comparison of integers.
  Value cmp(arith::CmpIPredicate predicate, Value a, Value b) {
    return arith::CmpIOp::create(*this, predicate, a, b);
  }
  /// condition ? a : b, lane by lane.
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(*this, condition, a, b);
  }
  /// Whether a lane is NaN.
  Value isNaN(Value a) { return cmp(arith::CmpFPredicate::UNO, a, a); }

  /// `a` reinterpreted with elements of `element`.
  Value bitcast(Value a, Type element);
  /// The bits of a float value, as integers of its width.
  Value bits(Value a);
  /// f32 lanes of these 32-bit patterns.
  Value fromBits(Value a) { return bitcast(a, getF32Type()); }

  /// min(a, limit) where a is no NaN, else a. One instruction on x86.
  Value clampAbove(Value a, double limit);
  /// max(a, limit) where a is no NaN, else a. One instruction on x86.
  Value clampBelow(Value a, double limit);

  /// How many f32 one instruction looks up; 0 if there is none.
  int64_t getLookupSize() const;
  /// table[index mod the size of the table], as f32 lanes; `table` has the size
  /// above and `index` i32 lanes.
  Value lookup(ArrayRef<float> table, Value index);

  /// A call of an LLVM intrinsic.
  Value intrinsic(StringRef name, Type result, ValueRange arguments);

private:
  Value floatConstant(FloatType type, double value);

  VectorType vector;
  CPUTarget target;
};

} // namespace mlir::norm

#endif // NORM_CPU_LANEBUILDER_H
