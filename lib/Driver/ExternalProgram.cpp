//===- ExternalProgram.cpp - Programs of the system, on files -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExternalProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <utility>

using namespace llvm;
using namespace mlir::norm;

Expected<ProgramFolder> ProgramFolder::create() {
  SmallString<128> directory;
  if (std::error_code error = sys::fs::createUniqueDirectory("norm", directory))
    return createStringError(error, "cannot make a temporary folder: %s",
                             error.message().c_str());
  return ProgramFolder(directory);
}

ProgramFolder::ProgramFolder(ProgramFolder &&other) noexcept
    : directory(std::exchange(other.directory, "")) {}

ProgramFolder::~ProgramFolder() {
  if (!directory.empty())
    sys::fs::remove_directories(directory);
}

std::string ProgramFolder::getPath(StringRef name) const {
  SmallString<128> path(directory);
  sys::path::append(path, name);
  return path.str().str();
}

Error ProgramFolder::write(StringRef name, StringRef contents) const {
  return writeToOutput(getPath(name), [&](raw_ostream &os) {
    os << contents;
    return Error::success();
  });
}

Error ProgramFolder::read(StringRef name, SmallVectorImpl<char> &output) const {
  ErrorOr<std::unique_ptr<MemoryBuffer>> result =
      MemoryBuffer::getFile(getPath(name), /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!result)
    return createStringError(result.getError(), "cannot read '%s': %s",
                             getPath(name).c_str(),
                             result.getError().message().c_str());
  append_range(output, (*result)->getBuffer());
  return Error::success();
}

Expected<std::string> ProgramFolder::run(StringRef program,
                                         ArrayRef<StringRef> arguments,
                                         StringRef purpose) const {
  std::string log = getPath("log");
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log),
                                          StringRef(log)};
  SmallVector<StringRef> all{program};
  append_range(all, arguments);
  std::string message;
  int status = sys::ExecuteAndWait(program, all, /*Env=*/std::nullopt,
                                   redirects, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &message);
  SmallString<0> said;
  consumeError(read("log", said));
  if (status == 0)
    return said.str().str();
  return createStringError("'" + program + "' " + purpose + ": " + message +
                           said.str().rtrim());
}
