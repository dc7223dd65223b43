//===- DamagedFilesTest.cpp - Files with random damage --------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Truncated files and files with changed bytes are read. The reader must come
// back, with an error that names the file or with tensors whose bytes fit their
// shapes; a sanitizer build sees what it must not do.
//
//===----------------------------------------------------------------------===//

#include "Testing.h"
#include <random>

using namespace mlir::norm;
using namespace mlir::norm::testing;

namespace {

class DamagedFilesTest : public FileTest {
protected:
  /// Reads everything in the file; true if that succeeds.
  static bool read(const std::string &file) {
    auto opened = TensorFile::open(file);
    if (!opened) {
      std::string message = llvm::toString(opened.takeError());
      EXPECT_NE(message.find(file), std::string::npos) << message;
      return false;
    }
    bool good = true;
    for (const std::string &key : (*opened)->getKeys()) {
      auto tensor = (*opened)->get(key);
      if (!tensor) {
        std::string message = llvm::toString(tensor.takeError());
        EXPECT_NE(message.find(file), std::string::npos) << message;
        good = false;
        continue;
      }
      size_t bytes = getBytes(tensor->type);
      for (int64_t size : tensor->shape)
        bytes *= size;
      EXPECT_EQ(bytes, tensor->bytes.size());
      // Every byte can be read.
      volatile char last = 0;
      for (char byte : tensor->bytes)
        last = byte;
      (void)last;
    }
    return good;
  }

  /// Damages a good file in many ways, and in each of its prefixes if it is
  /// short. Counts the damages that the reader noticed.
  unsigned damage(const std::string &name, const std::string &good) {
    EXPECT_TRUE(read(write(name, good)));
    unsigned noticed = 0;
    for (size_t size = 0; size < good.size(); ++size)
      noticed += !read(write(name, good.substr(0, size)));
    // A prefix of a file is never a file.
    EXPECT_EQ(noticed, good.size());
    std::mt19937 random(1);
    for (int i = 0; i < 600; ++i) {
      std::string bad = good;
      unsigned changes = 1 + random() % 4;
      for (unsigned c = 0; c < changes; ++c) {
        char &byte = bad[random() % bad.size()];
        // A flipped bit, or one of the bytes that mean something.
        byte = random() % 2 ? char(byte ^ (1 << random() % 8))
                            : "\0\xff\x7f\x80"
                              "0919,:[](){}\"'\\LPK"[random() % 23];
      }
      noticed += !read(write(name, bad));
    }
    return noticed;
  }

  std::string array() const {
    return npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n",
               bytesOf<float>({1, 2, 3, 4, 5, 6}));
  }
};

TEST_F(DamagedFilesTest, Npy) { EXPECT_GT(damage("x.npy", array()), 300u); }

TEST_F(DamagedFilesTest, NpzStored) {
  std::string good =
      contentOf(writeZip("w.npz", {{"a.npy", array()}, {"b.npy", array()}}, 0));
  EXPECT_GT(damage("w.npz", good), 300u);
}

TEST_F(DamagedFilesTest, NpzDeflated) {
  std::string good =
      contentOf(writeZip("w.npz", {{"a.npy", array()}, {"b.npy", array()}}, 9));
  EXPECT_GT(damage("w.npz", good), 300u);
}

TEST_F(DamagedFilesTest, Safetensors) {
  EXPECT_GT(
      damage("w.safetensors",
             safetensors(
                 R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                 R"("b":{"dtype":"F16","shape":[2],"data_offsets":[24,28]}})",
                 std::string(28, '\2'))),
      300u);
}

TEST_F(DamagedFilesTest, WhatIsNoFile) {
  EXPECT_NE(errorOfReading(path("absent.npz")), "");
  std::string directory = path("folder.npz");
  ASSERT_FALSE(llvm::sys::fs::create_directory(directory));
  EXPECT_EQ(errorOfReading(directory), directory + ": not a regular file");
  EXPECT_EQ(errorOf(readNpy("/dev/zero")), "/dev/zero: not a regular file");
  std::string other = write("weights.bin", "x");
  EXPECT_EQ(errorOfReading(other),
            other + ": the extension is none of .npy, .npz, .safetensors");
}

} // namespace
