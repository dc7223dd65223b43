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

/// The result that is the scalar of `place` for each element, indexed by its
/// dims in order; null if there is none.
static Value findResult(const Place &place) {
  linalg::LinalgOp op = place.body;
  for (auto [result, yielded] : llvm::zip(
           op->getResults(), op.getBlock()->getTerminator()->getOperands())) {
    AffineMap map = op.getIndexingMapMatchingResult(result);
    if (yielded == place.value && op.getNumReductionLoops() == 0 &&
        map.isIdentity() && map.getNumResults() == place.loops.size())
      return result;
  }
  return {};
}

/// Makes `value`, over the dims of `place`, an input in place of the scalar.
static void addInput(const Place &place, Value value, RewriterBase &rewriter) {
  linalg::LinalgOp body = place.body;
  auto generic = cast<linalg::GenericOp>(body.getOperation());
  unsigned position = generic.getNumDpsInputs();
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  SmallVector<AffineExpr> indices;
  for (int64_t loop : place.loops)
    indices.push_back(rewriter.getAffineDimExpr(loop));
  maps.insert(
      maps.begin() + position,
      AffineMap::get(generic.getNumLoops(), 0, indices, rewriter.getContext()));
  Value scalar = place.value;
  rewriter.modifyOpInPlace(generic, [&] {
    generic.getInputsMutable().append(value);
    generic.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
    Value argument = generic.getBody()->insertArgument(
        position, scalar.getType(), scalar.getLoc());
    rewriter.replaceAllUsesWith(scalar, argument);
  });
}

Operation *
mlir::norm::raise::makeOp(const Raised &raised, RewriterBase &rewriter,
                          function_ref<Value(const Source &)> makeScalar) {
  const Place &place = raised.place;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(place.getOp());
  OperationState state(place.getOp()->getLoc(), raised.name);
  SmallVector<int32_t> segments;
  for (const Source &source : raised.operands) {
    segments.push_back(source ? 1 : 0);
    if (!source)
      continue;
    Value operand = materialize(source, rewriter, state.location, makeScalar);
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
  return rewriter.create(state);
}

LogicalResult mlir::norm::raise::replaceBy(const Raised &raised,
                                           Operation *made,
                                           RewriterBase &rewriter) {
  const Place &place = raised.place;
  Value target = place.value, value = made->getResult(0);
  if (place.body) {
    target = findResult(place);
    if (!target) {
      if (!isa<linalg::GenericOp>(place.getOp()))
        return failure();
      addInput(place, value, rewriter);
      return success();
    }
  }
  if (value.getType() != target.getType()) {
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfter(made);
    value = tensor::CastOp::create(rewriter, made->getLoc(), target.getType(),
                                   value);
  }
  rewriter.replaceAllUsesWith(target, value);
  return success();
}
