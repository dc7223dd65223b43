//===- RecordSignature.cpp - Record the sizes of arguments and results ----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/IntegerSet.h"
#include "norm/Dialect/Norm/Analysis/RowIndependence.h"
#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"
#include "norm/Dialect/Norm/IR/Norm.h"
#include "norm/Dialect/Norm/Transforms/Passes.h"

namespace mlir::norm {
#define GEN_PASS_DEF_RECORDSIGNATURE
#include "norm/Dialect/Norm/Transforms/Passes.h.inc"
} // namespace mlir::norm

using namespace mlir;
using namespace mlir::norm;

/// An error at `function` that names it.
static InFlightDiagnostic emitAt(func::FuncOp function) {
  return function.emitError() << "'" << function.getSymName() << "': ";
}

/// Whether C has a type for it: an element of memory if `inMemory`, else a
/// value that is passed.
static bool hasCType(Type type, bool inMemory) {
  if (type.isIndex())
    return !inMemory;
  if (auto integer = dyn_cast<IntegerType>(type)) {
    unsigned width = integer.getWidth();
    return integer.isSignless() && (width == 8 || width == 16 || width == 32 ||
                                    width == 64 || (width == 1 && !inMemory));
  }
  return isa<Float32Type, Float64Type, Float16Type, BFloat16Type,
             Float8E4M3FNType, Float8E5M2Type>(type);
}

/// Diagnoses an argument or result (`kind`) that has no C type.
static LogicalResult checkType(func::FuncOp function, StringRef kind,
                               unsigned index, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor && !type.isIntOrIndexOrFloat())
    return emitAt(function) << kind << " " << index << " of type " << type
                            << " is neither a ranked tensor nor a scalar";
  Type element = tensor ? tensor.getElementType() : type;
  if (!hasCType(element, /*inMemory=*/tensor != nullptr))
    return emitAt(function)
           << kind << " " << index << " of type " << type
           << " has no C counterpart: elements are f32, f64, f16, bf16, "
              "f8E4M3FN, f8E5M2 or i8 to i64";
  if (tensor && tensor.getEncoding())
    return emitAt(function)
           << kind << " " << index << " of type " << type << " has an encoding";
  // Sizes in bytes are 64-bit.
  int64_t bytes = 8;
  if (tensor)
    for (int64_t size : tensor.getShape())
      if (!ShapedType::isDynamic(size) && llvm::MulOverflow(bytes, size, bytes))
        return emitAt(function) << kind << " " << index << " of type " << type
                                << " has more bytes than 64 bits can count";
  return success();
}

/// The sizes of result `index`, diagnosed if they do not follow.
static FailureOr<AffineMap> getResultSizes(func::FuncOp function,
                                           unsigned index, Value value,
                                           const SizeAnalysis &sizes) {
  if (std::optional<AffineMap> map = sizes.getSizes(value))
    return *map;
  unsigned dim = 0;
  while (sizes.followsFromArguments(sizes.getSize(value, dim)))
    ++dim;
  return emitAt(function) << "result " << index << " of type "
                          << value.getType() << ": the size of dim " << dim
                          << " does not follow from the sizes of the arguments";
}

namespace {
struct RecordSignature : norm::impl::RecordSignatureBase<RecordSignature> {
  void runOnOperation() final {
    func::FuncOp function = getOperation();
    if (!function.isExternal() && failed(record(function)))
      signalPassFailure();
  }

  LogicalResult record(func::FuncOp function) {
    if (!function.getBody().hasOneBlock())
      return emitAt(function)
             << "has control flow between blocks; its sizes cannot be followed";
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      if (failed(checkType(function, "argument", i, type)))
        return failure();
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      if (failed(checkType(function, "result", i, type)))
        return failure();

    FailureOr<SizeAnalysis> sizes = SizeAnalysis::compute(function);
    if (failed(sizes))
      return failure();
    for (BlockArgument argument : function.getArguments())
      if (isa<RankedTensorType>(argument.getType()))
        function.setArgAttr(argument.getArgNumber(), kSizesAttrName,
                            AffineMapAttr::get(*sizes->getSizes(argument)));
    ValueRange results =
        function.getBody().front().getTerminator()->getOperands();
    for (auto [i, value] : llvm::enumerate(results)) {
      if (!isa<RankedTensorType>(value.getType()))
        continue;
      FailureOr<AffineMap> map = getResultSizes(function, i, value, *sizes);
      if (failed(map))
        return failure();
      function.setResultAttr(i, kSizesAttrName, AffineMapAttr::get(*map));
    }
    recordConstraints(function, *sizes);
    recordRows(function, *sizes);
    return success();
  }

  /// Marks what has rows, if rows can be computed alone.
  static void recordRows(func::FuncOp function, const SizeAnalysis &sizes) {
    RowIndependence independence(function, sizes);
    UnitAttr unit = UnitAttr::get(function.getContext());
    for (BlockArgument argument : function.getArguments()) {
      if (independence.holds() && independence.hasRows(argument))
        function.setArgAttr(argument.getArgNumber(), kRowsAttrName, unit);
      else
        function.removeArgAttr(argument.getArgNumber(), kRowsAttrName);
    }
    for (unsigned i = 0, e = function.getNumResults(); i < e; ++i) {
      if (independence.holds())
        function.setResultAttr(i, kRowsAttrName, unit);
      else
        function.removeResultAttr(
            i, StringAttr::get(function.getContext(), kRowsAttrName));
    }
  }

  static void recordConstraints(func::FuncOp function,
                                const SizeAnalysis &sizes) {
    SmallVector<AffineExpr> constraints(sizes.getConstraints());
    SmallVector<bool> equalities(constraints.size(), true);
    llvm::append_range(constraints, sizes.getBounds());
    equalities.resize(constraints.size(), false);
    if (constraints.empty()) {
      function->removeAttr(kSizeConstraintsAttrName);
      return;
    }
    function->setAttr(
        kSizeConstraintsAttrName,
        IntegerSetAttr::get(IntegerSet::get(
            /*dimCount=*/0,
            sizes.getNumArgumentSymbols() + sizes.getNumScalarSymbols(),
            constraints, equalities)));
  }
};
} // namespace
