//===- Casts.cpp - Conversions between storage types and f32 lanes --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/Casts.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"

using namespace mlir;
using namespace mlir::norm;

bool mlir::norm::isNarrowFloat(Type type) {
  return isa<Float16Type, BFloat16Type, Float8E4M3FNType, Float8E5M2Type>(type);
}

namespace {
/// A small binary float format.
struct Format {
  unsigned width;
  unsigned mantissa; // Bits.
  int bias;
  bool hasInfinity;
  bool saturates;
  int64_t largest; // Bits of the largest finite number.
  int64_t nan;     // Bits of a quiet NaN.

  explicit Format(FloatType type)
      : width(type.getWidth()), mantissa(type.getFPMantissaWidth() - 1),
        bias(1 - APFloat::semanticsMinExponent(type.getFloatSemantics())),
        hasInfinity(APFloat::semanticsHasInf(type.getFloatSemantics())),
        saturates(width == 8),
        largest(bitsOf(APFloat::getLargest(type.getFloatSemantics()))),
        nan(bitsOf(APFloat::getQNaN(type.getFloatSemantics()))) {}

  static int64_t bitsOf(const APFloat &value) {
    return value.bitcastToAPInt().getZExtValue();
  }
  /// How far the mantissa lies below that of f32.
  unsigned shift() const { return 23 - mantissa; }
  /// What to add to an exponent for f32's.
  int64_t rebias() const { return 127 - bias; }
  /// Bits of the first number above the finite ones, or 0.
  int64_t infinity() const { return largest + 1; }
};
} // namespace

static Value extend(LaneBuilder &b, Value bits, unsigned width) {
  return arith::ExtUIOp::create(b, b.integer(width), bits);
}

static Value truncate(LaneBuilder &b, Value bits, unsigned width) {
  return arith::TruncIOp::create(b, b.integer(width), bits);
}

/// Any format, by integer operations.
static Value extendByIntegers(LaneBuilder &b, Value bits,
                              const Format &format) {
  Value wide = extend(b, bits, 32);
  Value signMask = b.constantInt(1 << (format.width - 1));
  Value sign = b.shl(b.andI(wide, signMask), 32 - format.width);
  Value magnitude = b.andI(wide, b.constantInt((1 << (format.width - 1)) - 1));
  Value shifted = b.shl(magnitude, format.shift());
  Value normal = b.addI(shifted, b.constantInt(format.rebias() << 23));
  // A subnormal's mantissa behind the leading bit of the smallest normal
  // number, less that number: no subnormal f32 is touched.
  Value withBit =
      b.fromBits(b.addI(shifted, b.constantInt((format.rebias() + 1) << 23)));
  Value subnormal =
      b.bits(b.sub(withBit, b.constant(std::ldexp(1.0, 1 - format.bias))));
  Value result = b.select(b.cmp(arith::CmpIPredicate::slt, magnitude,
                                b.constantInt(int64_t(1) << format.mantissa)),
                          subnormal, normal);
  Value special = format.hasInfinity ? b.orI(shifted, b.constantInt(0x7F800000))
                                     : b.constantInt(0x7FC00000);
  result = b.select(b.cmp(arith::CmpIPredicate::sgt, magnitude,
                          b.constantInt(format.largest)),
                    special, result);
  return b.fromBits(b.orI(result, sign));
}

Value mlir::norm::buildExtend(LaneBuilder &b, Value bits, FloatType from) {
  if (from.isBF16())
    return b.fromBits(b.shl(extend(b, bits, 32), 16));
  if (from.isF16() && b.getTarget().hasF16Convert) {
    Value half = LLVM::BitcastOp::create(b, b.type(from), bits);
    return LLVM::FPExtOp::create(b, b.f32(), half);
  }
  return extendByIntegers(b, bits, Format(from));
}

static Value truncateByIntegers(LaneBuilder &b, Value value,
                                const Format &format) {
  Value bits = b.bits(value);
  Value sign = b.andI(bits, b.constantInt(0x80000000));
  Value all = b.andI(bits, b.constantInt(0x7FFFFFFF));
  Value magnitude = all;
  if (format.saturates) {
    Value largest = b.constantInt((format.largest << format.shift()) +
                                  (format.rebias() << 23));
    magnitude =
        b.select(b.cmp(arith::CmpIPredicate::sgt, all, largest), largest, all);
  }
  // Half of the last place less one, plus one if it is odd.
  Value odd = b.andI(b.shr(magnitude, format.shift()), b.constantInt(1));
  Value rounded =
      b.addI(b.addI(magnitude, b.constantInt((1 << (format.shift() - 1)) - 1 -
                                             (format.rebias() << 23))),
             odd);
  Value normal = b.shr(rounded, format.shift());
  // Adding 2^23 units of the smallest subnormal rounds to such units.
  double unit = std::ldexp(1.0, 1 - format.bias - int(format.mantissa));
  Value adder = b.constant(unit * 0x1p23);
  Value subnormal =
      b.subI(b.bits(b.add(b.fromBits(magnitude), adder)), b.bits(adder));
  Value smallest = b.constantInt((format.rebias() + 1) << 23);
  Value result = b.select(b.cmp(arith::CmpIPredicate::slt, magnitude, smallest),
                          subnormal, normal);
  if (!format.saturates) {
    Value infinity = b.constantInt(format.infinity());
    result = b.select(b.cmp(arith::CmpIPredicate::sgt, result, infinity),
                      infinity, result);
  }
  result =
      b.select(b.cmp(arith::CmpIPredicate::sgt, all, b.constantInt(0x7F800000)),
               b.constantInt(format.nan), result);
  return truncate(b, b.orI(result, b.shr(sign, 32 - format.width)),
                  format.width);
}

