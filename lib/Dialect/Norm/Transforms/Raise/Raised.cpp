//===- Raised.cpp - Making an op in place of a value ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Raised.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::norm::raise;

bool mlir::norm::raise::isSupportedTensor(ArrayRef<int64_t> sizes, Type type) {
  return !sizes.empty() && sizes.size() <= 8 &&
         isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(type);
}

double mlir::norm::raise::getShortest(double value, Type type) {
  if (!type.isF32())
    return value;
  for (int digits = 1; digits < 9; ++digits) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.*e", digits - 1, value);
    double shorter;
    if (!StringRef(text).getAsDouble(shorter) &&
        static_cast<float>(shorter) == static_cast<float>(value))
      return shorter;
  }
  return value;
}

/// The result that is `scalar`, a value of the body of `op`, for each element,
/// indexed by all loops in order; null if there is none.
static Value findResult(linalg::LinalgOp op, Value scalar) {
  for (auto [result, yielded] : llvm::zip(
           op->getResults(), op.getBlock()->getTerminator()->getOperands()))
    if (yielded == scalar &&
        op.getIndexingMapMatchingResult(result).isIdentity())
      return result;
  return {};
}

/// Makes `value`, over all loops of the op, an input in place of `scalar`.
static void addInput(linalg::GenericOp generic, Value scalar, Value value,
                     RewriterBase &rewriter) {
  unsigned position = generic.getNumDpsInputs();
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  maps.insert(maps.begin() + position,
              rewriter.getMultiDimIdentityMap(generic.getNumLoops()));
  rewriter.modifyOpInPlace(generic, [&] {
    generic.getInputsMutable().append(value);
    generic.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    Value argument = generic.getBody()->insertArgument(
        position, scalar.getType(), scalar.getLoc());
    rewriter.replaceAllUsesWith(scalar, argument);
  });
}

Operation *mlir::norm::raise::replace(const Raised &raised,
                                      RewriterBase &rewriter) {
  const Place &place = raised.place;
  Operation *op = place.getOp();
  Value target = place.value;
  if (place.body) {
    if (Value result = findResult(place.body, target))
      target = result;
    else if (!isa<linalg::GenericOp>(op))
      return nullptr;
  }
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  Location loc = op->getLoc();
  OperationState state(loc, raised.name);
  SmallVector<int32_t> segments;
  for (const Source &source : raised.operands) {
    segments.push_back(source ? 1 : 0);
    if (!source)
      continue;
    Value operand = materialize(source, rewriter, loc);
    if (!operand)
      return nullptr;
    state.addOperands(operand);
  }
  state.addAttributes(raised.attributes);
  if (raised.hasSegments)
    state.addAttribute("operandSegmentSizes",
                       rewriter.getDenseI32ArrayAttr(segments));
  state.addTypes(RankedTensorType::get(
      place.sizes, getElementTypeOrSelf(place.value.getType())));
  state.addTypes(raised.moreResults);
  Operation *made = rewriter.create(state);
  Value value = made->getResult(0);
  if (!isa<RankedTensorType>(target.getType())) {
    addInput(cast<linalg::GenericOp>(op), target, value, rewriter);
    return made;
  }
  if (value.getType() != target.getType())
    value = tensor::CastOp::create(rewriter, loc, target.getType(), value);
  rewriter.replaceAllUsesWith(target, value);
  return made;
}
