//===- NpyHeader.cpp - The header of a .npy file --------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is described in numpy's documentation of numpy.lib.format: magic,
// version, length, and a Python dictionary of `descr`, `fortran_order` and
// `shape`.
//
//===----------------------------------------------------------------------===//

#include "TensorFileDetail.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace mlir::norm;
using namespace mlir::norm::tensorfile;

static Error headerError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

namespace {
/// Reads the dictionary's text from the front.
class DictionaryParser {
public:
  explicit DictionaryParser(StringRef text) : text(text) {}

  Error parse(NpyHeader &header);

private:
  bool consume(char c) {
    text = text.ltrim();
    return text.consume_front(StringRef(&c, 1));
  }
  /// A string in single or double quotes, without escapes.
  std::optional<StringRef> parseString();
  Error parseType(NpyHeader &header);
  Error parseOrder(NpyHeader &header);
  Error parseShape(NpyHeader &header);
  Error parseEntry(NpyHeader &header, StringRef key);

  StringRef text;
};
} // namespace

std::optional<StringRef> DictionaryParser::parseString() {
  text = text.ltrim();
  if (text.empty() || (text.front() != '\'' && text.front() != '"'))
    return std::nullopt;
  size_t end = text.find(text.front(), 1);
  if (end == StringRef::npos)
    return std::nullopt;
  StringRef result = text.slice(1, end);
  text = text.drop_front(end + 1);
  return result;
}

/// A name in a diagnostic: damaged files hold anything.
static std::string printable(StringRef name) {
  std::string result;
  raw_string_ostream os(result);
  printEscapedString(name.take_front(40), os);
  return result;
}

Error DictionaryParser::parseType(NpyHeader &header) {
  text = text.ltrim();
  if (text.starts_with("["))
    return headerError("structured element types are not supported");
  std::optional<StringRef> name = parseString();
  if (!name)
    return headerError("the header's 'descr' is no type name");
  char order = name->empty() ? '\0' : name->front();
  std::optional<DType> type =
      StringSwitch<std::optional<DType>>(name->drop_front(order ? 1 : 0))
          .Case("b1", DType::Bool)
          .Case("i1", DType::I8)
          .Case("i2", DType::I16)
          .Case("i4", DType::I32)
          .Case("i8", DType::I64)
          .Case("u1", DType::U8)
          .Case("u2", DType::U16)
          .Case("u4", DType::U32)
          .Case("u8", DType::U64)
          .Case("f2", DType::F16)
          .Case("f4", DType::F32)
          .Case("f8", DType::F64)
          .Case("V1", DType::Bits8)
          .Case("V2", DType::Bits16)
          .Default(std::nullopt);
  if (order == '>' && type)
    return headerError("big-endian elements ('" + *name +
                       "') are not supported");
  // '|' says that the order does not matter, which is so for bytes and V.
  bool orderless =
      order == '|' && type && (getBytes(*type) == 1 || *type == DType::Bits16);
  if (!type || (order != '<' && !orderless))
    return headerError("the element type '" + printable(*name) +
                       "' is not supported");
  header.type = *type;
  return Error::success();
}

Error DictionaryParser::parseOrder(NpyHeader &header) {
  text = text.ltrim();
  header.fortranOrder = text.consume_front("True");
  if (!header.fortranOrder && !text.consume_front("False"))
    return headerError("the header's 'fortran_order' is neither True nor "
                       "False");
  return Error::success();
}

Error DictionaryParser::parseShape(NpyHeader &header) {
  if (!consume('('))
    return headerError("the header's 'shape' is no tuple");
  while (!consume(')')) {
    uint64_t size;
    if (text.consumeInteger(10, size))
      return headerError("the header's 'shape' holds no number where one is "
                         "expected");
    // What Python 2 wrote for long integers.
    text.consume_front("L");
    if (size > uint64_t(INT64_MAX))
      return headerError("a size in the header's 'shape' overflows");
    header.shape.push_back(size);
    if (consume(','))
      continue;
    if (!consume(')'))
      return headerError("the header's 'shape' is not closed");
    break;
  }
  return Error::success();
}

Error DictionaryParser::parseEntry(NpyHeader &header, StringRef key) {
  if (key == "descr")
    return parseType(header);
  if (key == "fortran_order")
    return parseOrder(header);
  if (key == "shape")
    return parseShape(header);
  return headerError("the header has the unknown key '" + printable(key) + "'");
}

Error DictionaryParser::parse(NpyHeader &header) {
  if (!consume('{'))
    return headerError("the header is no dictionary");
  StringMap<bool> seen;
  while (!consume('}')) {
    std::optional<StringRef> key = parseString();
    if (!key || !consume(':'))
      return headerError("the header's dictionary is damaged");
    if (!seen.try_emplace(*key, true).second)
      return headerError("the header has '" + printable(*key) + "' twice");
    if (Error error = parseEntry(header, *key))
      return error;
    if (consume(','))
      continue;
    if (!consume('}'))
      return headerError("the header's dictionary is damaged");
    break;
  }
  if (!text.trim().empty())
    return headerError("the header has text after its dictionary");
  for (StringRef key : {"descr", "fortran_order", "shape"})
    if (!seen.contains(key))
      return headerError("the header lacks '" + key + "'");
  return Error::success();
}

Expected<NpyHeader> tensorfile::parseNpyHeader(StringRef data) {
  constexpr StringLiteral magic("\x93NUMPY");
  if (data.size() < magic.size() + 2)
    return headerError(data.empty() ? "the file is empty"
                                    : "the file is too short for a header");
  if (!data.starts_with(magic))
    return headerError("this is no .npy data: it does not begin with "
                       "\\x93NUMPY");
  unsigned major = uint8_t(data[6]), minor = uint8_t(data[7]);
  if (major < 1 || major > 3 || minor != 0)
    return headerError("version " + Twine(major) + "." + Twine(minor) +
                       " of the format is unknown");
  size_t begin = major == 1 ? 10 : 12;
  if (data.size() < begin)
    return headerError("the file is too short for a header");
  uint64_t length = major == 1 ? support::endian::read16le(data.data() + 8)
                               : support::endian::read32le(data.data() + 8);
  if (length > kMaxNpyHeader)
    return headerError("the header claims " + Twine(length) +
                       " bytes; at most " + Twine(kMaxNpyHeader) +
                       " are accepted");
  if (length > data.size() - begin)
    return headerError("the header is truncated");
  NpyHeader header;
  header.dataOffset = begin + length;
  if (Error error = DictionaryParser(data.substr(begin, length)).parse(header))
    return error;
  std::optional<uint64_t> bytes = countBytes(header.type, header.shape);
  if (!bytes)
    return headerError("the element count of the shape " +
                       printShape(header.shape) + " overflows");
  header.dataBytes = *bytes;
  return header;
}
