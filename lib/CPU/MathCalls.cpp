//===- MathCalls.cpp - Math functions that become calls -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MathCalls.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::norm;

StringRef mlir::norm::getLibraryName(Operation *op) {
  return llvm::StringSwitch<StringRef>(op->getName().getStringRef())
      .Case("math.acos", "acos")
      .Case("math.acosh", "acosh")
      .Case("math.asin", "asin")
      .Case("math.asinh", "asinh")
      .Case("math.atan", "atan")
      .Case("math.atan2", "atan2")
      .Case("math.atanh", "atanh")
      .Case("math.cbrt", "cbrt")
      .Case("math.cos", "cos")
      .Case("math.cosh", "cosh")
      .Case("math.erf", "erf")
      .Case("math.erfc", "erfc")
      .Case("math.exp", "exp")
      .Case("math.exp2", "exp2")
      .Case("math.expm1", "expm1")
      .Case("math.log", "log")
      .Case("math.log10", "log10")
      .Case("math.log1p", "log1p")
      .Case("math.log2", "log2")
      .Case("math.powf", "pow")
      .Case("math.sin", "sin")
      .Case("math.sinh", "sinh")
      .Case("math.tan", "tan")
      .Case("math.tanh", "tanh")
      .Default("");
}

LogicalResult mlir::norm::checkLibraryNames(ModuleOp module) {
  llvm::SmallPtrSet<Operation *, 4> clashes;
  auto check = [&](StringRef name, Type element, unsigned numOperands) {
    Operation *symbol = module.lookupSymbol(name);
    auto function = dyn_cast_or_null<func::FuncOp>(symbol);
    SmallVector<Type> inputs(numOperands, element);
    bool isLibrary =
        function && function.isExternal() &&
        function.getFunctionType() ==
            FunctionType::get(element.getContext(), inputs, TypeRange(element));
    if (symbol && !isLibrary && clashes.insert(symbol).second)
      symbol->emitError() << "'" << name
                          << "' would be called in place of the C library's "
                             "function of that name";
  };
  module.walk([&](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()))
      return;
    auto element =
        dyn_cast<FloatType>(getElementTypeOrSelf(op->getResult(0).getType()));
    if (!element || element.getWidth() > 64)
      return;
    // Narrower floats are widened first.
    bool isDouble = element.isF64();
    Type type = isDouble ? Type(element) : Float32Type::get(op->getContext());
    auto checkName = [&](StringRef name) {
      check((name + (isDouble ? "" : "f")).str(), type, op->getNumOperands());
    };
    if (isa<math::SincosOp>(op)) {
      checkName("sin");
      checkName("cos");
    } else if (isa<math::FPowIOp>(op)) {
      checkName("pow");
    } else if (StringRef name = getLibraryName(op); !name.empty()) {
      checkName(name);
    }
  });
  return success(clashes.empty());
}

/// Why `op` will call the C library; empty if it will not. That sin and cos do
/// for huge arguments is not counted.
static std::string getSlowPath(Operation *op, const CPUTarget &target) {
  Type element = op->getNumResults()
                     ? getElementTypeOrSelf(op->getResult(0).getType())
                     : Type();
  if (!isa_and_nonnull<FloatType>(element))
    return "";
  if (isa<math::FmaOp>(op))
    return target.hasFma ? "" : ": the CPU has no fused multiply-add";
  if (isa<math::CeilOp, math::FloorOp, math::RoundEvenOp, math::RoundOp,
          math::TruncOp>(op))
    return target.hasRounding ? ""
                              : ": the CPU has no instruction that rounds to "
                                "integers";
  bool isDouble = element.isF64();
  APFloat exponent(0.0);
  if (isa<math::PowFOp>(op) &&
      matchPattern(op->getOperand(1), m_ConstantFloat(&exponent)) &&
      exponent.convertToDouble() == 2.0)
    return "";
  if (isa<math::CosOp, math::ErfOp, math::ExpOp, math::Exp2Op, math::ExpM1Op,
          math::FPowIOp, math::LogOp, math::Log10Op, math::Log1pOp,
          math::Log2Op, math::PowFOp, math::SinOp, math::SincosOp,
          math::TanhOp>(op))
    return isDouble ? ": only that of f32 is inline code" : "";
  return isa<arith::RemFOp>(op) || !getLibraryName(op).empty()
             ? ": it has no inline code"
             : "";
}

/// Whether `function` is one of those that compute a single row again in f64
/// (norm-lower-rows): the only cold ones.
static bool isExactRow(func::FuncOp function) {
  auto attributes = function->getAttrOfType<ArrayAttr>("passthrough");
  return attributes &&
         llvm::is_contained(attributes,
                            StringAttr::get(function.getContext(), "cold"));
}

void mlir::norm::remarkOnCalls(ModuleOp module, const CPUTarget &target) {
  for (auto function : module.getOps<func::FuncOp>()) {
    llvm::SmallDenseSet<std::pair<Location, OperationName>> seen;
    bool isExact = isExactRow(function);
    function.walk([&](Operation *op) {
      std::string why = getSlowPath(op, target);
      Location at = isa<math::FmaOp>(op) ? UnknownLoc::get(op->getContext())
                                         : op->getLoc();
      if (why.empty() || !seen.insert({at, op->getName()}).second)
        return;
      remark::missed(
          op->getLoc(),
          remark::RemarkOpts::name("slow-path").category("norm-lower-math"))
          << (op->getName().getStringRef() +
              " calls the C library on each lane" + why +
              (isExact ? ", here for rows that f32 is not exact enough for, "
                         "which are computed again"
                       : ""))
                 .str();
    });
  }
}

/// Whether `type` is that of lanes: a scalar or a vector of known length.
static bool isLanes(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? !vector.isScalable() : !isa<ShapedType>(type);
}

/// Refuses operations that `hasLowering` does not hold for.
static LogicalResult
checkLowerings(ModuleOp module, function_ref<bool(Operation *)> hasLowering) {
  bool failure = false;
  module.walk([&](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
        hasLowering(op))
      return;
    op->emitOpError("of ") << op->getOperand(0).getType()
                           << " has no CPU lowering";
    failure = true;
  });
  return llvm::failure(failure);
}

/// Whether an operation works on scalars or vectors of known length.
static bool isOnLanes(Operation *op) {
  return llvm::all_of(op->getOperandTypes(), isLanes) &&
         llvm::all_of(op->getResultTypes(), isLanes);
}

/// Whether LLVM has code for what is left.
static bool isInstruction(Operation *op) {
  Type element = getElementTypeOrSelf(op->getOperand(0).getType());
  if (isa<math::AbsIOp, math::CountLeadingZerosOp, math::CountTrailingZerosOp,
          math::CtPopOp>(op))
    return true;
  return isa<Float32Type, Float64Type>(element) &&
         isa<math::AbsFOp, math::CeilOp, math::CopySignOp, math::FloorOp,
             math::FmaOp, math::RoundEvenOp, math::RoundOp, math::SqrtOp,
             math::TruncOp>(op);
}

LogicalResult mlir::norm::checkMathTypes(ModuleOp module) {
  return checkLowerings(module, isOnLanes);
}

LogicalResult mlir::norm::checkMathLeft(ModuleOp module) {
  return checkLowerings(module, isInstruction);
}
