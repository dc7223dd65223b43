//===- KeepStatistics.h - Statistics used elsewhere -------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_RAISE_KEEPSTATISTICS_H
#define LIB_DIALECT_NORM_TRANSFORMS_RAISE_KEEPSTATISTICS_H

#include "Raised.h"

namespace mlir::norm::raise {

/// Gives layer and RMS normalizations that were raised their optional results
/// where the graph uses the mean or the reciprocal root elsewhere.
class StatisticKeeper {
public:
  /// `ops` says which op was made for what, and is told of another.
  StatisticKeeper(Program &program, RewriterBase &rewriter,
                  llvm::DenseMap<const Raised *, Operation *> &ops)
      : program(program), rewriter(rewriter), ops(ops) {}

  /// `op` was made for `raised`.
  void add(Operation *op, const Raised &raised);

  /// Replaces the results of `op`, which are used, by statistics of an op that
  /// was made. That op then moves before `op`; nothing happens if it cannot.
  void replaceResults(Operation *op);

private:
  struct Made {
    Operation *op;
    const Raised *raised;
  };
  Program &program;
  RewriterBase &rewriter;
  llvm::DenseMap<const Raised *, Operation *> &ops;
  /// By the shapes of the root's base and of the sum.
  llvm::DenseMap<uint64_t, Made> byRoot, bySum;

  Made *find(Value value, unsigned &number);
  bool isSame(Value value, const Made &made, Expr expr);
  Operation *withStatistics(Made &made, Operation *before);
};

} // namespace mlir::norm::raise

#endif // LIB_DIALECT_NORM_TRANSFORMS_RAISE_KEEPSTATISTICS_H
