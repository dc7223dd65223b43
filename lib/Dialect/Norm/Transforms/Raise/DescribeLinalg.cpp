//===- DescribeLinalg.cpp - Structured ops as expressions -----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Named ops have the region of the generic op that they stand for: there is one
// way for all.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::norm;
using namespace mlir::norm::raise;

/// A linalg op whose body is described.
struct Program::Body {
  linalg::LinalgOp op;
  SmallVector<int64_t> loopSizes;
  SmallVector<AffineExpr> loopExtents;
  DenseMap<Value, Meaning> meanings;
};

/// Replacements for the dims of an operand that is accessed through `map`.
static SmallVector<AffineExpr> accessOf(AffineMap map,
                                        ArrayRef<int64_t> loopSizes) {
  MLIRContext *context = map.getContext();
  SmallVector<AffineExpr> loops;
  for (auto [loop, size] : llvm::enumerate(loopSizes))
    loops.push_back(size == 1 ? getAffineConstantExpr(0, context)
                              : getAffineDimExpr(loop, context));
  SmallVector<AffineExpr> results;
  for (AffineExpr result : map.getResults())
    results.push_back(result.replaceDims(loops));
  return results;
}

Program::Meaning Program::access(Value tensor, ArrayRef<AffineExpr> indices) {
  Meaning meaning = get(tensor);
  if (!meaning.full)
    return {};
  // A part of a tensor would look like the whole of a shorter one.
  for (auto [dim, index] : llvm::enumerate(indices))
    if (isa<AffineConstantExpr>(index) &&
        getSize(tensor, dim) != getAffineConstantExpr(1, index.getContext()) &&
        (meaning.full->varies(dim) || meaning.leaf->varies(dim)))
      meaning.full = meaning.leaf = makeLeaf(tensor);
  return substitute(meaning, indices);
}

bool Program::describeBody(Body &body) {
  linalg::LinalgOp op = body.op;
  unsigned numLoops = op.getNumLoops();
  if (numLoops > kFirstBound)
    return false;
  body.loopSizes.assign(numLoops, ShapedType::kDynamic);
  body.loopExtents.assign(numLoops, AffineExpr());
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [position, expr] : llvm::enumerate(map.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim && !isa<AffineConstantExpr>(expr))
        return false;
      if (!dim || !type)
        continue;
      AffineExpr size = getSize(operand.get(), position);
      AffineExpr &known = body.loopExtents[dim.getPosition()];
      if (!known || isa<AffineConstantExpr>(size))
        known = size;
      if (auto constant = dyn_cast<AffineConstantExpr>(size))
        body.loopSizes[dim.getPosition()] = constant.getValue();
    }
  }
  if (llvm::is_contained(body.loopExtents, AffineExpr()))
    return false;

  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    if (argument.use_empty())
      continue;
    // An accumulator is another number in every step: what is computed of it
    // has no meaning, and a sum is what reduceResult looks for.
    if (op.isDpsInit(&operand) && op.getNumReductionLoops() != 0)
      continue;
    body.meanings[argument] =
        access(operand.get(),
               accessOf(op.getMatchingIndexingMap(&operand), body.loopSizes));
  }
  for (Operation &nested : op.getBlock()->without_terminator()) {
    if (nested.getNumResults() != 1)
      continue;
    Value result = nested.getResult(0);
    if (auto index = dyn_cast<linalg::IndexOp>(nested)) {
      Expr expr = body.loopSizes[index.getDim()] == 1
                      ? expressions.constant(result.getType(), 0)
                      : expressions.index(expressions.dim(index.getDim()));
      body.meanings[result] = {expr, expr};
      continue;
    }
    if (auto constant = dyn_cast<arith::ConstantOp>(nested)) {
      describeConstant(&nested, constant.getValue());
      body.meanings[result] = get(result);
      continue;
    }
    SmallVector<Meaning> operands;
    for (Value operand : nested.getOperands()) {
      auto it = body.meanings.find(operand);
      bool isInside = operand.getParentBlock() == op.getBlock();
      operands.push_back(it != body.meanings.end() ? it->second
                         : isInside                ? Meaning()
                                                   : get(operand));
    }
    if (isa<tensor::ExtractOp>(nested)) {
      body.meanings[result] = describeExtract(body, &nested, operands);
      continue;
    }
    if (operands.empty())
      continue;
    Place place{result, op, nullptr, body.loopSizes,
                llvm::to_vector(llvm::seq<int64_t>(0, op.getNumLoops()))};
    Meaning meaning = combine(place, operands, [&](ArrayRef<Expr> operands) {
      return describeScalarOp(expressions, &nested, operands);
    });
    if (!meaning.full || meaning.full->depth > kMaxDepth)
      continue;
    body.meanings[result] = meaning;
    for (Expr expr : {meaning.full, meaning.leaf}) {
      place.expr = expr;
      if (expr == meaning.full && expr->hasStatisticRoot)
        statisticRoots.push_back(place);
      if (Place packed = pack(place).first; packed.expr)
        scalars[packed.expr].push_back(packed);
      if (meaning.full == meaning.leaf)
        break;
    }
  }
  return true;
}

