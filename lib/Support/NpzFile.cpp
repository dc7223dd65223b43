//===- NpzFile.cpp - Reading .npz files -----------------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A .npz file is a zip archive of .npy members, stored or deflated. minizip
// reads the archive and checks the members' checksums.
//
//===----------------------------------------------------------------------===//

#include "TensorFileDetail.h"

#include "llvm/Support/Endian.h"
#include <minizip/unzip.h>

using namespace llvm;
using namespace mlir::norm;
using namespace mlir::norm::tensorfile;

namespace {
/// Where a member is and what the directory says of it.
struct Member {
  unz64_file_pos position;
  uint64_t compressedSize;
  uint64_t size;
  bool stored;
};

/// Closes an archive.
struct ArchiveCloser {
  void operator()(void *archive) const { unzClose(archive); }
};
using Archive = std::unique_ptr<void, ArchiveCloser>;

/// An archive, opened once; its members are read when they are asked for.
class NpzFile : public TensorFile {
public:
  NpzFile(StringRef path, Archive archive, uint64_t fileSize)
      : TensorFile(path), archive(std::move(archive)), fileSize(fileSize) {}

  /// Lists the members.
  Error readDirectory();

private:
  Error readMember();
  Expected<StoredTensor> read(size_t index) const override;

  Archive archive;
  uint64_t fileSize;
  std::vector<Member> members;
};
} // namespace

Error NpzFile::readMember() {
  unz_file_info64 info;
  if (unzGetCurrentFileInfo64(archive.get(), &info, nullptr, 0, nullptr, 0,
                              nullptr, 0) != UNZ_OK)
    return fileError(getPath(), "the archive's directory is damaged");
  std::string name(info.size_filename + 1, '\0');
  unz64_file_pos position;
  if (unzGetCurrentFileInfo64(archive.get(), &info, name.data(), name.size(),
                              nullptr, 0, nullptr, 0) != UNZ_OK ||
      unzGetFilePos64(archive.get(), &position) != UNZ_OK)
    return fileError(getPath(), "the archive's directory is damaged");
  name.pop_back();
  StringRef key = name;
  key.consume_back(".npy");
  if (!addKey(key))
    return fileError(getPath(), key, "appears twice");
  if (info.flag & 1)
    return fileError(getPath(), key, "the member is encrypted");
  if (info.compression_method != 0 && info.compression_method != Z_DEFLATED)
    return fileError(getPath(), key,
                     "the member's compression method " +
                         Twine(info.compression_method) + " is not supported");
  bool stored = info.compression_method == 0;
  // No deflated stream grows to more than 1032 times its size (zlib's
  // documentation), so that a false size is found before memory is taken.
  if (info.compressed_size > fileSize ||
      (stored ? info.uncompressed_size != info.compressed_size
              : info.uncompressed_size / 1033 > info.compressed_size))
    return fileError(getPath(), key,
                     "the member claims " + Twine(info.uncompressed_size) +
                         " bytes, more than the file can hold");
  members.push_back(
      {position, info.compressed_size, info.uncompressed_size, stored});
  return Error::success();
}

Error NpzFile::readDirectory() {
  if (!archive)
    return Error::success();
  unz_global_info64 global;
  if (unzGetGlobalInfo64(archive.get(), &global) != UNZ_OK)
    return fileError(getPath(), "the archive's directory is damaged");
  if (global.number_entry == 0)
    return Error::success();
  int status = unzGoToFirstFile(archive.get());
  for (; status == UNZ_OK; status = unzGoToNextFile(archive.get()))
    if (Error error = readMember())
      return error;
  if (status != UNZ_END_OF_LIST_OF_FILE ||
      members.size() != global.number_entry)
    return fileError(getPath(), "the archive's directory is damaged");
  return Error::success();
}

Expected<StoredTensor> NpzFile::read(size_t index) const {
  const std::string &key = getKeys()[index];
  const Member &member = members[index];
  unz64_file_pos position = member.position;
  if (unzGoToFilePos64(archive.get(), &position) != UNZ_OK ||
      unzOpenCurrentFile(archive.get()) != UNZ_OK)
    return fileError(getPath(), key, "the member's entry is damaged");
  auto data = std::make_shared<std::vector<char>>(member.size);
  uint64_t done = 0;
  while (done < member.size) {
    unsigned chunk = std::min<uint64_t>(member.size - done, 1 << 30);
    int got = unzReadCurrentFile(archive.get(), data->data() + done, chunk);
    if (got <= 0)
      break;
    done += got;
  }
  char beyond;
  bool more = unzReadCurrentFile(archive.get(), &beyond, 1) > 0;
  int closed = unzCloseCurrentFile(archive.get());
  if (done != member.size || more)
    return fileError(getPath(), key, "the member's data is damaged");
  if (closed != UNZ_OK)
    return fileError(getPath(), key, "the member's checksum is wrong");
  Expected<StoredTensor> tensor =
      readNpyData(StringRef(data->data(), data->size()), data);
  if (!tensor)
    return fileError(getPath(), key, toString(tensor.takeError()));
  return tensor;
}

/// Where the record that ends an archive begins: 22 bytes and a comment, up to
/// the end of the file. minizip does not mind when some of it is missing.
static size_t findEndRecord(StringRef data) {
  constexpr size_t size = 22, longest = size + UINT16_MAX;
  size_t first = data.size() > longest ? data.size() - longest : 0;
  StringRef tail = data.drop_front(first), before = tail;
  for (;;) {
    size_t at = before.rfind("PK\5\6");
    if (at == StringRef::npos)
      return at;
    if (tail.size() - at >= size &&
        tail.size() - at - size ==
            support::endian::read16le(tail.data() + at + size - 2))
      return first + at;
    before = tail.take_front(at);
  }
}

Expected<std::unique_ptr<TensorFile>> tensorfile::openNpz(StringRef path) {
  // minizip opens the file itself; this says why one cannot be opened.
  Expected<std::shared_ptr<MemoryBuffer>> buffer = mapFile(path);
  if (!buffer)
    return buffer.takeError();
  StringRef data = (*buffer)->getBuffer();
  if (data.empty())
    return fileError(path, "the file is empty");
  size_t end = findEndRecord(data);
  if (end == StringRef::npos)
    return fileError(path, "this is no zip archive, or it is truncated");
  // minizip takes an archive without members for none at all.
  Archive archive(end == 0 ? nullptr : unzOpen64(path.str().c_str()));
  if (!archive && end != 0)
    return fileError(path, "the archive's directory is damaged");
  auto file = std::make_unique<NpzFile>(path, std::move(archive), data.size());
  if (Error error = file->readDirectory())
    return error;
  return file;
}
