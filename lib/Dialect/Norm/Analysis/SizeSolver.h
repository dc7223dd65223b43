//===- SizeSolver.h - Equal sizes as classes of nodes -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DIALECT_NORM_ANALYSIS_SIZESOLVER_H
#define NORM_DIALECT_NORM_ANALYSIS_SIZESOLVER_H

#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"

namespace mlir::norm {

/// A union-find structure of sizes. A node is the size of a dim of a tensor, an
/// index value or an expression over other nodes (whose symbols are the numbers
/// of nodes). A class has at most one definition: a constant, which wins, or an
/// expression. A class without one is free and becomes a symbol.
class SizeSolver {
public:
  explicit SizeSolver(MLIRContext *context) : context(context) {}

  /// The size of a dim of a ranked tensor.
  unsigned getDim(Value value, unsigned dim);
  /// The value of an index.
  unsigned getIndex(Value index);
  /// A static size, an attribute, or an index.
  unsigned getMixed(OpFoldResult size);
  /// A constant.
  unsigned getConstant(int64_t value);
  /// An expression whose symbols are nodes.
  unsigned getExpr(AffineExpr expr);
  /// A node as a symbol, to build expressions of.
  AffineExpr getSymbol(unsigned node) const {
    return getAffineSymbolExpr(node, context);
  }

  /// Says that two sizes are equal, as `op` needs. Diagnosed if they cannot be.
  LogicalResult equate(Operation *op, unsigned a, unsigned b);
  /// Says that all sizes of two tensors of equal rank are equal.
  LogicalResult equateShapes(Operation *op, Value a, Value b);

  /// Says that all sizes of `a`, which `op` yields, must be those of `b`, of
  /// equal rank. That follows from nothing but what is known when the function
  /// is called.
  void requireEqualShapes(Operation *op, Value a, Value b);

  /// Says that an expression whose symbols are nodes is not negative, as the
  /// accesses of `op` need.
  void requireNonNegative(Operation *op, AffineExpr expr) {
    bounds.push_back({op, expr});
  }

  /// The sizes of all tensor dims seen, those of the arguments of `function`
  /// first. Constraints that cannot hold are diagnosed at `function`.
  FailureOr<SizeAnalysis> solve(func::FuncOp function);

private:
  unsigned addNode(AffineExpr definition);
  unsigned find(unsigned node);
  bool dependsOn(AffineExpr expr, unsigned root);
  bool isGiven(AffineExpr expr, const llvm::DenseSet<unsigned> &roots);
  LogicalResult equateGiven(func::FuncOp function);
  bool isNumbered(AffineExpr expr);
  void numberRoot(unsigned root);
  void numberArguments(func::FuncOp function);
  void numberScalars(func::FuncOp function, SizeAnalysis &result);
  LogicalResult checkRequirements();
  LogicalResult solveBounds(SizeAnalysis &result);
  AffineExpr resolve(AffineExpr expr);

  /// Dim `dim` of `yielded` must have the size of that of `expected`.
  struct Requirement {
    Operation *op;
    Value yielded, expected;
    unsigned dim;
  };

  MLIRContext *context;
  /// Dims of tensors; an index value has the position ~0.
  DenseMap<std::pair<Value, unsigned>, unsigned> nodes;
  SmallVector<std::pair<Value, unsigned>> order;
  SmallVector<unsigned> parents;
  SmallVector<AffineExpr> definitions;
  SmallVector<std::optional<unsigned>> numbers;
  SmallVector<AffineExpr> constraints;
  SmallVector<std::pair<Operation *, AffineExpr>> bounds;
  SmallVector<Requirement> requirements;
  unsigned numSymbols = 0;
};

/// Tells `solver` which sizes `op` makes equal, and how those of its results
/// follow from those of its operands.
LogicalResult addSizesOf(Operation *op, SizeSolver &solver);

/// Tells `solver` what sizes tensors have behind a loop or branch `op`, and
/// which must be equal so that each of them has one shape.
LogicalResult addControlFlowOf(Operation *op, SizeSolver &solver);

/// Tells `solver` what keeps the elements that `op` reads and writes inside of
/// its tensor, unless the IR around says that they are.
void addAccessesOf(Operation *op, SizeSolver &solver);

} // namespace mlir::norm

#endif // NORM_DIALECT_NORM_ANALYSIS_SIZESOLVER_H
