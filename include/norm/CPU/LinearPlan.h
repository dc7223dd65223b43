//===- LinearPlan.h - How a linear layer uses a CPU's registers -*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_CPU_LINEARPLAN_H
#define NORM_CPU_LINEARPLAN_H

#include "mlir/IR/BuiltinTypes.h"
#include "norm/CPU/Target.h"

namespace mlir::norm {

/// The register tile of a linear layer, and the panels of its packed weight.
///
/// A tile of `maxRows` rows and one panel is accumulated in registers over all
/// input features: maxRows * vectors accumulators, a panel row of `vectors`
/// registers and one broadcast element of x, and one register to spare (Goto
/// and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008;
/// 8x48 for AVX-512 and 6x16 for AVX2 as in BLIS and oneDNN).
struct LinearPlan {
  /// Lanes of an accumulator.
  unsigned lanes;
  /// Accumulators across a panel.
  unsigned vectors;
  /// Rows of the largest register tile.
  unsigned maxRows;
  /// Whether dot products of pairs of 16-bit elements are used.
  bool pairs;
  /// Whether tile registers are used: two of rows, two of a panel, and four of
  /// sums, which `maxRows` and `vectors` describe.
  bool tiles;

  /// Output features of a panel.
  int64_t getPanelWidth() const { return lanes * vectors; }
  /// The type of the packed form of an `out` x `in` weight.
  RankedTensorType getPackedType(int64_t out, int64_t in, Type element) const;

  /// The plan for a weight of `element`s and `in` input features, which may be
  /// dynamic.
  static LinearPlan get(const CPUTarget &target, Type element, int64_t in);
  /// The plan that a weight was packed by into `packed`; fails if `target` has
  /// none.
  static FailureOr<LinearPlan> getOf(const CPUTarget &target,
                                     ShapedType packed);
};

/// The rows of a tile register, and the bytes of each: the palette 1 of AMX
/// (Intel's Architectures Software Developer's Manual, volume 1, chapter 18).
constexpr int64_t kTileRows = 16, kTileBytes = 64;
/// The input features of a tile of bf16.
constexpr int64_t kTileFeatures = kTileBytes / 2;

} // namespace mlir::norm

#endif // NORM_CPU_LINEARPLAN_H