/// The position that `index` names where it is 0 in a dim of size 1 and
/// something else in others: what else it is, if `size`, that of the dim, is
/// what is compared; `index` as it is in other cases.
Expr Program::skipBroadcastGuard(Expr index, AffineExpr size) {
  if (!index->is(Kind::Call) || index->name != "arith.select")
    return index;
  Expr condition = index->operands[0];
  if (!condition->is(Kind::Call) || condition->name != "arith.cmpi")
    return index;
  auto predicate = condition->attributes.getAs<IntegerAttr>("predicate");
  bool isEqual =
      predicate &&
      predicate.getInt() == static_cast<int64_t>(arith::CmpIPredicate::eq);
  bool isUnequal =
      predicate &&
      predicate.getInt() == static_cast<int64_t>(arith::CmpIPredicate::ne);
  bool isOfSize = false;
  for (unsigned i : {0, 1})
    isOfSize |= isSizeExpr(condition->operands[i], size) &&
                condition->operands[1 - i]->isConstant(1);
  Expr inUnit = index->operands[isEqual ? 1 : 2];
  if (!isOfSize || (!isEqual && !isUnequal) || !inUnit->isConstant(0))
    return index;
  return index->operands[isEqual ? 2 : 1];
}

Program::Meaning Program::describeExtract(Body &body, Operation *op,
                                          ArrayRef<Meaning> operands) {
  auto extract = cast<tensor::ExtractOp>(op);
  SmallVector<AffineExpr> access;
  for (auto [position, operand] : llvm::enumerate(operands.drop_front())) {
    Expr index = operand.full;
    AffineExpr size = getSize(extract.getTensor(), position);
    if (!index)
      return {};
    // Where the loop is as long as a dim of size 1, its index is 0 too.
    index = skipBroadcastGuard(index, size);
    // Only a whole dim: that of a tensor is what tells how far one goes.
    auto loop = dyn_cast_or_null<AffineDimExpr>(
        index->is(Kind::Index) ? index->indices.front() : AffineExpr());
    if (size == getAffineConstantExpr(1, op->getContext()))
      access.push_back(getAffineConstantExpr(0, op->getContext()));
    else if (loop && body.loopExtents[loop.getPosition()] == size)
      access.push_back(loop);
    else if (index->is(Kind::Constant))
      access.push_back(getAffineConstantExpr(static_cast<int64_t>(index->value),
                                             op->getContext()));
    else
      return {};
  }
  return this->access(extract.getTensor(), access);
}

/// The loops as dims of `result`; none if that is no permutation of parallel
/// loops, all of whose elements are written once.
static std::optional<SmallVector<AffineExpr>>
inverseOf(linalg::LinalgOp op, OpResult result, ArrayRef<int64_t> loopSizes) {
  AffineMap map = op.getIndexingMapMatchingResult(result);
  auto type = cast<RankedTensorType>(result.getType());
  SmallVector<AffineExpr> loops(map.getNumDims());
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    // What the other elements of a longer dim are, the init says.
    if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
      if (constant.getValue() != 0 || type.getDimSize(position) != 1)
        return std::nullopt;
      continue;
    }
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || loops[dim.getPosition()])
      return std::nullopt;
    loops[dim.getPosition()] =
        loopSizes[dim.getPosition()] == 1
            ? getAffineConstantExpr(0, map.getContext())
            : getAffineDimExpr(position, map.getContext());
  }
  // Along a parallel loop that the result lacks, elements are written again;
  // along a reduction that it has, nothing is added up.
  for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
    if (loopSizes[loop] != 1 &&
        (iterator == utils::IteratorType::parallel) == !loops[loop])
      return std::nullopt;
  return loops;
}

