//===- ExpressionWalks.cpp - Visiting what an expression is made of -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Expression.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mlir::norm::raise;

SmallVector<unsigned> mlir::norm::raise::orderOfDims(Expr expr, uint64_t mask) {
  SmallVector<unsigned> order;
  llvm::DenseSet<Expr> seen;
  std::function<void(Expr)> visit = [&](Expr expr) {
    if (!(expr->dims & mask) || !seen.insert(expr).second)
      return;
    for (AffineExpr index : expr->indices)
      index.walk([&](AffineExpr part) {
        auto dim = dyn_cast<AffineDimExpr>(part);
        if (!dim || !(mask >> dim.getPosition() & 1))
          return;
        order.push_back(dim.getPosition());
        mask &= ~(uint64_t(1) << dim.getPosition());
      });
    for (Expr operand : expr->operands)
      visit(operand);
  };
  visit(expr);
  return order;
}

bool mlir::norm::raise::areClose(Expr a, Expr b) {
  if (a == b)
    return true;
  if (a->kind != b->kind || a->type != b->type || a->source != b->source ||
      a->indices != b->indices || a->bound != b->bound || a->name != b->name ||
      a->attributes != b->attributes || a->shape != b->shape ||
      a->operands.size() != b->operands.size() ||
      a->weights.size() != b->weights.size() ||
      !isClose(a->value, b->value, a->type))
    return false;
  for (auto [x, y] : llvm::zip_equal(a->weights, b->weights))
    if (!isClose(x, y, a->type))
      return false;
  for (auto [x, y] : llvm::zip_equal(a->operands, b->operands))
    if (!areClose(x, y))
      return false;
  return true;
}

void mlir::norm::raise::collectTypes(Expr expr, ArrayRef<Expr> leaves,
                                     TypeSet &types) {
  llvm::DenseSet<Expr> seen(leaves.begin(), leaves.end());
  std::function<void(Expr)> visit = [&](Expr expr) {
    if (expr->operands.empty() || !seen.insert(expr).second)
      return;
    if (isa<FloatType>(expr->type))
      types.insert(expr->type);
    for (Expr operand : expr->operands)
      visit(operand);
  };
  visit(expr);
}

bool mlir::norm::raise::walk(Expr expr, unsigned depth,
                             function_ref<bool(Expr)> fn) {
  llvm::DenseMap<Expr, unsigned> seen;
  std::function<bool(Expr, unsigned)> visit = [&](Expr expr, unsigned depth) {
    auto [it, isNew] = seen.try_emplace(expr, depth);
    if (!isNew && it->second >= depth)
      return true;
    it->second = depth;
    if (isNew && !fn(expr))
      return false;
    if (depth == 0 || expr->is(Kind::Reduction))
      return true;
    return llvm::all_of(expr->operands, [&](Expr operand) {
      return visit(operand, depth - 1);
    });
  };
  return visit(expr, depth);
}
