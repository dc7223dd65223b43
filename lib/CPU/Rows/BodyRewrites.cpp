//===- BodyRewrites.cpp - Bodies in the form that is lowered --------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/CPU/BodyRewrites.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::norm;

//===----------------------------------------------------------------------===//
// Contraction
//===----------------------------------------------------------------------===//

/// The product of f32 or f64 that only `user` uses and that defines `value`.
static arith::MulFOp getOnlyProduct(Value value) {
  auto product = value.getDefiningOp<arith::MulFOp>();
  if (!product || !product->hasOneUse() ||
      !(product.getType().isF32() || product.getType().isF64()))
    return nullptr;
  return product;
}

static Value contract(OpBuilder &builder, Operation *op) {
  Location loc = op->getLoc();
  auto negate = [&](Value value) -> Value {
    return arith::NegFOp::create(builder, loc, value);
  };
  if (auto add = dyn_cast<arith::AddFOp>(op)) {
    if (auto product = getOnlyProduct(add.getLhs()))
      return math::FmaOp::create(builder, loc, product.getLhs(),
                                 product.getRhs(), add.getRhs());
    if (auto product = getOnlyProduct(add.getRhs()))
      return math::FmaOp::create(builder, loc, product.getLhs(),
                                 product.getRhs(), add.getLhs());
  }
  if (auto sub = dyn_cast<arith::SubFOp>(op)) {
    if (auto product = getOnlyProduct(sub.getLhs()))
      return math::FmaOp::create(builder, loc, product.getLhs(),
                                 product.getRhs(), negate(sub.getRhs()));
    if (auto product = getOnlyProduct(sub.getRhs()))
      return math::FmaOp::create(builder, loc, negate(product.getLhs()),
                                 product.getRhs(), sub.getLhs());
  }
  return nullptr;
}

void mlir::norm::contractBody(GenericOp op) {
  for (Operation &nested : llvm::make_early_inc_range(*op.getBodyBlock())) {
    OpBuilder builder(&nested);
    Value contracted = contract(builder, &nested);
    if (!contracted)
      continue;
    nested.getResult(0).replaceAllUsesWith(contracted);
    nested.erase();
  }
  // Products that are no longer used; no op of a body has effects.
  for (Operation &nested :
       llvm::make_early_inc_range(llvm::reverse(*op.getBodyBlock())))
    if (!isa<YieldOp>(nested) && nested.use_empty())
      nested.erase();
}

//===----------------------------------------------------------------------===//
// Widening
//===----------------------------------------------------------------------===//

Type Widener::widen(Type type) {
  return type.isF32() ? Type(builder.getF64Type()) : type;
}

Value Widener::get(Value value) {
  if (Value mapped = mapping.lookupOrNull(value))
    return mapped;
  // Captured from outside.
  if (!value.getType().isF32())
    return value;
  Value wide = arith::ExtFOp::create(builder, value.getLoc(),
                                     builder.getF64Type(), value);
  mapping.map(value, wide);
  return wide;
}

Value Widener::extend(Location loc, Value value) {
  Type type = widen(value.getType());
  if (type == value.getType())
    return value;
  return arith::ExtFOp::create(builder, loc, type, value);
}

void Widener::copy(Operation &op) {
  Location loc = op.getLoc();
  if (auto constant = dyn_cast<arith::ConstantOp>(op);
      constant && constant.getType().isF32()) {
    double value = cast<FloatAttr>(constant.getValue()).getValueAsDouble();
    map(constant,
        arith::ConstantOp::create(
            builder, loc, builder.getFloatAttr(builder.getF64Type(), value)));
    return;
  }
  if (auto extend = dyn_cast<arith::ExtFOp>(op)) {
    Value in = get(extend.getIn());
    Type type = widen(extend.getType());
    map(extend, in.getType() == type
                    ? in
                    : arith::ExtFOp::create(builder, loc, type, in));
    return;
  }
  if (auto trunc = dyn_cast<arith::TruncFOp>(op)) {
    auto narrow = arith::TruncFOp::create(builder, loc, trunc.getType(),
                                          get(trunc.getIn()));
    // They hold the rounding mode.
    narrow->setAttrs(trunc->getAttrs());
    map(trunc, extend(loc, narrow));
    return;
  }
  if (auto cast = dyn_cast<arith::BitcastOp>(op)) {
    Value in = get(cast.getIn());
    if (cast.getIn().getType().isF32())
      in = arith::TruncFOp::create(builder, loc, builder.getF32Type(), in);
    map(cast, extend(loc, arith::BitcastOp::create(builder, loc, cast.getType(),
                                                   in)));
    return;
  }
  SmallVector<Value> operands =
      llvm::map_to_vector(op.getOperands(), [&](Value v) { return get(v); });
  SmallVector<Type> types = llvm::map_to_vector(
      op.getResultTypes(), [&](Type type) { return widen(type); });
  Operation *copied = builder.create(loc, op.getName().getIdentifier(),
                                     operands, types, op.getAttrs());
  mapping.map(op.getResults(), copied->getResults());
}

Value Widener::copySlice(Value value, Block *body) {
  Operation *def = value.getDefiningOp();
  if (mapping.contains(value) || !def || def->getBlock() != body)
    return get(value);
  for (Value operand : def->getOperands())
    copySlice(operand, body);
  copy(*def);
  return get(value);
}

GenericOp mlir::norm::cloneWidened(GenericOp op) {
  OpBuilder builder(op);
  auto wide = cast<GenericOp>(builder.insert(op->cloneWithoutRegions()));
  Block *body = builder.createBlock(&wide.getBody());
  Widener widener(builder);
  for (BlockArgument argument : op.getBodyBlock()->getArguments()) {
    Type type =
        argument.getType().isF32() ? builder.getF64Type() : argument.getType();
    widener.map(argument, body->addArgument(type, argument.getLoc()));
  }
  for (Operation &nested : *op.getBodyBlock())
    widener.copy(nested);
  return wide;
}
