//===- KernelJit.h - Runs lowered functions in a test -----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TEST_UNIT_CPU_KERNELJIT_H
#define NORM_TEST_UNIT_CPU_KERNELJIT_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <string>
#include <vector>

namespace mlir::norm::test {

/// A context with every dialect, shared by the tests of a program.
MLIRContext &getContext();

/// Bytes that end where a page without access begins, and that begin after such
/// a page if they fill theirs: reading or writing past the end is a crash.
class GuardedBytes {
public:
  explicit GuardedBytes(size_t size);
  GuardedBytes(const std::vector<char> &bytes);
  GuardedBytes(const GuardedBytes &) = delete;
  ~GuardedBytes();
  char *data() const { return begin; }
  size_t size() const { return count; }
  std::vector<char> toVector() const { return {begin, begin + count}; }

private:
  char *pages, *begin;
  size_t total, count;
};

/// A row-major memref argument.
struct MemRefArgument {
  char *data;
  std::vector<int64_t> shape;
};

/// A module that was lowered for `cpu` by `pipeline` and norm-llvm-pipeline,
/// and compiled.
class JitModule {
public:
  JitModule(const std::string &text, const std::string &cpu,
            const std::string &pipeline);
  /// Calls a function with the attribute `llvm.emit_c_interface`.
  void call(const std::string &function,
            const std::vector<MemRefArgument> &arguments);

private:
  void compile(const std::string &text, const std::string &cpu,
               const std::string &pipeline);

  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// CPUs for which code can be run here.
std::vector<std::string> getRunnableCPUs();

} // namespace mlir::norm::test

#endif // NORM_TEST_UNIT_CPU_KERNELJIT_H
