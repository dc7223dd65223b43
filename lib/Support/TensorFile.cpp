//===- TensorFile.cpp - Tensors in files: what the formats share ----------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorFileDetail.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir::norm;
using namespace mlir::norm::tensorfile;

StringRef mlir::norm::getName(DType type) {
  switch (type) {
  case DType::Bool:
    return "bool";
  case DType::I8:
    return "i8";
  case DType::I16:
    return "i16";
  case DType::I32:
    return "i32";
  case DType::I64:
    return "i64";
  case DType::U8:
    return "u8";
  case DType::U16:
    return "u16";
  case DType::U32:
    return "u32";
  case DType::U64:
    return "u64";
  case DType::F8E4M3FN:
    return "f8E4M3FN";
  case DType::F8E5M2:
    return "f8E5M2";
  case DType::F16:
    return "f16";
  case DType::BF16:
    return "bf16";
  case DType::F32:
    return "f32";
  case DType::F64:
    return "f64";
  case DType::Bits8:
    return "8-bit patterns";
  case DType::Bits16:
    return "16-bit patterns";
  }
  llvm_unreachable("covered switch");
}

unsigned mlir::norm::getBytes(DType type) {
  switch (type) {
  case DType::Bool:
  case DType::I8:
  case DType::U8:
  case DType::F8E4M3FN:
  case DType::F8E5M2:
  case DType::Bits8:
    return 1;
  case DType::I16:
  case DType::U16:
  case DType::F16:
  case DType::BF16:
  case DType::Bits16:
    return 2;
  case DType::I32:
  case DType::U32:
  case DType::F32:
    return 4;
  case DType::I64:
  case DType::U64:
  case DType::F64:
    return 8;
  }
  llvm_unreachable("covered switch");
}

Error tensorfile::fileError(StringRef path, const Twine &message) {
  return createStringError(inconvertibleErrorCode(), path + ": " + message);
}

Error tensorfile::fileError(StringRef path, StringRef key,
                            const Twine &message) {
  return fileError(path, "key '" + key + "': " + message);
}

Expected<std::shared_ptr<MemoryBuffer>> tensorfile::mapFile(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return fileError(path, error.message());
  if (status.type() != sys::fs::file_type::regular_file)
    return fileError(path, "not a regular file");
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(path, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fileError(path, buffer.getError().message());
  return std::shared_ptr<MemoryBuffer>(std::move(*buffer));
}

std::optional<uint64_t> tensorfile::countBytes(DType type,
                                               ArrayRef<int64_t> shape) {
  int64_t count = getBytes(type);
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    std::optional<int64_t> product = checkedMul<int64_t>(count, size);
    if (!product)
      return std::nullopt;
    count = *product;
  }
  return count;
}

std::string tensorfile::printShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  raw_string_ostream os(text);
  interleave(shape, os, "x");
  return text;
}

TensorFile::~TensorFile() = default;

bool TensorFile::addKey(StringRef key) {
  if (!indices.try_emplace(key, keys.size()).second)
    return false;
  keys.push_back(key.str());
  return true;
}

Expected<StoredTensor> TensorFile::get(StringRef key) const {
  auto it = indices.find(key);
  if (it != indices.end())
    return read(it->second);
  // A misspelt key differs in a few characters; anything further is no help.
  const std::string *similar = nullptr;
  unsigned distance = 4;
  for (const std::string &other : keys) {
    unsigned d = key.edit_distance(other, /*AllowReplacements=*/true,
                                   /*MaxEditDistance=*/distance);
    if (d < distance) {
      distance = d;
      similar = &other;
    }
  }
  if (similar)
    return fileError(path, key, "not in the file; it has '" + *similar + "'");
  return fileError(path, key,
                   "not in the file, which has " + Twine(keys.size()) +
                       (keys.size() == 1 ? " tensor" : " tensors"));
}

Expected<std::unique_ptr<TensorFile>> TensorFile::open(StringRef path) {
  StringRef extension = sys::path::extension(path);
  if (extension == ".npy")
    return openNpy(path);
  if (extension == ".npz")
    return openNpz(path);
  if (extension == ".safetensors")
    return openSafetensors(path);
  return fileError(path, "the extension is none of .npy, .npz, .safetensors");
}
