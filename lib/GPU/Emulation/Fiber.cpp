//===- Fiber.cpp - Threads that give way to each other by hand ------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fiber.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

using namespace mlir::norm;

/// Enough for what a kernel keeps in registers, and for the runtime below it.
static constexpr size_t kStackBytes = 256 * 1024;
/// What the lowest bytes of a stack hold as long as nobody has used them.
static constexpr char kUnused = 0x6B;
static constexpr size_t kUnusedBytes = 64;

Fiber::Fiber() : stack(new char[kStackBytes]) {
  std::memset(stack.get(), kUnused, kUnusedBytes);
}

bool Fiber::isOverflown() const {
  return !std::all_of(stack.get(), stack.get() + kUnusedBytes,
                      [](char c) { return c == kUnused; });
}

#if defined(__x86_64__)

// swapcontext asks the kernel for the signal mask: ten times the time. What a
// call preserves is on the stack that is left: rbx, rbp and r12 to r15.
extern "C" void norm_fiber_switch(void **from, void *to);
__asm__(".text\n"
        ".p2align 4\n"
        ".type norm_fiber_switch, @function\n"
        "norm_fiber_switch:\n"
        "  pushq %rbx\n"
        "  pushq %rbp\n"
        "  pushq %r12\n"
        "  pushq %r13\n"
        "  pushq %r14\n"
        "  pushq %r15\n"
        "  movq %rsp, (%rdi)\n"
        "  movq %rsi, %rsp\n"
        "  popq %r15\n"
        "  popq %r14\n"
        "  popq %r13\n"
        "  popq %r12\n"
        "  popq %rbp\n"
        "  popq %rbx\n"
        "  ret\n"
        ".size norm_fiber_switch, .-norm_fiber_switch\n");
// Calls the function in r12 with the data in r13.
extern "C" void norm_fiber_start();
__asm__(".text\n"
        ".type norm_fiber_start, @function\n"
        "norm_fiber_start:\n"
        "  movq %r13, %rdi\n"
        "  callq *%r12\n"
        "  ud2\n"
        ".size norm_fiber_start, .-norm_fiber_start\n");

void Fiber::start(void (*function)(void *), void *data) {
  auto end = reinterpret_cast<uintptr_t>(stack.get() + kStackBytes);
  // The stack is a multiple of 16 where norm_fiber_start calls.
  auto *top = reinterpret_cast<void **>(end & ~uintptr_t(63));
  *--top = nullptr;
  *--top = nullptr;
  *--top = reinterpret_cast<void *>(&norm_fiber_start);
  *--top = nullptr;                            // rbx
  *--top = nullptr;                            // rbp
  *--top = reinterpret_cast<void *>(function); // r12
  *--top = data;                               // r13
  *--top = nullptr;                            // r14
  *--top = nullptr;                            // r15
  own = top;
}

void Fiber::resume() { norm_fiber_switch(&caller, own); }

void Fiber::giveWay() { norm_fiber_switch(&own, caller); }

#else

/// Calls a function with data, both passed as halves.
static void callBoth(unsigned functionHigh, unsigned functionLow,
                     unsigned dataHigh, unsigned dataLow) {
  auto join = [](unsigned high, unsigned low) {
    return static_cast<uintptr_t>(static_cast<uint64_t>(high) << 32 | low);
  };
  reinterpret_cast<void (*)(void *)>(join(functionHigh, functionLow))(
      reinterpret_cast<void *>(join(dataHigh, dataLow)));
}

void Fiber::start(void (*function)(void *), void *data) {
  getcontext(&own);
  own.uc_stack.ss_sp = stack.get();
  own.uc_stack.ss_size = kStackBytes;
  own.uc_link = nullptr;
  auto f = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(function));
  auto d = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(data));
  makecontext(&own, reinterpret_cast<void (*)()>(&callBoth), 4,
              static_cast<unsigned>(f >> 32), static_cast<unsigned>(f),
              static_cast<unsigned>(d >> 32), static_cast<unsigned>(d));
}

void Fiber::resume() { swapcontext(&caller, &own); }

void Fiber::giveWay() { swapcontext(&own, &caller); }

#endif
