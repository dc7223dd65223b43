//===- SafetensorsFile.cpp - Reading .safetensors files -------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Eight bytes of header length, a JSON object of key -> dtype, shape and
// data_offsets, then the data without gaps: the format of
// github.com/huggingface/safetensors.
//
//===----------------------------------------------------------------------===//

#include "TensorFileDetail.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace mlir::norm;
using namespace mlir::norm::tensorfile;

/// The limit of the format's own reader.
static constexpr uint64_t kMaxHeader = 100'000'000;

namespace {
/// What the header says of a tensor.
struct Entry {
  std::string typeName;
  std::optional<DType> type;
  SmallVector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

/// A .safetensors file, mapped.
class SafetensorsFile : public TensorFile {
public:
  SafetensorsFile(StringRef path, std::shared_ptr<MemoryBuffer> buffer)
      : TensorFile(path), buffer(std::move(buffer)) {}

  Error readHeader();

private:
  Error addEntry(StringRef key, const json::Value &value);
  /// The entries must lie one behind the other and fill the data.
  Error checkOffsets() const;
  Expected<StoredTensor> read(size_t index) const override;

  std::shared_ptr<MemoryBuffer> buffer;
  StringRef data;
  std::vector<Entry> entries;
};

/// What json::parse does not tell: nesting, and how many keys objects have at
/// each depth, repeated ones too.
struct JSONScan {
  /// Deeper headers are refused: json::parse recurses, and the format needs 3.
  static constexpr unsigned kMaxDepth = 8;

  bool tooDeep = false;
  size_t keys[kMaxDepth + 1] = {};
  /// A key that the outermost object has twice in the same spelling.
  std::optional<StringRef> repeated;