Program::Meaning Program::reduceResult(Body &body, unsigned number) {
  linalg::LinalgOp op = body.op;
  BlockArgument accumulator = op.getRegionOutputArgs()[number];
  Value yielded = op.getBlock()->getTerminator()->getOperand(number);
  Operation *add = yielded.getDefiningOp();
  if (!add || !accumulator.hasOneUse() ||
      *accumulator.getUsers().begin() != add)
    return {};
  auto meaningOf = [&](Value value) {
    auto it = body.meanings.find(value);
    return it == body.meanings.end() ? Meaning() : it->second;
  };
  SmallVector<Meaning> operands;
  Type type = accumulator.getType();
  if (isa<arith::AddFOp>(add)) {
    operands.push_back(
        meaningOf(add->getOperand(add->getOperand(0) == accumulator)));
  } else if (isa<math::FmaOp>(add) && add->getOperand(2) == accumulator) {
    operands.push_back(meaningOf(add->getOperand(0)));
    operands.push_back(meaningOf(add->getOperand(1)));
  } else {
    return {};
  }
  SmallVector<unsigned> dims;
  SmallVector<AffineExpr> extents;
  for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray())) {
    if (iterator == utils::IteratorType::parallel || body.loopSizes[loop] == 1)
      continue;
    dims.push_back(loop);
    extents.push_back(body.loopExtents[loop]);
  }
  std::optional<SmallVector<AffineExpr>> loops =
      inverseOf(op, op->getResult(number), body.loopSizes);
  if (!loops)
    return {};
  operands.push_back(get(op.getDpsInits()[number]));
  Place place{op->getResult(number), {}, nullptr, {}, {}};
  llvm::append_range(
      place.sizes,
      cast<RankedTensorType>(op->getResult(number).getType()).getShape());
  return combine(place, operands, [&](ArrayRef<Expr> operands) -> Expr {
    Expr element = operands.front();
    if (operands.size() == 3)
      element = expressions.product(type, {{operands[0], 1}, {operands[1], 1}});
    Expr reduced = expressions.reduce(type, element, dims, extents);
    if (!reduced)
      return nullptr;
    reduced = expressions.substitute(reduced, *loops);
    return reduced ? expressions.sum(type, {{reduced, 1}, {operands.back(), 1}})
                   : nullptr;
  });
}

void Program::describeResult(Body &body, unsigned number) {
  linalg::LinalgOp op = body.op;
  Value result = op->getResult(number);
  if (op.getNumReductionLoops() != 0) {
    Meaning meaning = reduceResult(body, number);
    if (!meaning.full)
      return;
    // Products of different things are no statistics: what nobody recognised
    // is a leaf, so that deep networks stay shallow.
    if (linalg::isaContractionOpInterface(op) && meaning.full == meaning.leaf &&
        op.getDpsInputs()[0] != op.getDpsInputs()[1])
      return;
    define(result, meaning);
    return;
  }
  auto it =
      body.meanings.find(op.getBlock()->getTerminator()->getOperand(number));
  Value yielded = op.getBlock()->getTerminator()->getOperand(number);
  Meaning meaning = it != body.meanings.end()                   ? it->second
                    : yielded.getParentBlock() != op.getBlock() ? get(yielded)
                                                                : Meaning();
  std::optional<SmallVector<AffineExpr>> loops =
      inverseOf(op, op->getResult(number), body.loopSizes);
  if (!meaning.full || !loops)
    return;
  define(result, substitute(meaning, *loops));
}

void Program::describeLinalg(linalg::LinalgOp op) {
  Body body;
  body.op = op;
  if (!describeBody(body))
    return;
  for (unsigned i = 0, e = op->getNumResults(); i < e; ++i)
    describeResult(body, i);
}
