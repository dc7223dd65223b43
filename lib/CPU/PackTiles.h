//===- PackTiles.h - Packing vector by vector -------------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_CPU_PACKTILES_H
#define NORM_LIB_CPU_PACKTILES_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::norm {

/// Copies `count` rows of `weight`, from `column` on as many elements as a
/// vector of `lanes` has, to lane `lane` of panel `panel` of `packed`. Elements
/// from `numColumns` on are zero.
void emitRowCopies(ImplicitLocOpBuilder &b, Value weight, Value packed,
                   Value panel, int64_t lane, int64_t lanes, Value column,
                   Value numColumns, Value count);

/// The same with rows and columns exchanged: `lanes` rows of `weight` from
/// `row` on, which are all there, become columns. Returns how many columns of
/// `weight` were copied, those of whole vectors among `count`.
Value emitTransposes(ImplicitLocOpBuilder &b, Value weight, Value packed,
                     Value panel, int64_t lane, int64_t lanes, Value row,
                     Value count);

} // namespace mlir::norm

#endif // NORM_LIB_CPU_PACKTILES_H
