//===- TensorFileDetail.h - Shared by the readers of tensor files ---------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_SUPPORT_TENSORFILEDETAIL_H
#define NORM_LIB_SUPPORT_TENSORFILEDETAIL_H

#include "norm/Support/TensorFile.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::norm::tensorfile {

/// "PATH: MESSAGE" or, with a key, "PATH: key 'KEY': MESSAGE".
llvm::Error fileError(llvm::StringRef path, const llvm::Twine &message);
llvm::Error fileError(llvm::StringRef path, llvm::StringRef key,
                      const llvm::Twine &message);

/// A regular file in memory, mapped if it is large. Anything else is refused: a
/// device may have no end.
llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>>
mapFile(llvm::StringRef path);

/// The bytes of a tensor; nothing for a negative dimension or where the count
/// of elements or bytes overflows.
std::optional<uint64_t> countBytes(DType type, llvm::ArrayRef<int64_t> shape);

/// A shape as "3x5", for diagnostics.
std::string printShape(llvm::ArrayRef<int64_t> shape);

/// The header of a .npy file or of a member of a .npz file.
struct NpyHeader {
  DType type;
  llvm::SmallVector<int64_t> shape;
  bool fortranOrder = false;
  /// Where the elements begin.
  size_t dataOffset = 0;
  /// The bytes of the elements.
  uint64_t dataBytes = 0;
};

/// No header is longer; numpy reads 10000 bytes by default.
constexpr size_t kMaxNpyHeader = 65536;

/// Parses the header at the start of `data`. The error is the message alone.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef data);

/// The tensor in a whole .npy file in memory, which `owner` keeps alive. The
/// error is the message alone.
llvm::Expected<StoredTensor> readNpyData(llvm::StringRef data,
                                         std::shared_ptr<const void> owner);

llvm::Expected<std::unique_ptr<TensorFile>> openNpy(llvm::StringRef path);
llvm::Expected<std::unique_ptr<TensorFile>> openNpz(llvm::StringRef path);
llvm::Expected<std::unique_ptr<TensorFile>>
openSafetensors(llvm::StringRef path);

} // namespace mlir::norm::tensorfile

#endif // NORM_LIB_SUPPORT_TENSORFILEDETAIL_H
