//===- NpyTest.cpp - Reading and writing .npy files -----------------------===//
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

class NpyTest : public FileTest {
protected:
  /// The error of a file with this dictionary and six bytes of data.
  std::string refusal(llvm::StringRef dictionary) {
    return errorOf(readNpy(write("bad.npy", npy(dictionary, "123456"))));
  }
};

TEST_F(NpyTest, ReadsEveryVersion) {
  for (char version : {1, 2, 3}) {
    std::string file = write(
        "x.npy",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }  \n",
            bytesOf<float>({1.5f, -2.0f}), version));
    auto tensor = readNpy(file);
    ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
    EXPECT_EQ(tensor->type, DType::F32);
    EXPECT_THAT(tensor->shape, ElementsAre(2, 1));
    EXPECT_THAT(elementsOf<float>(*tensor), ElementsAre(1.5f, -2.0f));
  }
}

TEST_F(NpyTest, ReadsScalarsAndEmptyTensors) {
  auto scalar =
      readNpy(write("s.npy", npy("{'descr': '<f8', 'fortran_order': False, "
                                 "'shape': (), }\n",
                                 bytesOf<double>({0.25}))));
  ASSERT_TRUE(bool(scalar)) << llvm::toString(scalar.takeError());
  EXPECT_TRUE(scalar->shape.empty());
  EXPECT_THAT(elementsOf<double>(*scalar), ElementsAre(0.25));
  auto empty =
      readNpy(write("e.npy", npy("{'descr': '|i1', 'fortran_order': False, "
                                 "'shape': (0, 7)}\n",
                                 "")));
  ASSERT_TRUE(bool(empty)) << llvm::toString(empty.takeError());
  EXPECT_THAT(empty->shape, ElementsAre(0, 7));
}

