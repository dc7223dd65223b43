//===- X86Features.c - What the CPU and the system allow ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runtime.h"

#if defined(__x86_64__)

#include <cpuid.h>

enum { EAX, EBX, ECX, EDX };

/* The bits of XCR0 that say that the system keeps registers. */
enum {
  NONE = 0,
  AVX = 0x6,
  AVX512 = 0xe6,
  AMX = 0x60000,
  APX = 0x80000,
  OSXSAVE_BIT = 27
};

struct feature {
  unsigned leaf;
  unsigned char subleaf, reg, bit;
  unsigned state;
};

static const struct feature features[] = {
#define NORM_X86_FEATURE(name, leaf, subleaf, reg, bit, state)                 \
  {leaf, subleaf, reg, bit, state},
#include "X86Features.def"
#undef NORM_X86_FEATURE
};

_Static_assert(sizeof features / sizeof *features <= 63, "a bit for each");

uint64_t norm_x86_features(int asks_for_tiles) {
  unsigned regs[4], states = 0, high;
  if (!__get_cpuid(1, &regs[EAX], &regs[EBX], &regs[ECX], &regs[EDX]))
    return 0;
  if (regs[ECX] >> OSXSAVE_BIT & 1)
    __asm__ volatile("xgetbv" : "=a"(states), "=d"(high) : "c"(0));
  uint64_t found = 0;
  for (unsigned i = 0; i < sizeof features / sizeof *features; ++i) {
    const struct feature *f = &features[i];
    /* Leaf 7 says how many it has: those beyond are no zeros everywhere. */
    if (f->subleaf != 0 &&
        (!__get_cpuid_count(f->leaf, 0, &regs[EAX], &regs[EBX], &regs[ECX],
                            &regs[EDX]) ||
         regs[EAX] < f->subleaf))
      continue;
    if (!__get_cpuid_count(f->leaf, f->subleaf, &regs[EAX], &regs[EBX],
                           &regs[ECX], &regs[EDX]))
      continue;
    if ((regs[f->reg] >> f->bit & 1) && (states & f->state) == f->state &&
        (f->state != AMX || !asks_for_tiles || norm_x86_permit_tiles()))
      found |= (uint64_t)1 << i;
  }
  return found;
}

int norm_x86_permit_tiles(void) {
  enum { UNKNOWN, PERMITTED, REFUSED };
  static _Atomic int cached;
  int state = cached;
  if (state != UNKNOWN)
    return state == PERMITTED;
  state = REFUSED;
#if defined(__linux__)
  /* arch_prctl(ARCH_REQ_XCOMP_PERM, XTILEDATA), for all threads (Linux,
   * Documentation/arch/x86/xstate.rst). */
  long result = 158;
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"(0x1023L), "S"(18L)
                   : "rcx", "r11", "memory");
  if (result == 0)
    state = PERMITTED;
#endif
  cached = state;
  return state == PERMITTED;
}

#endif