  explicit JSONScan(StringRef text);
};
} // namespace

JSONScan::JSONScan(StringRef text) {
  unsigned depth = 0;
  StringRef lastString;
  StringSet<> outer;
  for (size_t i = 0; i < text.size() && !tooDeep; ++i) {
    char c = text[i];
    if (c == '{' || c == '[') {
      tooDeep = ++depth > kMaxDepth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    } else if (c == ':') {
      ++keys[depth];
      if (depth == 1 && !outer.insert(lastString).second && !repeated)
        repeated = lastString;
    } else if (c == '"') {
      size_t begin = ++i;
      while (i < text.size() && text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
      lastString = text.slice(begin, i);
    }
  }
}

static std::optional<DType> parseType(StringRef name) {
  return StringSwitch<std::optional<DType>>(name)
      .Case("BOOL", DType::Bool)
      .Case("I8", DType::I8)
      .Case("I16", DType::I16)
      .Case("I32", DType::I32)
      .Case("I64", DType::I64)
      .Case("U8", DType::U8)
      .Case("U16", DType::U16)
      .Case("U32", DType::U32)
      .Case("U64", DType::U64)
      .Case("F8_E4M3", DType::F8E4M3FN)
      .Case("F8_E5M2", DType::F8E5M2)
      .Case("F16", DType::F16)
      .Case("BF16", DType::BF16)
      .Case("F32", DType::F32)
      .Case("F64", DType::F64)
      .Default(std::nullopt);
}

Error SafetensorsFile::addEntry(StringRef key, const json::Value &value) {
  if (!addKey(key))
    return fileError(getPath(), key, "appears twice");
  const json::Object *object = value.getAsObject();
  if (!object)
    return fileError(getPath(), key, "the header's entry is no object");
  std::optional<StringRef> typeName = object->getString("dtype");
  const json::Array *shape = object->getArray("shape");
  const json::Array *offsets = object->getArray("data_offsets");
  if (!typeName || !shape || !offsets || offsets->size() != 2)
    return fileError(getPath(), key,
                     "the header's entry lacks a dtype, a shape or two "
                     "data_offsets");
  Entry entry;
  entry.typeName = typeName->str();
  entry.type = parseType(*typeName);
  for (const json::Value &size : *shape) {
    std::optional<int64_t> number = size.getAsInteger();
    if (!number || *number < 0)
      return fileError(getPath(), key,
                       "the shape holds something else than sizes");
    entry.shape.push_back(*number);
  }
  std::optional<uint64_t> begin = (*offsets)[0].getAsUINT64();
  std::optional<uint64_t> end = (*offsets)[1].getAsUINT64();
  if (!begin || !end || *begin > *end || *end > data.size())
    return fileError(getPath(), key,
                     "the data_offsets are not within the file's " +
                         Twine(data.size()) + " bytes of data");
  entry.begin = *begin;
  entry.end = *end;
  if (entry.type) {
    std::optional<uint64_t> bytes = countBytes(*entry.type, entry.shape);
    if (!bytes)
      return fileError(getPath(), key,
                       "the element count of the shape " +
                           printShape(entry.shape) + " overflows");
    if (*bytes != entry.end - entry.begin)
      return fileError(getPath(), key,
                       "the data_offsets span " +
                           Twine(entry.end - entry.begin) +
                           " bytes; the shape " + printShape(entry.shape) +
                           " of " + *typeName + " takes " + Twine(*bytes));
  }
  entries.push_back(std::move(entry));
  return Error::success();
}

Error SafetensorsFile::checkOffsets() const {
  std::vector<size_t> order(entries.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::tie(entries[a].begin, entries[a].end, a) <
           std::tie(entries[b].begin, entries[b].end, b);
  });
  uint64_t end = 0;
  for (size_t i : order) {
    if (entries[i].begin < end)
      return fileError(getPath(), getKeys()[i],
                       "its data overlaps that of another key");
    if (entries[i].begin > end)
      return fileError(getPath(), getKeys()[i],
                       "before its data are " + Twine(entries[i].begin - end) +
                           " bytes that no key has");
    end = entries[i].end;
  }
  if (end != data.size())
    return fileError(getPath(), "the file has " + Twine(data.size()) +
                                    " bytes of data, its keys take " +
                                    Twine(end));
  return Error::success();
}

Error SafetensorsFile::readHeader() {
  StringRef all = buffer->getBuffer();
  if (all.size() < 8)
    return fileError(getPath(), all.empty()
                                    ? "the file is empty"
                                    : "the file is too short for a header");
  uint64_t length = support::endian::read64le(all.data());
  if (length > kMaxHeader || length > all.size() - 8)
    return fileError(getPath(), "the header claims " + Twine(length) +
                                    " bytes, the file has " +
                                    Twine(all.size()));
  StringRef header = all.substr(8, length);
  data = all.substr(8 + length);
  JSONScan scan(header);
  if (scan.tooDeep)
    return fileError(getPath(), "the header is nested too deeply");
  if (scan.repeated)
    return fileError(getPath(), *scan.repeated, "appears twice");
  Expected<json::Value> value = json::parse(header);
  if (!value)
    return fileError(getPath(),
                     "the header is no JSON: " + toString(value.takeError()));
  const json::Object *object = value->getAsObject();
  if (!object)
    return fileError(getPath(), "the header is no JSON object");
  // json::Object keeps one of several equal keys, so they show in the count.
  size_t inner = 0;
  for (const auto &[key, entry] : *object)
    if (const json::Object *members = entry.getAsObject())
      inner += members->size();
  if (scan.keys[1] != object->size() || scan.keys[2] != inner)
    return fileError(getPath(), "the header repeats a key");
  // Sorted, because an Object is hashed.
  std::vector<std::pair<StringRef, const json::Value *>> sorted;
  for (const auto &[key, entry] : *object)
    if (key != "__metadata__")
      sorted.emplace_back(key, &entry);
  llvm::sort(sorted, llvm::less_first());
  for (auto [key, entry] : sorted)
    if (Error error = addEntry(key, *entry))
      return error;
  return checkOffsets();
}

Expected<StoredTensor> SafetensorsFile::read(size_t index) const {
  const Entry &entry = entries[index];
  if (!entry.type)
    return fileError(getPath(), getKeys()[index],
                     "the dtype '" + entry.typeName + "' is not supported");
  return StoredTensor{
      *entry.type, entry.shape,
      ArrayRef<char>(data.data() + entry.begin, entry.end - entry.begin),
      buffer};
}

Expected<std::unique_ptr<TensorFile>>
tensorfile::openSafetensors(StringRef path) {
  Expected<std::shared_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  auto file = std::make_unique<SafetensorsFile>(path, std::move(*buffer));
  if (Error error = file->readHeader())
    return error;
  return file;
}
