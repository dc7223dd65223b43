/*===- minilm.c - Runs the normalizations of a real model -------------------===
 *
 * Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===------------------------------------------------------------------------===
 *
 * The twelve kernels of MiniLM-L6: attention output and feed-forward of six
 * layers, each compiled with its weights inside. They are chained, each taking
 * the output of the one before, on 1, 7, 128 and 512 tokens.
 *   minilm --inputs DIR       runs the kernels and writes every input and
 * output as DIR/KERNEL-TOKENS-{x,y}.npy minilm --reference DIR    compares the
 * outputs with the interpreter's, DIR/KERNEL-TOKENS-reference.npy, measures,
 * and prints a table
 */
#define _POSIX_C_SOURCE 200809L
#include "layer0_attention_output.h"
#include "layer0_feed_forward.h"
#include "layer1_attention_output.h"
#include "layer1_feed_forward.h"
#include "layer2_attention_output.h"
#include "layer2_feed_forward.h"
#include "layer3_attention_output.h"
#include "layer3_feed_forward.h"
#include "layer4_attention_output.h"
#include "layer4_feed_forward.h"
#include "layer5_attention_output.h"
#include "layer5_feed_forward.h"

#include "example.h"
#include "onednn.h"
#include <time.h>

enum { LAYERS = 6, SIZES = 4, WIDTH = 384, MOST_TOKENS = 512 };

static const int64_t tokens_of[SIZES] = {1, 7, 128, 512};

typedef int attention_output_fn(const float *context, const float *residual,
                                float *y, int64_t context_d0,
                                int64_t residual_d0, void *workspace);
typedef int feed_forward_fn(const float *x, float *y, int64_t x_d0,
                            void *workspace);

struct layer {
  attention_output_fn *attention_output;
  size_t (*attention_output_workspace)(int64_t, int64_t);
  feed_forward_fn *feed_forward;
  size_t (*feed_forward_workspace)(int64_t);
};

