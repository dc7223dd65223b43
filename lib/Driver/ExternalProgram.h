//===- ExternalProgram.h - Programs of the system, on files -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_DRIVER_EXTERNALPROGRAM_H
#define NORM_LIB_DRIVER_EXTERNALPROGRAM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace mlir::norm {

/// A temporary folder with the files that a program reads and writes; gone when
/// this is.
class ProgramFolder {
public:
  static llvm::Expected<ProgramFolder> create();
  ProgramFolder(ProgramFolder &&other) noexcept;
  ~ProgramFolder();

  /// The path of the file `name`.
  std::string getPath(llvm::StringRef name) const;
  /// Writes the file `name`.
  llvm::Error write(llvm::StringRef name, llvm::StringRef contents) const;
  /// Appends what is in the file `name` to `output`.
  llvm::Error read(llvm::StringRef name,
                   llvm::SmallVectorImpl<char> &output) const;
  /// Runs `program`, an absolute path. The error is `purpose`, which follows
  /// the program's name, and what it said. Returns what it said otherwise.
  llvm::Expected<std::string> run(llvm::StringRef program,
                                  llvm::ArrayRef<llvm::StringRef> arguments,
                                  llvm::StringRef purpose) const;

private:
  explicit ProgramFolder(llvm::StringRef directory) : directory(directory) {}

  std::string directory;
};

} // namespace mlir::norm

#endif // NORM_LIB_DRIVER_EXTERNALPROGRAM_H
