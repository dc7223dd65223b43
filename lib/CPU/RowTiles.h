//===- RowTiles.h - Rows that share registers -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_ROWTILES_H
#define NORM_LIB_CPU_ROWTILES_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::norm {

/// Rows cut in tiles of nearly equal height; higher ones, by one row, come
/// first.
class RowTiles {
public:
  /// Cuts `numRows` rows in tiles of at most `maxHeight`.
  RowTiles(ImplicitLocOpBuilder &builder, Value numRows, int64_t maxHeight);

  /// The number of tiles.
  Value getCount() const { return count; }
  /// The first row of a tile; of the one behind the last, the number of rows.
  Value getFirstRow(Value tile);

  /// Calls `body` for the tiles `begin` to `end`, of which the first begins at
  /// `firstRow`, in a loop, once for each height that may occur.
  void forEach(Value begin, Value end, Value firstRow,
               function_ref<void(Value row, unsigned height)> body);

private:
  Value constant(int64_t value);
  Value add(Value x, Value y);

  ImplicitLocOpBuilder &b;
  int64_t maxHeight;
  /// The tiles, the rows of the lower ones, and how many are higher.
  Value count, height, numHigher;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_ROWTILES_H
