//===- Jit.h - Runs lowered lane code on the host -------------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_TEST_UNIT_CPU_JIT_H
#define NORM_TEST_UNIT_CPU_JIT_H

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/MLIRContext.h"
#include <memory>
#include <string>

/// A loop over arrays whose body is MLIR text, compiled for the host.
class Jit {
public:
  /// Loads `lanes` elements of type `in` (each of `inputs` arrays) as %x0, %x1,
  /// runs `body`, which defines %y, and stores it as `out`; one lane is a
  /// scalar. `cpu` is the target that the passes see: the host ("native") or a
  /// smaller CPU.
  Jit(const std::string &body, int lanes, const std::string &in,
      const std::string &out, const std::string &cpu = "native",
      int inputs = 1);
  ~Jit();

  /// Whether everything went well; the diagnostics are on stderr.
  bool isValid() const { return function; }

  /// Runs over `count` elements, a multiple of the lanes.
  void run(const void *x0, const void *x1, void *y, int64_t count) const {
    function(x0, x1, y, count);
  }

  /// The name of a type in lanes.
  static std::string type(int lanes, const std::string &element) {
    return lanes == 1 ? element
                      : "vector<" + std::to_string(lanes) + "x" + element + ">";
  }

private:
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<mlir::ExecutionEngine> engine;
  void (*function)(const void *, const void *, void *, int64_t) = nullptr;
};

#endif // NORM_TEST_UNIT_CPU_JIT_H
