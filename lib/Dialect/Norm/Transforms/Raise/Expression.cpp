//===- Expression.cpp - What a graph computes for one element -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include "llvm/Support/xxhash.h"
#include <cmath>

using namespace mlir;
using namespace mlir::norm::raise;

double mlir::norm::raise::snap(double number, Type type) {
  if (number == 0 || !std::isfinite(number) || type.isIntOrIndex())
    return number;
  int bits = type.isF64() ? 51 : 44, exponent;
  double fraction = std::frexp(number, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, bits)),
                    exponent - bits);
}

bool mlir::norm::raise::isClose(double a, double b, Type type) {
  return std::fabs(a - b) <= std::ldexp(std::fabs(b), type.isF64() ? -49 : -20);
}

//===----------------------------------------------------------------------===//
// Uniqueness
//===----------------------------------------------------------------------===//

void Expression::Profile(llvm::FoldingSetNodeID &id) const {
  auto addNumber = [&](double number) {
    id.AddInteger(llvm::bit_cast<uint64_t>(number == 0 ? 0.0 : number));
  };
  id.AddInteger(static_cast<unsigned>(kind));
  id.AddPointer(type.getAsOpaquePointer());
  addNumber(value);
  id.AddInteger(operands.size());
  for (Expr operand : operands)
    id.AddPointer(operand);
  for (double weight : weights)
    addNumber(weight);
  id.AddPointer(source.getAsOpaquePointer());
  for (AffineExpr index : indices)
    id.AddPointer(index.getAsOpaquePointer());
  for (unsigned dim : bound)
    id.AddInteger(dim);
  id.AddString(name);
  id.AddPointer(attributes.getAsOpaquePointer());
}

/// Where a Call is still seen from.
static constexpr unsigned kCallDistance = 8;

unsigned ExpressionContext::getOrdinal(const void *pointer) {
  return ordinals.try_emplace(pointer, ordinals.size()).first->second;
}

/// Fills in what follows from the definition of `expr`.
void ExpressionContext::derive(Expression &expr) {
  // Not the hash of pointers, which differs from run to run.
  SmallVector<uint64_t> shape{static_cast<uint64_t>(expr.kind),
                              getOrdinal(expr.type.getAsOpaquePointer()),
                              getOrdinal(expr.source.getAsOpaquePointer()),
                              getOrdinal(expr.attributes.getAsOpaquePointer()),
                              expr.indices.size(),
                              llvm::xxh3_64bits(expr.name)};
  expr.number = storage.size();
  for (AffineExpr index : expr.indices)
    index.walk([&](AffineExpr part) {
      if (auto dim = dyn_cast<AffineDimExpr>(part))
        expr.dims |= uint64_t(1) << dim.getPosition();
    });
  for (Expr operand : expr.operands) {
    expr.dims |= operand->dims;
    expr.depth = std::max(expr.depth, operand->depth + 1);
    expr.boundEnd = std::max(expr.boundEnd, operand->boundEnd);
    expr.hasReduction |= operand->hasReduction;
    shape.push_back(operand->shape);
  }
  expr.hasReduction |= expr.is(Kind::Reduction);
  for (unsigned dim : expr.bound) {
    expr.dims &= ~(uint64_t(1) << dim);
    expr.boundEnd = std::max(expr.boundEnd, dim + 1);
  }
  expr.shape = llvm::xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(shape.data()),
               shape.size() * sizeof(uint64_t)));

  if (expr.is(Kind::Product) || expr.is(Kind::Sum) || expr.is(Kind::Round))
    for (auto [i, operand] : llvm::enumerate(expr.operands)) {
      bool isRoot = expr.is(Kind::Product) && expr.weights[i] < 0 &&
                    operand->hasReduction;
      expr.hasStatisticRoot |= operand->hasStatisticRoot || isRoot;
      expr.hasRoot |= operand->hasRoot ||
                      (expr.is(Kind::Product) && expr.weights[i] == -0.5);
    }
  expr.hasCall = expr.is(Kind::Call);
  expr.hasCall |= llvm::any_of(expr.operands, [](Expr operand) {
    return operand->hasCall && operand->depth < kCallDistance;
  });
}

Expr ExpressionContext::unique(Expression &&expression) {
  llvm::FoldingSetNodeID id;
  expression.Profile(id);
  void *position = nullptr;
  if (Expression *known = expressions.FindNodeOrInsertPos(id, position))
    return known;
  derive(expression);
  storage.push_back(std::move(expression));
  expressions.InsertNode(&storage.back(), position);
  return &storage.back();
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

Expr ExpressionContext::constant(Type type, double value) {
  Expression expr;
  expr.kind = Kind::Constant;
  expr.type = type;
  expr.value = value;
  return unique(std::move(expr));
}

Expr ExpressionContext::load(Value source, ArrayRef<AffineExpr> indices) {
  Expression expr;
  expr.kind = Kind::Load;
  expr.type = getElementTypeOrSelf(source.getType());
  expr.source = source;
  expr.indices.assign(indices.begin(), indices.end());
  return unique(std::move(expr));
}

Expr ExpressionContext::call(Type type, StringRef name,
                             DictionaryAttr attributes,
                             ArrayRef<Expr> operands) {
  Expression expr;
  expr.kind = Kind::Call;
  expr.type = type;
  expr.name = name;
  expr.attributes = attributes;
  expr.operands.assign(operands.begin(), operands.end());
  return unique(std::move(expr));
}

Expr ExpressionContext::index(AffineExpr index) {
  if (auto known = dyn_cast<AffineConstantExpr>(index))
    return constant(IndexType::get(context), known.getValue());
  Expression expr;
  expr.kind = Kind::Index;
  expr.type = IndexType::get(context);
  expr.indices.push_back(index);
  return unique(std::move(expr));
}

Expr ExpressionContext::extent(Type type, AffineExpr size) {
  if (auto known = dyn_cast<AffineConstantExpr>(size))
    return constant(type, known.getValue());
  auto binary = dyn_cast<AffineBinaryOpExpr>(size);
  if (binary && binary.getKind() == AffineExprKind::Mul)
    return product(type, {{extent(type, binary.getLHS()), 1},
                          {extent(type, binary.getRHS()), 1}});
  Expression expr;
  expr.kind = Kind::Extent;
  expr.type = type;
  expr.indices.push_back(size);
  return unique(std::move(expr));
}

Expr ExpressionContext::round(Type type, Expr expr) {
  if (expr->type == type)
    return expr;
  // Larger sizes are not exact in 16 bits.
  if (expr->is(Kind::Extent) && type.getIntOrFloatBitWidth() >= 32)
    return extent(type, expr->indices.front());
  if (auto floatType = dyn_cast<FloatType>(type);
      floatType && expr->is(Kind::Constant)) {
    APFloat value(expr->value);
    bool losesInfo;
    value.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                  &losesInfo);
    return constant(type, value.convertToDouble());
  }
  Expression rounded;
  rounded.kind = Kind::Round;
  rounded.type = type;
  rounded.operands.push_back(expr);
  return unique(std::move(rounded));
}
