//===- BodyEmitter.cpp - Elements of a row program as vectors -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BodyEmitter.h"

#include "../GenericParts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "norm/CPU/Reductions.h"

using namespace mlir;
using namespace mlir::norm;

std::unique_ptr<Scope> Scope::clone() const {
  auto copy = std::make_unique<Scope>(indices.size());
  copy->parent = parent;
  copy->indices = indices;
  copy->mask = mask;
  copy->count = count;
  copy->even = even;
  copy->isSpan = isSpan;
  copy->spanMask = spanMask;
  copy->spanCount = spanCount;
  copy->values = values;
  copy->shifts = shifts;
  copy->lows = lows;
  copy->scaledLows = scaledLows;
  return copy;
}

void Scope::copyFrom(const Scope &other, function_ref<Value(Value)> map) {
  for (auto &entry : other.values)
    values[entry.first] = map(entry.second);
  for (auto member : {&Scope::shifts, &Scope::lows, &Scope::scaledLows})
    for (auto &entry : other.*member)
      (this->*member)[entry.first] = map(entry.second);
}

void Scope::forEach(function_ref<void(Value &)> visit) {
  for (auto &entry : values)
    visit(entry.second);
  for (auto *map : {&shifts, &lows, &scaledLows})
    for (auto &entry : *map)
      visit(entry.second);
}

Value BodyEmitter::getIndexConstant(int64_t value) {
  return arith::ConstantIndexOp::create(builder, value);
}

Value BodyEmitter::getSize(unsigned dim) {
  int64_t size = op.getStaticLoopSizes()[dim];
  if (!ShapedType::isDynamic(size))
    return getIndexConstant(size);
  auto [source, position] = op.getDimSource(dim);
  return memref::DimOp::create(builder, source, position);
}

Value BodyEmitter::getExtent(ArrayRef<int64_t> dims, Type type) {
  Value product;
  int64_t constant = 1;
  for (int64_t dim : dims) {
    int64_t size = op.getStaticLoopSizes()[dim];
    if (!ShapedType::isDynamic(size)) {
      constant *= size;
      continue;
    }
    Value value = getSize(dim);
    product =
        product ? Value(arith::MulIOp::create(builder, product, value)) : value;
  }
  if (!product) {
    if (isa<FloatType>(type))
      return arith::ConstantOp::create(
          builder, builder.getFloatAttr(type, double(constant)));
    return arith::ConstantOp::create(builder,
                                     builder.getIntegerAttr(type, constant));
  }
  if (constant != 1)
    product =
        arith::MulIOp::create(builder, product, getIndexConstant(constant));
  if (type.isIndex())
    return product;
  if (isa<IntegerType>(type))
    return arith::IndexCastOp::create(builder, type, product);
  Value integer =
      arith::IndexCastOp::create(builder, builder.getI64Type(), product);
  return arith::SIToFPOp::create(builder, type, integer);
}

Value BodyEmitter::multiplyAdd(Value a, Value b, Value c) {
  if (target.hasFma)
    return math::FmaOp::create(builder, a, b, c);
  return arith::AddFOp::create(builder, arith::MulFOp::create(builder, a, b),
                               c);
}

Value BodyEmitter::broadcast(Value value, Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(
      builder, VectorType::get(vector.getShape(), value.getType()), value);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value BodyEmitter::get(Value value, Scope &scope) {
  if (Value known = scope.lookup(value))
    return known;
  Value result;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (argument.getOwner() != op.getBodyBlock())
      return value;
    result = load(argument, scope);
    scope.set(value, result);
    return result;
  }
  Operation *def = value.getDefiningOp();
  if (def->getBlock() != op.getBodyBlock())
    return value;
  if (auto center = dyn_cast<CenterOp>(def)) {
    Value shifted = getShifted(center, scope);
    Value low = broadcast(scope.lookupLow(center), shifted.getType());
    result = arith::SubFOp::create(builder, shifted, low);
    scope.set(value, result);
    return result;
  }
  if (auto extent = dyn_cast<ExtentOp>(def)) {
    result = getExtent(extent.getDims(), extent.getType());
    scope.set(value, result);
    return result;
  }
  if (auto index = dyn_cast<IndexOp>(def)) {
    result = scope.getIndex(index.getDim());
    if (isVector(value)) {
      Type type = getVectorType(builder.getIndexType());
      Value steps = vector::StepOp::create(builder, type);
      result = arith::AddIOp::create(builder, broadcast(result, type), steps);
    }
    scope.set(value, result);
    return result;
  }
  if (auto product = dyn_cast<arith::MulFOp>(def))
    if (Value fused = getProductOfCentered(product, scope)) {
      scope.set(value, fused);
      return fused;
    }

  SmallVector<Value> operands = llvm::map_to_vector(
      def->getOperands(), [&](Value operand) { return get(operand, scope); });
  // What is uniform in a row is a vector too where a lane stands for a row, of
  // as many lanes as there are rows.
  VectorType vector;
  for (Value operand : operands)
    if (!vector)
      vector = dyn_cast<VectorType>(operand.getType());
  if (!vector && isVector(value))
    vector = VectorType::get({lanes}, value.getType());
  if (vector)
    for (Value &operand : operands)
      operand = broadcast(operand, vector);
  SmallVector<Type> types;
  for (Type type : def->getResultTypes())
    types.push_back(vector ? vector.clone(type) : type);
  Operation *clone =
      builder.create(def->getLoc(), def->getName().getIdentifier(), operands,
                     types, def->getAttrs());
  for (auto [key, emitted] : llvm::zip(def->getResults(), clone->getResults()))
    scope.set(key, emitted);
  return clone->getResult(cast<OpResult>(value).getResultNumber());
}

