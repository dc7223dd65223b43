//===- Testing.h - Files for the tests of the readers ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TEST_UNIT_SUPPORT_TESTING_H
#define NORM_TEST_UNIT_SUPPORT_TESTING_H

#include "norm/Support/TensorFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <minizip/zip.h>

namespace mlir::norm::testing {

/// A folder that goes with the test, and files in it.
class FileTest : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("norm-files", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  /// Writes a file and returns its path.
  std::string write(llvm::StringRef name, llvm::StringRef content) const {
    std::string file = path(name);
    std::error_code error;
    llvm::raw_fd_ostream(file, error) << content;
    EXPECT_FALSE(error);
    return file;
  }

  std::string contentOf(llvm::StringRef file) const {
    auto buffer = llvm::MemoryBuffer::getFile(file);
    return buffer ? (*buffer)->getBuffer().str() : std::string("unreadable");
  }

  /// Writes an archive of (name, content); `level` 0 stores.
  std::string
  writeZip(llvm::StringRef name,
           llvm::ArrayRef<std::pair<std::string, std::string>> members,
           int level) const {
    std::string file = path(name);
    zipFile zip = zipOpen64(file.c_str(), APPEND_STATUS_CREATE);
    for (const auto &[member, content] : members) {
      zipOpenNewFileInZip64(zip, member.c_str(), nullptr, nullptr, 0, nullptr,
                            0, nullptr, level ? Z_DEFLATED : 0, level, 0);
      zipWriteInFileInZip(zip, content.data(), content.size());
      zipCloseFileInZip(zip);
    }
    zipClose(zip, nullptr);
    return file;
  }

  llvm::SmallString<128> folder;
};

/// A .npy file with the given dictionary and elements.
inline std::string npy(llvm::StringRef dictionary, llvm::StringRef elements,
                       char major = 1) {
  std::string result("\x93NUMPY", 6);
  result += {major, '\0'};
  char length[4];
  llvm::support::endian::write32le(length, dictionary.size());
  result.append(length, major == 1 ? 2 : 4);
  return result + dictionary.str() + elements.str();
}

/// A .safetensors file with the given header and data.
inline std::string safetensors(llvm::StringRef header, llvm::StringRef data) {
  char length[8];
  llvm::support::endian::write64le(length, header.size());
  return std::string(length, 8) + header.str() + data.str();
}

/// The bytes of values.
template <typename T> std::string bytesOf(std::vector<T> values) {
  return std::string(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(T));
}

/// The elements of a tensor.
template <typename T> std::vector<T> elementsOf(const StoredTensor &tensor) {
  std::vector<T> result(tensor.bytes.size() / sizeof(T));
  memcpy(result.data(), tensor.bytes.data(), tensor.bytes.size());
  return result;
}

/// The message of a failure, "" of a success.
template <typename T> std::string errorOf(llvm::Expected<T> value) {
  return value ? "" : llvm::toString(value.takeError());
}
inline std::string errorOf(llvm::Error error) {
  return llvm::toString(std::move(error));
}

/// The message when a tensor file is opened and every tensor read.
inline std::string errorOfReading(llvm::StringRef file) {
  auto opened = TensorFile::open(file);
  if (!opened)
    return llvm::toString(opened.takeError());
  for (const std::string &key : (*opened)->getKeys())
    if (std::string error = errorOf((*opened)->get(key)); !error.empty())
      return error;
  return "";
}

} // namespace mlir::norm::testing

#endif // NORM_TEST_UNIT_SUPPORT_TESTING_H
