//===- Exactness.h - How exact LayerNorm comes out --------------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_EXACTNESS_H
#define NORM_BENCHMARK_EXACTNESS_H

namespace bench {

/// Runs every contender on LayerNorm (scale 1, shift 0) of several lengths and
/// ratios of mean to deviation, compares with a computation in long double, and
/// prints one JSON object a line.
void reportExactness();

} // namespace bench

#endif // NORM_BENCHMARK_EXACTNESS_H
