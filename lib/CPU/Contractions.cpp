//===- Contractions.cpp - Matmuls among the ops of a graph ----------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contractions.h"
#include "GenericParts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "norm/Dialect/Norm/IR/NormUtils.h"

using namespace mlir;
using namespace mlir::norm;

SmallVector<unsigned> mlir::norm::getMapDims(AffineMap map) {
  return llvm::map_to_vector(map.getResults(), [](AffineExpr expr) {
    return cast<AffineDimExpr>(expr).getPosition();
  });
}

/// `value` before it was widened.
static Value skipExtension(Value value) {
  auto extension = value.getDefiningOp<arith::ExtFOp>();
  return extension ? extension.getIn() : value;
}

/// Whether the body adds the product of its first two arguments to the third.
static bool isMultiplyAdd(Block &body) {
  auto add = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  // An assertion, say, is not to be dropped.
  if (!add || body.getNumArguments() != 3 ||
      !llvm::all_of(body.without_terminator(),
                    [](Operation &op) { return isPure(&op); }))
    return false;
  Value product = add.getLhs();
  if (product == body.getArgument(2))
    product = add.getRhs();
  else if (add.getRhs() != body.getArgument(2))
    return false;
  auto multiply = product.getDefiningOp<arith::MulFOp>();
  if (!multiply)
    return false;
  Value a = skipExtension(multiply.getLhs()),
        b = skipExtension(multiply.getRhs());
  return (a == body.getArgument(0) && b == body.getArgument(1)) ||
         (a == body.getArgument(1) && b == body.getArgument(0));
}

bool mlir::norm::isContraction(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInputs() != 2 ||
      op.getNumDpsInits() != 1 || !isMultiplyAdd(*op.getBlock()) ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return false;
  Type element = getElementTypeOrSelf(op.getDpsInputOperand(0)->get());
  Type result = getElementTypeOrSelf(op.getDpsInitOperand(0)->get());
  return element == getElementTypeOrSelf(op.getDpsInputOperand(1)->get()) &&
         isa<Float32Type, Float64Type, Float16Type, BFloat16Type>(element) &&
         (result == element || holdsExactly(result, element));
}

bool mlir::norm::isFilledWithZero(Value value) {
  while (true) {
    if (matchPattern(value, m_AnyZeroFloat()))
      return true;
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (auto fill = dyn_cast<linalg::FillOp>(op))
      return matchPattern(fill.getInputs().front(), m_AnyZeroFloat());
    if (auto generic = dyn_cast<GenericOp>(op))
      return matchPattern(generic.getYield().getOperand(
                              cast<OpResult>(value).getResultNumber()),
                          m_AnyZeroFloat());
    if (!isTensorView(op))
      return false;
    value = op->getOperand(0);
  }
}

/// The dims of `op` that `map` has.
static llvm::SmallBitVector getDims(linalg::LinalgOp op, AffineMap map) {
  llvm::SmallBitVector dims(op.getNumLoops());
  for (unsigned dim : getMapDims(map))
    dims.set(dim);
  return dims;
}

std::optional<ContractionPlan> ContractionPlan::get(linalg::LinalgOp op) {
  if (!isContraction(op))
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  llvm::SmallBitVector a = getDims(op, maps[0]), b = getDims(op, maps[1]),
                       result = getDims(op, maps[2]);
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  // Loops around nothing are no matmuls.
  if (llvm::is_contained(sizes, 0))
    return std::nullopt;
  auto isUnit = [&](unsigned dim) { return sizes[dim] == 1; };
  ContractionPlan plan{0, 1, 0, 0, 0, result};
  std::optional<unsigned> k;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    if (result.test(dim))
      continue;
    // Sums over two dims would be more than one multiplication.
    if (!a.test(dim) || !b.test(dim) || k)
      return std::nullopt;
    k = dim;
  }
  if (!k)
    return std::nullopt;
  plan.k = *k;
  // Columns are what is contiguous in the result.
  SmallVector<unsigned> order = getMapDims(maps[2]);
  auto pick = [&](const llvm::SmallBitVector &with,
                  const llvm::SmallBitVector &without) {
    std::optional<unsigned> chosen;
    for (unsigned dim : order)
      if (with.test(dim) && !without.test(dim) &&
          (!chosen || !isUnit(dim) || isUnit(*chosen)))
        chosen = dim;
    return chosen;
  };
  std::optional<unsigned> ofA = pick(a, b), ofB = pick(b, a);
  if (!ofA || !ofB)
    return std::nullopt;
  if (*ofA == order.back()) {
    plan.x = 1;
    plan.weight = 0;
    std::swap(ofA, ofB);
  }
  plan.m = *ofA;
  plan.n = *ofB;
  plan.outer.reset(plan.m);
  plan.outer.reset(plan.n);
  return plan;
}
