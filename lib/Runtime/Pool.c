//===- Pool.c - Threads that help the callers of kernels ------------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One caller at a time has helpers; to another the pool is busy, and it does
// its tasks alone. A caller never waits for a helper that has not begun: all
// goes on where threads cannot be had.
//
//===----------------------------------------------------------------------===//

#define _GNU_SOURCE
#include "Runtime.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_WORKERS = 1024, SPINS = 4000 };

/* All of the state: the objects of a program share it. */
struct norm_pool {
  /* Held by the caller whose job it is. */
  pthread_mutex_t busy;
  /* Guards what follows. */
  pthread_mutex_t lock;
  pthread_cond_t work, idle;
  int helpers;
  /* Of the current job: how many may still join it, and how many did. */
  int open, joined;
  norm_task task;
  void *data;
  int64_t count;
  /* Atomic, as is read without the lock, too. */
  uint64_t generation;
  int active;
  int64_t next;
  int workers;
  /* The process that these are of; -1 while one begins. */
  int process;
};

NORM_RUNTIME struct norm_pool norm_pool;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Does the tasks that nobody has begun. */
static void do_tasks(norm_task task, void *data, int64_t count, int worker) {
  for (;;) {
    int64_t i = __atomic_fetch_add(&norm_pool.next, 1, __ATOMIC_RELAXED);
    if (i >= count)
      return;
    task(data, i, worker);
  }
}

static void *help(void *unused) {
  (void)unused;
  struct norm_pool *pool = &norm_pool;
  uint64_t seen = 0;
  for (;;) {
    /* The next kernel often comes soon. */
    for (int spin = 0; spin < SPINS; ++spin) {
      if (__atomic_load_n(&pool->generation, __ATOMIC_RELAXED) != seen)
        break;
      pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    while (pool->open == 0 || pool->generation == seen)
      pthread_cond_wait(&pool->work, &pool->lock);
    seen = pool->generation;
    --pool->open;
    int worker = ++pool->joined;
    norm_task task = pool->task;
    void *data = pool->data;
    int64_t count = pool->count;
    __atomic_add_fetch(&pool->active, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&pool->lock);

    do_tasks(task, data, count, worker);

    pthread_mutex_lock(&pool->lock);
    if (__atomic_sub_fetch(&pool->active, 1, __ATOMIC_RELEASE) == 0)
      pthread_cond_signal(&pool->idle);
    pthread_mutex_unlock(&pool->lock);
  }
  return NULL;
}

/* A process that was forked has no helpers, and its locks may be held by
 * threads that it lacks: they are made anew by who comes first. Whether they
 * can be used. */
static int is_ready(void) {
  struct norm_pool *pool = &norm_pool;
  int process = getpid();
  int known = __atomic_load_n(&pool->process, __ATOMIC_ACQUIRE);
  if (known == process)
    return 1;
  if (known < 0 ||
      !__atomic_compare_exchange_n(&pool->process, &known, -1, 0,
                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return 0;
  pthread_mutex_init(&pool->busy, NULL);
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->work, NULL);
  pthread_cond_init(&pool->idle, NULL);
  pool->helpers = pool->open = pool->active = 0;
  __atomic_store_n(&pool->process, process, __ATOMIC_RELEASE);
  return 1;
}

/* Starts helpers until there are `wanted`; called with both locks. */
static void start_helpers(int wanted) {
  if (norm_pool.helpers >= wanted)
    return;
  /* Signals are for the program's own threads. */
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  for (; norm_pool.helpers < wanted; ++norm_pool.helpers) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) != 0)
      break;
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static int count_workers(void) {
  const char *text = getenv("NORM_NUM_THREADS");
  if (text) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end != text && *end == 0 && value >= 1)
      return value < MAX_WORKERS ? (int)value : MAX_WORKERS;
  }
  cpu_set_t set;
  long count = sched_getaffinity(0, sizeof set, &set) == 0
                   ? CPU_COUNT(&set)
                   : sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : count < MAX_WORKERS ? (int)count : MAX_WORKERS;
}

int norm_pool_workers(void) {
  int workers = __atomic_load_n(&norm_pool.workers, __ATOMIC_RELAXED);
  if (workers != 0)
    return workers;
  /* All callers see the number of the first. */
  int counted = count_workers();
  if (__atomic_compare_exchange_n(&norm_pool.workers, &workers, counted, 0,
                                  __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    return counted;
  return workers;
}

void norm_pool_run(void *context, int64_t count, norm_task task, void *data,
                   int workers) {
  (void)context;
  struct norm_pool *pool = &norm_pool;
  if (workers > count)
    workers = (int)count;
  if (workers <= 1 || !is_ready() || pthread_mutex_trylock(&pool->busy) != 0) {
    for (int64_t i = 0; i < count; ++i)
      task(data, i, 0);
    return;
  }
  pthread_mutex_lock(&pool->lock);
  start_helpers(workers - 1);
  pool->task = task;
  pool->data = data;
  pool->count = count;
  pool->joined = 0;
  pool->open = workers - 1;
  __atomic_store_n(&pool->next, 0, __ATOMIC_RELAXED);
  __atomic_add_fetch(&pool->generation, 1, __ATOMIC_RELAXED);
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->lock);

  do_tasks(task, data, count, 0);

  for (int spin = 0; spin < SPINS; ++spin) {
    if (__atomic_load_n(&pool->active, __ATOMIC_RELAXED) == 0)
      break;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->lock);
  pool->open = 0;
  while (__atomic_load_n(&pool->active, __ATOMIC_ACQUIRE) != 0)
    pthread_cond_wait(&pool->idle, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
  pthread_mutex_unlock(&pool->busy);
}
