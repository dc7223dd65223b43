//===- NpyFile.cpp - Reading and writing .npy files -----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorFileDetail.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::norm;
using namespace mlir::norm::tensorfile;

/// Copies column-major elements to `to` in row-major order.
static void transpose(ArrayRef<int64_t> shape, size_t elementBytes,
                      const char *from, char *to, size_t count) {
  SmallVector<size_t> strides, index(shape.size(), 0);
  size_t stride = 1;
  for (int64_t size : shape) {
    strides.push_back(stride);
    stride *= size;
  }
  size_t offset = 0;
  for (size_t i = 0; i < count; ++i) {
    memcpy(to + i * elementBytes, from + offset * elementBytes, elementBytes);
    for (size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < size_t(shape[d]))
        break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

Expected<StoredTensor>
tensorfile::readNpyData(StringRef data, std::shared_ptr<const void> owner) {
  Expected<NpyHeader> header = parseNpyHeader(data);
  if (!header)
    return header.takeError();
  StringRef elements = data.drop_front(header->dataOffset);
  if (elements.size() != header->dataBytes)
    return createStringError(inconvertibleErrorCode(),
                             "there are " + Twine(elements.size()) +
                                 " bytes of elements; the shape " +
                                 printShape(header->shape) + " of " +
                                 getName(header->type) + " takes " +
                                 Twine(header->dataBytes));
  StoredTensor tensor{header->type, header->shape,
                      ArrayRef<char>(elements.data(), elements.size()),
                      std::move(owner)};
  // One dimension is the same in both orders.
  if (!header->fortranOrder || header->shape.size() < 2)
    return tensor;
  auto copy = std::make_shared<std::vector<char>>(elements.size());
  size_t elementBytes = getBytes(header->type);
  transpose(header->shape, elementBytes, elements.data(), copy->data(),
            elements.size() / elementBytes);
  tensor.bytes = *copy;
  tensor.owner = std::move(copy);
  return tensor;
}

namespace {
/// A .npy file, mapped.
class NpyFile : public TensorFile {
public:
  NpyFile(StringRef path, StoredTensor tensor)
      : TensorFile(path), tensor(std::move(tensor)) {
    addKey(sys::path::stem(path));
  }

private:
  Expected<StoredTensor> read(size_t) const override { return tensor; }

  StoredTensor tensor;
};
} // namespace

Expected<StoredTensor> mlir::norm::readNpy(StringRef path) {
  Expected<std::shared_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  Expected<StoredTensor> tensor = readNpyData((*buffer)->getBuffer(), *buffer);
  if (!tensor)
    return fileError(path, toString(tensor.takeError()));
  return tensor;
}

Expected<std::unique_ptr<TensorFile>> tensorfile::openNpy(StringRef path) {
  Expected<StoredTensor> tensor = readNpy(path);
  if (!tensor)
    return tensor.takeError();
  return std::make_unique<NpyFile>(path, std::move(*tensor));
}

/// The name of a type in a header.
static StringRef getDescr(DType type) {
  switch (type) {
  case DType::Bool:
    return "|b1";
  case DType::I8:
    return "|i1";
  case DType::I16:
    return "<i2";
  case DType::I32:
    return "<i4";
  case DType::I64:
    return "<i8";
  case DType::U8:
    return "|u1";
  case DType::U16:
    return "<u2";
  case DType::U32:
    return "<u4";
  case DType::U64:
    return "<u8";
  case DType::F16:
    return "<f2";
  case DType::F32:
    return "<f4";
  case DType::F64:
    return "<f8";
  case DType::F8E4M3FN:
  case DType::F8E5M2:
  case DType::Bits8:
    return "|V1";
  case DType::BF16:
  case DType::Bits16:
    return "|V2";
  }
  llvm_unreachable("covered switch");
}

Expected<std::string> mlir::norm::makeNpy(StringRef path, DType type,
                                          ArrayRef<int64_t> shape,
                                          ArrayRef<char> bytes) {
  std::optional<uint64_t> expected = countBytes(type, shape);
  if (!expected || *expected != bytes.size())
    return fileError(path, "the shape " + printShape(shape) + " of " +
                               getName(type) + " does not take " +
                               Twine(bytes.size()) + " bytes");
  std::string header;
  raw_string_ostream os(header);
  os << "{'descr': '" << getDescr(type)
     << "', 'fortran_order': False, 'shape': (";
  for (int64_t size : shape)
    os << size << ", ";
  os << "), }";
  // Padded so that the elements begin at a multiple of 64, as numpy does it.
  size_t total = alignTo(10 + header.size() + 1, 64);
  header.append(total - 10 - header.size() - 1, ' ');
  header.push_back('\n');
  if (header.size() > UINT16_MAX)
    return fileError(path, "the shape has too many dimensions");
  char length[2];
  support::endian::write16le(length, header.size());
  std::string contents("\x93NUMPY\x01\x00", 8);
  contents.append(length, sizeof(length));
  contents += header;
  contents.append(bytes.data(), bytes.size());
  return contents;
}

Error mlir::norm::writeNpy(StringRef path, DType type, ArrayRef<int64_t> shape,
                           ArrayRef<char> bytes) {
  Expected<std::string> contents = makeNpy(path, type, shape, bytes);
  if (!contents)
    return contents.takeError();
  if (Error error = writeToOutput(path, [&](raw_ostream &os) -> Error {
        os << *contents;
        return Error::success();
      }))
    return fileError(path, toString(std::move(error)));
  return Error::success();
}
