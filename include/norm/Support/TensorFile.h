//===- TensorFile.h - Tensors in .npy, .npz and .safetensors files --------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading weights and test data from the three formats people have them in.
// Nothing in a file is believed: a damaged one gives an error that names file
// and key, and no more memory is taken than the file's size justifies.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_SUPPORT_TENSORFILE_H
#define NORM_SUPPORT_TENSORFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlir::norm {

/// What a file says its elements are. Names that end in `Bits` are opaque bit
/// patterns: numpy's V1 and V2, in which fp8 and bf16 arrays are saved.
enum class DType {
  Bool, // one byte, 0 or 1
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  F8E4M3FN,
  F8E5M2,
  F16,
  BF16,
  F32,
  F64,
  Bits8,
  Bits16,
};

/// The name in diagnostics: "f32", "bf16", "u16", "16-bit patterns", …
llvm::StringRef getName(DType type);

/// The bytes of one element.
unsigned getBytes(DType type);

/// A tensor of a file: little-endian elements in row-major order.
struct StoredTensor {
  DType type;
  llvm::SmallVector<int64_t> shape;
  /// The elements, in a mapped file where possible; at no particular alignment.
  llvm::ArrayRef<char> bytes;
  /// Keeps `bytes` alive, beyond the life of the TensorFile.
  std::shared_ptr<const void> owner;
};

/// An open file of named tensors.
class TensorFile {
public:
  /// Opens a file whose extension is .npy, .npz or .safetensors. The tensor of
  /// "dir/x.npy" has the key "x".
  static llvm::Expected<std::unique_ptr<TensorFile>> open(llvm::StringRef path);

  virtual ~TensorFile();

  llvm::StringRef getPath() const { return path; }

  /// The keys, in the order of the file or sorted.
  llvm::ArrayRef<std::string> getKeys() const { return keys; }
  bool contains(llvm::StringRef key) const { return indices.contains(key); }

  /// The tensor called `key`. An absent key is an error, which names a similar
  /// one if there is one.
  llvm::Expected<StoredTensor> get(llvm::StringRef key) const;

protected:
  explicit TensorFile(llvm::StringRef path) : path(path) {}

  /// Appends a key; false if the file has it already.
  bool addKey(llvm::StringRef key);
  /// The tensor of the key `getKeys()[index]`.
  virtual llvm::Expected<StoredTensor> read(size_t index) const = 0;

private:
  std::string path;
  std::vector<std::string> keys;
  llvm::StringMap<size_t> indices;
};

/// Reads the one tensor of a .npy file, whatever its extension.
llvm::Expected<StoredTensor> readNpy(llvm::StringRef path);

/// The contents of a .npy file (version 1.0). Types that numpy lacks are V1 or
/// V2 of the same bits. `path` is what errors name.
llvm::Expected<std::string> makeNpy(llvm::StringRef path, DType type,
                                    llvm::ArrayRef<int64_t> shape,
                                    llvm::ArrayRef<char> bytes);

/// Writes such a file, which appears only when it is complete.
llvm::Error writeNpy(llvm::StringRef path, DType type,
                     llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<char> bytes);

} // namespace mlir::norm

#endif // NORM_SUPPORT_TENSORFILE_H
