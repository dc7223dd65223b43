//===- TiledInput.h - The rows of a layer as tiles --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_TILEDINPUT_H
#define NORM_LIB_CPU_TILEDINPUT_H

#include "LinearKernel.h"
#include "TileRegisters.h"

namespace mlir::norm {

/// The rows that a linear layer on tile registers reads, 16 of them a group of
/// tiles. The tiles of a group lie behind each other in a copy of the rows:
/// from there they are loaded faster than from rows apart, which pays off for
/// more than some panels. Else they are loaded from the rows themselves, and
/// only what is no whole tile is copied.
class TiledInput {
public:
  /// The rows of `input`, of which `steps` tiles hold the input features.
  TiledInput(ImplicitLocOpBuilder &builder, LinearKernel &kernel, Value input,
             int64_t steps)
      : b(builder), kernel(kernel), tiles(builder), input(input), steps(steps) {
  }

  /// Allocates what is copied of blocks of at most `blockRows` rows, for a
  /// layer of `numOut` output features in panels of `width`.
  void allocate(int64_t blockRows, Value numOut, int64_t width);
  /// Copies of the `count` rows from `blockRow` on what `load` needs.
  void copy(Value blockRow, Value count);

  /// A group of 16 rows: its first tile, and the bytes from a tile to the next.
  struct Group {
    TilePlace place;
    Value step;
  };
  /// Where a group of the rows is that were copied last. The rows that a group
  /// lacks are whatever lies there, input features that it lacks are zeros.
  Group getGroup(Value group);
  /// Tile `step` of a group.
  Value load(const Group &group, Value step);

private:
  void copyTiles(Value group, Value target, Value rows, Value begin, Value end,
                 Value numIn);

  ImplicitLocOpBuilder &b;
  LinearKernel &kernel;
  TileBuilder tiles;
  Value input;
  int64_t steps;
  /// Whether tiles are loaded from the rows themselves.
  bool isDirect = false;
  /// The tiles of the copied rows: groups x steps x 16 rows x 32 features.
  Value memory;
  /// The first row of the block, and the number of its rows.
  Value blockRow, count;
};

} // namespace mlir::norm

#endif // NORM_LIB_CPU_TILEDINPUT_H
