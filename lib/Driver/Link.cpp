//===- Link.cpp - Archives and shared libraries ---------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Link.h"

#include "ExternalProgram.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Program.h"

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
  Expected<ProgramFolder> folder = ProgramFolder::create();
  if (!folder)
    return folder.takeError();
  if (Error error = folder->write("norm.o", object))
    return error;
  std::string input = folder->getPath("norm.o");
  std::string library = folder->getPath("norm.so");
  SmallVector<StringRef> arguments{"-shared", "-o", library, input, "-lm"};
  if (hasThreads)
    arguments.append({"-pthread", "-Wl,-z,nodelete"});
  Expected<std::string> said =
      folder->run(*compiler, arguments, "cannot link the shared library");
  if (!said)
    return said.takeError();
  return folder->read("norm.so", output);
}