bool BodyEmitter::isKnown(Value value, const Scope &scope) const {
  GenericOp generic = op;
  return scope.lookup(value) ||
         value.getParentBlock() != generic.getBodyBlock();
}

void BodyEmitter::prepare(Value value, Scope &scope) {
  if (isKnown(value, scope))
    return;
  for (unsigned dim : nest.getVaryingDims(value).set_bits())
    if (!scope.getIndex(dim))
      return;
  if (Operation *def = value.getDefiningOp()) {
    if (isa<ReduceOp, CenterOp>(def))
      return;
    for (Value operand : def->getOperands())
      if (!isKnown(operand, scope))
        return;
  }
  get(value, scope);
}

Value BodyEmitter::accumulateSpan(Operation *reduction, CenterOp moment,
                                  Value accumulator, Scope &scope) {
  unsigned vectorDim = *nest.getVectorDim();
  if (!target.hasBf16Convert || lanes != 16 ||
      getReduceKind(reduction) != ReduceKind::Add ||
      nest.getLoopOf(vectorDim) < nest.getLevel(reduction))
    return nullptr;
  // What is summed, and whether it is squared.
  Value element = reduction->getOperand(0);
  bool squared = false;
  if (moment) {
    element = isUnshifted(moment) ? moment.getValue() : Value();
    squared = true;
  } else if (auto center = dyn_cast<CenterOp>(reduction)) {
    if (!isUnshifted(center))
      return nullptr;
  } else if (auto product = element.getDefiningOp<arith::MulFOp>();
             product && product.getLhs() == product.getRhs()) {
    element = product.getLhs();
    squared = true;
  }
  auto argument = dyn_cast_or_null<BlockArgument>(element);
  // The instruction takes subnormal elements for zero: a mean or a square of
  // such is nothing beside epsilon, a plain sum is.
  if (isa<ReduceOp>(reduction) && !squared)
    return nullptr;
  if (!argument || argument.getOwner() != reduction->getBlock() ||
      !isVector(argument))
    return nullptr;
  // The even half sums for both; products of bf16 are exact in f32.
  if (scope.getEven())
    return accumulator;
  Value span = loadSpan(argument, scope);
  auto type = cast<VectorType>(span.getType());
  Value factor = span;
  if (!squared)
    factor = arith::ConstantOp::create(
        builder,
        DenseElementsAttr::get(
            type, Attribute(builder.getFloatAttr(type.getElementType(), 1.0))));
  return LLVM::CallIntrinsicOp::create(
             builder, accumulator.getType(),
             builder.getStringAttr("llvm.x86.avx512bf16.dpbf16ps.512"),
             ValueRange{accumulator, span, factor})
      .getResult(0);
}

Value BodyEmitter::accumulate(Operation *reduction, CenterOp moment,
                              Value accumulator, Scope &scope) {
  ReduceKind kind = getReduceKind(reduction);
  Type type = accumulator.getType();
  if (scope.hasSpan())
    if (Value sum = accumulateSpan(reduction, moment, accumulator, scope))
      return sum;
  Value result;
  auto fma = [&](Value a, Value b) {
    return multiplyAdd(broadcast(a, type), broadcast(b, type), accumulator);
  };
  auto getTerm = [&](CenterOp center) {
    return getElementTypeOrSelf(type) == center.getValue().getType()
               ? getShifted(center, scope)
               : getNarrowShifted(center, scope);
  };
  if (moment) {
    Value shifted = getTerm(moment);
    result = fma(shifted, shifted);
  } else if (auto center = dyn_cast<CenterOp>(reduction)) {
    result =
        combine(builder, kind, accumulator, broadcast(getTerm(center), type));
  } else {
    Value operand = reduction->getOperand(0);
    auto product = operand.getDefiningOp<arith::MulFOp>();
    bool fuse = product && kind == ReduceKind::Add && !scope.lookup(operand) &&
                operand.hasOneUse() &&
                getElementTypeOrSelf(type).getIntOrFloatBitWidth() >= 32;
    result =
        fuse ? fma(get(product.getLhs(), scope), get(product.getRhs(), scope))
             : combine(builder, kind, accumulator,
                       broadcast(get(operand, scope), type));
  }
  if (scope.getMask() && isa<VectorType>(type))
    result =
        arith::SelectOp::create(builder, scope.getMask(), result, accumulator);
  return result;
}