#define LAYER(i)                                                               \
  {layer##i##_attention_output, layer##i##_attention_output_workspace,         \
   layer##i##_feed_forward, layer##i##_feed_forward_workspace}
static const struct layer layers[LAYERS] = {LAYER(0), LAYER(1), LAYER(2),
                                            LAYER(3), LAYER(4), LAYER(5)};

/* One kernel on one input: the even ones are attention outputs. */
struct run {
  int kernel;
  int64_t tokens;
  void *workspace;
};

static struct run prepare(int kernel, int64_t tokens) {
  const struct layer *layer = &layers[kernel / 2];
  struct run run = {kernel, tokens, NULL};
  size_t bytes = kernel % 2 ? layer->feed_forward_workspace(tokens)
                            : layer->attention_output_workspace(tokens, tokens);
  run.workspace = malloc(bytes ? bytes : 1);
  if (!run.workspace)
    example_fail("workspace", "out of memory");
  return run;
}

static void call(const struct run *run, const float *x, float *y) {
  const struct layer *layer = &layers[run->kernel / 2];
  int status = run->kernel % 2
                   ? layer->feed_forward(x, y, run->tokens, run->workspace)
                   : layer->attention_output(x, x, y, run->tokens, run->tokens,
                                             run->workspace);
  if (status != NORM_OK)
    example_fail("kernel", norm_status_message(status));
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median time of a call, of 15 measurements of at least a millisecond. */
static double measure(const struct run *run, const float *x, float *y) {
  enum { REPEATS = 15 };
  double times[REPEATS];
  int repeat;
  for (repeat = 0; repeat < REPEATS; ++repeat) {
    double start = now(), end;
    int calls = 0;
    do {
      call(run, x, y);
      ++calls;
      end = now();
    } while (end - start < 1e-3);
    times[repeat] = (end - start) / calls;
  }
  qsort(times, REPEATS, sizeof *times, compare_doubles);
  return times[REPEATS / 2];
}

/* Rows as they come out of a layer normalization: about -1.7 to 1.7, from a
 * linear congruential generator. */
static void fill(float *x, size_t count) {
  uint32_t state = 1;
  size_t i;
  for (i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    x[i] = (float)(state >> 8) * (3.46f / 16777216.0f) - 1.73f;
  }
}

static const char *const kind_names[2] = {"attention_output", "feed_forward"};

static const char *file_name(char *buffer, size_t size, int kernel,
                             int64_t tokens, const char *what) {
  snprintf(buffer, size, "layer%d_%s-%lld-%s", kernel / 2,
           kind_names[kernel % 2], (long long)tokens, what);
  return buffer;
}

static void write_all(const char *dir, float *x, float *y) {
  char name[256];
  int size, kernel;
  for (size = 0; size < SIZES; ++size) {
    int64_t tokens = tokens_of[size];
    fill(x, (size_t)(tokens * WIDTH));
    for (kernel = 0; kernel < 2 * LAYERS; ++kernel) {
      struct run run = prepare(kernel, tokens);
      call(&run, x, y);
      free(run.workspace);
      example_save(dir, file_name(name, sizeof name, kernel, tokens, "x"), x,
                   tokens, WIDTH);
      example_save(dir, file_name(name, sizeof name, kernel, tokens, "y"), y,
                   tokens, WIDTH);
      memcpy(x, y, (size_t)(tokens * WIDTH) * sizeof *x);
    }
  }
}

/* One line for a kind of kernel and a number of tokens: the largest error of
 * the six layers, and the median of their times. */
static int print_line(const char *dir, int kind, int64_t tokens, float *x,
                      float *y, float *reference) {
  char name[256];
  size_t count = (size_t)(tokens * WIDTH);
  float error = 0;
  double times[LAYERS], onednn;
  int layer;
  for (layer = 0; layer < LAYERS; ++layer) {
    int kernel = 2 * layer + kind;
    struct run run = prepare(kernel, tokens);
    float difference;
    example_load(dir, file_name(name, sizeof name, kernel, tokens, "x"), x,
                 count);
    example_load(dir, file_name(name, sizeof name, kernel, tokens, "reference"),
                 reference, count);
    call(&run, x, y);
    difference = example_max_difference(y, reference, count);
    if (!(difference <= error))
      error = difference;
    times[layer] = measure(&run, x, y);
    free(run.workspace);
  }
  qsort(times, LAYERS, sizeof *times, compare_doubles);
  onednn = onednn_seconds(kind, tokens);
  printf("  %-17s %5lldx%d   %8.1e  %10.1f", kind_names[kind],
         (long long)tokens, WIDTH, (double)error, 1e6 * times[LAYERS / 2]);
  if (onednn > 0)
    printf("  %10.1f  %6.2fx\n", 1e6 * onednn, onednn / times[LAYERS / 2]);
  else
    printf("  %10s  %7s\n", "-", "-");
  fflush(stdout);
  /* Outputs of a layer normalization are about 1; a NaN is no small error. */
  return error <= 1e-5f;
}

int main(int argc, char **argv) {
  int save, kind, size, good = 1;
  const char *dir = example_arguments(argc, argv, &save);
  size_t bytes = (size_t)MOST_TOKENS * WIDTH * sizeof(float);
  float *x = malloc(bytes), *y = malloc(bytes), *reference = malloc(bytes);
  if (!dir)
    example_fail("minilm", "--inputs DIR or --reference DIR is missing");
  if (!x || !y || !reference)
    example_fail("inputs", "out of memory");
  if (save) {
    write_all(dir, x, y);
    return 0;
  }
  printf(
      "  graph             tokens x features   error   norm-mlir us   %s us  "
      "speedup\n",
      onednn_name());
  for (kind = 0; kind < 2; ++kind)
    for (size = 0; size < SIZES; ++size)
      good &= print_line(dir, kind, tokens_of[size], x, y, reference);
  if (!good)
    example_fail("minilm", "an output differs from the reference interpreter "
                           "by more than 1e-5");
  return 0;
}
