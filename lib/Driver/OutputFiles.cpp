//===- OutputFiles.cpp - All files of a run, or none ----------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Driver/OutputFiles.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::norm;

bool mlir::norm::areSameFile(StringRef a, StringRef b) {
  auto normalize = [](StringRef path) {
    SmallString<128> result(path);
    if (!sys::fs::make_absolute(result))
      sys::path::remove_dots(result, /*remove_dot_dot=*/true);
    return result;
  };
  return a != "-" && b != "-" &&
         (normalize(a) == normalize(b) || sys::fs::equivalent(a, b));
}

void OutputFiles::add(StringRef filename, StringRef contents, bool executable) {
  files.push_back({filename.str(), contents.str(), executable});
}

/// "cannot write 'FILE': why".
static Error cannotWrite(StringRef filename, std::error_code error) {
  return createStringError(error, "cannot write '%s': %s",
                           filename.str().c_str(), error.message().c_str());
}

/// Whether `filename` is a device, a pipe or stdout: what cannot be replaced.
static bool isStream(StringRef filename) {
  sys::fs::file_status status;
  return filename == "-" ||
         (!sys::fs::status(filename, status) && sys::fs::exists(status) &&
          !sys::fs::is_regular_file(status) && !sys::fs::is_directory(status));
}

/// Writes to what cannot be replaced.
static Error writeToStream(StringRef filename, StringRef contents) {
  std::error_code error;
  raw_fd_ostream os(filename, error);
  if (error)
    return cannotWrite(filename, error);
  os << contents;
  os.flush();
  error = os.error();
  os.clear_error();
  return error ? cannotWrite(filename, error) : Error::success();
}

/// A complete temporary file beside `filename`.
static Expected<sys::fs::TempFile>
writeTemporary(StringRef filename, StringRef contents, bool executable) {
  if (sys::fs::is_directory(filename))
    return cannotWrite(filename,
                       std::make_error_code(std::errc::is_a_directory));
  unsigned mode = sys::fs::all_read | sys::fs::all_write;
  if (executable)
    mode |= sys::fs::all_exe;
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(filename + ".%%%%%%%%.tmp", mode);
  if (!file)
    return cannotWrite(filename, errorToErrorCode(file.takeError()));
  raw_fd_ostream os(file->FD, /*shouldClose=*/false);
  os << contents;
  os.flush();
  std::error_code error = os.error();
  os.clear_error();
  if (!error)
    return std::move(*file);
  consumeError(file->discard());
  return cannotWrite(filename, error);
}

Error OutputFiles::commit() {
  std::vector<std::pair<sys::fs::TempFile, StringRef>> written;
  auto discardAll = [&](Error error) {
    for (auto &entry : written)
      consumeError(entry.first.discard());
    return error;
  };
  for (const File &file : files) {
    if (isStream(file.name))
      continue;
    Expected<sys::fs::TempFile> temporary =
        writeTemporary(file.name, file.contents, file.executable);
    if (!temporary)
      return discardAll(temporary.takeError());
    written.emplace_back(std::move(*temporary), file.name);
  }
  for (const File &file : files)
    if (isStream(file.name))
      if (Error error = writeToStream(file.name, file.contents))
        return discardAll(std::move(error));
  for (auto &entry : written)
    if (Error error = entry.first.keep(entry.second)) {
      std::error_code code = errorToErrorCode(std::move(error));
      return discardAll(cannotWrite(entry.second, code));
    }
  files.clear();
  return Error::success();
}
