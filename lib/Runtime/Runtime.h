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

/* A bit for each feature of X86Features.def that programs may use here. */
NORM_RUNTIME uint64_t norm_x86_features(void);

#endif
