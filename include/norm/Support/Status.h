//===- Status.h - Status codes of generated C functions -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_SUPPORT_STATUS_H
#define NORM_SUPPORT_STATUS_H

#include <cstdint>

/// X(name in C++, name in C, value, message): the only list of the codes.
#define NORM_FOR_EACH_STATUS(X)                                                \
  X(Ok, NORM_OK, 0, "done")                                                    \
  X(BadSize, NORM_BAD_SIZE, 1,                                                 \
    "a size is negative, unequal to one that it must equal, or too large")     \
  X(Null, NORM_NULL, 2, "a pointer is null")                                   \
  X(Overlap, NORM_OVERLAP, 3, "a result overlaps another argument")            \
  X(BadPack, NORM_BAD_PACK, 4,                                                 \
    "packed data was packed by another function or for another CPU")           \
  X(NoDevice, NORM_NO_DEVICE, 5,                                               \
    "the kernel is for no CPU or device that is here")                         \
  X(DeviceError, NORM_DEVICE_ERROR, 6, "the device refuses to run the kernel") \
  X(Assertion, NORM_ASSERTION, 7,                                              \
    "an assertion of the graph does not hold, or an index is out of bounds")

namespace mlir::norm {

/// The version of the contract between generated functions and their callers.
constexpr int kABIVersion = 1;

/// What a generated function returns, in the low 8 bits.
enum class Status : int32_t {
#define NORM_STATUS(name, cName, value, message) name = value,
  NORM_FOR_EACH_STATUS(NORM_STATUS)
#undef NORM_STATUS
};

/// The bits above those of the code hold the position of the argument that is
/// wrong: arguments first, then results, then the workspace.
constexpr int kStatusArgumentShift = 8;

/// The value that a function returns for `status` of argument `argument`.
constexpr int32_t encodeStatus(Status status, unsigned argument) {
  return static_cast<int32_t>(status) |
         static_cast<int32_t>(argument << kStatusArgumentShift);
}

} // namespace mlir::norm

#endif // NORM_SUPPORT_STATUS_H
