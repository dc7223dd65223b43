//===- LowerMath.cpp - Math functions as inline code ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MathCalls.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "norm/CPU/Passes.h"
#include "norm/CPU/Patterns.h"
#include "norm/CPU/VectorMath.h"

namespace mlir::norm {
#define GEN_PASS_DEF_LOWERMATH
#include "norm/CPU/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

static bool isF32(Operation *op) {
  return getElementTypeOrSelf(op->getResult(0).getType()).isF32();
}

/// The declaration of the C function `name` in the module around `op`.
static func::FuncOp declare(OpBuilder &b, Operation *op, StringRef name,
                            FunctionType type) {
  auto module = op->getParentOfType<ModuleOp>();
  if (auto function = module.lookupSymbol<func::FuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  auto function = func::FuncOp::create(b, op->getLoc(), name, type);
  function.setPrivate();
  function->setAttr(LLVM::LLVMDialect::getReadnoneAttrName(), b.getUnitAttr());
  return function;
}

/// Calls the C function for `op` on each lane.
static Value callLibrary(ImplicitLocOpBuilder &b, Operation *op) {
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  std::string name = (getLibraryName(op) + (element.isF32() ? "f" : "")).str();
  SmallVector<Type> inputs(op->getNumOperands(), element);
  func::FuncOp function =
      declare(b, op, name, b.getFunctionType(inputs, element));
  auto call = [&](ValueRange arguments) {
    return func::CallOp::create(b, function, arguments).getResult(0);
  };
  auto vector = dyn_cast<VectorType>(op->getResult(0).getType());
  if (!vector)
    return call(op->getOperands());
  SmallVector<Value> lanes;
  for (int64_t i = 0; i < vector.getNumElements(); ++i) {
    SmallVector<int64_t> position =
        delinearize(i, computeStrides(vector.getShape()));
    SmallVector<Value> arguments;
    for (Value operand : op->getOperands())
      arguments.push_back(vector::ExtractOp::create(b, operand, position));
    lanes.push_back(call(arguments));
  }
  return vector::FromElementsOp::create(b, vector, lanes);
}

namespace {
using Builder1 = Value (*)(LaneBuilder &, Value);

/// A function of one f32.
template <typename OpTy, Builder1 build>
struct InlineUnary : OpRewritePattern<OpTy> {
  InlineUnary(MLIRContext *context, const CPUTarget &target)
      : OpRewritePattern<OpTy>(context, /*benefit=*/2), target(target) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    if (!isF32(op))
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), target);
    rewriter.replaceOp(op, build(b, op.getOperand()));
    return success();
  }

private:
  CPUTarget target;
};

/// Powers: small constant exponents are products.
struct InlinePow : OpRewritePattern<math::PowFOp> {
  InlinePow(MLIRContext *context, const CPUTarget &target)
      : OpRewritePattern(context, /*benefit=*/2), target(target) {}

  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &rewriter) const final {
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), target);
    Value x = op.getLhs();
    APFloat exponent(0.0);
    if (matchPattern(op.getRhs(), m_ConstantFloat(&exponent)) &&
        exponent.convertToDouble() == 2.0) {
      rewriter.replaceOp(op, b.mul(x, x));
      return success();
    }
    if (!isF32(op))
      return failure();
    rewriter.replaceOp(op, buildPow(b, x, op.getRhs()));
    return success();
  }

private:
  CPUTarget target;
};

/// Integer powers: LLVM would call its compiler-rt. A float holds no odd
/// exponent beyond its precision, so the sign is found apart.
struct ExpandPowI : OpRewritePattern<math::FPowIOp> {
  ExpandPowI(MLIRContext *context, const CPUTarget &target)
      : OpRewritePattern(context), target(target) {}

  LogicalResult matchAndRewrite(math::FPowIOp op,
                                PatternRewriter &rewriter) const final {
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), target);
    Value x = op.getLhs(), n = op.getRhs();
    if (getElementTypeOrSelf(n).isIndex())
      n = arith::IndexCastOp::create(b, b.integer(64), n);
    if (isF32(op)) {
      rewriter.replaceOp(op, buildPowI(b, x, n));
      return success();
    }
    if (!getElementTypeOrSelf(x).isF64())
      return failure();
    Value exponent = arith::SIToFPOp::create(b, b.f64(), n);
    Value power = math::PowFOp::create(b, math::AbsFOp::create(b, x), exponent);
    rewriter.replaceOp(op, buildOddSign(b, power, x, n));
    return success();
  }