/// f32 lanes rounded to bf16, which is the upper half of each i32 lane; the
/// lower half is arbitrary. With `shortNaNs` the lower half of a NaN is zero.
static Value roundToBF16(LaneBuilder &b, Value value, bool shortNaNs = false) {
  Value bits = b.bits(value);
  Value odd = b.andI(b.shr(bits, 16), b.constantInt(1));
  Value rounded = b.addI(b.addI(bits, b.constantInt(0x7FFF)), odd);
  if (shortNaNs)
    return rounded;
  // Rounding could turn a NaN into an infinity.
  return b.select(b.isNaN(value), b.orI(bits, b.constantInt(0x400000)),
                  rounded);
}

/// Lanes [begin, end) of `vector`, those beyond the last one arbitrary.
static Value slice(OpBuilder &b, Location loc, Value vector, int64_t begin,
                   int64_t end) {
  int64_t lanes = cast<VectorType>(vector.getType()).getDimSize(0);
  SmallVector<int64_t> mask;
  for (int64_t i = begin; i < end; ++i)
    mask.push_back(std::min(i, lanes - 1));
  return vector::ShuffleOp::create(b, loc, vector, vector, mask);
}

/// `lanes` f32 lanes, 8 or 16 of them, as i16 lanes, by AVX512_BF16.
static Value convertNative(LaneBuilder &b, Value value, int64_t lanes) {
  std::string name =
      "llvm.x86.avx512bf16.cvtneps2bf16." + std::to_string(32 * lanes);
  Value result =
      b.intrinsic(name, VectorType::get(lanes, b.getBF16Type()), value);
  return LLVM::BitcastOp::create(b, VectorType::get(lanes, b.getI16Type()),
                                 result);
}

/// f32 lanes to bf16 by AVX512_BF16, scalars too: they must not keep the
/// subnormals that vectors lose.
static Value truncateNative(LaneBuilder &b, Value value) {
  if (!b.getVector()) {
    Value vector = vector::BroadcastOp::create(
        b, VectorType::get(8, b.getF32Type()), value);
    return vector::ExtractOp::create(b, convertNative(b, vector, 8),
                                     ArrayRef<int64_t>{0});
  }
  int64_t lanes = b.getVector().getDimSize(0);
  if (lanes == 8 || lanes == 16)
    return convertNative(b, value, lanes);
  if (lanes < 16) {
    int64_t native = lanes < 8 ? 8 : 16;
    Value padded = slice(b, b.getLoc(), value, 0, native);
    return slice(b, b.getLoc(), convertNative(b, padded, native), 0, lanes);
  }
  auto type = VectorType::get(lanes, b.getI16Type());
  Value result = arith::ConstantOp::create(b, b.getZeroAttr(type));
  for (int64_t begin = 0; begin < lanes; begin += 16) {
    Value part =
        convertNative(b, slice(b, b.getLoc(), value, begin, begin + 16), 16);
    if (begin + 16 > lanes)
      part = slice(b, b.getLoc(), part, 0, lanes - begin);
    result = vector::InsertStridedSliceOp::create(
        b, part, result, ArrayRef<int64_t>{begin}, ArrayRef<int64_t>{1});
  }
  return result;
}

Value mlir::norm::buildTruncate(LaneBuilder &b, Value value, FloatType to) {
  if (to.isBF16()) {
    if (b.getTarget().hasBf16Convert)
      return truncateNative(b, value);
    return truncate(b, b.shr(roundToBF16(b, value), 16), 16);
  }
  if (to.isF16() && b.getTarget().hasF16Convert) {
    Value half = LLVM::FPTruncOp::create(b, b.type(to), value);
    return LLVM::BitcastOp::create(b, b.integer(16), half);
  }
  return truncateByIntegers(b, value, Format(to));
}

