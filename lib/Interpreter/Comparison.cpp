//===- Comparison.cpp - Comparing a result with its reference -------------===//
//
// Part of norm-mlir, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "norm/Interpreter/Tolerance.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <vector>

using namespace mlir;
using namespace mlir::norm;

/// |actual - expected|; 0 for two NaNs or equal infinities.
static double errorOf(double expected, double actual) {
  if (expected == actual || (std::isnan(expected) && std::isnan(actual)))
    return 0;
  double error = std::fabs(actual - expected);
  return std::isnan(error) ? INFINITY : error;
}

/// The error in multiples of what is admissible.
static double ratioOf(double error, double admissible) {
  if (error == 0)
    return 0;
  if (std::isnan(admissible))
    return INFINITY;
  if (std::isinf(admissible))
    return 0;
  return error / admissible;
}

/// The root mean square of the finite elements.
static double rootMeanSquare(const InterpValue &value) {
  // Squares of large elements would overflow: a power of two is taken out.
  double largest = 0, squares = 0;
  int64_t count = 0;
  auto forFinite = [&](function_ref<void(double)> visit) {
    for (int64_t i = 0, e = value.getNumElements(); i < e; ++i)
      if (double element = value.getElement(i); std::isfinite(element))
        visit(element);
  };
  forFinite([&](double element) {
    largest = std::max(largest, std::fabs(element));
    ++count;
  });
  if (largest == 0)
    return 0;
  int exponent = std::ilogb(largest);
  forFinite([&](double element) {
    double scaled = std::scalbn(element, -exponent);
    squares += scaled * scaled;
  });
  return std::scalbn(std::sqrt(squares / static_cast<double>(count)), exponent);
}

/// Finds how what is admissible compares with what is expected. A result that
/// is zero throughout has no size to compare with.
static void measureBound(const InterpValue &expected, const ErrorBound &bound,
                         double slack, Comparison &result) {
  double size = rootMeanSquare(expected);
  if (bound.empty() || size == 0)
    return;
  std::vector<double> relative;
  for (int64_t i = 0, e = expected.getNumElements(); i < e; ++i) {
    double element = std::fabs(expected.getElement(i));
    if (!std::isfinite(element))
      continue;
    double ratio = slack * bound[i] / std::max(element, size);
    // A bound that is NaN says nothing, and NaNs have no order.
    relative.push_back(std::isnan(ratio) ? INFINITY : ratio);
    result.numLoose += relative.back() > 1;
  }
  auto middle = relative.begin() + relative.size() / 2;
  std::nth_element(relative.begin(), middle, relative.end());
  result.medianBound = *middle;
}

Comparison mlir::norm::compare(const InterpValue &expected,
                               const ErrorBound &bound,
                               const InterpValue &actual, double slack) {
  Comparison result;
  result.differentType = expected.getType() != actual.getType();
  if (result.differentType)
    return result;
  measureBound(expected, bound, slack, result);
  double worst = -1;
  for (int64_t i = 0, e = expected.getNumElements(); i < e; ++i) {
    double error = errorOf(expected.getElement(i), actual.getElement(i));
    double ratio = ratioOf(error, bound.empty() ? 0 : slack * bound[i]);
    result.maxError = std::max(result.maxError, error);
    result.maxRatio = std::max(result.maxRatio, ratio);
    if (ratio > 1) {
      ++result.numBad;
      if (result.first < 0)
        result.first = i;
    }
    if (ratio > worst) {
      worst = ratio;
      result.worst = i;
    }
  }
  return result;
}

std::string mlir::norm::describeLooseness(const Comparison &comparison,
                                          const InterpValue &expected) {
  std::string text;
  if (comparison.differentType ||
      comparison.numLoose * 100 <= expected.getNumElements())
    return text;
  llvm::raw_string_ostream os(text);
  os << "what is admissible exceeds the size of the result in "
     << comparison.numLoose << " of " << expected.getNumElements()
     << " elements"
     << llvm::format("; at the median it is %.3g times as large",
                     comparison.medianBound);
  return text;
}

/// One element of the message.
static void describeElement(llvm::raw_ostream &os, int64_t place,
                            const InterpValue &expected,
                            const ErrorBound &bound, const InterpValue &actual,
                            double slack) {
  SmallVector<int64_t> index(expected.getRank());
  int64_t rest = place;
  for (int64_t d = expected.getRank() - 1; d >= 0; --d) {
    index[d] = rest % expected.getShape()[d];
    rest /= expected.getShape()[d];
  }
  double want = expected.getElement(place), got = actual.getElement(place);
  os << "element [";
  llvm::interleaveComma(index, os);
  os << llvm::format("]: expected %.9g, got %.9g, off by %.3g where %.3g is "
                     "admissible",
                     want, got, errorOf(want, got),
                     bound.empty() ? 0.0 : slack * bound[place]);
}

std::string mlir::norm::describe(const Comparison &comparison,
                                 const InterpValue &expected,
                                 const ErrorBound &bound,
                                 const InterpValue &actual, double slack) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (comparison.differentType) {
    os << "expected a value of type " << expected.getType() << ", got "
       << actual.getType();
    return text;
  }
  if (comparison.passed())
    return text;
  os << comparison.numBad << " of " << expected.getNumElements()
     << " elements differ; first ";
  describeElement(os, comparison.first, expected, bound, actual, slack);
  if (comparison.worst != comparison.first) {
    os << "; worst ";
    describeElement(os, comparison.worst, expected, bound, actual, slack);
  }
  return text;
}