private:
  CPUTarget target;
};

/// Whether floats are of some class. Narrow ones, which are normal elsewhere
/// than f32, are compared as f32.
template <typename OpTy> struct ExpandClass : OpRewritePattern<OpTy> {
  ExpandClass(MLIRContext *context)
      : OpRewritePattern<OpTy>(context, /*benefit=*/4) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    using Predicate = arith::CmpFPredicate;
    Value x = op.getOperand();
    auto type = dyn_cast<FloatType>(getElementTypeOrSelf(x));
    if (!type || type.getWidth() > 64)
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, x.getType(), CPUTarget());
    if (type.getWidth() < 32)
      x = arith::ExtFOp::create(b, b.f32(), x);
    if (std::is_same_v<OpTy, math::IsNaNOp>) {
      rewriter.replaceOp(op, b.isNaN(x));
      return success();
    }
    Value magnitude = math::AbsFOp::create(b, x);
    Value infinity = b.constant(x, INFINITY);
    Value result = b.cmp(std::is_same_v<OpTy, math::IsInfOp> ? Predicate::OEQ
                                                             : Predicate::OLT,
                         magnitude, infinity);
    if (std::is_same_v<OpTy, math::IsNormalOp>) {
      double smallest = APFloat::getSmallestNormalized(type.getFloatSemantics())
                            .convertToDouble();
      result = b.andI(
          result, b.cmp(Predicate::OGE, magnitude, b.constant(x, smallest)));
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// 1 / sqrt(x): the estimate instructions are not exact at the ends of the
/// range.
struct ExpandRsqrt : OpRewritePattern<math::RsqrtOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::RsqrtOp op,
                                PatternRewriter &rewriter) const final {
    if (getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() < 32)
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), CPUTarget());
    Value root = math::SqrtOp::create(b, op.getOperand());
    rewriter.replaceOp(op, b.div(b.constant(root, 1), root));
    return success();
  }
};

struct ExpandClamp : OpRewritePattern<math::ClampFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ClampFOp op,
                                PatternRewriter &rewriter) const final {
    Value low = arith::MaximumFOp::create(rewriter, op.getLoc(), op.getValue(),
                                          op.getMin());
    rewriter.replaceOpWithNewOp<arith::MinimumFOp>(op, low, op.getMax());
    return success();
  }
};

struct ExpandSincos : OpRewritePattern<math::SincosOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::SincosOp op,
                                PatternRewriter &rewriter) const final {
    Value x = op.getOperand();
    Value sine = math::SinOp::create(rewriter, op.getLoc(), x);
    Value cosine = math::CosOp::create(rewriter, op.getLoc(), x);
    rewriter.replaceOp(op, {sine, cosine});
    return success();
  }
};

