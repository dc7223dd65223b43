//===- SizeAnalysis.cpp - Symbolic sizes of the tensors of a function -----===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"

#include "SizeSolver.h"

using namespace mlir;
using namespace mlir::norm;

FailureOr<SizeAnalysis> SizeAnalysis::compute(func::FuncOp function,
                                              bool ofKernel) {
  SizeSolver solver(function.getContext());
  // Every dim gets a node, also of tensors that no op relates to others.
  auto addDims = [&](ValueRange values) {
    for (Value value : values)
      if (auto type = dyn_cast<RankedTensorType>(value.getType()))
        for (unsigned dim = 0; dim < type.getRank(); ++dim)
          (void)solver.getDim(value, dim);
  };
  addDims(function.getArguments());
  WalkResult walk = function.walk([&](Operation *op) -> WalkResult {
    addDims(op->getResults());
    if (ofKernel) {
      addAccessesOf(op, solver);
      if (failed(addControlFlowOf(op, solver)))
        return failure();
    }
    return addSizesOf(op, solver);
  });
  if (walk.wasInterrupted())
    return failure();
  return solver.solve(function);
}

AffineExpr SizeAnalysis::getSize(Value value, unsigned dim) const {
  auto type = cast<RankedTensorType>(value.getType());
  if (AffineExpr size = sizes.lookup({value, dim}))
    return size;
  return type.isDynamicDim(dim)
             ? AffineExpr()
             : getAffineConstantExpr(type.getDimSize(dim), context);
}

std::optional<AffineMap> SizeAnalysis::getSizes(Value value) const {
  SmallVector<AffineExpr> results;
  for (unsigned dim = 0, e = cast<RankedTensorType>(value.getType()).getRank();
       dim < e; ++dim) {
    results.push_back(getSize(value, dim));
    if (!followsFromArguments(results.back()))
      return std::nullopt;
  }
  return AffineMap::get(/*dimCount=*/0, numArgumentSymbols, results, context);
}

/// Whether all symbols of `expr` are among the first `count`.
static bool hasSymbolsBelow(AffineExpr expr, unsigned count) {
  return !expr.walk([&](AffineExpr part) {
                auto symbol = dyn_cast<AffineSymbolExpr>(part);
                return symbol && symbol.getPosition() >= count
                           ? WalkResult::interrupt()
                           : WalkResult::advance();
              })
              .wasInterrupted();
}

bool SizeAnalysis::followsFromArguments(AffineExpr size) const {
  return size && hasSymbolsBelow(size, numArgumentSymbols);
}

bool SizeAnalysis::isKnownAtEntry(AffineExpr expr) const {
  return hasSymbolsBelow(expr, numArgumentSymbols + numScalarSymbols);
}
