//===- SafetensorsTest.cpp - Reading .safetensors files -------------------===//
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

class SafetensorsTest : public FileTest {
protected:
  /// The error of a file with this header and eight bytes of data.
  std::string refusal(llvm::StringRef header) {
    return errorOfReading(
        write("bad.safetensors", safetensors(header, "12345678")));
  }
};

TEST_F(SafetensorsTest, ReadsTensors) {
  std::string file = write(
      "w.safetensors",
      safetensors(
          R"({"__metadata__":{"format":"pt"},)"
          R"("b.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[2,10]},)"
          R"("a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]},)"
          R"("none":{"dtype":"F8_E4M3","shape":[0,3],"data_offsets":[10,10]}})"
          "  ",
          bytesOf<short>({0x3f80}) + bytesOf<float>({1, 2})));
  auto opened = TensorFile::open(file);
  ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
  EXPECT_THAT((*opened)->getKeys(), ElementsAre("a", "b.weight", "none"));
  auto a = (*opened)->get("a"), b = (*opened)->get("b.weight"),
       none = (*opened)->get("none");
  ASSERT_TRUE(a && b && none);
  opened->reset();
  EXPECT_EQ(a->type, DType::BF16);
  EXPECT_TRUE(a->shape.empty());
  EXPECT_THAT(elementsOf<short>(*a), ElementsAre(0x3f80));
  EXPECT_EQ(b->type, DType::F32);
  EXPECT_THAT(b->shape, ElementsAre(2, 1));
  EXPECT_THAT(elementsOf<float>(*b), ElementsAre(1.0f, 2.0f));
  EXPECT_EQ(none->type, DType::F8E4M3FN);
  EXPECT_THAT(none->shape, ElementsAre(0, 3));
}

TEST_F(SafetensorsTest, ReadsEveryType) {
  const std::pair<const char *, DType> types[] = {
      {"BOOL", DType::Bool},      {"I8", DType::I8},
      {"I16", DType::I16},        {"I32", DType::I32},
      {"I64", DType::I64},        {"U8", DType::U8},
      {"U16", DType::U16},        {"U32", DType::U32},
      {"U64", DType::U64},        {"F8_E4M3", DType::F8E4M3FN},
      {"F8_E5M2", DType::F8E5M2}, {"F16", DType::F16},
      {"BF16", DType::BF16},      {"F32", DType::F32},
      {"F64", DType::F64},
  };
  for (auto [name, type] : types) {
    std::string size = std::to_string(getBytes(type));
    auto opened = TensorFile::open(write(
        "w.safetensors",
        safetensors("{\"x\":{\"dtype\":\"" + std::string(name) +
                        "\",\"shape\":[1],\"data_offsets\":[0," + size + "]}}",
                    std::string(getBytes(type), '\1'))));
    ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
    EXPECT_EQ((*opened)->get("x")->type, type);
  }
}

TEST_F(SafetensorsTest, RefusesAnUnknownTypeOnlyWhenItIsRead) {
  auto opened = TensorFile::open(write(
      "w.safetensors",
      safetensors(R"({"x":{"dtype":"C64","shape":[1],"data_offsets":[0,8]},)"
                  R"("y":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}})",
                  "123456789")));
  ASSERT_TRUE(bool(opened)) << llvm::toString(opened.takeError());
  EXPECT_EQ(errorOf((*opened)->get("y")), "");
  EXPECT_THAT(errorOf((*opened)->get("x")),
              HasSubstr("key 'x': the dtype 'C64' is not supported"));
}

TEST_F(SafetensorsTest, NamesDamagedEntries) {
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}})"),
      HasSubstr("bad.safetensors: key 'x': the data_offsets are not within"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})"),
      HasSubstr("key 'x': the data_offsets are not within"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,8]}})"),
      HasSubstr("key 'x': the data_offsets are not within"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})"),
      HasSubstr("key 'x': the data_offsets span 8 bytes; the shape 3 of F32 "
                "takes 12"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"),
      HasSubstr("key 'x': the shape holds something else than sizes"));
  EXPECT_THAT(refusal(R"({"x":{"dtype":"F32","shape":[4294967296,4294967296],)"
                      R"("data_offsets":[0,0]}})"),
              HasSubstr("key 'x': the element count of the shape "
                        "4294967296x4294967296 overflows"));
  EXPECT_THAT(refusal(R"({"x":{"shape":[2],"data_offsets":[0,8]}})"),
              HasSubstr("key 'x': the header's entry lacks a dtype"));
  EXPECT_THAT(refusal(R"({"x":3})"),
              HasSubstr("key 'x': the header's entry is no object"));
}

TEST_F(SafetensorsTest, RefusesOverlapsAndGaps) {
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},)"
              R"("y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})"),
      HasSubstr("key 'y': its data overlaps that of another key"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
              R"("y":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})"),
      HasSubstr("key 'y': before its data are 2 bytes that no key has"));
  EXPECT_THAT(
      refusal(R"({"x":{"dtype":"U8","shape":[6],"data_offsets":[0,6]}})"),
      HasSubstr("the file has 8 bytes of data, its keys take 6"));
}

TEST_F(SafetensorsTest, RefusesDuplicateKeys) {
  llvm::StringRef entry = R"({"dtype":"U8","shape":[8],"data_offsets":[0,8]})";
  EXPECT_THAT(refusal("{\"x\":" + entry.str() + ",\"x\":" + entry.str() + "}"),
              HasSubstr("bad.safetensors: key 'x': appears twice"));
  // The same key in another spelling.
  EXPECT_THAT(
      refusal("{\"x\":" + entry.str() + ",\"\\u0078\":" + entry.str() + "}"),
      HasSubstr("bad.safetensors: the header repeats a key"));
  EXPECT_THAT(refusal(R"({"x":{"dtype":"F64","dtype":"U8","shape":[8],)"
                      R"("data_offsets":[0,8]}})"),
              HasSubstr("bad.safetensors: the header repeats a key"));
}

TEST_F(SafetensorsTest, NamesDamageOfTheFile) {
  EXPECT_THAT(errorOfReading(write("w.safetensors", "")),
              HasSubstr("w.safetensors: the file is empty"));
  EXPECT_THAT(errorOfReading(write("w.safetensors", "1234")),
              HasSubstr("w.safetensors: the file is too short"));
  EXPECT_THAT(
      errorOfReading(write("w.safetensors", std::string(8, '\xff') + "{}")),
      HasSubstr("the header claims 18446744073709551615 bytes, the file has "
                "10"));
  EXPECT_THAT(refusal("{\"x\":"), HasSubstr("the header is no JSON"));
  EXPECT_THAT(refusal("[]"), HasSubstr("the header is no JSON object"));
  EXPECT_THAT(refusal(std::string(1000000, '[')),
              HasSubstr("the header is nested too deeply"));
}

} // namespace
