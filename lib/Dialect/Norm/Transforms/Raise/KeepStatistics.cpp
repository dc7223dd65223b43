//===- KeepStatistics.cpp - Means and roots that are used elsewhere -------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeepStatistics.h"

#include "Statistic.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

void StatisticKeeper::add(Operation *op, const Raised &raised) {
  if (!isa<LayerNormOp, RmsNormOp>(op) || !raised.base)
    return;
  // Of several, the last that is visited stands first.
  byRoot[raised.base->shape] = {op, &raised};
  if (raised.sum)
    bySum[raised.sum->shape] = {op, &raised};
}

/// The dims of the result that are no axes.
static SmallVector<int64_t> getKeptDims(const Raised &raised) {
  auto axes = cast<DenseI64ArrayAttr>(raised.attributes.get("axes"));
  SmallVector<int64_t> kept;
  for (int64_t dim = 0, e = raised.place.sizes.size(); dim < e; ++dim)
    if (!llvm::is_contained(axes.asArrayRef(), dim))
      kept.push_back(dim);
  return kept;
}

/// Whether `value` is `expr`, over the dims of the place of `made`, for each
/// row: in the order of the rows, with dims of size 1 anywhere.
bool StatisticKeeper::isSame(Value value, const Made &made, Expr expr) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<AffineExpr> renamed(kFirstBound);
  int64_t next = 0;
  for (int64_t dim : getKeptDims(*made.raised)) {
    if (made.raised->place.sizes[dim] == 1)
      continue;
    while (next < type.getRank() && type.getDimSize(next) == 1)
      ++next;
    if (next == type.getRank() ||
        type.getDimSize(next) != made.raised->place.sizes[dim])
      return false;
    renamed[dim] = program.expressions.dim(next++);
  }
  for (; next < type.getRank(); ++next)
    if (type.getDimSize(next) != 1)
      return false;
  return program.expressions.substitute(expr, renamed) ==
         program.getExpression(value);
}

/// The op of which `value` is result `number`, a statistic.
StatisticKeeper::Made *StatisticKeeper::find(Value value, unsigned &number) {
  Expr expr = program.getExpression(value);
  if (!expr || !isa<RankedTensorType>(value.getType()))
    return nullptr;
  ExpressionContext &expressions = program.expressions;
  auto check = [&](llvm::DenseMap<uint64_t, Made> &map, uint64_t key,
                   function_ref<Expr(const Raised &)> statistic) -> Made * {
    auto it = map.find(key);
    if (it == map.end() ||
        !isSame(value, it->second, statistic(*it->second.raised)))
      return nullptr;
    return &it->second;
  };
  if (expr->is(Kind::Product) && expr->value == 1 &&
      expr->operands.size() == 1 && expr->weights[0] == -0.5)
    if (Made *made =
            check(byRoot, expr->operands[0]->shape, [&](const Raised &raised) {
              return expressions.power(expr->type, raised.base, -0.5);
            })) {
      number = isa<LayerNormOp>(made->op) ? 2 : 1;
      return made;
    }
  Expr reduction = getOnlyReduction(expr, 1);
  std::optional<double> share =
      reduction ? getShareOfCount(expr, reduction, 1) : std::nullopt;
  if (!share || !isClose(*share, 1, reduction->type))
    return nullptr;
  number = 1;
  return check(bySum, reduction->shape, [&](const Raised &raised) {
    // What the sum is multiplied by here, it is there.
    SmallVector<Term> factors;
    double constant = 1;
    if (expr->is(Kind::Product)) {
      constant = expr->value;
      for (auto [operand, weight] : llvm::zip(expr->operands, expr->weights))
        if (operand != reduction)
          factors.push_back({operand, weight});
    }
    factors.push_back({raised.sum, 1});
    return expressions.product(expr->type, factors, constant);
  });
}

/// The op with all its results, before `before`; null if an operand is behind.
Operation *StatisticKeeper::withStatistics(Made &made, Operation *before) {
  Operation *op = made.op;
  for (Value operand : op->getOperands())
    if (Operation *definition = operand.getDefiningOp())
      if (!definition->isBeforeInBlock(before))
        return nullptr;
  if (op->getNumResults() > 1) {
    if (!op->isBeforeInBlock(before))
      rewriter.moveOpBefore(op, before);
    return op;
  }
  auto type = cast<RankedTensorType>(op->getOperand(0).getType());
  SmallVector<int64_t> shape;
  for (int64_t dim : getKeptDims(*made.raised))
    shape.push_back(type.getDimSize(dim));
  auto accumulate = op->getAttrOfType<TypeAttr>("accumulate");
  Type statistic = RankedTensorType::get(
      shape, getAccumulationType(
                 type.getElementType(),
                 accumulate ? std::optional<Type>(accumulate.getValue())
                            : std::nullopt));
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(before);
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(op->getOperands());
  state.addTypes(op->getResultTypes());
  state.addTypes(SmallVector<Type>(isa<LayerNormOp>(op) ? 2 : 1, statistic));
  state.addAttributes(op->getAttrs());
  Operation *full = rewriter.create(state);
  rewriter.replaceAllUsesWith(op->getResult(0), full->getResult(0));
  rewriter.eraseOp(op);
  made.op = full;
  ops[made.raised] = full;
  // Both maps know the op.
  for (auto *map : {&byRoot, &bySum})
    for (auto &entry : *map)
      if (entry.second.raised == made.raised)
        entry.second.op = full;
  return full;
}

void StatisticKeeper::replaceResults(Operation *op) {
  for (Value result : op->getResults()) {
    unsigned number = 0;
    if (result.use_empty())
      continue;
    Made *made = find(result, number);
    if (!made || made->op == op)
      continue;
    auto type = cast<RankedTensorType>(result.getType());
    // Rounded, or of another precision: it stays as it is.
    auto input = cast<RankedTensorType>(made->op->getOperand(0).getType());
    auto accumulate = made->op->getAttrOfType<TypeAttr>("accumulate");
    if (type.getElementType() !=
        getAccumulationType(input.getElementType(),
                            accumulate
                                ? std::optional<Type>(accumulate.getValue())
                                : std::nullopt))
      continue;
    Operation *full = withStatistics(*made, op);
    if (!full)
      continue;
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    Value value = reshapeUnits(rewriter, op->getLoc(), full->getResult(number),
                               type.getShape());
    if (value)
      rewriter.replaceAllUsesWith(result, value);
  }
}
