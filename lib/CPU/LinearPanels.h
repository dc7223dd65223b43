//===- LinearPanels.h - Loops over the panels of a weight -------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_LINEARPANELS_H
#define NORM_LIB_CPU_LINEARPANELS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "norm/CPU/LinearPlan.h"

namespace mlir::norm {

/// Counts of rows, features and panels do not overflow.
inline constexpr arith::IntegerOverflowFlags kNoOverflow =
    arith::IntegerOverflowFlags::nsw | arith::IntegerOverflowFlags::nuw;

/// Which output features of a panel exist, for storing them.
struct PanelColumns {
  /// The first output feature of the panel.
  Value begin;
  /// Accumulators that are computed.
  unsigned vectors;
  /// One mask per accumulator; null where all its lanes exist.
  SmallVector<Value> masks;
};

/// Emits a loop over the panels from `first`, or the very first, on that hold
/// `features` output features, and code for the last one behind it if that is
/// known not to be whole. `body` emits what is done with a panel, whose
/// position it is given.
void forEachPanel(
    ImplicitLocOpBuilder &builder, const LinearPlan &plan, Value features,
    function_ref<void(Value panel, const PanelColumns &columns)> body,
    Value first = Value());

/// Emits a loop over groups of `numPanels` panels of a layer with `numOut`
/// output features, and code for the rest behind it if that is known. `body`
/// emits what is done with a group: its first panel, and the output features
/// that it holds.
void forEachPanelGroup(ImplicitLocOpBuilder &builder, const LinearPlan &plan,
                       Value numOut, int64_t numPanels,
                       function_ref<void(Value first, Value features)> body);

/// Calls `store` for a panel; where only the kernel knows whether all of it
/// exists, for both cases, so that whole panels need no masks.
void storePanel(ImplicitLocOpBuilder &builder, const LinearPlan &plan,
                Value numOut, const PanelColumns &columns,
                function_ref<void(const PanelColumns &columns)> store);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_LINEARPANELS_H
