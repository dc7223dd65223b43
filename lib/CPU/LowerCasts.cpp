//===- LowerCasts.cpp - Narrow floats as integers -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's x86 back end calls compiler-rt for bf16 even in a masked load, so no
// narrow float may reach it: the types become integers everywhere, and only
// the casts know what they mean.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Transforms/DialectConversion.h"
#include "norm/CPU/Casts.h"
#include "norm/CPU/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_LOWERCASTS
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// Reinterprets a value of an integer type as a narrow float or back, where it
/// crosses from an LLVM intrinsic.
static Value materialize(OpBuilder &builder, Type type, ValueRange inputs,
                         Location loc) {
  if (inputs.size() != 1)
    return Value();
  if (LLVM::isCompatibleType(type) &&
      LLVM::isCompatibleType(inputs.front().getType()))
    return LLVM::BitcastOp::create(builder, loc, type, inputs);
  return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
      .getResult(0);
}

namespace {
/// f16, bf16 and the 8-bit floats to integers of their width, also inside
/// vectors, memrefs and function types.
struct StorageConverter : TypeConverter {
  StorageConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](FloatType type) -> Type {
      if (!isNarrowFloat(type))
        return type;
      return IntegerType::get(type.getContext(), type.getWidth());
    });
    addConversion([this](ShapedType type) -> Type {
      return type.clone(convertType(type.getElementType()));
    });
    addConversion([this](FunctionType type) -> Type {
      SmallVector<Type> inputs, results;
      if (failed(convertTypes(type.getInputs(), inputs)) ||
          failed(convertTypes(type.getResults(), results)))
        return Type();
      return FunctionType::get(type.getContext(), inputs, results);
    });
    addSourceMaterialization(materialize);
    addTargetMaterialization(materialize);
  }

  /// An attribute that holds types or numbers: constants, function types.
  Attribute convertAttribute(Attribute attribute) const {
    if (auto type = dyn_cast<TypeAttr>(attribute))
      return TypeAttr::get(convertType(type.getValue()));
    if (auto value = dyn_cast<FloatAttr>(attribute);
        value && isNarrowFloat(value.getType()))
      return IntegerAttr::get(convertType(value.getType()),
                              value.getValue().bitcastToAPInt());
    auto elements = dyn_cast<DenseElementsAttr>(attribute);
    if (elements && isNarrowFloat(elements.getElementType()))
      return elements.bitcast(convertType(elements.getElementType()));
    auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
    if (resource && isNarrowFloat(resource.getType().getElementType()))
      return DenseResourceElementsAttr::get(
          cast<ShapedType>(convertType(resource.getType())),
          resource.getRawHandle());
    return attribute;
  }
};

/// Runs `build` on one-dimensional values, as the LLVM dialect needs.
template <typename BuildFn>
Value onFlatLanes(OpBuilder &builder, Location loc, Value value,
                  const CPUTarget &target, BuildFn build) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type || type.getRank() == 1) {
    LaneBuilder b(loc, builder, value.getType(), target);
    return build(b, value);
  }
  auto flat = VectorType::get(type.getNumElements(), type.getElementType());
  LaneBuilder b(loc, builder, flat, target);
  Value result = build(b, vector::ShapeCastOp::create(b, flat, value));
  return vector::ShapeCastOp::create(
      b, type.clone(cast<VectorType>(result.getType()).getElementType()),
      result);
}

/// Casts know their target.
template <typename OpTy> struct CastPattern : OpConversionPattern<OpTy> {
  CastPattern(const TypeConverter &converter, MLIRContext *context,
              const CPUTarget &target)
      : OpConversionPattern<OpTy>(converter, context, /*benefit=*/2),
        target(target) {}

protected:
  CPUTarget target;
};

/// The value of `source`, given as `bits` if it is a narrow float, as f32.
static Value toF32(LaneBuilder &b, Value bits, FloatType source) {
  return isNarrowFloat(source) ? buildExtend(b, bits, source) : bits;
}

struct LowerExtF : CastPattern<arith::ExtFOp> {
  using CastPattern::CastPattern;

  LogicalResult
  matchAndRewrite(arith::ExtFOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto from = cast<FloatType>(getElementTypeOrSelf(op.getIn().getType()));
    auto to = cast<FloatType>(getElementTypeOrSelf(op.getType()));
    if (!isNarrowFloat(from))
      return failure();
    rewriter.replaceOp(
        op, onFlatLanes(rewriter, op.getLoc(), adaptor.getIn(), target,
                        [&](LaneBuilder &b, Value bits) -> Value {
                          Value value = buildExtend(b, bits, from);
                          if (to.isF32())
                            return value;
                          if (isNarrowFloat(to))
                            return buildTruncate(b, value, to);
                          return arith::ExtFOp::create(b, b.type(to), value);
                        }));
    return success();
  }
};

struct LowerTruncF : CastPattern<arith::TruncFOp> {
  using CastPattern::CastPattern;

