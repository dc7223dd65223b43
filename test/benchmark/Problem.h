//===- Problem.h - A case with its data and its answer ----------*- C++ -*-===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NORM_BENCHMARK_PROBLEM_H
#define NORM_BENCHMARK_PROBLEM_H

#include "Contender.h"

#include <map>
#include <memory>

namespace bench {

/// The value rounded to the type, to nearest even.
double roundTo(Type type, long double value);
/// The distance of neighbouring values of the type at a magnitude.
double spacing(Type type, long double magnitude);
double readElement(Type type, const void *data, int64_t index);
/// Stores a value that the type can hold.
void writeElement(Type type, void *data, int64_t index, double value);

/// The buffers of a case. Inputs are random but the same in every run.
class Problem {
public:
  /// Elements of x are normally distributed with this mean and deviation 1.
  /// Plain: scale is 1 and shift 0.
  explicit Problem(const Case &c, double mean = 0.5, bool plain = false);

  const Case &getCase() const { return theCase; }
  const Data &getData() const { return data; }

  /// Fills y with NaN.
  void clearOutput();
  /// Compares y with a computation in f64, in full or, for large cases, in rows
  /// spread over the whole. Returns what is wrong, or nothing.
  std::string check() const;

private:
  void *allocate(size_t bytes);
  void *normal(double mean, int64_t size, double deviation = 1);
  void *vector(Type type, int64_t size, double low, double high, float *&asF32);
  void allocateLayers();
  std::string checkRow(int64_t row) const;
  std::string checkSimpleModelRow(int64_t row) const;
  std::string checkLayers() const;
  std::string checkChannels() const;
  std::string compare(int64_t index, double expected) const;

  Case theCase;
  Data data = {};
  std::vector<std::unique_ptr<void, void (*)(void *)>> buffers;
  /// Rows of a layer op's result: they take long to compute.
  mutable std::map<int64_t, std::vector<double>> expectedRows;
};

/// A row of the result of a layer op or of the simple model, in f64.
std::vector<double> computeLayerRow(const Case &c, const Data &data,
                                    int64_t row);

} // namespace bench

#endif // NORM_BENCHMARK_PROBLEM_H
