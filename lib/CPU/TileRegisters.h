//===- TileRegisters.h - Code for the tile registers of AMX -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_TILEREGISTERS_H
#define NORM_LIB_CPU_TILEREGISTERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::norm {

/// The address of a tile, and the bytes from a row to the next.
struct TilePlace {
  Value address, stride;
};

/// Emits code for whole tiles: 16 rows of 64 bytes. Which registers they are,
/// and their configuration, is LLVM's business; with one shape it configures
/// them once a function. A tile is a value of LLVM's type x86_amx.
class TileBuilder {
public:
  explicit TileBuilder(ImplicitLocOpBuilder &builder) : b(builder) {}

  /// A tile of zeros.
  Value zero();
  /// The tile whose first row begins at the element of `memref` at `indices`;
  /// the others are neighbours in the dim before the last.
  Value load(Value memref, ValueRange indices);
  /// Where `load` would load a tile from.
  TilePlace getPlace(Value memref, ValueRange indices);
  /// A tile `offset` bytes behind `place`, which is not kept in the first-level
  /// cache.
  Value loadOnce(const TilePlace &place, Value offset);
  /// `sums`, f32, plus the products of 16 rows of 32 bf16 and 32 rows of 16, of
  /// which `pairs` holds two side by side in each of its rows.
  Value dot(Value sums, Value rows, Value pairs);
  /// Stores a tile where `load` would load it from.
  void store(Value tile, Value memref, ValueRange indices);

private:
  Value load(StringRef intrinsic, const TilePlace &place);
  Value constant(int64_t value);

  ImplicitLocOpBuilder &b;
};

/// Whether `function` uses tile registers, which Linux gives to programs that
/// ask for them.
bool usesTileRegisters(func::FuncOp function);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_TILEREGISTERS_H
