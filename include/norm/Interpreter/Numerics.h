//===- Numerics.h - Rounding to and from storage types ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter holds every float as a double and rounds it where an op says
// so. Here is that rounding, and the way from and to the bits in memory.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_INTERPRETER_NUMERICS_H
#define NORM_INTERPRETER_NUMERICS_H

#include "mlir/IR/BuiltinTypes.h"

namespace mlir::norm {

/// Whether the interpreter has values of this element type: floats of at most
/// 64 bits whose values are doubles, integers of at most 64 bits, and index.
bool isInterpretable(Type elementType);

/// Whether a conversion to `type` saturates: the 8-bit floats, for which also
/// infinity becomes the largest finite value. NaN stays NaN.
bool saturates(FloatType type);

/// `value` rounded once to the nearest value of `type`, ties to even.
/// `T` is double or long double.
template <typename T> T roundTo(FloatType type, T value);

/// The distance from |value| to the next larger value of `type`; that of the
/// smallest normal number below it.
double ulp(FloatType type, double value);

/// Half of `ulp(type, 1)`: the largest relative error of one rounding.
double unitRoundoff(FloatType type);

/// The value that the low bits of `bits` have in `type`.
double decodeFloat(FloatType type, uint64_t bits);

/// The bits of `value` rounded to `type`.
uint64_t encodeFloat(FloatType type, double value);

/// The bytes that one element takes in a file or in memory; i1 takes one byte,
/// index eight.
unsigned getStorageBytes(Type elementType);

/// `value` wrapped to the width of an integer type, sign-extended; i1 is 0
/// or 1.
int64_t wrapInt(Type type, int64_t value);

/// `value` of an integer type as an unsigned number.
uint64_t unsignedInt(Type type, int64_t value);

/// `value` of an integer type as a signed number: an i1 is 0 or -1.
int64_t signedInt(Type type, int64_t value);

} // namespace mlir::norm

#endif // NORM_INTERPRETER_NUMERICS_H