Value mlir::norm::buildTruncateToOdd(LaneBuilder &b, Value value) {
  using Predicate = arith::CmpFPredicate;
  Value nearest = arith::TruncFOp::create(b, b.f32(), value);
  Value back = arith::ExtFOp::create(b, b.f64(), nearest);
  Value bits = b.bits(nearest);
  // Towards zero: where the magnitude grew, one unit less.
  Value magnitude = b.andI(b.bits(value), b.constantInt(INT64_MAX, 64));
  Value rounded = b.andI(b.bits(back), b.constantInt(INT64_MAX, 64));
  Value grew = b.cmp(arith::CmpIPredicate::ugt, rounded, magnitude);
  Value down = b.select(grew, b.subI(bits, b.constantInt(1)), bits);
  Value odd = b.orI(down, b.constantInt(1));
  Value inexact = b.cmp(Predicate::ONE, back, value);
  return b.fromBits(b.select(inexact, odd, bits));
}

std::pair<Value, Value>
mlir::norm::buildExtendBF16Pairs(OpBuilder &builder, Location loc, Value vector,
                                 const CPUTarget &target) {
  int64_t lanes = cast<VectorType>(vector.getType()).getDimSize(0) / 2;
  auto pairs = VectorType::get(lanes, builder.getI32Type());
  LaneBuilder b(loc, builder, pairs, target);
  Value bits = vector::BitCastOp::create(b, pairs, vector);
  return {b.fromBits(b.shl(bits, 16)),
          b.fromBits(b.andI(bits, b.constantInt(0xFFFF0000)))};
}

/// f32 lanes, whose NaNs have lower halves of zero, as pairs of bf16 in lanes
/// of 16 bits: of all of them at once, those that are cut off decide.
static Value roundPairs(LaneBuilder &b, Value even, Value odd) {
  int64_t lanes = b.getVector().getDimSize(0);
  auto narrow = VectorType::get(2 * lanes, b.getI16Type());
  LaneBuilder n(b.getLoc(), b, narrow, b.getTarget());
  auto pack = [&](Value lower, Value upper) -> Value {
    return vector::BitCastOp::create(b, narrow, b.orI(lower, upper));
  };
  Value evenBits = b.bits(even), oddBits = b.bits(odd);
  Value kept =
      pack(b.shr(evenBits, 16), b.andI(oddBits, b.constantInt(0xFFFF0000)));
  Value cut = pack(b.andI(evenBits, b.constantInt(0xFFFF)), b.shl(oddBits, 16));
  // With half of the last place less one, plus one if it is odd, they carry. An
  // average has that bit.
  Value half =
      n.orI(n.andI(kept, n.constantInt(1, 16)), n.constantInt(0x7FFE, 16));
  StringRef average = lanes == 16  ? "llvm.x86.avx512.pavg.w.512"
                      : lanes == 8 ? "llvm.x86.avx2.pavg.w"
                                   : "llvm.x86.sse2.pavg.w";
  Value sum = n.intrinsic(average, narrow, {cut, half});
  return n.addI(kept, n.shr(sum, 15));
}

Value mlir::norm::buildTruncateBF16Pairs(OpBuilder &builder, Location loc,
                                         Value even, Value odd,
                                         const CPUTarget &target,
                                         bool shortNaNs) {
  auto type = cast<VectorType>(even.getType());
  int64_t lanes = type.getDimSize(0);
  LaneBuilder b(loc, builder, type, target);
  auto result = VectorType::get(2 * lanes, b.getBF16Type());
  if (target.hasBf16Convert && (lanes == 4 || lanes == 8 || lanes == 16)) {
    // The second operand becomes the lower half.
    std::string name =
        "llvm.x86.avx512bf16.cvtne2ps2bf16." + std::to_string(32 * lanes);
    Value halves = b.intrinsic(name, result, {odd, even});
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < lanes; ++i)
      mask.append({i, lanes + i});
    return vector::ShuffleOp::create(b, halves, halves, mask);
  }
  if (shortNaNs && target.isX86 && (lanes == 4 || lanes == 8 || lanes == 16))
    return vector::BitCastOp::create(b, result, roundPairs(b, even, odd));
  Value low = b.shr(roundToBF16(b, even, shortNaNs), 16);
  Value high =
      b.andI(roundToBF16(b, odd, shortNaNs), b.constantInt(0xFFFF0000));
  return vector::BitCastOp::create(b, result, b.orI(low, high));
}

LogicalResult mlir::norm::widenNarrowArithmetic(Operation *root) {
  MLIRContext *context = root->getContext();
  SmallVector<Type> narrow = {
      Float16Type::get(context), BFloat16Type::get(context),
      Float8E4M3FNType::get(context), Float8E5M2Type::get(context)};
  TypeConverter converter;
  arith::populateEmulateUnsupportedFloatsConversions(converter, narrow,
                                                     Float32Type::get(context));
  RewritePatternSet patterns(context);
  arith::populateEmulateUnsupportedFloatsPatterns(patterns, converter);
  ConversionTarget legality(*context);
  arith::populateEmulateUnsupportedFloatsLegality(legality, converter);
  legality.addLegalOp<arith::BitcastOp, arith::ConstantOp, arith::ExtFOp,
                      arith::SelectOp, arith::TruncFOp>();
  return applyPartialConversion(root, legality, std::move(patterns));
}
