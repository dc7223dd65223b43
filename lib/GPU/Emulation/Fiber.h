//===- Fiber.h - Threads that give way to each other by hand ----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_GPU_EMULATION_FIBER_H
#define NORM_LIB_GPU_EMULATION_FIBER_H

#include <cstddef>
#include <memory>
#include <vector>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace mlir::norm {

/// A stack of its own, on which a function runs until it gives way.
class Fiber {
public:
  Fiber();

  /// Lets the next resume() call `function` with `data`. What ran before is
  /// forgotten. The function must not return: it gives way for good.
  void start(void (*function)(void *), void *data);
  /// Goes on until the fiber gives way. Not from within a fiber.
  void resume();
  /// Goes back to where resume() was called. From within the fiber.
  void giveWay();

  /// Whether the function has used more stack than there is: what lies below it
  /// may be broken.
  bool isOverflown() const;

private:
  std::unique_ptr<char[]> stack;
#if defined(__x86_64__)
  void *own = nullptr;
  void *caller = nullptr;
#else
  ucontext_t own;
  ucontext_t caller;
#endif
};

} // namespace mlir::norm

#endif // NORM_LIB_GPU_EMULATION_FIBER_H
