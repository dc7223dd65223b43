//===- LinearConstants.h - Other constants for linear layers ----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the algebra passes share: they change the constant weight and bias of
// linear layers so that an op next to them has less to do, or none is left.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_DIALECT_NORM_TRANSFORMS_LINEARCONSTANTS_H
#define LIB_DIALECT_NORM_TRANSFORMS_LINEARCONSTANTS_H

#include "ConstantFloats.h"
#include "norm/Dialect/Norm/IR/Norm.h"

namespace mlir::norm {

/// The constants of a norm.linear, and those that it is to get.
class LinearConstants {
public:
  /// Those of `op`. Fails, with the reason, if the weight or the bias is no
  /// constant, a weight is not finite, or, unless `relaxed`, the weight has 16
  /// bits: it would be rounded anew.
  static FailureOr<LinearConstants> match(LinearOp op, bool relaxed,
                                          std::string &reason);

  LinearOp getOp() const { return op; }
  int64_t numIn() const { return in; }
  int64_t numOut() const { return out; }
  /// The bias of output feature `o`; 0 if there is none.
  double getBias(int64_t o) const { return bias ? (*bias)[o] : 0.0; }
  /// Calls `function` with output feature, input feature and weight, in the
  /// order of memory.
  void
  forEachWeight(function_ref<void(int64_t o, int64_t k, double w)> function);

  /// Computes the weight that `op` is to get: what `function` makes of each
  /// one, rounded once. Fails, with the reason, where a weight overflows, or
  /// where one falls below the smallest normal number and loses digits that
  /// could count: all of its output's weights are about that small, or
  /// `anyInput`: the inputs are not normalized, and may be of any size.
  LogicalResult computeWeight(
      function_ref<long double(int64_t o, int64_t k, double w)> function,
      bool anyInput, std::string &reason);
  /// Computes the bias that `op` is to get, in the type of its bias or that of
  /// its accumulation, whichever is wider. Fails, with the reason, where one
  /// overflows.
  LogicalResult computeBias(function_ref<long double(int64_t o)> function,
                            std::string &reason);
  /// Gives `op` what was computed.
  void apply();

private:
  LinearConstants(LinearOp op, const ConstantFloats &weight)
      : op(op), weight(weight) {}

  LinearOp op;
  ConstantFloats weight;
  std::optional<ConstantFloats> bias;
  int64_t in = 0, out = 0;
  std::optional<NewFloats> newWeight, newBias;
};

/// Whether `op` is a view of a tensor whose last dim is that of the tensor.
bool isViewOfRows(Operation *op);

/// Collects in `linears` the linear layers whose input is `value`, also behind
/// views of its rows. Fails, with the reason, if `value` is used in any other
/// way; `linears` is complete then, too.
LogicalResult findLinearUsers(Value value, SmallVectorImpl<LinearOp> &linears,
                              std::string &reason);

/// Fails, with the reason, if anything but `linears` uses the weight of one of
/// them: with another weight there would be two in memory.
LogicalResult checkWeightsUnshared(ArrayRef<LinearOp> linears,
                                   std::string &reason);

/// Remarks of the pass `pass` at `op`: that it was rewritten, and how; that it
/// was not, and why.
void remarkDone(Operation *op, StringRef pass, const Twine &what);
void remarkNotDone(Operation *op, StringRef pass, const Twine &reason);

} // namespace mlir::norm

#endif // LIB_DIALECT_NORM_TRANSFORMS_LINEARCONSTANTS_H
