/*===- example.h - What the examples share: printing, .npy files ------------===
 *
 * Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===------------------------------------------------------------------------===
 *
 * An example is called in three ways, the last two by run.sh:
 *   PROGRAM                    runs and prints
 *   PROGRAM --inputs DIR       writes its inputs to DIR as .npy files, for
 *                              norm-run --interpret
 *   PROGRAM --reference DIR    runs, prints, and compares its output with what
 *                              the interpreter made of the inputs
 */
#ifndef NORM_EXAMPLE_H
#define NORM_EXAMPLE_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void example_fail(const char *what, const char *detail) {
  fprintf(stderr, "%s: %s\n", what, detail);
  exit(1);
}

/* Opens DIR/NAME.npy. */
static inline FILE *example_open(const char *dir, const char *name,
                                 const char *mode) {
  char path[4096];
  FILE *file;
  snprintf(path, sizeof path, "%s/%s.npy", dir, name);
  file = fopen(path, mode);
  if (!file)
    example_fail(path, "cannot be opened");
  return file;
}

/* Writes rows x columns floats (a vector where rows is 0) as DIR/NAME.npy. The
 * header is padded to 128 bytes in all. */
static inline void example_save(const char *dir, const char *name,
                                const float *data, int64_t rows,
                                int64_t columns) {
  FILE *file = example_open(dir, name, "wb");
  size_t count = (size_t)((rows ? rows : 1) * columns);
  char shape[64], header[128];
  if (rows)
    snprintf(shape, sizeof shape, "%lld, %lld", (long long)rows,
             (long long)columns);
  else
    snprintf(shape, sizeof shape, "%lld,", (long long)columns);
  snprintf(header, sizeof header,
           "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", shape);
  if (fwrite("\x93NUMPY\x01\x00\x76\x00", 1, 10, file) != 10 ||
      fprintf(file, "%-117s\n", header) != 118 ||
      fwrite(data, sizeof *data, count, file) != count || fclose(file))
    example_fail(name, "cannot be written");
}

/* Reads the elements of a .npy file that norm-run wrote. */
static inline void example_load(const char *dir, const char *name, float *data,
                                size_t count) {
  FILE *file = example_open(dir, name, "rb");
  unsigned char start[10];
  if (fread(start, 1, 10, file) != 10 ||
      fseek(file, start[8] + 256L * start[9], SEEK_CUR) ||
      fread(data, sizeof *data, count, file) != count)
    example_fail(name, "cannot be read");
  fclose(file);
}

static inline float example_max_difference(const float *a, const float *b,
                                           size_t count) {
  float largest = 0;
  size_t i;
  for (i = 0; i < count; ++i) {
    float difference = fabsf(a[i] - b[i]);
    /* Written so that a NaN is not overlooked. */
    if (!(difference <= largest))
      largest = difference;
  }
  return largest;
}

/* Mean and standard deviation of `count` elements, `stride` apart. */
static inline void example_statistics(const float *data, int64_t count,
                                      int64_t stride, double *mean,
                                      double *deviation) {
  double sum = 0, squares = 0;
  int64_t i;
  for (i = 0; i < count; ++i)
    sum += data[i * stride];
  *mean = sum / (double)count;
  for (i = 0; i < count; ++i) {
    double c = data[i * stride] - *mean;
    squares += c * c;
  }
  *deviation = sqrt(squares / (double)count);
  /* A mean of -1e-9 is a zero. */
  if (fabs(*mean) < 5e-6)
    *mean = 0;
}

/* Prints a matrix, with mean and deviation behind each row and, if asked for,
 * below each column. */
static inline void example_print(const char *title, const float *data,
                                 int64_t rows, int64_t columns,
                                 int column_statistics) {
  int64_t r, c;
  double mean, deviation;
  printf("%s\n", title);
  for (r = 0; r < rows; ++r) {
    printf("      ");
    for (c = 0; c < columns; ++c)
      printf(" %8.4f", data[r * columns + c]);
    example_statistics(data + r * columns, columns, 1, &mean, &deviation);
    printf("   | mean %7.4f  std %6.4f\n", mean, deviation);
  }
  if (!column_statistics)
    return;
  printf("  mean");
  for (c = 0; c < columns; ++c) {
    example_statistics(data + c, rows, columns, &mean, &deviation);
    printf(" %8.4f", mean);
  }
  printf("\n  std ");
  for (c = 0; c < columns; ++c) {
    example_statistics(data + c, rows, columns, &mean, &deviation);
    printf(" %8.4f", deviation);
  }
  printf("\n");
}

/* Compares with DIR/NAME.npy, unless `dir` is null: prints the largest
 * difference, and ends the program with 1 if it is large. */
static inline void example_check(const char *dir, const char *name,
                                 const char *what, const float *actual,
                                 size_t count) {
  float difference, *expected;
  if (!dir)
    return;
  expected = malloc(count * sizeof *expected);
  if (!expected)
    example_fail(what, "there is no memory");
  example_load(dir, name, expected, count);
  difference = example_max_difference(actual, expected, count);
  free(expected);
  printf("%s: largest difference from the reference interpreter %.2g\n", what,
         (double)difference);
  if (!(difference <= 2e-6f))
    example_fail(what, "differs from the reference interpreter");
}

/* The folder given with --inputs or --reference, or null if there are no
 * arguments; sets *save for the former. */
static inline const char *example_arguments(int argc, char **argv, int *save) {
  *save = 0;
  if (argc == 1)
    return NULL;
  if (argc == 3 &&
      (!strcmp(argv[1], "--inputs") || !strcmp(argv[1], "--reference"))) {
    *save = !strcmp(argv[1], "--inputs");
    return argv[2];
  }
  fprintf(stderr, "usage: %s [--inputs DIR | --reference DIR]\n", argv[0]);
  exit(2);
}

#endif /* NORM_EXAMPLE_H */