TEST_F(NpyTest, TransposesFortranOrder) {
  auto tensor = readNpy(write(
      "f.npy", npy("{'shape': (2, 3, 2), 'fortran_order': True, "
                   "\"descr\": '<i2'}\n",
                   bytesOf<int16_t>({0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11}))));
  ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
  EXPECT_THAT(elementsOf<int16_t>(*tensor),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
}

TEST_F(NpyTest, KeyIsTheStemAndDataOutlivesTheFile) {
  std::string file = path("weights.npy");
  ASSERT_EQ(errorOf(writeNpy(file, DType::I64, {1}, bytesOf<int64_t>({-3}))),
            "");
  auto opened = TensorFile::open(file);
  ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
  EXPECT_THAT((*opened)->getKeys(), ElementsAre("weights"));
  auto tensor = (*opened)->get("weights");
  ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
  opened->reset();
  EXPECT_THAT(elementsOf<int64_t>(*tensor), ElementsAre(-3));
}

TEST_F(NpyTest, WritesWhatItReads) {
  for (DType type : {DType::Bool, DType::I8, DType::I16, DType::I32, DType::I64,
                     DType::U8, DType::U16, DType::U32, DType::U64, DType::F16,
                     DType::F32, DType::F64, DType::Bits8, DType::Bits16}) {
    std::string bytes(6 * getBytes(type), '\1');
    std::string file = path("x.npy");
    ASSERT_EQ(errorOf(writeNpy(file, type, {2, 3}, bytes)), "");
    auto tensor = readNpy(file);
    ASSERT_TRUE(bool(tensor)) << llvm::toString(tensor.takeError());
    EXPECT_EQ(tensor->type, type);
    EXPECT_THAT(tensor->shape, ElementsAre(2, 3));
    EXPECT_EQ(llvm::StringRef(tensor->bytes.data(), tensor->bytes.size()),
              bytes);
  }
}

TEST_F(NpyTest, WritesTypesThatNumpyLacksAsBits) {
  std::string file = path("x.npy");
  ASSERT_EQ(errorOf(writeNpy(file, DType::BF16, {1}, bytesOf<short>({1}))), "");
  EXPECT_EQ(readNpy(file)->type, DType::Bits16);
  ASSERT_EQ(errorOf(writeNpy(file, DType::F8E5M2, {1}, bytesOf<char>({1}))),
            "");
  EXPECT_EQ(readNpy(file)->type, DType::Bits8);
}

TEST_F(NpyTest, AlignsElementsTo64Bytes) {
  for (int rank = 0; rank < 12; ++rank) {
    std::vector<int64_t> shape(rank, 1);
    std::string file = path("x.npy");
    ASSERT_EQ(errorOf(writeNpy(file, DType::U8, shape, bytesOf<char>({'!'}))),
              "");
    std::string content = contentOf(file);
    EXPECT_EQ(content.size() % 64, 1u);
    EXPECT_EQ(content.substr(content.size() - 2), "\n!");
  }
}

TEST_F(NpyTest, RefusesToWriteAnotherByteCount) {
  std::string file = path("x.npy");
  EXPECT_THAT(errorOf(writeNpy(file, DType::F32, {3}, bytesOf<float>({1}))),
              HasSubstr("the shape 3 of f32 does not take 4 bytes"));
  EXPECT_FALSE(llvm::sys::fs::exists(file));
  EXPECT_THAT(errorOf(writeNpy(path("none/x.npy"), DType::F32, {0}, {})),
              HasSubstr("x.npy"));
}

TEST_F(NpyTest, NamesWhatItDoesNotSupport) {
  EXPECT_THAT(
      refusal("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}"),
      HasSubstr("bad.npy: big-endian elements ('>f4') are not supported"));
  EXPECT_THAT(
      refusal("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"),
      HasSubstr("bad.npy: the element type '<c8' is not supported"));
  EXPECT_THAT(refusal("{'descr': '|O', 'fortran_order': False, 'shape': ()}"),
              HasSubstr("the element type '|O' is not supported"));
  EXPECT_THAT(refusal("{'descr': [('a', '<f4')], 'fortran_order': False, "
                      "'shape': (1,)}"),
              HasSubstr("structured element types are not supported"));
}

TEST_F(NpyTest, NamesDamageOfTheHeader) {
  EXPECT_THAT(refusal("{'descr': '<f4', 'fortran_order': False}"),
              HasSubstr("the header lacks 'shape'"));
  EXPECT_THAT(refusal("{'descr': '<f4', 'descr': '<f4'}"),
              HasSubstr("the header has 'descr' twice"));
  EXPECT_THAT(
      refusal("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
      HasSubstr("'shape' holds no number"));
  EXPECT_THAT(refusal("{'descr': '<f4', 'fortran_order': False, 'shape': "
                      "(4611686018427387904, 4)}"),
              HasSubstr("the element count of the shape 4611686018427387904x4 "
                        "overflows"));
  EXPECT_THAT(refusal("{'descr': '<f4', 'fortran_order': False, 'shape': "
                      "(0, 9223372036854775808)}"),
              HasSubstr("overflows"));
  EXPECT_THAT(
      refusal("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}"),
      HasSubstr("there are 6 bytes of elements; the shape 2 of f32 takes 8"));
  EXPECT_THAT(refusal("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,)}"),
              HasSubstr("'fortran_order' is neither True nor False"));
  EXPECT_THAT(refusal(""), HasSubstr("the header is no dictionary"));
}

TEST_F(NpyTest, NamesDamageOfTheFile) {
  EXPECT_THAT(errorOf(readNpy(write("x.npy", ""))),
              HasSubstr("x.npy: the file is empty"));
  EXPECT_THAT(errorOf(readNpy(write("x.npy", "\x93NUMPY"))),
              HasSubstr("too short"));
  EXPECT_THAT(errorOf(readNpy(write("x.npy", "hello, world"))),
              HasSubstr("this is no .npy data"));
  EXPECT_THAT(errorOf(readNpy(write("x.npy", npy("{}", "", 4)))),
              HasSubstr("version 4.0 of the format is unknown"));
  std::string huge("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12);
  EXPECT_THAT(errorOf(readNpy(write("x.npy", huge))),
              HasSubstr("the header claims 4294967295 bytes"));
  std::string cut("\x93NUMPY\x01\x00\x40\x00{", 11);
  EXPECT_THAT(errorOf(readNpy(write("x.npy", cut))),
              HasSubstr("the header is truncated"));
}

} // namespace
