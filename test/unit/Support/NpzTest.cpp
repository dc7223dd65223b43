//===- NpzTest.cpp - Reading .npz files -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Testing.h"

using namespace mlir::norm;
using namespace mlir::norm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class NpzTest : public FileTest {
protected:
  static std::string vec(std::vector<float> values) {
    return npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                   std::to_string(values.size()) + ",), }\n",
               bytesOf(values));
  }
};

TEST_F(NpzTest, ReadsStoredAndDeflatedMembers) {
  for (int level : {0, 6}) {
    std::string file = writeZip(
        "w.npz", {{"a.npy", vec({1, 2})}, {"b.c.npy", vec({3})}}, level);
    auto opened = TensorFile::open(file);
    ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
    EXPECT_THAT((*opened)->getKeys(), ElementsAre("a", "b.c"));
    // In another order than the file's, and one twice.
    for (int i = 0; i < 2; ++i) {
      auto second = (*opened)->get("b.c");
      ASSERT_TRUE(bool(second)) << llvm::toString(second.takeError());
      EXPECT_THAT(elementsOf<float>(*second), ElementsAre(3.0f));
    }
    auto first = (*opened)->get("a");
    ASSERT_TRUE(bool(first)) << llvm::toString(first.takeError());
    opened->reset();
    EXPECT_THAT(elementsOf<float>(*first), ElementsAre(1.0f, 2.0f));
  }
}

TEST_F(NpzTest, ReadsAnEmptyArchive) {
  auto opened = TensorFile::open(writeZip("w.npz", {}, 0));
  ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
  EXPECT_TRUE((*opened)->getKeys().empty());
}

TEST_F(NpzTest, NamesAbsentKeys) {
  auto opened =
      TensorFile::open(writeZip("w.npz", {{"layer.weight.npy", vec({1})}}, 0));
  ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
  EXPECT_THAT(errorOf((*opened)->get("layer.wieght")),
              HasSubstr("w.npz: key 'layer.wieght': not in the file; it has "
                        "'layer.weight'"));
  EXPECT_THAT(errorOf((*opened)->get("bias")),
              HasSubstr("not in the file, which has 1 tensor"));
}

TEST_F(NpzTest, RefusesDuplicateKeys) {
  EXPECT_THAT(errorOfReading(writeZip(
                  "w.npz", {{"a.npy", vec({1})}, {"a.npy", vec({2})}}, 6)),
              HasSubstr("w.npz: key 'a': appears twice"));
}

TEST_F(NpzTest, NamesTheDamagedMember) {
  std::string good = contentOf(writeZip("w.npz", {{"a.npy", vec({1, 2})}}, 0));
  size_t data = good.find("\x93NUMPY");
  ASSERT_NE(data, std::string::npos);
  std::string bad = good;
  bad[data + 70] ^= 1;
  EXPECT_THAT(errorOfReading(write("w.npz", bad)),
              HasSubstr("w.npz: key 'a': the member's checksum is wrong"));
  EXPECT_THAT(errorOfReading(writeZip("w.npz", {{"a.npy", "no array"}}, 0)),
              HasSubstr("w.npz: key 'a': "));
  EXPECT_THAT(
      errorOfReading(write("w.npz", llvm::StringRef(good).drop_back(30))),
      HasSubstr("w.npz: this is no zip archive, or it is truncated"));
  EXPECT_THAT(errorOfReading(write("w.npz", "")),
              HasSubstr("w.npz: the file is empty"));
}

TEST_F(NpzTest, RefusesFalseSizesBeforeTakingMemory) {
  std::string bad = contentOf(writeZip("w.npz", {{"a.npy", vec({1, 2})}}, 6));
  size_t entry = bad.find("PK\1\2");
  ASSERT_NE(entry, std::string::npos);
  // The uncompressed size in the directory: almost 4 GB.
  llvm::support::endian::write32le(&bad[entry + 24], 0xfffffff0u);
  EXPECT_THAT(errorOfReading(write("w.npz", bad)),
              HasSubstr("w.npz: key 'a': the member claims 4294967280 bytes"));
  // The compression method in the directory: bzip2.
  llvm::support::endian::write16le(&bad[entry + 10], 12);
  EXPECT_THAT(errorOfReading(write("w.npz", bad)),
              HasSubstr("compression method 12 is not supported"));
}

} // namespace
