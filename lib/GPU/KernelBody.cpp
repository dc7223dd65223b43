//===- KernelBody.cpp - The body of a row program on threads --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::norm;

Type KernelEmitter::getVector(Type element) const {
  if (mapping.vector == 1)
    return element;
  return VectorType::get(mapping.vector, element);
}

Value KernelEmitter::broadcast(Value scalar) {
  if (mapping.vector == 1 || isa<VectorType>(scalar.getType()))
    return scalar;
  return vector::BroadcastOp::create(b, getVector(scalar.getType()), scalar);
}

Value KernelEmitter::convertFloat(Value value, Type element) {
  Type own = getElementTypeOrSelf(value);
  if (own == element)
    return value;
  Type type = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(element);
  if (element.getIntOrFloatBitWidth() > own.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, type, value);
  return arith::TruncFOp::create(b, type, value);
}

Value KernelEmitter::emitExtent(ExtentOp extent) {
  SmallVector<unsigned> dims(extent.getDims().begin(), extent.getDims().end());
  Value count = getProduct(dims, i64);
  Type type = extent.getType();
  if (isa<FloatType>(type)) {
    // A count is exact in f32 up to 2^24, and what is wider than f32 is f64.
    Type wide = type.getIntOrFloatBitWidth() < 32 ? Type(b.getF32Type()) : type;
    return convertFloat(arith::UIToFPOp::create(b, wide, count), type);
  }
  return convert(count, type);
}

Value KernelEmitter::emitIndex(unsigned dim, Slot &slot) {
  const auto *it = llvm::find(space.getRowDims(), dim);
  unsigned position = it - space.getRowDims().begin();
  Value first = broadcast(convert(slot.indices[position], b.getIndexType()));
  bool isInner = position + 1 == space.getRowDims().size();
  if (!isInner || mapping.vector == 1)
    return first;
  SmallVector<Attribute> lanes;
  for (int64_t lane = 0; lane < mapping.vector; ++lane)
    lanes.push_back(b.getIndexAttr(lane));
  Value offsets = arith::ConstantOp::create(
      b, DenseElementsAttr::get(cast<VectorType>(getVector(b.getIndexType())),
                                lanes));
  return arith::AddIOp::create(b, first, offsets);
}

Value KernelEmitter::emitOp(Operation *body, function_ref<Value(Value)> get,
                            bool onVectors, unsigned result) {
  if (auto center = dyn_cast<CenterOp>(body)) {
    auto [mean, rest] = means.lookup(body);
    auto spread = [&](Value value) {
      return onVectors ? broadcast(value) : value;
    };
    Value centered =
        arith::SubFOp::create(b, get(center.getValue()), spread(mean));
    return rest ? arith::SubFOp::create(b, centered, spread(rest)) : centered;
  }
  if (onVectors && dividesByUniform(body))
    return emitDivision(broadcast(get(body->getOperand(0))),
                        reciprocals.at(body->getOperand(1)));
  OperationState state(body->getLoc(), body->getName());
  for (Value operand : body->getOperands())
    state.addOperands(onVectors ? broadcast(get(operand)) : get(operand));
  for (Type type : body->getResultTypes())
    state.addTypes(onVectors ? getVector(type) : type);
  state.addAttributes(body->getAttrs());
  return b.create(state)->getResult(result);
}

void KernelEmitter::emitUniformOps(unsigned stage) {
  const RowProgram &program = space.getProgram();
  if (stage == 0)
    for (unsigned i = 0; i < op.getInputs().size(); ++i)
      if (space.isUniformOperand(i))
        uniform[op.getBodyBlock()->getArgument(i)] = loadUniform(i);
  for (Operation &body : op.getBodyBlock()->without_terminator()) {
    if (isa<ReduceOp>(body))
      continue;
    for (OpResult result : body.getResults())
      if (program.getStage(result) == stage && space.isUniform(result) &&
          !uniform.contains(result))
        uniform[result] = getUniform(result);
  }
  emitReciprocals(stage);
}

Value KernelEmitter::getUniform(Value value) {
  if (Value known = uniform.lookup(value))
    return known;
  Operation *def = value.getDefiningOp();
  if (auto index = dyn_cast<IndexOp>(def))
    return convert(outerIndices.lookup(index.getDim()), b.getIndexType());
  if (auto extent = dyn_cast<ExtentOp>(def))
    return emitExtent(extent);
  if (def->getNumOperands() == 0)
    return b.clone(*def)->getResult(cast<OpResult>(value).getResultNumber());
  return emitOp(
      def, [&](Value operand) { return getUniform(operand); },
      /*onVectors=*/false, cast<OpResult>(value).getResultNumber());
}

Value KernelEmitter::getElement(Value value, Slot &slot) {
  if (space.isUniform(value))
    return getUniform(value);
  if (Value known = slot.values.lookup(value))
    return known;
  Value result;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    result = loadElement(argument.getArgNumber(), slot);
  } else if (auto index = value.getDefiningOp<IndexOp>()) {
    result = emitIndex(index.getDim(), slot);
  } else {
    result = emitOp(
        value.getDefiningOp(),
        [&](Value operand) { return getElement(operand, slot); },
        /*onVectors=*/true, cast<OpResult>(value).getResultNumber());
  }
  slot.values[value] = result;
  return result;
}

Value KernelEmitter::getAccumulated(const Accumulation &accumulation,
                                    Slot &slot) {
  using Kind = Accumulation::Kind;
  Value value;
  if (accumulation.kind == Kind::Operand) {
    value = broadcast(getElement(accumulation.op->getOperand(0), slot));
  } else {
    CenterOp center = accumulation.kind == Kind::Square
                          ? getCenterOfMoment(accumulation.op)
                          : cast<CenterOp>(accumulation.op);
    Value element = broadcast(getElement(center.getValue(), slot));
    Value mean = broadcast(means.lookup(center).first);
    value = arith::SubFOp::create(b, element, mean);
    if (accumulation.kind == Kind::Square)
      value = arith::MulFOp::create(b, value, value);
  }
  if (!slot.inRange)
    return value;
  Value neutral =
      makeNeutral(b, getReduceKind(accumulation.op), value.getType());
  return arith::SelectOp::create(b, slot.inRange, value, neutral);
}
