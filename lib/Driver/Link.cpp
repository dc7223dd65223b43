//===- Link.cpp - Archives and shared libraries ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Link.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

Error mlir::norm::makeArchive(StringRef object, SmallVectorImpl<char> &output) {
  NewArchiveMember member(MemoryBufferRef(object, "norm.o"));
  Expected<std::unique_ptr<MemoryBuffer>> archive = writeArchiveToBuffer(
      member, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
      /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  append_range(output, (*archive)->getBuffer());
  return Error::success();
}

/// The system's C compiler.
static ErrorOr<std::string> findCompiler() {
  for (StringRef name : {"cc", "clang", "gcc"})
    if (ErrorOr<std::string> path = sys::findProgramByName(name))
      return path;
  return std::make_error_code(std::errc::no_such_file_or_directory);
}

Error mlir::norm::makeSharedLibrary(StringRef object, bool hasThreads,
                                    SmallVectorImpl<char> &output) {
  ErrorOr<std::string> compiler = findCompiler();
  if (!compiler)
    return createStringError("a shared library needs a C compiler to link it, "
                             "but neither cc, clang nor gcc is in PATH");
  SmallString<128> directory;
  if (std::error_code error = sys::fs::createUniqueDirectory("norm", directory))
    return createStringError(error, "cannot make a temporary folder: %s",
                             error.message().c_str());
  scope_exit remove([&] { sys::fs::remove_directories(directory); });
  SmallString<128> input(directory), library(directory), log(directory);
  sys::path::append(input, "norm.o");
  sys::path::append(library, "norm.so");
  sys::path::append(log, "log");
  if (Error error = writeToOutput(input, [&](raw_ostream &os) {
        os << object;
        return Error::success();
      }))
    return error;

  StringRef redirects[] = {"", log, log};
  std::optional<StringRef> redirectOptionals[] = {redirects[0], redirects[1],
                                                  redirects[2]};
  SmallVector<StringRef> arguments{*compiler, "-shared", "-o",
                                   library,   input,     "-lm"};
  if (hasThreads)
    arguments.append({"-pthread", "-Wl,-z,nodelete"});
  std::string message;
  int status = sys::ExecuteAndWait(*compiler, arguments,
                                   /*Env=*/std::nullopt, redirectOptionals,
                                   /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &message);
  if (status != 0) {
    if (ErrorOr<std::unique_ptr<MemoryBuffer>> text =
            MemoryBuffer::getFile(log))
      message += (*text)->getBuffer().rtrim();
    return createStringError("'%s' cannot link the shared library: %s",
                             compiler->c_str(), message.c_str());
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> result =
      MemoryBuffer::getFile(library, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false);
  if (!result)
    return createStringError(result.getError(),
                             "cannot read the shared library: %s",
                             result.getError().message().c_str());
  append_range(output, (*result)->getBuffer());
  return Error::success();
}
