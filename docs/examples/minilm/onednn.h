/*===- onednn.h - The same work with oneDNN ---------------------------------===
 *
 * Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===------------------------------------------------------------------------===*/
#ifndef NORM_EXAMPLE_ONEDNN_H
#define NORM_EXAMPLE_ONEDNN_H

#include <stdint.h>

#ifdef EXAMPLE_WITH_ONEDNN
#ifdef __cplusplus
extern "C" {
#endif
/* The median time of an attention output (kind 0) or a feed-forward part (kind
 * 1) of a MiniLM layer, weights packed beforehand. */
double onednn_seconds(int kind, int64_t tokens);
/* "oneDNN" and its version. */
const char *onednn_name(void);
#ifdef __cplusplus
}
#endif
#else
static inline double onednn_seconds(int kind, int64_t tokens) {
  (void)kind;
  (void)tokens;
  return 0;
}
static inline const char *onednn_name(void) { return "oneDNN"; }
#endif

#endif /* NORM_EXAMPLE_ONEDNN_H */
