//===- Program.h - The expressions of a function's values -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_PROGRAM_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_PROGRAM_H

#include "Expression.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "norm/Dialect/Norm/Analysis/SizeAnalysis.h"
#include "llvm/ADT/DenseMap.h"
#include <functional>

namespace mlir::norm::raise {

/// Deeper expressions are leaves for what uses them: the cost of a function
/// stays linear in its length. A normalization is about 12 deep.
constexpr unsigned kMaxDepth = 48;

/// A value and what it is for one element: a tensor, whose dims are those of
/// `expr`, or a scalar in the body of `body`. The dims of that are loops, of
/// which some may be left out where the scalar does not vary.
struct Place {
  Value value;
  linalg::LinalgOp body;
  Expr expr = nullptr;
  /// The sizes of the dims.
  SmallVector<int64_t> sizes;
  /// Of a scalar: the loop that each dim is.
  SmallVector<int64_t> loops;

  /// The op that computes the value, or whose body does.
  Operation *getOp() const {
    return body ? linalg::LinalgOp(body).getOperation() : value.getDefiningOp();
  }
};

/// Whether a value is what an op of the norm dialect computes.
enum class Recognition {
  No,
  /// Not as it is, but rounded to a type that is rounded to on the way.
  OnceRounded,
  Yes
};

/// Describes the values of a function by expressions.
///
/// What was recognised as an op of the norm dialect is a leaf for all that does
/// not belong to that op: so expressions stay small in deep networks. As it
/// may turn out to be a part of something larger (the scale of a normalization
/// comes behind the normalization), every value has two expressions, in which
/// recognised operands are as computed and are leaves.
class Program {
public:
  /// `recognize` says whether a value is what an op of the norm dialect
  /// computes. It is asked for every value in order.
  Program(func::FuncOp function,
          std::function<Recognition(const Place &)> recognize);

  ExpressionContext expressions;

  /// Describes all blocks.
  void run();

  /// The tensor that holds `expr`, over the dims of its own, and is of shape
  /// `shape`, one of element type `type` if there is; null if there is none
  /// before `before`.
  Value findTensor(Expr expr, ArrayRef<int64_t> shape, Type type,
                   Operation *before);
  /// A scalar of a body that is `expr`, whose dims have the sizes `sizes`. Also
  /// returns which of them the dims of its place are.
  std::optional<std::pair<Place, SmallVector<int64_t>>>
  findScalar(Expr expr, ArrayRef<int64_t> sizes, Operation *before);

  /// What `value` is for one element; null if that is not known.
  Expr getExpression(Value value) const { return meanings.lookup(value).full; }
  /// The size of a dim of a tensor.
  AffineExpr getSize(Value tensor, unsigned dim);
  /// All places whose expression has the root of a statistic as a factor.
  ArrayRef<Place> getStatisticRoots() const { return statisticRoots; }

private:
  /// As computed, and with what was recognised as leaves.
  struct Meaning {
    Expr full = nullptr;
    Expr leaf = nullptr;
  };
  /// What is computed of the operands' expressions.
  using Compute = function_ref<Expr(ArrayRef<Expr>)>;

  func::FuncOp function;
  std::function<Recognition(const Place &)> recognize;
  std::optional<SizeAnalysis> sizes;
  DenseMap<std::pair<Value, unsigned>, AffineExpr> ownSizes;
  DenseMap<Value, Meaning> meanings;
  DenseMap<Expr, SmallVector<Value, 2>> tensors;
  DenseMap<Expr, SmallVector<Place, 1>> scalars;
  SmallVector<Place> statisticRoots;
  /// Scalars that are sizes.
  llvm::DenseSet<std::pair<Expr, AffineExpr>> knownSizes;

  Meaning get(Value value);
  /// The element at `indices` of `tensor`.
  Meaning access(Value tensor, ArrayRef<AffineExpr> indices);
  /// `meaning` over other dims; nothing if either expression would capture one.
  Meaning substitute(
      const Meaning &meaning, ArrayRef<AffineExpr> replacements,
      DimSizes sizes = [](unsigned) -> int64_t { return 0; });
  Expr makeLeaf(Value value);
  Expr makeLeaf(const Place &place);
  /// The place with the dims alone over which it varies; also returns those.
  std::pair<Place, SmallVector<int64_t>> pack(const Place &place);
  /// A scalar that varies over all loops keeps those of size 1 too, others are
  /// packed.
  Place packIfPartial(const Place &place);
  /// The meaning of a value whose operands have `operands`.
  Meaning combine(Place place, ArrayRef<Meaning> operands, Compute compute);
  void define(Value value, Meaning meaning);
  /// Whether the scalar `expr` is `size`.
  bool isSizeExpr(Expr expr, AffineExpr size);

  void describeOp(Operation *op);
  void describeConstant(Operation *op, Attribute attribute);
  void describeElementwise(Operation *op);
  void describeReshape(Operation *op, Value source, ArrayRef<AffineExpr> map);
  void describeExpand(Operation *op);
  void describeCollapse(Operation *op);

  /// The body of a linalg op.
  struct Body;
  void describeLinalg(linalg::LinalgOp op);
  bool describeBody(Body &body);
  Meaning describeExtract(Body &body, Operation *op,
                          ArrayRef<Meaning> operands);
  Expr skipBroadcastGuard(Expr index, AffineExpr size);
  void describeResult(Body &body, unsigned number);
  Meaning reduceResult(Body &body, unsigned number);
};

/// The expression of a pure scalar op of arith or math; null for others. The
/// operands are never null.
Expr describeScalarOp(ExpressionContext &expressions, Operation *op,
                      ArrayRef<Expr> operands);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_PROGRAM_H
