//===- OutputFiles.h - All files of a run, or none --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_DRIVER_OUTPUTFILES_H
#define NORM_DRIVER_OUTPUTFILES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace mlir::norm {

/// Whether two paths name the same file, which may not exist. "-", a stream, is
/// none.
bool areSameFile(llvm::StringRef a, llvm::StringRef b);

/// Files that are written together: each to a temporary file beside it, and
/// only when all of them are complete are they given their names. So nobody
/// sees half a file, and a failed run leaves what was there.
class OutputFiles {
public:
  /// The contents of `filename`; "-" is stdout.
  void add(llvm::StringRef filename, llvm::StringRef contents,
           bool executable = false);

  /// Writes all that was added. The error names the file.
  llvm::Error commit();

private:
  struct File {
    std::string name;
    std::string contents;
    bool executable;
  };
  std::vector<File> files;
};

} // namespace mlir::norm

#endif // NORM_DRIVER_OUTPUTFILES_H
