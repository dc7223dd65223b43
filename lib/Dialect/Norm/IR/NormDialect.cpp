//===- NormDialect.cpp - The norm dialect ---------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/IR/NormUtils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::norm;

#include "norm/Dialect/Norm/IR/NormDialect.cpp.inc"
#include "norm/Dialect/Norm/IR/NormEnums.cpp.inc"

namespace {
/// Keeps constants that folding makes inside the body of a generic: a body that
/// captures them would hide what its values are from pattern matching.
struct NormFoldInterface : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final {
    return isa<GenericOp>(region->getParentOp());
  }
};

/// Every op computes on values alone: it may stand in any function.
struct NormInlinerInterface : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void NormDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "norm/Dialect/Norm/IR/NormOps.cpp.inc"
      >();
  addInterfaces<NormFoldInterface, NormInlinerInterface>();
}

/// Whether every division in `expr` is by a positive constant.
static bool dividesByPositives(AffineExpr expr) {
  bool result = true;
  expr.walk([&](AffineExpr part) {
    auto binary = dyn_cast<AffineBinaryOpExpr>(part);
    if (!binary || binary.getKind() == AffineExprKind::Add ||
        binary.getKind() == AffineExprKind::Mul)
      return;
    auto divisor = dyn_cast<AffineConstantExpr>(binary.getRHS());
    result &= !divisor || divisor.getValue() > 0;
  });
  return result;
}

/// The symbols that constraints on the arguments of `op`, a function, are over:
/// those of the sizes, then the integers.
static unsigned countSymbols(Operation *op) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  unsigned sizes = 0, scalars = 0;
  for (unsigned i = 0, e = function ? function.getNumArguments() : 0; i < e;
       ++i) {
    scalars += isSizeScalar(function.getArgumentTypes()[i]);
    if (auto map = function.getArgAttrOfType<AffineMapAttr>(i, kSizesAttrName))
      sizes = std::max(sizes, map.getValue().getNumSymbols());
  }
  return sizes + scalars;
}

LogicalResult NormDialect::verifyOperationAttribute(Operation *op,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto emitWrong = [&](const Twine &expected) {
    return op->emitOpError() << "'" << name << "' must be " << expected;
  };
  if (name == kCPUTargetAttrName) {
    auto target = dyn_cast<DictionaryAttr>(attribute.getValue());
    for (StringRef key : {"triple", "cpu", "features"})
      if (!target || !target.getAs<StringAttr>(key))
        return emitWrong(
            "a dictionary of the strings 'triple', 'cpu' and 'features'");
    return success();
  }
  if (name == kStridedAttrName)
    return isa<StringAttr>(attribute.getValue())
               ? success()
               : LogicalResult(emitWrong("a string"));
  if (name == kSizeConstraintsAttrName) {
    auto constraints = dyn_cast<IntegerSetAttr>(attribute.getValue());
    if (!constraints || constraints.getValue().getNumDims() != 0)
      return emitWrong("an affine set without dims");
    if (!llvm::all_of(constraints.getValue().getConstraints(),
                      dividesByPositives))
      return emitWrong("free of divisions by 0 or less");
    unsigned count = countSymbols(op);
    if (constraints.getValue().getNumSymbols() > count)
      return emitWrong("over the symbols of '" + kSizesAttrName +
                       "' and the integer arguments, which are " +
                       Twine(count));
    return success();
  }
  // People write attributes on functions; elsewhere passes leave them for later
  // ones.
  StringRef known[] = {kPackOfAttrName,       "norm.c_function",
                       "norm.returns_status", "norm.cpu_version",
                       "norm.select_version", "norm.work"};
  if (!isa<FunctionOpInterface>(op) || llvm::is_contained(known, name))
    return success();
  return op->emitOpError("has an attribute '")
         << name << "' that the norm dialect does not know";
}

/// Verifies an attribute of an argument or a result (`kind`) of a function.
static LogicalResult verifyValueAttribute(Operation *op, StringRef kind,
                                          unsigned index,
                                          NamedAttribute attribute) {
  StringRef name = attribute.getName();
  auto isOneOf = [&](ArrayRef<StringRef> names) {
    return llvm::is_contained(names, name);
  };
  auto emitWrong = [&](StringRef expected) -> LogicalResult {
    return op->emitOpError(kind)
           << " " << index << ": '" << name << "' must be " << expected;
  };
  if (isOneOf({kWeightAttrName, kNameAttrName})) {
    auto value = dyn_cast<StringAttr>(attribute.getValue());
    return value && !value.empty() ? success()
                                   : emitWrong("a string that is not empty");
  }
  if (name == kSizesAttrName) {
    auto map = dyn_cast<AffineMapAttr>(attribute.getValue());
    if (!map || map.getValue().getNumDims() != 0)
      return emitWrong("an affine map without dims");
    return llvm::all_of(map.getValue().getResults(), dividesByPositives)
               ? success()
               : emitWrong("free of divisions by 0 or less");
  }
  if (name == kRowsAttrName)
    return isa<UnitAttr, IntegerAttr>(attribute.getValue())
               ? success()
               : emitWrong("a unit attribute or the number of rows");
  if (name == kResultAttrName)
    return isa<IntegerAttr>(attribute.getValue()) ? success()
                                                  : emitWrong("an integer");
  auto packed = dyn_cast<DictionaryAttr>(attribute.getValue());
  return packed && packed.getAs<IntegerAttr>("tag") &&
                 packed.getAs<TypeAttr>("type")
             ? success()
             : emitWrong("a dictionary of 'tag' and 'type'");
}

LogicalResult NormDialect::verifyRegionArgAttribute(Operation *op,
                                                    unsigned regionIndex,
                                                    unsigned argIndex,
                                                    NamedAttribute attribute) {
  StringRef known[] = {kWeightAttrName, kNameAttrName,   kSizesAttrName,
                       kRowsAttrName,   kResultAttrName, kPackedAttrName};
  if (llvm::is_contained(known, attribute.getName()))
    return verifyValueAttribute(op, "argument", argIndex, attribute);
  return op->emitOpError("argument ")
         << argIndex << " has an attribute '" << attribute.getName().getValue()
         << "' that the norm dialect does not know";
}

LogicalResult
NormDialect::verifyRegionResultAttribute(Operation *op, unsigned regionIndex,
                                         unsigned resultIndex,
                                         NamedAttribute attribute) {
  StringRef known[] = {kNameAttrName, kSizesAttrName, kRowsAttrName};
  if (llvm::is_contained(known, attribute.getName()))
    return verifyValueAttribute(op, "result", resultIndex, attribute);
  return op->emitOpError("result ")
         << resultIndex << " has an attribute '"
         << attribute.getName().getValue()
         << "' that the norm dialect does not know on results";
}

#define GET_OP_CLASSES
#include "norm/Dialect/Norm/IR/NormOps.cpp.inc"
