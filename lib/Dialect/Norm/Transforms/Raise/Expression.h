//===- Expression.h - What a graph computes for one element -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// However a frontend spreads a normalization over ops, what an element of its
// result is stays the same scalar expression. Expressions are built so that
// many ways to write one thing give the same one, and equal ones are one
// object:
// - sums and products have any number of operands, in a fixed order, the
//   constants collected; differences, quotients, squares and roots are sums
//   and products,
// - widening of floats is nothing, as it is exact; rounding is an expression,
// - constant factors stand outside of sums over dims, and a sum over a dim of a
//   sum over another is one sum,
// - dims of size 1 do not occur.
//
// Reassociation is for the comparison alone: no code is made from expressions.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_EXPRESSION_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_EXPRESSION_H

#include "Indexing.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/ADT/SetVector.h"
#include <deque>

namespace mlir::norm::raise {

enum class Kind {
  /// A number.
  Constant,
  /// The element at `indices` of `source`, a tensor or scalar of the program.
  Load,
  /// A function `name` of the operands that is not one of the others.
  Call,
  /// An integer that follows from the dims: `indices`, one expression.
  Index,
  /// The size of a dim, `indices` of symbols, as a number.
  Extent,
  /// The operand rounded to `type`.
  Round,
  /// The product of the operands to the powers `weights`, times `value`.
  Product,
  /// The sum of the operands times their `weights`, plus `value`.
  Sum,
  /// The sum of the operand over all values of the dims `bound`, whose sizes
  /// are `indices`, accumulated in `type`.
  Reduction,
};

/// Dims from here on are bound by a reduction; the others are those of the
/// tensor whose element is described.
constexpr unsigned kFirstBound = 32;

class Expression;
using Expr = const Expression *;

/// An operand of a sum or product: with a factor or an exponent.
struct Term {
  Expr expr;
  double weight;
};

class Expression : public llvm::FoldingSetNode {
public:
  Kind kind;
  Type type;
  double value = 0;
  SmallVector<Expr, 2> operands;
  SmallVector<double, 2> weights;
  Value source;
  SmallVector<AffineExpr, 2> indices;
  SmallVector<unsigned, 2> bound;
  StringRef name;
  DictionaryAttr attributes;

  /// What follows from these.
  /// The dims that occur and are not bound inside.
  uint64_t dims = 0;
  /// The longest way down.
  unsigned depth = 0;
  /// All dims bound inside are below.
  unsigned boundEnd = kFirstBound;
  /// Equal for expressions that differ in dims and constants alone, and the
  /// same in every run.
  uint64_t shape = 0;
  /// How many expressions were made before it.
  unsigned number = 0;
  /// Whether a root of something with a reduction is a factor in a term.
  bool hasStatisticRoot = false;
  /// The same for the root of anything.
  bool hasRoot = false;
  bool hasReduction = false;
  /// Whether a Call is not too far down.
  bool hasCall = false;

  bool is(Kind other) const { return kind == other; }
  bool isConstant(double number) const {
    return kind == Kind::Constant && value == number;
  }
  bool varies(unsigned dim) const { return dims >> dim & 1; }
  void Profile(llvm::FoldingSetNodeID &id) const;
};

/// `number`, of arithmetic in `type`, without the last bits, which are noise
/// after a division.
double snap(double number, Type type);

/// Whether two numbers of arithmetic in `type` are the same up to some
/// roundings: eight units of the last place of f64 for f64, of f32 for others.
bool isClose(double a, double b, Type type);

/// Owns expressions; there is one for each function.
class ExpressionContext {
public:
  explicit ExpressionContext(MLIRContext *context) : context(context) {}

  Expr constant(Type type, double value);
  Expr load(Value source, ArrayRef<AffineExpr> indices);
  Expr call(Type type, StringRef name, DictionaryAttr attributes,
            ArrayRef<Expr> operands);
  Expr index(AffineExpr index);
  /// The size that is an affine expression of symbols.
  Expr extent(Type type, AffineExpr size);
  Expr round(Type type, Expr expr);
  /// Products and sums. `cancels`, if given, is set where operands cancel each
  /// other, in part or as a whole: rounded arithmetic in that order is another
  /// thing then, as (x + C) - C or x / y * y.
  Expr product(Type type, ArrayRef<Term> factors, double constant = 1,
               bool *cancels = nullptr);
  Expr sum(Type type, ArrayRef<Term> terms, double constant = 0,
           bool *cancels = nullptr);
  /// The sum of `expr` over `dims`, of sizes `sizes`.
  Expr reduce(Type type, Expr expr, ArrayRef<unsigned> dims,
              ArrayRef<AffineExpr> sizes);

  Expr scaled(Expr expr, double factor) {
    return factor == 1 ? expr : product(expr->type, {{expr, 1}}, factor);
  }
  Expr power(Type type, Expr expr, double exponent) {
    return product(type, {{expr, exponent}});
  }

  /// `expr` with each dim replaced by its entry, where that is not null. Null
  /// if a bound dim would be captured. `sizes` are those of the dims of the
  /// result.
  Expr substitute(Expr expr, ArrayRef<AffineExpr> replacements, DimSizes sizes);
  Expr substitute(Expr expr, ArrayRef<AffineExpr> replacements) {
    return substitute(expr, replacements, [](unsigned) { return 0; });
  }

  MLIRContext *getContext() const { return context; }
  AffineExpr dim(unsigned position) const {
    return getAffineDimExpr(position, context);
  }

private:
  MLIRContext *context;
  llvm::FoldingSet<Expression> expressions;
  std::deque<Expression> storage;

  /// The order in which types, sources and attributes were first met.
  llvm::DenseMap<const void *, unsigned> ordinals;

  Expr unique(Expression &&expression);
  unsigned getOrdinal(const void *pointer);
  void derive(Expression &expr);
  friend class Substitution;
};

/// The dims among `mask` in the order in which they first occur in `expr`.
SmallVector<unsigned> orderOfDims(Expr expr, uint64_t mask);

/// Whether the two differ in the last bits of constants at most.
bool areClose(Expr a, Expr b);

/// The types that arithmetic is done in.
using TypeSet = llvm::SmallSetVector<Type, 4>;

/// Adds the types in which `expr` is computed of `leaves` and of what is
/// loaded.
void collectTypes(Expr expr, ArrayRef<Expr> leaves, TypeSet &types);

/// Calls `fn` for `expr` and what it is made of, each once and down to `depth`,
/// until it returns false. Operands of reductions are not visited.
bool walk(Expr expr, unsigned depth, function_ref<bool(Expr)> fn);

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_EXPRESSION_H