/// sin and cos, with the C library behind a branch for huge arguments.
template <typename OpTy> struct InlineSinCos : OpRewritePattern<OpTy> {
  InlineSinCos(MLIRContext *context, const CPUTarget &target)
      : OpRewritePattern<OpTy>(context, /*benefit=*/2), target(target) {}

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const final {
    if (!isF32(op))
      return failure();
    LaneBuilder b(op.getLoc(), rewriter, op.getType(), target);
    Value x = op.getOperand();
    Value isHuge = b.cmp(arith::CmpFPredicate::OGT, math::AbsFOp::create(b, x),
                         b.constant(kMaxSinCos));
    // A lane's bits must not depend on its neighbours.
    Value usual = buildSinCos(b, x, std::is_same_v<OpTy, math::CosOp>);
    Value huge = isHuge;
    if (VectorType vector = b.getVector()) {
      VectorType flat = VectorType::get(vector.getNumElements(), b.getI1Type());
      if (vector.getRank() != 1)
        huge = vector::ShapeCastOp::create(b, flat, huge);
      huge = vector::ReductionOp::create(b, vector::CombiningKind::OR, huge);
    }
    auto branch = scf::IfOp::create(b, op.getType(), huge,
                                    /*withElseRegion=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(b, b.select(isHuge, callLibrary(b, op), usual));
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, usual);
    rewriter.replaceOp(op, branch);
    return success();
  }

private:
  CPUTarget target;
};

/// Functions of floats narrower than f32 are those of f32, rounded.
struct WidenMath : RewritePattern {
  WidenMath(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/3, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const final {
    auto isNarrow = [](Type type) {
      auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
      return element && element.getWidth() < 32;
    };
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
        llvm::none_of(op->getOperandTypes(), isNarrow))
      return failure();
    auto widen = [&](Type type) -> Type {
      if (!isNarrow(type))
        return type;
      if (auto vector = dyn_cast<VectorType>(type))
        return vector.clone(rewriter.getF32Type());
      return rewriter.getF32Type();
    };
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(isNarrow(operand.getType())
                             ? arith::ExtFOp::create(rewriter, op->getLoc(),
                                                     widen(operand.getType()),
                                                     operand)
                             : operand);
    OperationState state(op->getLoc(), op->getName());
    state.addOperands(operands);
    state.addAttributes(op->getAttrs());
    for (Type type : op->getResultTypes())
      state.addTypes(widen(type));
    Operation *wide = rewriter.create(state);
    SmallVector<Value> results;
    for (auto [result, value] : llvm::zip(op->getResults(), wide->getResults()))
      results.push_back(isNarrow(result.getType())
                            ? arith::TruncFOp::create(rewriter, op->getLoc(),
                                                      result.getType(), value)
                                  .getResult()
                            : Value(value));
    rewriter.replaceOp(op, results);
    return success();
  }
};

/// What is left calls the C library.
struct CallLibrary : RewritePattern {
  CallLibrary(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const final {
    StringRef name = getLibraryName(op);
    if (name.empty() || !isa<Float32Type, Float64Type>(
                            getElementTypeOrSelf(op->getResult(0).getType())))
      return failure();
    ImplicitLocOpBuilder b(op->getLoc(), rewriter);
    rewriter.replaceOp(op, callLibrary(b, op));
    return success();
  }
};
} // namespace

void mlir::norm::populateInlineMathPatterns(RewritePatternSet &patterns,
                                            const CPUTarget &target) {
  MLIRContext *context = patterns.getContext();
  patterns.add<InlineUnary<math::ErfOp, buildErf>,
               InlineUnary<math::ExpOp, buildExp>,
               InlineUnary<math::Exp2Op, buildExp2>,
               InlineUnary<math::ExpM1Op, buildExpM1>,
               InlineUnary<math::LogOp, buildLog>,
               InlineUnary<math::Log10Op, buildLog10>,
               InlineUnary<math::Log1pOp, buildLog1p>,
               InlineUnary<math::Log2Op, buildLog2>,
               InlineUnary<math::TanhOp, buildTanh>, InlinePow, ExpandPowI>(
      context, target);
  patterns
      .add<ExpandClamp, ExpandClass<math::IsFiniteOp>,
           ExpandClass<math::IsInfOp>, ExpandClass<math::IsNaNOp>,
           ExpandClass<math::IsNormalOp>, ExpandRsqrt, ExpandSincos, WidenMath>(
          context);
}

namespace {
struct LowerMath : norm::impl::LowerMathBase<LowerMath> {
  using LowerMathBase::LowerMathBase;

  void runOnOperation() final {
    if (failed(checkMathTypes(getOperation())) ||
        failed(checkLibraryNames(getOperation())))
      return signalPassFailure();
    CPUTarget target = CPUTarget::get(getOperation());
    remarkOnCalls(getOperation(), target);
    RewritePatternSet patterns(&getContext());
    populateInlineMathPatterns(patterns, target);
    patterns.add<InlineSinCos<math::CosOp>, InlineSinCos<math::SinOp>>(
        &getContext(), target);
    patterns.add<CallLibrary>(&getContext());
    populateReductionPatterns(patterns, target);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))) ||
        failed(checkMathLeft(getOperation())))
      signalPassFailure();
  }
};
} // namespace
