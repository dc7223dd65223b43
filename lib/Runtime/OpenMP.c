//===- OpenMP.c - The threads of the program's OpenMP ---------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// By the functions of GCC's OpenMP, which LLVM's has as well.
//
//===----------------------------------------------------------------------===//

#include "Runtime.h"

void GOMP_parallel(void (*body)(void *), void *data, unsigned threads,
                   unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_max_threads(void);

struct region {
  norm_task task;
  void *data;
  int64_t count;
};

static void run_region(void *data) {
  struct region *region = data;
  int worker = omp_get_thread_num();
  for (int64_t i = worker; i < region->count; i += omp_get_num_threads())
    region->task(region->data, i, worker);
}

NORM_RUNTIME int norm_openmp_cached_workers;

/* That of the first call: workspaces are made for it. */
int norm_openmp_workers(void) {
  int workers = __atomic_load_n(&norm_openmp_cached_workers, __ATOMIC_RELAXED);
  if (workers != 0)
    return workers;
  int counted = omp_get_max_threads();
  if (__atomic_compare_exchange_n(&norm_openmp_cached_workers, &workers,
                                  counted, 0, __ATOMIC_RELAXED,
                                  __ATOMIC_RELAXED))
    return counted;
  return workers;
}

void norm_openmp_run(void *context, int64_t count, norm_task task, void *data,
                     int workers) {
  (void)context;
  if (workers > count)
    workers = (int)count;
  if (workers <= 1) {
    for (int64_t i = 0; i < count; ++i)
      task(data, i, 0);
    return;
  }
  struct region region = {task, data, count};
  GOMP_parallel(run_region, &region, (unsigned)workers, 0);
}