  LogicalResult
  matchAndRewrite(arith::TruncFOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto from = cast<FloatType>(getElementTypeOrSelf(op.getIn().getType()));
    auto to = cast<FloatType>(getElementTypeOrSelf(op.getType()));
    if (!isNarrowFloat(to))
      return failure();
    rewriter.replaceOp(
        op, onFlatLanes(rewriter, op.getLoc(), adaptor.getIn(), target,
                        [&](LaneBuilder &b, Value value) -> Value {
                          value = from.isF64() ? buildTruncateToOdd(b, value)
                                               : toF32(b, value, from);
                          return buildTruncate(b, value, to);
                        }));
    return success();
  }
};

/// A bitcast between a narrow float and an integer, or between two floats of
/// one width.
struct LowerBitcast : OpConversionPattern<arith::BitcastOp> {
  LowerBitcast(const TypeConverter &converter, MLIRContext *context)
      : OpConversionPattern(converter, context, /*benefit=*/2) {}

  LogicalResult
  matchAndRewrite(arith::BitcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    if (getTypeConverter()->convertType(op.getType()) !=
        adaptor.getIn().getType())
      return failure();
    rewriter.replaceOp(op, adaptor.getIn());
    return success();
  }
};

/// Any other operation moves elements without looking at them: the same one on
/// integers.
struct ConvertTypes : ConversionPattern {
  ConvertTypes(const StorageConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/1,
                          context),
        storage(converter) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const final {
    OperationState state(op->getLoc(), op->getName());
    state.addOperands(operands);
    state.addSuccessors(op->getSuccessors());
    SmallVector<Type> results;
    if (failed(storage.convertTypes(op->getResultTypes(), results)))
      return failure();
    state.addTypes(results);
    for (NamedAttribute attribute : op->getAttrs())
      state.addAttribute(attribute.getName(),
                         storage.convertAttribute(attribute.getValue()));
    for (Region &region : op->getRegions()) {
      Region *moved = state.addRegion();
      rewriter.inlineRegionBefore(region, *moved, moved->begin());
      if (failed(rewriter.convertRegionTypes(moved, storage)))
        return failure();
    }
    rewriter.replaceOp(op, rewriter.create(state));
    return success();
  }

private:
  const StorageConverter &storage;
};

struct LowerCasts : norm::impl::LowerCastsBase<LowerCasts> {
  using LowerCastsBase::LowerCastsBase;

  void runOnOperation() final {
    if (failed(widenNarrowArithmetic(getOperation())) || failed(checkCasts()) ||
        failed(convertStorage()))
      signalPassFailure();
  }

private:
  /// Formats, rounding modes and shapes that nothing here lowers.
  LogicalResult checkCasts() {
    WalkResult result = getOperation().walk([](Operation *op) -> WalkResult {
      if (!isa<arith::ExtFOp, arith::TruncFOp>(op))
        return WalkResult::advance();
      Type from = op->getOperand(0).getType(), to = op->getResult(0).getType();
      for (Type type : {from, to}) {
        Type element = getElementTypeOrSelf(type);
        if (!isNarrowFloat(element) && !isa<Float32Type, Float64Type>(element))
          return op->emitOpError("of ") << element << " has no CPU lowering";
      }
      if (!isNarrowFloat(getElementTypeOrSelf(from)) &&
          !isNarrowFloat(getElementTypeOrSelf(to)))
        return WalkResult::advance();
      auto vector = dyn_cast<VectorType>(from);
      if (vector ? vector.isScalable() : isa<ShapedType>(from))
        return op->emitOpError("of ") << from << " has no CPU lowering";
      auto trunc = dyn_cast<arith::TruncFOp>(op);
      auto mode = trunc ? trunc.getRoundingmode() : std::nullopt;
      if (mode && *mode != arith::RoundingMode::to_nearest_even)
        return op->emitOpError("to ")
               << getElementTypeOrSelf(to)
               << " has no CPU lowering of rounding "
               << "mode " << arith::stringifyRoundingMode(*mode);
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult convertStorage() {
    MLIRContext *context = &getContext();
    CPUTarget target = CPUTarget::get(getOperation());
    StorageConverter converter;
    RewritePatternSet patterns(context);
    patterns.add<LowerExtF, LowerTruncF>(converter, context, target);
    patterns.add<LowerBitcast, ConvertTypes>(converter, context);
    ConversionTarget legality(*context);
    // Only these may hold narrow floats: they are instructions.
    legality.addLegalOp<LLVM::BitcastOp, LLVM::CallIntrinsicOp, LLVM::FPExtOp,
                        LLVM::FPTruncOp, UnrealizedConversionCastOp>();
    legality.markUnknownOpDynamicallyLegal([&](Operation *op) {
      if (isa<ModuleOp>(op))
        return true;
      for (NamedAttribute attribute : op->getAttrs())
        if (converter.convertAttribute(attribute.getValue()) !=
            attribute.getValue())
          return false;
      return converter.isLegal(op) &&
             llvm::all_of(op->getRegions(), [&](Region &region) {
               return converter.isLegal(&region);
             });
    });
    return applyPartialConversion(getOperation(), legality,
                                  std::move(patterns));
  }
};
} // namespace
