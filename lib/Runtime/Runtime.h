//===- Runtime.h - What generated code may call at run time -----*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C11 that is compiled to LLVM's bitcode when norm-mlir is built, and becomes a
// part of the objects that need it: they need nothing but libc.
//
//===----------------------------------------------------------------------===//

#ifndef NORM_LIB_RUNTIME_RUNTIME_H
#define NORM_LIB_RUNTIME_RUNTIME_H

#include <stdint.h>

/* Several objects of a program share one copy; other libraries see none. */
#define NORM_RUNTIME __attribute__((weak, visibility("hidden")))

/* What a worker does: task `i` of `data`. */
typedef void (*norm_task)(void *data, int64_t i, int worker);

/* Each kind of threads has two functions. The number of workers never changes;
 * `run` is a norm_parallel_for of C headers. */
NORM_RUNTIME int norm_pool_workers(void);
NORM_RUNTIME void norm_pool_run(void *context, int64_t count, norm_task task,
                                void *data, int workers);
NORM_RUNTIME int norm_openmp_workers(void);
NORM_RUNTIME void norm_openmp_run(void *context, int64_t count, norm_task task,
                                  void *data, int workers);

/* What launches kernels for one call of a function. `status` is what the
 * function returns, as of norm_status_message in C headers. */
struct norm_launch {
  void *stream;
  int32_t status;
};

/* Puts a kernel of `image`, PTX, into the launch's stream: `grid` blocks of
 * `block` threads. `arguments` are the addresses of the values. Does nothing
 * after an error, nor where `grid` is 0. */
NORM_RUNTIME void norm_cuda_launch(struct norm_launch *launch,
                                   const char *image, const char *name,
                                   int64_t grid, int32_t block,
                                   void **arguments);

/* A bit for each feature of X86Features.def that programs may use here. Those
 * that ask for tiles get them only if the system gives them. */
NORM_RUNTIME uint64_t norm_x86_features(int asks_for_tiles);

/* Whether the process may use the tile registers of AMX. The first call asks
 * the system for them; it refuses where it has no memory for them, in the
 * stacks of signal handlers, say. */
NORM_RUNTIME int norm_x86_permit_tiles(void);

#endif
